"""What people are told of each other: whose signature it is and for whom; consents to nobody but who gave them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from filing.case.consents import ConsentKind, SeparateConsent
from filing.case.people import RepresentationRecord
from filing.case.signing import CaseSigning, SigningTask
from filing.guards.consents import CONSENT_WORDS
from filing.lifecycle import State
from identity.representation import Basis, Kinship
from tests.builders.cases import BUYER, CHILD, NOW, SELLER, WIFE, in_state

CASE = "2026112100001"
FACE = CONSENT_WORDS[ConsentKind.FACE].sha256


def signing(**people):
    case = in_state("huangshi", State.SIGNING)
    tasks = tuple(SigningTask(party.key, party.key, "0" * 64) for party in case.people.parties)
    parties = tuple(
        replace(party, identified=CHILD.identified) if party.key == "buyer-1" and "guardian" in people else party
        for party in case.people.parties
    )
    guardian = RepresentationRecord("buyer-1", WIFE.identified, Basis.GUARDIAN, WIFE.contact, kinship=Kinship.MOTHER)
    records = (guardian,) if "guardian" in people else ()
    consents = people.get("consents", ())
    changed = replace(case.people, parties=parties, representations=records, consents=consents)
    return replace(case, people=changed, signing=CaseSigning(tasks=tasks))


def test_a_party_signs_for_themselves(world, served):
    world.keep(signing())
    seen = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}").json()
    told = {task["party"]: (task["signer_name"], task["signer_role"]) for task in seen["signing"]["tasks"]}
    assert told["seller-1"] == (SELLER.name, "出卖人")


def test_a_guardian_signs_for_a_child_and_it_is_said(world, served):
    world.keep(signing(guardian=True))
    seen = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}").json()
    task = next(task for task in seen["signing"]["tasks"] if task["party"] == "buyer-1")
    assert (task["signer_name"], task["signer_role"]) == (WIFE.name, f"买受人{CHILD.name}的监护人")


def test_consents_are_shown_to_whoever_gave_them_alone(world, served):
    given = SeparateConsent(SELLER.key, SELLER.account, ConsentKind.FACE, FACE, NOW)
    ended = replace(given, kind=ConsentKind.VIDEO, withdrawn_at=NOW + timedelta(minutes=1))
    world.keep(signing(consents=(given, ended)))
    seller, buyer = served.client().log_in(SELLER.account), served.client().log_in(BUYER.account)
    assert [one["kind"] for one in seller.get(f"/v1/cases/{CASE}").json()["people"]["consents"]] == ["face", "video"]
    assert buyer.get(f"/v1/cases/{CASE}").json()["people"]["consents"] == []
    mine = seller.get("/v1/me/consents").json()["consents"]
    assert [(one["case_no"], one["kind"], one["in_force"], one["open"]) for one in mine] == [
        (CASE, "face", True, True),
        (CASE, "video", False, False),
    ]
    assert buyer.get("/v1/me/consents").json()["consents"] == []


def test_it_is_said_who_must_act_for_whom_and_what_is_missing(world, served):
    """Nobody is named for the child yet; a grown-up is told to need nobody."""
    case = signing(guardian=True)
    nobody = replace(case, people=replace(case.people, representations=()))
    for kept, lacks in ((nobody, ["guardian.missing"]), (case, [])):
        world.keep(kept)
        seen = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}").json()
        child = next(party for party in seen["people"]["parties"] if party["key"] == "buyer-1")
        assert child["acts_through"] == ["guardian"]
        assert [one["code"] for one in child["unrepresented"]] == lacks
        grown_up = seen["people"]["parties"][0]
        assert (grown_up["acts_through"], grown_up["unrepresented"]) == ([], [])
