"""The fixed table: every pair walked, every invariant of rules.md § 7.4 held by the table and by random lives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from filing.lifecycle import (
    ANSWERS_OF_REGISTRY,
    PERMITS,
    RESUME,
    TERMINAL,
    TRANSITIONS,
    UNDOES_AN_END,
    CasePosition,
    Event,
    Mover,
    NotPossibleInState,
    State,
    TextAccess,
    apply,
    events_from,
    holds_property,
    sources_of,
)

NOW = datetime(2026, 11, 21, 1, 2, 3, tzinfo=UTC)

# Written out once more by hand: the published draft (rules.md § 7.4) and the five arrows added with a reason.
PUBLISHED = {
    ("none", "open"): "opened",
    ("none", "import_filed"): "filed",
    ("opened", "verify_property"): "drafting",
    ("drafting", "generate_text"): "text_ready",
    ("text_ready", "reopen_text"): "drafting",
    ("signing", "reopen_text"): "drafting",
    ("signed", "reopen_text"): "drafting",
    ("in_review", "reopen_text"): "drafting",
    ("text_ready", "start_signing"): "signing",
    ("signing", "complete_signing"): "signed",
    ("signed", "submit_filing"): "in_review",
    ("in_review", "approve_filing"): "filed",
    ("in_review", "return_text"): "drafting",
    ("in_review", "return_materials"): "signed",
    ("signed", "auto_file"): "filed",
    ("filed", "amend"): "filed",
    ("text_ready", "registry_accept"): "registering",
    ("signed", "registry_accept"): "registering",
    ("filed", "registry_accept"): "registering",
    ("registering", "registry_reject"): "*r",
    ("registering", "registry_done"): "transferred",
    ("opened", "request_cancel"): "cancelling",
    ("drafting", "request_cancel"): "cancelling",
    ("text_ready", "request_cancel"): "cancelling",
    ("signing", "request_cancel"): "cancelling",
    ("signed", "request_cancel"): "cancelling",
    ("in_review", "request_cancel"): "cancelling",
    ("filed", "request_cancel"): "cancelling",
    ("cancelling", "finish_cancel_netsign"): "void",
    ("cancelling", "finish_cancel_filing"): "drafting",
    ("cancelling", "drop_cancel"): "*r",
    ("opened", "expire"): "expired",
    ("drafting", "expire"): "expired",
    ("text_ready", "expire"): "expired",
    ("signing", "expire"): "expired",
    ("void", "restore_filing"): "filed",
}


def _source(name: str) -> State | None:
    return None if name == "none" else State(name)


@pytest.mark.parametrize(
    ("source", "event"), list(product(("none", *(state.value for state in State)), (event.value for event in Event)))
)
def test_every_pair_leads_where_the_published_table_says_or_is_refused_by_both_names(source, event):
    resume = State.FILED if source in ("cancelling", "registering") else None
    position = None if source == "none" else CasePosition(State(source), resume)
    expected = PUBLISHED.get((source, event))
    if expected is None:
        with pytest.raises(NotPossibleInState) as refused:
            apply(position, Event(event), NOW)
        assert refused.value.code == "case.not_possible_in_state"
        for sentence in (refused.value.zh, refused.value.en):
            assert source in sentence
            assert event in sentence
        return
    after, fact = apply(position, Event(event), NOW)
    assert after.state == (State.FILED if expected == "*r" else State(expected))
    assert (fact.before, fact.after, fact.event, fact.at) == (position, after, Event(event), NOW)


def test_the_table_has_nothing_the_published_one_has_not():
    table = {
        (source.value if source else "none", event.value): "*r" if target is RESUME else target.value
        for (source, event), target in TRANSITIONS.items()
    }
    assert table == PUBLISHED


def test_terminal_states_are_those_without_exits():
    assert {State.TRANSFERRED, State.VOID, State.EXPIRED} == TERMINAL
    assert all(events_from(state) <= UNDOES_AN_END for state in TERMINAL)


@pytest.mark.rule("H-36")
def test_an_end_is_undone_by_a_certificate_that_never_was_alone():
    assert {state: events_from(state) for state in TERMINAL if events_from(state)} == {State.VOID: UNDOES_AN_END}


def test_every_state_says_what_it_permits_and_only_dead_ends_wait_for_nobody():
    assert set(PERMITS) == set(State)
    assert {state for state, permits in PERMITS.items() if permits.mover is Mover.NOBODY} == TERMINAL


# (a)
@pytest.mark.rule("SZ-92")
def test_only_the_registrys_answer_leaves_registering():
    assert events_from(State.REGISTERING) == ANSWERS_OF_REGISTRY == {Event.REGISTRY_REJECT, Event.REGISTRY_DONE}
    assert PERMITS[State.REGISTERING].mover is Mover.REGISTRY


@pytest.mark.parametrize("accepted_in", sorted(s for s in sources_of(Event.REGISTRY_ACCEPT) if s is not None))
def test_a_reject_leads_back_to_where_the_registry_took_the_case(accepted_in):
    registering, _ = apply(CasePosition(accepted_in), Event.REGISTRY_ACCEPT, NOW)
    assert registering == CasePosition(State.REGISTERING, accepted_in)
    assert apply(registering, Event.REGISTRY_REJECT, NOW)[0] == CasePosition(accepted_in)


@pytest.mark.parametrize("asked_in", sorted(s for s in sources_of(Event.REQUEST_CANCEL) if s is not None))
def test_a_dropped_cancellation_leads_back_to_where_it_was_asked(asked_in):
    cancelling, _ = apply(CasePosition(asked_in), Event.REQUEST_CANCEL, NOW)
    assert cancelling == CasePosition(State.CANCELLING, asked_in)
    assert apply(cancelling, Event.DROP_CANCEL, NOW)[0] == CasePosition(asked_in)


# (b)
def test_the_text_is_fixed_from_text_ready_on_and_writable_only_in_drafting():
    assert [state for state in State if PERMITS[state].text is TextAccess.EDITABLE] == [State.DRAFTING]
    assert [state for state in State if PERMITS[state].text is TextAccess.NONE] == [State.OPENED]
    assert [state for state in State if PERMITS[state].may_sign] == [State.SIGNING]


@pytest.mark.rule("SZ-94")
@pytest.mark.parametrize("asked_in", sorted(s for s in sources_of(Event.REQUEST_CANCEL) if s is not None))
def test_a_filing_can_be_revoked_only_where_there_is_one(asked_in):
    position = CasePosition(State.CANCELLING, asked_in)
    if asked_in is State.FILED:
        assert apply(position, Event.FINISH_CANCEL_FILING, NOW)[0] == CasePosition(State.DRAFTING)
        return
    with pytest.raises(NotPossibleInState) as refused:
        apply(position, Event.FINISH_CANCEL_FILING, NOW)
    assert asked_in.value in refused.value.en


# (c)
@pytest.mark.rule("H-48")
def test_the_house_is_taken_from_the_property_check_until_the_case_ends():
    locked = {state for state in State if PERMITS[state].locks_property}
    assert locked == set(State) - TERMINAL - {State.OPENED}


def test_cancelling_an_unchecked_case_takes_no_house():
    assert not holds_property(CasePosition(State.CANCELLING, State.OPENED))
    assert holds_property(CasePosition(State.CANCELLING, State.DRAFTING))


# (e)
@pytest.mark.rule("H-50")
def test_dead_cases_are_no_longer_in_force():
    assert {state for state in State if not PERMITS[state].in_force} == {State.VOID, State.EXPIRED}


def test_a_record_that_forgot_where_it_came_from_is_refused_not_guessed():
    for event in (Event.DROP_CANCEL, Event.FINISH_CANCEL_FILING):
        with pytest.raises(NotPossibleInState):
            apply(CasePosition(State.CANCELLING), event, NOW)


def test_a_fact_is_journal_data():
    _, fact = apply(CasePosition(State.FILED), Event.REQUEST_CANCEL, NOW)
    assert fact.to_dict() == {
        "event": "request_cancel",
        "from": "filed",
        "to": "cancelling",
        "resume_state": "filed",
        "at": "2026-11-21T01:02:03+00:00",
    }


class RandomLife(RuleBasedStateMachine):
    """One case driven by any event at any time, possible or not; its facts are kept as a journal keeps them."""

    def __init__(self) -> None:
        super().__init__()
        self.position: CasePosition | None = None
        self.facts = []
        self.now = NOW

    @initialize(start=st.sampled_from([Event.OPEN, Event.IMPORT_FILED]))
    def begin(self, start):
        self._take(start)

    @rule(event=st.sampled_from(Event))
    def anything(self, event):
        if (self.position.state, event) in TRANSITIONS:
            try:
                self._take(event)
            except NotPossibleInState:
                assert event is Event.FINISH_CANCEL_FILING
                assert self.position.resume_state is not State.FILED
            return
        with pytest.raises(NotPossibleInState):
            apply(self.position, event, self.now)

    @precondition(lambda self: self.position is not None and events_from(self.position.state))
    @rule(data=st.data())
    def something_possible(self, data):
        event = data.draw(st.sampled_from(sorted(events_from(self.position.state))))
        self.anything(event)

    def _take(self, event):
        self.now += timedelta(minutes=1)
        self.position, fact = apply(self.position, event, self.now)
        self.facts.append(fact)

    @invariant()
    def the_journal_is_the_case(self):
        replayed = None
        for fact in self.facts:
            assert fact.before == replayed
            replayed, _ = apply(replayed, fact.event, fact.at)
        assert replayed == self.position

    @invariant()
    def a_way_back_is_known_exactly_where_one_is_needed(self):
        if self.position is not None:
            needs = self.position.state in (State.CANCELLING, State.REGISTERING)
            assert (self.position.resume_state is not None) == needs

    @invariant()
    def registering_was_left_only_by_the_registrys_answer(self):
        left = [f.event for f in self.facts if f.before is not None and f.before.state is State.REGISTERING]
        assert set(left) <= ANSWERS_OF_REGISTRY

    @invariant()
    def a_new_text_means_the_old_acts_were_left_behind(self):
        """Between two texts the case was in drafting, so nothing can be signed across a change (b)."""
        states = [fact.after.state for fact in self.facts]
        texts = [i for i, state in enumerate(states) if state is State.TEXT_READY]
        signed = [i for i, fact in enumerate(self.facts) if fact.event is Event.COMPLETE_SIGNING]
        for i in signed:
            assert any(text < i and State.DRAFTING not in states[text:i] for text in texts)

    @invariant()
    def what_is_dead_stays_dead(self):
        for fact, following in pairwise(self.facts):
            assert fact.after.state not in TERMINAL or following.event in UNDOES_AN_END


RandomLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestRandomLife = RandomLife.TestCase
