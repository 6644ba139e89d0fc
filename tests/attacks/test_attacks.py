"""Every act tried by everybody, in every state, with the right words and with another's: made from the tables, not by
hand. Whoever may not is refused, that is journalled without what they said, and the refusal tells nothing of the case.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest

from filing.lifecycle import State
from filing.profile import Actor
from notary.every_act import EVERY_ACT
from tests.attacks.callers import KINDS
from tests.attacks.matrix import EVERYTHING, ON_CASES, SAMPLE, Tried, matrix_of
from tests.attacks.trying import personal_words, words_of
from tests.builders.quick_uploads import quick_uploads
from tests.builders.walked import BY_CERTIFICATE, WAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.builders.walk import Walk

IN_PERSON = frozenset(
    {
        "authorise-licences",
        "begin-signer-check",
        "check-by-certificate",
        "confirm-signing",
        "confirm-text",
        "finish-signer-check",
        "notary-agree",
        "notary-claim",
        "notary-enter-id",
        "notary-face-begin",
        "notary-face-finish",
        "notary-give-signature",
        "notary-give-video",
        "notary-read-page",
        "notary-submit",
        "notary-upload-photo",
        "notary-video-script",
        "preview-contract",
        "preview-risk",
        "request-sign-code",
        "sign",
    }
)
"""Acts that name a party and are for that party's own hand."""

FOR_ANY_PARTY = frozenset(
    {
        "attend-cancel",  # the clerk, for whoever came
        "attest-signer",  # the clerk, for whoever came
        "correct-purchaser",  # the developer, before the purchaser is called
        "drop-representation",  # of the own side, or of buyers the seller types in
        "hand-in-mandate",  # the clerk, for whoever sent a proxy
        "hand-off-signing",  # the code at the window opens for the signer alone
        "reissue-notary-codes",  # the code goes to the purchaser's own telephone, and opens for nobody else
        "remove-material",  # by whoever the city lets hand in
        "request-side-code",  # the code goes to the party's own telephone
        "resend-invitation",  # the link goes to the party's own telephone
        "set-representation",  # of the own side, or of buyers the seller types in
        "upload-cancel-paper",  # the clerk, for whoever came
        "upload-material",  # by whoever the city lets hand in
        "verify-side-code",  # whoever has the code
    }
)
"""Acts that name a party and may be done for another: why is beside each."""

OF_THE_SERVICE = frozenset(act.name for act in ON_CASES if act.by == {Actor.SYSTEM})
"""What it records it has from its own jobs; nobody else can ask for it."""

STAFF = frozenset({Actor.REVIEWER, Actor.SEALING_OFFICER, Actor.WINDOW_STAFF})

NUMBER_IS_A_KEY = frozenset({"give-cancel-proof", "drop-representation", "notary-enter-id"})
"""Acts that a wrong identity number must stop; elsewhere a number is only somebody who is written down."""

REASONS = frozenset(
    {
        "act.not_yours",
        "act.not_now",
        "act.not_in_city",
        "case.guards_refuse",
        "input.refused",
        "party.not_yours",
        "text.other",
        "profile.not_in_this_city",
        "profile.not_this_actor",
        "signing.out_of_order",
        "cancel.other_asker",
        "review.not_claimed",
        "registry.other_file",
    }
)
"""Kinds of refusal that must all be met: else the matrix tries less than it seems to."""

Matrix = dict[str, list[Tried]]


@pytest.fixture(scope="module")
def matrix(walks: dict[str, Walk]) -> Matrix:
    with quick_uploads():
        return {way: list(matrix_of(walk)) for way, walk in walks.items()}


def every(matrix: Matrix) -> Iterator[Tried]:
    for tried in matrix.values():
        yield from tried


def told(wrong: list[Tried]) -> list[str]:
    return [str(one) for one in wrong[:20]]


@pytest.mark.parametrize("way", WAYS)
def test_whoever_may_not_is_refused_and_learns_nothing(matrix: Matrix, way: str) -> None:
    """One answer, whatever the state, whatever they said."""
    assert told([one for one in matrix[way] if not one.capable and one.attempt.code != "act.not_yours"]) == []


@pytest.mark.parametrize("way", WAYS)
def test_every_refusal_is_journalled_and_never_what_was_said(matrix: Matrix, way: str) -> None:
    wrong = [
        one
        for one in matrix[way]
        if one.attempt.code is not None
        and one.attempt.journalled != ((one.attempt.account, {"act": one.attempt.act, "code": one.attempt.code}),)
    ]
    assert told(wrong) == []


