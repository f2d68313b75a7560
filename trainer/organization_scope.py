"""The wall between companies: a session that sees and changes the rows of one organization only, for life."""

from typing import Any

from flask import Flask, current_app, g, request
from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from trainer.db import Base, Database, OfOrganization

READING = ("GET", "HEAD", "OPTIONS")


class ForeignRowError(RuntimeError):
    """A row of another organization was about to be written through this organization's session."""


class OrganizationSession(Session):
    """Every ORM read, update and delete is narrowed to one organization, and no other's row can be added.

    Core statements, text() and bulk writes are not: they live in queries.py and actions.py and name the organization.
    """

    def __init__(self, engine: Engine, organization_id: int) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.organization_id = organization_id
        self.walls = _walls(organization_id, is_sqlite=engine.dialect.name == "sqlite")


def init_app(app: Flask) -> None:
    """Close each request's session when the request ends; what was not committed is rolled back."""
    app.teardown_request(lambda _error: close_request_session())


def request_session() -> OrganizationSession:
    """This request's one session, called `db`: it cannot write in a GET. RuntimeError while nobody is signed in."""
    if "db" not in g:
        if g.get("organization_id") is None:
            raise RuntimeError("a session needs an organization, and nobody is signed in")
        database: Database = current_app.extensions["database"]
        engine = database.reading_engine if request.method in READING else database.engine
        g.db = OrganizationSession(engine, g.organization_id)
        g.db.info["key_ring"] = current_app.extensions["key_ring"]
        g.db.info.update(g.get("session_info", {}))
    db: OrganizationSession = g.db
    return db


def close_request_session() -> None:
    """End this request's session, if there is one; uncommitted work is rolled back."""
    db: OrganizationSession | None = g.pop("db", None)
    if db is not None:
        db.close()


def _walls(organization_id: int, *, is_sqlite: bool) -> list[ExecutableOption]:
    """The wall before each table.

    SQLite knows nothing of how rows are spread, and would look up the company instead of the seat, which reads every
    row where there is one company; `+ 0` keeps it from that. Who wants the company's index names the organization.
    """
    mapped: list[Any] = [mapper.class_ for mapper in Base.registry.mappers]
    others = [one for one in mapped if hasattr(one, "organization_id") and not issubclass(one, OfOrganization)]
    companies = [one for one in mapped if one.__tablename__ == "organizations"]
    owned = with_loader_criteria(
        OfOrganization, lambda one: one.organization_id == organization_id, include_aliases=True
    )
    if is_sqlite:
        owned = with_loader_criteria(
            OfOrganization, lambda one: one.organization_id + 0 == organization_id, include_aliases=True
        )
    return [
        owned,
        *(with_loader_criteria(one, one.organization_id == organization_id, include_aliases=True) for one in others),
        *(with_loader_criteria(one, one.id == organization_id, include_aliases=True) for one in companies),
    ]


@event.listens_for(OrganizationSession, "do_orm_execute")
def _stay_inside(state: ORMExecuteState) -> None:
    if state.is_select or state.is_update or state.is_delete:
        session: Any = state.session
        state.statement = state.statement.options(*session.walls)


@event.listens_for(OrganizationSession, "before_flush")
def _refuse_foreign_rows(session: OrganizationSession, _context: UOWTransaction, _instances: object) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if getattr(row, "organization_id", session.organization_id) != session.organization_id:
            raise ForeignRowError(f"a row of {type(row).__name__} belongs to another organization")
