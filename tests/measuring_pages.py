"""What one page costs: its queries, and the time spent on them, on rendering and on ending transactions."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, before_render_template, template_rendered
from sqlalchemy import event

from trainer.db import Database


@dataclass
class Spent:
    """Statements sent to the database, without the beginning of transactions, and seconds by what they were for."""

    statements: list[str] = field(default_factory=list)
    queries: float = 0.0
    render: float = 0.0
    ending: float = 0.0


@contextmanager
def spending(app: Flask) -> Iterator[Spent]:
    """Count while inside, in this process and for this application; queries made while rendering count as queries."""
    spent = Spent()
    database: Database = app.extensions["database"]
    engines = {database.engine.dialect: database.engine, database.reading_engine.dialect: database.reading_engine}
    with _watched_renders(app, spent), _watched_ends(list(engines), spent):
        listeners = [_listen(engine, spent) for engine in engines.values()]
        yield spent
        for stop in listeners:
            stop()


def _listen(engine: Any, spent: Spent) -> Callable[[], None]:
    started = 0.0

    def begin(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        nonlocal started
        started = time.perf_counter()
        if not statement.startswith("BEGIN"):
            spent.statements.append(statement)

    def end(*_more: Any) -> None:
        spent.queries += time.perf_counter() - started

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)

    def stop() -> None:
        event.remove(engine, "before_cursor_execute", begin)
        event.remove(engine, "after_cursor_execute", end)

    return stop


@contextmanager
def _watched_renders(app: Flask, spent: Spent) -> Iterator[None]:
    started = queries = 0.0

    def begin(*_sender: Any, **_more: Any) -> None:
        nonlocal started, queries
        started, queries = time.perf_counter(), spent.queries

    def end(*_sender: Any, **_more: Any) -> None:
        spent.render += time.perf_counter() - started - (spent.queries - queries)

    with before_render_template.connected_to(begin, app), template_rendered.connected_to(end, app):
        yield


@contextmanager
def _watched_ends(dialects: list[Any], spent: Spent) -> Iterator[None]:
    """Both ways in which a transaction ends: reading pages give theirs up."""

    def timed(end: Callable[[Any], None]) -> Callable[[Any], None]:
        def ending(connection: Any) -> None:
            started = time.perf_counter()
            end(connection)
            spent.ending += time.perf_counter() - started

        return ending

    for dialect in dialects:
        dialect.do_commit, dialect.do_rollback = timed(dialect.do_commit), timed(dialect.do_rollback)
    try:
        yield
    finally:
        for dialect in dialects:
            del dialect.do_commit, dialect.do_rollback
