"""Alembic's entrance: runs the revisions on the connection it is handed."""

from alembic import context

from trainer.db import Base
from trainer.migrations import load_models

load_models()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=context.config.attributes["connection"].dialect.name == "sqlite",
    user_module_prefix="db.",
)
with context.begin_transaction():
    context.run_migrations()
