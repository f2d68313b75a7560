"""A facilitator's answer in words: lines of one box, each from the bank or their own."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from trainer.act2_workshop.models import PlanReview
from trainer.programs.content_plan import Comment as BankComment

QUESTION = re.compile(r"[？?]|(?:か|かね)。?$|か。", re.MULTILINE)
MOST_QUESTIONS = 2


@dataclass(frozen=True)
class Comment:
    """One line of an answer; `bank` names the ready-made comment it is."""

    text: str
    bank: str | None = None


def read_comments(box: str, bank: Sequence[BankComment]) -> list[Comment]:
    """What a box says, line by line; a line that is word for word a ready-made comment keeps its id."""
    known = {str(comment.text): comment.id for comment in bank}
    lines = [line.strip() for line in box.splitlines()]
    return [Comment(line, known.get(line)) for line in lines if line]


def as_box(comments: Sequence[Comment]) -> str:
    """The same as it stands in the box."""
    return "\n".join(comment.text for comment in comments)


def as_text(comments: Sequence[Comment]) -> str:
    """The same as it is sealed into a review."""
    return json.dumps([{"bank": one.bank, "text": one.text} for one in comments], ensure_ascii=False)


def comments_of(review: PlanReview | None) -> list[Comment]:
    """Open what a review says; nothing without one. Raises SealError where its key is not there."""
    told = json.loads(review.comments or "[]") if review else []
    return [Comment(one["text"], one.get("bank")) for one in told]


def questions_in(comments: Sequence[Comment]) -> int:
    """How many questions an answer asks."""
    return sum(len(QUESTION.findall(comment.text)) for comment in comments)
