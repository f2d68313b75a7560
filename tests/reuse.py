"""What nearly every test would work out anew, and which is the same each time: it is worked out once for all of them.

A test has an application and a database of its own. Their routes, pages and statements are everybody's.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from werkzeug.routing import Rule


class KnownRule(Rule):
    """A route whose code for building addresses follows from its text alone: ours have no defaults and no hosts."""

    known: ClassVar[dict[tuple[str, bool], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults or self.host or self.subdomain:
            return super()._compile_builder(append_unknown)
        if (self.rule, append_unknown) not in self.known:
            self.known[self.rule, append_unknown] = super()._compile_builder(append_unknown)
        return self.known[self.rule, append_unknown]


def reuse(folder: Path) -> None:
    """Do so from now on in this process; compiled pages lie in `folder`, for the other processes too."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}
    Flask.url_rule_class = KnownRule
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        _compile_statements_once(dialect)


def _compile_statements_once(dialect: Any) -> None:
    """SQLAlchemy keeps what it has compiled by dialect: one engine's is as good as another's of the same kind."""
    dialect.__eq__ = lambda one, other: type(one) is type(other)
    dialect.__hash__ = lambda one: hash(type(one))
