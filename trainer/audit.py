"""What was done by whom to what: one row for each sensitive act, written in the transaction of the act itself."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask import g, has_app_context
from sqlalchemy import ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, Session, mapped_column

from trainer.db import Base, Id


class Act(StrEnum):
    """What the log knows of; later slices add theirs."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    CODE_ASKED = "code_asked"
    OPEN_PAGE = "open_page"
    OPEN_OBJECT = "open_object"
    SET_PASSWORD = "set_password"  # noqa: S105 - the name of an act
    END_SESSION = "end_session"
    DOWNLOAD_OWN_ROWS = "download_own_rows"
    CLOSE_ACCOUNT = "close_account"
    CHANGE_PERMISSION = "change_permission"
    CREATE_COHORT = "create_cohort"
    CHANGE_COHORT = "change_cohort"
    IMPORT_ROSTER = "import_roster"
    UNDO_IMPORT = "undo_import"
    EXPORT_REFUSED_ROWS = "export_refused_rows"
    CHANGE_PERSON = "change_person"
    CHANGE_GROUPS = "change_groups"
    START_COHORT = "start_cohort"
    TAKE_START_BACK = "take_start_back"
    READ_WORDS = "read_words"
    CHANGE_READERS = "change_readers"
    GIVE_FEEDBACK = "give_feedback"
    TAKE_FEEDBACK_BACK = "take_feedback_back"
    ANSWER_PLAN = "answer_plan"
    TAKE_ANSWER_BACK = "take_answer_back"
    MOVE_DAYS = "move_days"
    SET_DATE = "set_date"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    FINISH_STEP = "finish_step"
    UNDO_CHANGE = "undo_change"
    SEND_AGAIN = "send_again"
    CORRECT_ADDRESS = "correct_address"
    CONFIRM_ADDRESS = "confirm_address"


class Result(StrEnum):
    """How an act ended."""

    DONE = "done"
    REFUSED = "refused"


class AuditEvent(Base):
    """One act; ids only, so that nothing has to be erased from it when a person is."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_organization", "organization_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # None: a sign-in that was refused before anybody knew for which company
    organization_id: Mapped[int | None] = mapped_column(Id, ForeignKey("organizations.id"))
    happened_at: Mapped[datetime]
    actor_uid: Mapped[UUID | None] = mapped_column(Uuid)
    acting_role: Mapped[str] = mapped_column(String(20), default="")
    act: Mapped[str] = mapped_column(String(40))
    object_kind: Mapped[str] = mapped_column(String(40), default="")
    object_uid: Mapped[UUID | None] = mapped_column(Uuid)
    purpose: Mapped[str] = mapped_column(String(100), default="")
    result: Mapped[str] = mapped_column(String(20))
    request_id: Mapped[str] = mapped_column(String(32), default="")


def record(
    db: Session,
    act: Act,
    *,
    now: datetime,
    organization_id: int | None = None,
    actor_uid: UUID | None = None,
    acting_role: str = "",
    object_kind: str = "",
    object_uid: UUID | None = None,
    purpose: str = "",
    result: Result = Result.DONE,
) -> None:
    """Put an act into the log, within the caller's transaction: where the log cannot be written, the act fails too.

    `purpose` is a word of the program (a route, a way of signing in), never anything a person typed.
    """
    db.add(
        AuditEvent(
            organization_id=organization_id,
            happened_at=now,
            actor_uid=actor_uid,
            acting_role=acting_role,
            act=act.value,
            object_kind=object_kind,
            object_uid=object_uid,
            purpose=purpose,
            result=result.value,
            request_id=g.get("request_id", "") if has_app_context() else "",
        )
    )
    db.flush()
