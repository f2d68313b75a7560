"""The plan's pages as a trainee meets them: written, handed in, asked about, answered."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from tests.accounts.browsers import Browser
from tests.act2_workshop.planner import REQUIRED, SHARED, Planner, typed
from tests.desks.homes import words_of as seen_on
from trainer.act2_workshop.models import MapPoint, Plan, PlanVersion, Wave
from trainer.act2_workshop.plan_words import words_of
from trainer.act2_workshop.rules import Deed, PlanState
from trainer.cohorts.models import Enrollment, FinishedStep, Group
from trainer.permissions import Audience
from trainer.writing.models import Draft, Reading


def test_a_plan_begins_with_one_measure_and_says_who_reads_it_before_the_first_word(planner: Planner) -> None:
    page = planner.page("/edit")
    assert page.index("Once handed in, read by:") < page.index('id="plan-desired_state"')
    assert 'name="measure" value="m1"' in page
    assert 'name="m1-deadline" type="date" value="2027-04-' in page  # the program's default
    assert "Nothing is written yet." in page
    assert '#info"/></svg><span><span data-words>' in page  # no check mark where nothing is saved
    assert "carried over" not in page


def test_the_boss_is_not_offered_as_a_reader(planner: Planner) -> None:
    page = planner.page("/edit")
    assert "Only me (only the fact of submission is recorded)" in page
    assert "Facilitator and my boss" not in page
    answer = planner.press("submit", typed(("plan-visibility", "boss")))
    assert answer.status_code == 422
    assert planner.plan() == (None, None)


GROUP_TOO = "Facilitator and my group"  # in the words of the program
GROUPS_READERS = "Once handed in, read by: you, the facilitator who answers you, the trainees of your group"


def test_a_group_is_offered_as_readers_to_who_has_one(planner: Planner) -> None:
    assert GROUP_TOO not in planner.page("/edit")
    assert planner.press("submit", typed(("plan-visibility", "group"))).status_code == 422
    assert planner.plan() == (None, None)
    join_group(planner)
    assert GROUP_TOO in planner.page("/edit")
    planner.submit(("plan-visibility", "group"))
    plan, _version = planner.plan()
    assert plan is not None
    assert plan.audience is Audience.GROUP


def test_a_draft_for_a_group_that_one_has_left_is_for_the_facilitator(planner: Planner) -> None:
    join_group(planner)
    planner.save(typed(("plan-visibility", "group")), revision=0)
    assert GROUPS_READERS in seen_on(planner.page("/edit"))
    with planner.db() as db:
        db.execute(update(Enrollment).values(group_id=None))
        db.commit()
    page = planner.page("/edit")
    assert GROUPS_READERS not in seen_on(page)
    assert "Once handed in, read by: you, the facilitator who answers you" in seen_on(page)
    assert re.findall('name="plan-visibility" value="([a-z]+)" checked', page) == ["facilitator"]


def join_group(planner: Planner) -> None:
    with planner.db() as db:
        place = {"organization_id": planner.cohort.organization_id, "cohort_id": planner.cohort.id}
        group = Group(**place, name="North")
        db.add(group)
        db.flush()
        db.execute(update(Enrollment).where(Enrollment.id == planner.seat.id).values(group_id=group.id))
        db.commit()


def test_the_required_answers_alone_make_a_plan_and_finish_the_step(planner: Planner) -> None:
    planner.submit()
    plan, version = planner.plan()
    assert plan is not None
    assert (plan.state, plan.version, plan.audience) == (PlanState.SUBMITTED, 1, Audience.FACILITATOR)
    assert plan.submitted_at == planner.now()
    with planner.db() as db:
        kept = words_of(db.scalars(select(PlanVersion)).one())
        assert kept.fields["desired_state"] == REQUIRED[0][1]
        assert kept.measure("m1") is not None
        assert [step.step for step in db.scalars(select(FinishedStep))] == ["plan"]
        assert db.scalar(select(func.count()).select_from(Draft)) == 0
    assert version is not None
    assert "Your plan is submitted. Thank you." in planner.page("/received")


def test_what_is_missing_is_said_above_and_at_the_field_and_what_was_typed_stays(planner: Planner) -> None:
    answer = planner.press("submit", typed(("m1-first_step", ""), ("m1-title", "Only a title")))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert '<a href="#m1-first_step">Move 1, First step: Please fill this in.</a>' in page
    assert "<title>Error: Action plan – Minori</title>" in page
    assert "Only a title" in planner.page("/edit")
    assert planner.plan() == (None, None)


def test_what_is_required_bears_the_star_of_which_the_program_speaks(planner: Planner) -> None:
    page = planner.page("/edit")
    assert '<span class="need"><span aria-hidden="true">★ </span>required</span>' in page
    assert '<span class="need free">optional</span>' in page
    assert 'class="need">required' not in page


def test_measures_are_added_taken_away_and_brought_back_without_a_script(planner: Planner) -> None:
    answer = planner.press("add", REQUIRED)
    assert answer.location == planner.path("/edit#m2")
    page = planner.page("/edit")
    assert 'name="measure" value="m2"' in page
    two = typed(("measure", "m2"), ("m2-title", "Ask Cable first"))
    planner.press("remove m2", two)
    page = planner.page("/edit")
    assert 'name="measure" value="m2"' not in page
    assert "Taken away: Ask Cable first" in page
    removed = typed(("removed", "m2"), ("m2-title", "Ask Cable first"))
    planner.press("add", removed)
    assert 'name="measure" value="m3"' in planner.page("/edit")  # an id is never given twice
    planner.press("bring-back m2", typed(("measure", "m3"), of=removed))
    assert 'value="Ask Cable first"' in planner.page("/edit")


def test_no_more_measures_are_offered_than_the_program_takes(planner: Planner) -> None:
    six = typed(*(("measure", f"m{number}") for number in range(2, 7)))
    planner.press("save", six)
    assert "Add a move" not in planner.page("/edit")
    planner.press("add", six)
    assert 'value="m7"' not in planner.page("/edit")


def test_four_measures_of_one_scope_are_too_many(planner: Planner) -> None:
    more = [(name.replace("m1-", f"m{n}-"), v) for n in (2, 3, 4) for name, v in REQUIRED if name.startswith("m1-")]
    four = typed(*(("measure", f"m{n}") for n in (2, 3, 4)), *more)
    answer = planner.press("submit", four)
    assert answer.status_code == 422
    assert "No more than 3 moves of this kind: Whole organization" in answer.get_data(as_text=True)


def test_work_that_a_measure_shares_and_work_that_was_chosen_make_the_map(planner: Planner) -> None:
    planner.press("works", typed(("work", "t06"), ("work", "t13"), of=[*REQUIRED, *SHARED]))
    page = planner.page("/edit")
    assert 'id="work-t06-level_now"' in page
    assert 'id="work-t04-level_now"' not in page  # the measure has asked for it
    answers = [("carrier_now", "self"), ("level_now", "1"), ("carrier_target", "one"), ("level_target", "4")]
    works = [(f"work-{task}-{name}", value) for task in ("t06", "t13") for name, value in answers]
    planner.press("works", typed(("work", "t06"), ("work", "t13"), *works, of=[*REQUIRED, *SHARED]))
    page = seen_on(planner.page("/edit"))
    assert "Pieces of work" not in page
    assert "Appraisal and pay decisions: the rules of your company" in page or "the rules of your company keep" in page
    planner.submit(("work", "t06"), ("work", "t13"), *works, of=[*REQUIRED, *SHARED])
    with planner.db() as db:
        points = {(one.task_id, one.wave): (one.level, one.carrier) for one in db.scalars(select(MapPoint))}
    assert points["t04", Wave.BEFORE] == (2, "self")
    assert points["t04", Wave.TARGET] == (4, "rotation")
    assert points["t13", Wave.TARGET] == (4, "one")  # a warning, and no silent change
    assert len(points) == 6
    assert "You carry 3 of them alone now, and 0 in two months." in planner.page()


def test_chosen_work_of_which_nothing_is_told_stays_off_the_map(planner: Planner) -> None:
    planner.submit(("work", "t06"))
    with planner.db() as db:
        assert db.scalars(select(MapPoint)).all() == []


def test_half_an_answer_about_a_piece_of_work_is_asked_for(planner: Planner) -> None:
    answer = planner.press("submit", typed(("work", "t06"), ("work-t06-level_now", "2")))
    assert answer.status_code == 422
    assert 'href="#work-t06-carrier_now"' in answer.get_data(as_text=True)


def test_the_cue_and_the_deed_are_one_sentence_and_the_minutes_are_added_up(planner: Planner) -> None:
    minutes = [("plan-minutes_available", "30"), ("m1-minutes_week", "45"), ("m1-stops", "The weekly report")]
    planner.press("save", typed(*minutes))
    page = seen_on(planner.page("/edit"))
    assert "If the morning meeting begins, I ask for one difficulty first" in page
    assert "Your moves take 45 minutes a week together." in page
    assert "That is 15 minutes more than you have." in page
    assert "The weekly report" in page
    planner.submit(*minutes)  # never a block


@pytest.mark.parametrize(
    ("minutes", "words"),
    [("31", "That is 1 minute more than you have."), ("31.5", "That is 1.5 minutes more than you have.")],
)
def test_one_minute_is_no_minutes(planner: Planner, minutes: str, words: str) -> None:
    planner.press("save", typed(("plan-minutes_available", "30"), ("m1-minutes_week", minutes)))
    assert words in seen_on(planner.page("/edit"))


def test_hints_stand_beside_the_fields_and_never_in_the_way(planner: Planner) -> None:
    late = typed(("m1-first_step_date", "2027-03-30"))
    planner.press("save", late)
    hint = "A first step within two weeks is easier to start."
    assert hint in planner.page("/edit")
    assert planner.browser.get(planner.path("/hints")).get_json()["hints"]["m1-first_step_date"] == [hint]
    planner.submit(("m1-first_step_date", "2027-03-30"))
    _plan, version = planner.plan()
    assert version is not None
    assert {"check": "k3", "measure": "m1"} in version.checks


def test_what_the_program_still_asks_for_is_counted(planner: Planner) -> None:
    assert "starred field(s) to go before you can submit." in planner.page("/edit")
    planner.press("save", REQUIRED)
    assert "starred field(s) to go before you can submit." not in planner.page("/edit")


@pytest.mark.parametrize("rest", ["", "/received", "/as-it-is"])
def test_before_it_is_submitted_every_page_leads_to_the_form(planner: Planner, rest: str) -> None:
    answer = planner.browser.get(planner.path(rest), follow_redirects=True)
    assert answer.request.path == planner.path("/edit")


@pytest.mark.parametrize("rest", ["/versions/1", "/versions/1/changes", "/first-step.ics"])
def test_what_is_not_there_is_not_found(planner: Planner, rest: str) -> None:
    planner.page(rest, status=404)


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "9" * 4000])
def test_a_version_that_cannot_be_is_not_found(planner: Planner, number: str) -> None:
    planner.submit()
    for rest in ("", "/changes"):
        planner.page(f"/versions/{number}{rest}", status=404)
    planner.page("/versions/1/changes", status=404)  # there is none before it


@pytest.mark.parametrize("revision", [-1, 2**31, 10**23])
def test_a_revision_that_cannot_be_counts_as_none(planner: Planner, revision: int) -> None:
    planner.save(typed(), revision=0)
    answer = planner.save(typed(("m1-title", "Another tab")), revision=revision)
    assert answer.status_code == 409  # both versions are kept


def test_the_letters_link_leads_to_the_plan(planner: Planner) -> None:
    answer = planner.browser.get(f"/to/{planner.seat.uid}/plan", follow_redirects=True)
    assert answer.request.path == planner.path("/edit")
    planner.submit()
    answer = planner.browser.get(f"/to/{planner.seat.uid}/plan", follow_redirects=True)
    assert answer.request.path == planner.path()


def test_a_submitted_plan_can_be_taken_back_until_a_facilitator_opens_it(planner: Planner) -> None:
    planner.submit(of=[*REQUIRED, *SHARED])
    assert "Take it back" in planner.page()
    answer = planner.post("/take-back", [])
    assert answer.location == planner.path("/edit")
    plan, _version = planner.plan()
    assert plan is not None
    assert (plan.state, plan.submitted_at) == (PlanState.DRAFT, None)
    with planner.db() as db:
        assert db.scalars(select(FinishedStep)).all() == []
        assert db.scalars(select(MapPoint)).all() == []
    assert 'value="Rotate the morning meeting"' in planner.page("/edit")
    planner.submit(("m1-title", "Rotate the evening meeting"))
    plan, _version = planner.plan()
    assert plan is not None
    assert (plan.state, plan.version) == (PlanState.SUBMITTED, 2)


def test_an_opened_plan_stays_submitted(planner: Planner) -> None:
    planner.submit()
    with planner.db() as db:
        db.scalars(select(Plan)).one().opened_at = planner.now()
        db.commit()
    assert "Take it back" not in planner.page()
    planner.post("/take-back", [])
    assert "it stays submitted" in planner.page()
    plan, _version = planner.plan()
    assert plan is not None
    assert plan.state is PlanState.SUBMITTED


def test_who_opened_it_stands_there_with_the_first_day_and_the_last(planner: Planner) -> None:
    planner.submit()
    with planner.db() as db:
        place = {"organization_id": planner.seat.organization_id, "enrollment_id": planner.seat.id}
        days = {"first_read_at": planner.now(), "last_read_at": planner.now() + timedelta(days=3)}
        db.add(Reading(**place, text="plan", reader_id=planner.facilitator.id, **days))
        db.commit()
    for address in (planner.path(), f"/seats/{planner.seat.uid}/readers/plan"):  # in the same words
        words = seen_on(planner.browser.get(address).get_data(as_text=True))
        assert "Nishimura Naoko Thu, Feb 4 – last on Sun, Feb 7" in words


def test_a_question_is_answered_by_a_new_version_that_shows_what_changed(planner: Planner) -> None:
    planner.submit(("m1-target_state", "Four crew leaders take turns."))
    planner.answer(Deed.RETURN, "When and how do you plan to ask what they want?", bank="cm6")
    page = planner.page()
    assert "When and how do you plan to ask what they want?" in page
    assert page.index("When and how do you plan") < page.index("Four crew leaders")  # the answer above one's own text
    assert "Nishimura Naoko" in page
    assert "A question for you" in page
    assert "Return with a question" not in page  # the facilitator's verb
    planner.submit(("m1-target_state", "Five crew leaders take turns."))
    plan, _version = planner.plan()
    assert plan is not None
    assert (plan.state, plan.version, plan.opened_at) == (PlanState.SUBMITTED, 2, None)
    changes = planner.page("/versions/2/changes")
    assert "<del" in changes
    assert "Four</del>" in changes
    assert "Five</ins>" in changes
    assert "Four crew leaders take turns." in planner.page("/versions/1")
    planner.answer(Deed.CONFIRM, "Very well described.")
    page = planner.page()
    assert "Confirmed" in page
    assert "Very well described." in page
    assert "Confirmed, with a comment" in page


def test_an_answer_to_a_question_is_taken_back_to_the_question(planner: Planner) -> None:
    planner.submit(("m1-target_state", "Four crew leaders take turns."), of=[*REQUIRED, *SHARED])
    planner.answer(Deed.RETURN, "Which part could move forward together?", bank="cm5")
    before, _version = planner.plan()
    planner.submit(("m1-target_state", "Five crew leaders take turns."), of=[*REQUIRED, *SHARED])
    planner.post("/take-back", [])
    plan, version = planner.plan()
    assert plan is not None
    assert before is not None
    assert version is not None
    assert (plan.state, plan.version, version.version) == (PlanState.RETURNED, 1, 1)
    assert (plan.submitted_at, plan.warnings, plan.decided_at) == (
        before.submitted_at,
        before.warnings,
        before.decided_at,
    )
    with planner.db() as db:
        assert [step.step for step in db.scalars(select(FinishedStep))] == ["plan"]
        assert db.scalars(select(MapPoint)).all()
    page = planner.page()
    assert "Which part could move forward together?" in page
    assert "Four crew leaders" in page
    assert "Five crew leaders" not in page
    assert "Five crew leaders take turns." in planner.page("/edit")
    planner.submit(("m1-target_state", "Six crew leaders take turns."), of=[*REQUIRED, *SHARED])
    assert "Six</ins>" in planner.page("/versions/2/changes")


def test_what_was_taken_back_is_read_by_nobody_else(planner: Planner) -> None:
    facilitator = Browser(planner.browser.app, "198.51.100.8")
    facilitator.enter(planner.facilitator, planner.now())
    summary = f"/seats/{planner.seat.uid}/summary"
    planner.submit(("plan-desired_state", "A word that is taken back."))
    planner.post("/take-back", [])
    assert facilitator.get(summary).status_code == 404
    planner.submit(("plan-desired_state", "A word that stays."))
    assert "A word that stays." in facilitator.get(summary).get_data(as_text=True)
    assert "Take it back" not in planner.page()  # that was an opening
    planner.post("/take-back", [])
    assert "it stays submitted" in planner.page()


def test_a_question_is_not_answered_by_the_same_words_again(planner: Planner) -> None:
    planner.submit(of=[*REQUIRED, *SHARED])
    planner.answer(Deed.RETURN, "Which part could move forward together?", bank="cm5")
    page = planner.page("/edit")
    assert "Nothing is changed yet." in page
    assert "Nothing is written yet." not in page
    answer = planner.press("submit", typed(of=[*REQUIRED, *SHARED]))
    assert answer.status_code == 422
    assert "Nothing has changed." in answer.get_data(as_text=True)
    assert "A question has come" in planner.page()
    planner.submit(("m1-level_target", "5"), of=[*REQUIRED, *SHARED])
    plan, _version = planner.plan()
    assert plan is not None
    assert (plan.state, plan.version) == (PlanState.SUBMITTED, 2)


def test_home_leads_to_the_plan_and_to_a_question_about_it(planner: Planner) -> None:
    home = f"/seats/{planner.seat.uid}"
    planner.watch.pass_by(days=1)  # the workshop is over
    planner.browser.enter(planner.user, planner.now())

    def seen() -> str:
        return seen_on(planner.browser.get(home).get_data(as_text=True))

    assert "Go on writing" not in seen()
    planner.save(typed(), revision=0)
    assert "Go on writing Your draft is kept." in seen()
    planner.submit()
    assert "Your plan is with the facilitator." in seen()
    planner.answer(Deed.RETURN, "Which part could move forward together?", bank="cm5")
    words = seen()
    assert "Your next step A question about your plan" in words
    assert "There is nothing to do until then." not in words
    assert "move forward together" not in words
    planner.submit(("m1-target_state", "Five crew leaders take turns, and each names one thing to watch."))
    planner.answer(Deed.CONFIRM, "Very well described.")
    words = seen()
    assert "Your plan is with the facilitator." not in words
    assert "Read your plan" in words


def test_going_on_as_it_is_needs_a_reason_and_closes_the_conversation(planner: Planner) -> None:
    planner.submit()
    planner.answer(Deed.RETURN, "Which part could move forward together?", bank="cm5")
    assert planner.post("/as-it-is", [("reason", " ")]).status_code == 422
    answer = planner.post("/as-it-is", [("reason", "They asked for it this way.")])
    assert answer.location == planner.path()
    plan, version = planner.plan()
    assert plan is not None
    assert version is not None
    assert (plan.state, version.version) == (PlanState.CONFIRMED, 2)
    assert "They asked for it this way." in planner.page()
    assert planner.browser.get(planner.path("/as-it-is")).location == planner.path()
    assert planner.post("/as-it-is", [("reason", "Once more.")]).location == planner.path()
    plan, version = planner.plan()
    assert plan is not None
    assert plan.version == 2


def test_who_may_read_is_asked_once_and_then_belongs_to_the_plan(planner: Planner) -> None:
    planner.submit(("plan-visibility", "private"))
    assert "Nobody but you reads it." in planner.page("/received")
    planner.post("/take-back", [])
    assert 'name="plan-visibility"' not in planner.page("/edit")
    planner.submit(("plan-visibility", "cohort"))
    plan, _version = planner.plan()
    assert plan is not None
    assert plan.audience is Audience.ONLY_ME


def test_nothing_but_the_declared_fields_is_taken(planner: Planner) -> None:
    planner.submit(("organization_id", "99"), ("state", "confirmed"), ("m1-id", "m9"), ("plan-audience", "cohort"))
    plan, version = planner.plan()
    assert plan is not None
    assert (plan.state, plan.audience, plan.organization_id) == (
        PlanState.SUBMITTED,
        Audience.FACILITATOR,
        planner.seat.organization_id,
    )
    with planner.db() as db:
        assert words_of(db.scalars(select(PlanVersion)).one()).measures[0]["id"] == "m1"
    assert version is not None


def test_words_are_shown_as_words(planner: Planner) -> None:
    planner.submit(("m1-title", "<script>alert(1)</script>"), ("plan-desired_state", "<b onclick=x>"))
    for rest in ("", "/received", "/versions/1"):
        assert "<script>alert" not in planner.page(rest)
        assert "<b onclick" not in planner.page(rest)


def test_the_first_step_goes_into_a_calendar_once(planner: Planner) -> None:
    planner.submit(("m1-first_step", "Ask; then, listen"))
    answer = planner.browser.get(planner.path("/first-step.ics"))
    assert answer.content_type == "text/calendar; charset=utf-8"
    lines = answer.get_data(as_text=True).replace("\r\n ", "").split("\r\n")
    plan, _version = planner.plan()
    assert plan is not None
    assert f"UID:{plan.uid}-first-step@minori" in lines
    assert "DTSTART;VALUE=DATE:20270210" in lines
    assert "DESCRIPTION:Ask\\; then\\, listen" in lines
    assert "CLASS:PRIVATE" in lines
