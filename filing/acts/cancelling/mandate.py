"""A proxy's mandate as an electronic certificate, handed in at the window (ZS-48, ZS-49): verified, not believed.

On paper nothing changes: the clerk sees the original and says so with the attendance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from documents.uploads import take_in
from filing.acts.cancelling.attendance import matter_of
from filing.acts.cancelling.papers import with_request
from filing.acts.cancelling.request import under_way
from filing.acts.cancelling.window import require_window
from filing.acts.review.submit import require_free_for
from filing.acts.spec import ActDoc, ActSpec, FileInput, Upload
from filing.acts.world import MandateQuestion
from filing.calendar import beijing_day
from filing.case.cancelling import MandateHandedIn
from filing.engine.roles import subject_of
from filing.errors import FilingError
from filing.lifecycle import State
from filing.profile import Actor
from filing.profile.cancelling import Channel
from identity.numbers import IdType, check_number
from identity.representation import Basis, Representation, rule_for
from identity.staff import StaffRole
from identity.subjects import Subject

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["HAND_IN_MANDATE"]


@dataclass(frozen=True, slots=True)
class MandateInput:
    """Who acts for whom by it."""

    party: str
    """Key of the party who gave it."""

    agent_name: str
    """The agent, as in the identity document."""

    agent_id_type: IdType
    """Which document."""

    agent_id_number: str
    """Its number."""

    upload: Upload
    """The certificate: a PDF signed by a notary office."""


def _question(situation: Situation, said: MandateInput) -> MandateQuestion:
    party, today = situation.case.people.party(said.party), beijing_day(situation.now)
    if party is None:
        raise FilingError("party.unknown", zh="案件中没有该当事人", en="there is no such party", party=said.party)
    principal = subject_of(party.identified, today)
    agent = Subject(said.agent_name.strip(), check_number(said.agent_id_type, said.agent_id_number, today))
    matter = matter_of(situation)
    acting = Representation(principal, agent, Basis.AGENT_POA)
    rule = rule_for(situation.profile.people.representation, acting, matter)
    return MandateQuestion(principal, agent, matter, () if rule is None else rule.wording)


def _check(situation: Situation, said: MandateInput) -> None:
    require_free_for(situation, StaffRole.WINDOW_CLERK, "hand-in-mandate")
    require_window(situation)
    _question(situation, said)


def _gather(situation: Situation, said: MandateInput, world: World) -> MandateHandedIn:
    taken = take_in([said.upload.content])
    question = _question(situation, said)
    mandate = world.judge_mandate(taken.content, question, situation.now)
    sha256 = world.evidence.put(situation.case.case_no, taken.content, taken.media_type)
    number = question.agent.number.normalised
    return MandateHandedIn(said.party, number, mandate, sha256, situation.who.account_id, situation.now)


def _decide(situation: Situation, _: MandateInput, fresh: MandateHandedIn) -> Outcome:
    asked = under_way(situation)
    others = tuple(
        each for each in asked.file.mandates if (each.party, each.id_number) != (fresh.party, fresh.id_number)
    )
    kept = replace(asked, file=replace(asked.file, mandates=(*others, fresh)))
    said = {"number": fresh.mandate.number, "office": fresh.mandate.office, "sha256": fresh.sha256}
    return with_request(situation, kept).noting("cancel.mandate_verified", party=fresh.party, **said).answering(**said)


HAND_IN_MANDATE: Final = ActSpec(
    name="hand-in-mandate",
    by=frozenset({Actor.WINDOW_STAFF}),
    states=frozenset({State.CANCELLING}),
    input=MandateInput,
    check=_check,
    gather=_gather,
    decide=_decide,
    file=FileInput.ONE,
    doc=ActDoc(
        zh="窗口提交电子公证委托书（公证机构签名的 PDF）：核验机构、双方、委托事项和期限，到场登记即以此为准。",
        en="Hand in a proxy's mandate as an electronic certificate: office, people, this very matter and its period are"
        " verified; the attendance then rests on it. A mandate on paper is shown in the original instead.",
        example={
            "party": "seller-1",
            "agent_name": "王建国",
            "agent_id_type": "resident_id",
            "agent_id_number": "420202198505061239",
        },
        errors=("certificate.refused", "mandate.no_offices", "cancel.not_at_window", "party.unknown"),
    ),
    rules=("ZS-48", "ZS-49"),
    fits=lambda profile, _: any(row.channel is Channel.WINDOW for row in profile.cancelling.rows),
)
"""Verified here, whatever the clerk would have said of it."""
