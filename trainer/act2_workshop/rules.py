"""The states of a plan and the deeds that lead from one to the next: one table, asked by every action."""

from enum import StrEnum

from trainer.permissions import Role


class PlanState(StrEnum):
    """Where a plan stands; it changes only by a named action."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CONFIRMED = "confirmed"


class Deed(StrEnum):
    """What may happen to a plan. To open and to save a draft are no deeds: they leave the state as it is."""

    SUBMIT = "submit"  # for the first time, or again after a question
    WITHDRAW = "withdraw"  # only until a facilitator has opened it
    WITHDRAW_ANSWER = "withdraw_answer"  # the same for what answers a question: the question stands again
    KEEP_AS_IS = "keep_as_is"  # 「このまま進めたい」, with a reason
    RETURN = "return"  # with a question
    CONFIRM = "confirm"


MOVES: dict[tuple[PlanState, Deed, Role], PlanState] = {
    (PlanState.DRAFT, Deed.SUBMIT, Role.TRAINEE): PlanState.SUBMITTED,
    (PlanState.SUBMITTED, Deed.WITHDRAW, Role.TRAINEE): PlanState.DRAFT,
    (PlanState.SUBMITTED, Deed.WITHDRAW_ANSWER, Role.TRAINEE): PlanState.RETURNED,
    (PlanState.SUBMITTED, Deed.RETURN, Role.FACILITATOR): PlanState.RETURNED,
    (PlanState.SUBMITTED, Deed.CONFIRM, Role.FACILITATOR): PlanState.CONFIRMED,
    (PlanState.RETURNED, Deed.SUBMIT, Role.TRAINEE): PlanState.SUBMITTED,
    (PlanState.RETURNED, Deed.KEEP_AS_IS, Role.TRAINEE): PlanState.CONFIRMED,
}


UNTIL_OPENED = frozenset({Deed.WITHDRAW, Deed.WITHDRAW_ANSWER})


class ImpossibleMove(Exception):
    """A plan in this state does not allow this deed to this role (any more)."""

    def __init__(self, state: PlanState, deed: Deed, who: Role) -> None:
        super().__init__(f"{who} cannot {deed} a plan that is {state}")
        self.state, self.deed, self.who = state, deed, who


def state_after(state: PlanState, deed: Deed, who: Role, *, is_opened: bool = False) -> PlanState:
    """The state a deed leads to; `is_opened`: a facilitator has opened the present version. Raises ImpossibleMove."""
    after = MOVES.get((state, deed, who))
    if after is None or (deed in UNTIL_OPENED and is_opened):
        raise ImpossibleMove(state, deed, who)
    return after


def may(state: PlanState, deed: Deed, who: Role, *, is_opened: bool = False) -> bool:
    """Whether a plan in this state allows the deed: what a page asks before it offers a button."""
    return (state, deed, who) in MOVES and not (deed in UNTIL_OPENED and is_opened)
