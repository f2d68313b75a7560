"""How a door says no: not found for what you may not know, forbidden for what you may not do; both are recorded."""

from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import Forbidden, NotFound

from trainer import clock
from trainer.accounts.visitor import visitor_here
from trainer.audit import Act, Result, record
from trainer.db import Database
from trainer.organization_scope import close_request_session
from trainer.permissions import ABOUT_WORDS, Can


@dataclass(frozen=True)
class Refusal:
    """What was asked for; whether it exists makes no difference, neither to the answer nor to the log."""

    act: Act
    kind: str = ""
    uid: UUID | None = None

    def note(self) -> None:
        """Have this refusal written into the log with the answer to this request."""
        g.refusal = self


def init_app(app: Flask) -> None:
    """Write what a request was refused into the log before its answer goes out; without the log there is no answer."""
    app.after_request(_write_refusal)


def refuse_unknown(kind: str, uid: UUID) -> NoReturn:
    """404: for this person there is no such object. The same answer as for a uid that nobody has."""
    Refusal(Act.OPEN_OBJECT, kind, uid).note()
    raise NotFound


def refuse_deed(kind: str, uid: UUID, deed: Can) -> NoReturn:
    """403: this person knows of the object, and this is not theirs to do; 404 where the deed is about words."""
    if deed in ABOUT_WORDS:
        refuse_unknown(kind, uid)
    Refusal(Act.OPEN_OBJECT, kind, uid).note()
    raise Forbidden


def refuse_area(*, is_hidden: bool = False) -> NoReturn:
    """403: nobody in this person's roles has anything to do here; 404 where nobody is told that there is something."""
    Refusal(Act.OPEN_PAGE).note()
    raise NotFound if is_hidden else Forbidden


def _write_refusal(response: Response) -> Response:
    refusal: Refusal | None = g.pop("refusal", None)
    visitor = visitor_here() if refusal is not None else None
    if refusal is None or visitor is None:
        return response
    close_request_session()  # what the refused request had begun is rolled back first
    database: Database = current_app.extensions["database"]
    with database.session() as db:
        record(
            db,
            refusal.act,
            now=clock.now(),
            organization_id=visitor.organization.id,
            actor_uid=visitor.user.uid,
            object_kind=refusal.kind,
            object_uid=refusal.uid,
            purpose=request.endpoint or "",
            result=Result.REFUSED,
        )
        db.commit()
    return response