@pytest.mark.parametrize("way", WAYS)
def test_what_is_refused_is_not_written(matrix: Matrix, way: str) -> None:
    assert told([one for one in matrix[way] if (one.attempt.code is None) != (one.attempt.outcome is not None)]) == []


def test_nothing_breaks_down(matrix: Matrix) -> None:
    assert told([one for one in every(matrix) if (one.attempt.code or "").startswith("crash")]) == []


@pytest.mark.parametrize("way", WAYS)
def test_no_refusal_names_anybody(matrix: Matrix, walks: dict[str, Walk], way: str) -> None:
    """Not even to those who may: a refusal goes to logs and screens."""
    words = frozenset[str]().union(*(personal_words(one.case) for one in walks[way].seen.values()))
    assert words
    assert told([one for one in matrix[way] if any(word in one.attempt.refusal for word in words)]) == []


@pytest.mark.parametrize("way", WAYS)
def test_what_is_kept_in_clear_names_nobody(matrix: Matrix, walks: dict[str, Walk], way: str) -> None:
    """Facts, tasks, lines of the feed."""
    words = frozenset[str]().union(*(personal_words(one.case) for one in walks[way].seen.values()))
    done = [one for one in matrix[way] if one.attempt.outcome is not None]
    assert told([one for one in done if any(word in words_of(one.attempt.outcome) for word in words)]) == []


def test_another_text_is_never_acted_on(matrix: Matrix) -> None:
    wrong = [one for one in every(matrix) if one.said == "other text" and one.attempt.code is None]
    assert told([one for one in wrong if one.attempt.act not in OF_THE_SERVICE]) == []


def test_nobody_acts_for_a_party_that_is_not_there(matrix: Matrix) -> None:
    assert told([one for one in every(matrix) if one.said == "no such party" and one.attempt.code is None]) == []


def test_nobody_does_in_person_what_is_the_other_sides(matrix: Matrix) -> None:
    wrong = [one for one in every(matrix) if one.said == "other side" and one.attempt.code is None]
    assert told([one for one in wrong if one.attempt.act not in FOR_ANY_PARTY]) == []


def test_every_act_that_names_a_party_is_known_to_be_in_person_or_not() -> None:
    naming = {act.name for act in ON_CASES if any(field.name == "party" for field in dataclasses.fields(act.input))}
    assert naming == IN_PERSON | FOR_ANY_PARTY


def test_anothers_number_opens_nothing(matrix: Matrix) -> None:
    wrong = [one for one in every(matrix) if one.said == "other number" and one.attempt.act in NUMBER_IS_A_KEY]
    assert told([one for one in wrong if one.attempt.code is None]) == []


def test_nobody_is_staff_in_a_case_of_their_own(matrix: Matrix) -> None:
    own = [one for one in every(matrix) if one.attempt.kind == "seller who is staff" and one.attempt.code is None]
    wrong = [one for one in own if EVERY_ACT[one.attempt.act].by <= STAFF]
    assert told(wrong) == []


def test_an_act_is_done_only_in_its_states(matrix: Matrix, walks: dict[str, Walk]) -> None:
    done = [one for one in every(matrix) if one.attempt.code is None]
    assert told([one for one in done if _state(walks, one) not in EVERY_ACT[one.attempt.act].states]) == []


def _state(walks: dict[str, Walk], one: Tried) -> State:
    way, name = one.attempt.where.split("/")
    return walks[way].seen[name].state


def test_the_matrix_is_not_hollow(matrix: Matrix, walks: dict[str, Walk], capsys: pytest.CaptureFixture[str]) -> None:
    """Every reason is met, every kind of caller comes with every act, every act has somebody who can."""
    reasons, can = Counter[str](), defaultdict[str, set[str]](set)
    for one in every(matrix):
        reasons[one.attempt.code or "done"] += 1
        if one.attempt.code is None:
            can[one.attempt.act].add(one.attempt.kind)
    with capsys.disabled():
        # For whoever reads the log of the run: how much was tried, and what came of it.
        print(f"\nattacks: {sum(reasons.values())} tried, {dict(reasons.most_common(8))}, {len(reasons)} reasons")  # noqa: T201
    assert set(reasons) >= REASONS
    walked = {act for walk in walks.values() for act, _, _ in walk.done}
    assert set(can) | walked | BY_CERTIFICATE == set(EVERY_ACT)
    met = {(one.attempt.act, one.attempt.kind) for one in every(matrix)}
    assert met == {(act.name, kind) for act in ON_CASES for kind in KINDS}
    assert EVERYTHING or sum(reasons.values()) > len(ON_CASES) * len(KINDS) * len(WAYS) // SAMPLE
