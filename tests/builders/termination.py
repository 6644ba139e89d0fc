"""A filed contract whose cancellation was asked for, before its agreement is made: a developer and its purchasers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from filing.case.cancelling import Cancellation, CaseCancelling
from filing.case.notary import CaseNotary, NotaryMatter, Office
from filing.case.people import OrganisationHead, RepresentationRecord, RepresentationTimes
from filing.case.text import FixedText, TextSource
from filing.lifecycle import CasePosition, State
from filing.profile import Actor
from filing.profile.cancelling import CancelScope, Channel, Ground, NotaryPurpose
from identity.representation import Attestation, Basis
from signing.ink import parse_handwriting
from tests.builders.cases import AGENT, BUYER, COMPANY, FOREIGNER, STRANGER, drafting, party, situation
from tests.builders.desks import strokes_document
from tests.builders.entry import EntryDesks, entry_desks
from tests.builders.keyring import NOW

if TYPE_CHECKING:
    from filing.case import Case
    from filing.engine.situation import Situation
    from signing.ink import Handwriting
    from tests.builders.cases import Someone

CITY = "zhongshan-notary"
OFFICE = Office("office-1", "广东省中山市石岐公证处", "粤中石岐")
REASON = "买受人工作调动，双方协商一致退房。"


def handwriting() -> Handwriting:
    import json  # noqa: PLC0415

    return parse_handwriting(json.dumps(strokes_document()).encode())


def mandate(of: str, agent: Someone = STRANGER) -> RepresentationRecord:
    """A notarised mandate of a purchaser (ZN-03)."""
    times = RepresentationTimes(starts_at=NOW - timedelta(days=3))
    scope = "代为签署终止协议、办理公证及注销网签备案"
    return RepresentationRecord(
        of, agent.identified, Basis.AGENT_POA, agent.contact, scope, (), Attestation.NOTARISED, times=times
    )


def filed_case(*buyers: Someone, **changes: Any) -> Case:
    """Everybody in it, an operator for the developer; the cancellation asked for, the matter open at an office."""
    bought = buyers or (BUYER, FOREIGNER)
    parties = (
        party(COMPANY, "seller-1"),
        *(party(each, f"buyer-{place}") for place, each in enumerate(bought, 1)),
    )
    case = drafting(CITY, *parties)
    handler = RepresentationRecord("seller-1", AGENT.identified, Basis.HANDLER, AGENT.contact)
    people = replace(
        case.people,
        checks=(),
        representations=(handler, *changes.pop("mandates", ())),
        heads=(OrganisationHead("seller-1", "法定代表人", "欧阳听雨"),),
    )
    asked = Cancellation(
        "notarised",
        CancelScope.NET_SIGN,
        Channel.ONLINE,
        Ground.AGREEMENT,
        Actor.DEVELOPER,
        AGENT.account,
        NOW,
        changes.pop("reason", REASON),
    )
    matter = NotaryMatter(1, NotaryPurpose.CANCELLATION, "new_house_cancel", NOW, office=OFFICE)
    made = replace(
        case,
        people=people,
        text=replace(case.text, version=1, fixed=FixedText(1, "a3" * 32, NOW, TextSource("a3" * 32, 24, ()))),
        filing=replace(case.filing, required=True, number="ZS2026000123", filed_at=NOW - timedelta(days=200)),
        cancelling=CaseCancelling(asked),
        notary=CaseNotary(matter),
        position=CasePosition(State.FILED),
    )
    return replace(made, **changes)


def termination_desks(service: Any, case: Case | None = None) -> EntryDesks:
    """Such a case in a world of its own folder."""
    return entry_desks(service, case or filed_case())


def at(desks: EntryDesks) -> Situation:
    """The moment in which the service acts on the case."""
    return situation(desks.case, Actor.DEVELOPER, now=desks.now)
