"""What the door forgets by itself: old sessions, old ways in, and buckets that are full again."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainer.accounts.codes import forget_old_sign_ins
from trainer.accounts.rate_limits import forget_full_buckets
from trainer.accounts.session_models import UserSession

KEPT = timedelta(days=30)


def clean_up_door(db: Session, *, now: datetime) -> None:
    """Delete sessions last used, and codes asked for, more than 30 days ago, of every organization. Safe to repeat."""
    db.execute(delete(UserSession).where(UserSession.seen_at < now - KEPT))
    forget_old_sign_ins(db, now - KEPT)
    forget_full_buckets(db, now)
