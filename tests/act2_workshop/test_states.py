"""The states of a plan: over every state, deed and role, only the moves of one list are possible."""

from itertools import product

import pytest

from trainer.act2_workshop.rules import Deed, ImpossibleMove, PlanState, may, state_after
from trainer.permissions import Role

POSSIBLE = {
    ("draft", "submit", "trainee"): "submitted",
    ("submitted", "withdraw", "trainee"): "draft",
    ("submitted", "withdraw_answer", "trainee"): "returned",
    ("submitted", "return", "facilitator"): "returned",
    ("submitted", "confirm", "facilitator"): "confirmed",
    ("returned", "submit", "trainee"): "submitted",
    ("returned", "keep_as_is", "trainee"): "confirmed",
}
EVERY = list(product(PlanState, Deed, Role))


@pytest.mark.parametrize(("state", "deed", "who"), EVERY)
def test_a_deed_leads_where_the_list_says_and_nowhere_else(state: PlanState, deed: Deed, who: Role) -> None:
    after = POSSIBLE.get((state.value, deed.value, who.value))
    assert may(state, deed, who) is (after is not None)
    if after is not None:
        assert state_after(state, deed, who) == after
        return
    with pytest.raises(ImpossibleMove) as refused:
        state_after(state, deed, who)
    assert str(refused.value) == f"{who} cannot {deed} a plan that is {state}"


@pytest.mark.parametrize(("state", "deed", "who"), EVERY)
def test_a_plan_that_was_opened_is_only_not_taken_back_any_more(state: PlanState, deed: Deed, who: Role) -> None:
    still = may(state, deed, who, is_opened=True)
    assert still is (may(state, deed, who) and deed not in {Deed.WITHDRAW, Deed.WITHDRAW_ANSWER})


def test_a_confirmed_plan_stays_as_it_is() -> None:
    assert not any(may(PlanState.CONFIRMED, deed, who) for deed, who in product(Deed, Role))


def test_the_office_moves_no_plan() -> None:
    assert not any(may(state, deed, Role.COORDINATOR) for state, deed in product(PlanState, Deed))


def test_a_plan_taken_back_after_it_was_opened_is_refused() -> None:
    with pytest.raises(ImpossibleMove):
        state_after(PlanState.SUBMITTED, Deed.WITHDRAW, Role.TRAINEE, is_opened=True)
