"""Cancelling a filed contract at the window in Zhongshan and Huangshi: who has come, with which originals."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from errors import QianshuError
from filing.acts.cancelling.attendance import PersonPresent
from filing.acts.spec import Upload
from filing.case.cancelling import ConsentGiven
from filing.errors import GuardsRefuse, NotYours
from filing.guards.cancel_situation import missing_consents, row_of
from filing.lifecycle import State
from filing.profile.cancelling import Channel
from identity.representation import Attestation, Basis, Kinship
from identity.staff import StaffRole
from tests.builders.cases import AGENT, BUYER, CHILD, FATHER, MOTHER, SELLER, STRANGER, cities, party, staff
from tests.builders.filed import buyer, clerk, filed, seller

CITY = "zhongshan"
MANDATE = {
    "basis": Basis.AGENT_POA,
    "scope": "委托季长风代为办理注销存量房买卖合同网签备案",
    "matters": ("cancel_filing",),
    "attestation": Attestation.NOTARISED,
    "papers": ("mandate_original",),
}


def present(someone, **changes) -> PersonPresent:
    return replace(PersonPresent(someone.name, someone.id_type, someone.number, original_seen=True), **changes)


def form() -> Upload:
    sink = io.BytesIO()
    Image.new("RGB", (600, 800), (9, 99, 9)).save(sink, "JPEG")
    return Upload(sink.getvalue(), "form.jpg")


@pytest.fixture
def office(make):
    """Somebody is at the window, the form is handed in."""
    return at_window(make(filed, CITY))


def at_window(office):
    city = office.case.head.city
    office.do("request-cancel", clerk(city), channel=Channel.WINDOW)
    office.do("upload-cancel-paper", clerk(city), paper="cancel_form", upload=form())
    return office


def attend(office, key, *people):
    return office.do("attend-cancel", clerk(office.case.head.city), party=key, present=people)


def codes(office, key, *people) -> set[str]:
    with pytest.raises(QianshuError) as refused:
        attend(office, key, *people)
    return {finding.code for finding in refused.value.findings}


@pytest.mark.rule("ZS-43")
@pytest.mark.rule("ZS-46")
def test_both_come_with_their_originals_and_it_is_done(office):
    attend(office, "seller-1", present(SELLER))
    assert office.state is State.CANCELLING
    attend(office, "buyer-1", present(BUYER))
    assert office.state is State.VOID
    consents = office.case.cancelling.past[0].request.consents
    assert {consent.party for consent in consents} == {"seller-1", "buyer-1"}
    assert all(consent.in_person and consent.attended[0].capacity == "self" for consent in consents)
    office.work_off("notify")
    assert "重新签订合同" in office.told(SELLER)[-1]


@pytest.mark.rule("ZS-46")
def test_not_online(make):
    office = make(filed, CITY)
    with pytest.raises(QianshuError) as refused:
        office.do("request-cancel", seller(CITY))
    assert refused.value.code == "cancel.other_channel"
    assert refused.value.fields["channels"] == ["window"]


@pytest.mark.rule("ZS-46")
def test_without_the_original_or_as_somebody_else_nobody_counts(office):
    assert codes(office, "seller-1", present(SELLER, original_seen=False)) == {"attendance.original"}
    assert codes(office, "seller-1", present(STRANGER)) == {"attendance.another"}
    assert codes(office, "seller-1") == {"attendance.nobody"}
    assert codes(office, "seller-1", present(SELLER, id_number="42020219850506123X")) == {"attendance.number"}


@pytest.mark.rule("ZS-46")
def test_without_the_form_it_is_not_done(make):
    office = make(filed, CITY)
    office.do("request-cancel", clerk(CITY), channel=Channel.WINDOW)
    attend(office, "seller-1", present(SELLER))
    attend(office, "buyer-1", present(BUYER))
    assert office.state is State.CANCELLING
    office.do("upload-cancel-paper", clerk(CITY), paper="cancel_form", upload=form())
    assert office.state is State.VOID


@pytest.mark.rule("ZS-48")
@pytest.mark.rule("ZS-49")
def test_a_proxy_with_a_notarised_mandate_that_names_the_matter(office):
    attend(office, "seller-1", present(AGENT, **MANDATE))
    attend(office, "buyer-1", present(BUYER))
    assert office.state is State.VOID
    assert office.case.cancelling.past[0].request.consents[0].attended[0].capacity == "agent_poa"


@pytest.mark.rule("ZS-48")
@pytest.mark.rule("ZS-49")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"attestation": Attestation.NONE}, "mandate.attestation"),
        ({"scope": "委托季长风代为办理签订合同"}, "mandate.matter"),
        ({"matters": ("sign",)}, "mandate.matter"),
        ({"papers": ()}, "mandate.paper_missing"),
        ({"scope": ""}, "mandate.missing"),
    ],
)
def test_a_lesser_mandate_does_not_do(office, changed, code):
    assert code in codes(office, "seller-1", present(AGENT, **(MANDATE | changed)))


def test_nobody_stands_for_both_sides(office):
    attend(office, "seller-1", present(AGENT, **MANDATE))
    with pytest.raises(QianshuError) as refused:
        attend(office, "buyer-1", present(AGENT, **MANDATE))
    assert refused.value.code == "sides.same_agent"


@pytest.fixture
def childs(make):
    """A minor sells; the other seller is the father."""
    office = make(filed, CITY)
    office.case = replace(
        office.case,
        people=replace(office.case.people, parties=(party(CHILD, "seller-1"), party(BUYER, "buyer-1"))),
    )
    return at_window(office)


def parent(someone, kinship, *papers) -> PersonPresent:
    return present(someone, basis=Basis.GUARDIAN, kinship=kinship, papers=papers)


@pytest.mark.rule("ZS-47")
def test_a_minor_comes_with_both_parents_and_their_papers(childs):
    papers = ("minor_guarantee", "household_register")
    father, mother = parent(FATHER, Kinship.FATHER, *papers), parent(MOTHER, Kinship.MOTHER)
    assert "guardian.both_parents" in codes(childs, "seller-1", father)
    assert "guardian.paper_missing" in codes(
        childs, "seller-1", parent(FATHER, Kinship.FATHER, "minor_guarantee"), mother
    )
    assert "guardian.missing" in codes(childs, "seller-1", present(CHILD))
    attend(childs, "seller-1", father, mother)
    attend(childs, "buyer-1", present(BUYER))
    assert childs.state is State.VOID


@pytest.mark.rule("H-07")
def test_until_the_registry_accepts(office):
    office.do("drop-cancel", clerk(CITY))
    assert office.state is State.FILED
    assert office.case.filing.in_force


def test_only_a_clerk_attends_and_not_to_a_sale_of_their_own(office):
    for who in (seller(CITY), buyer(CITY)):
        with pytest.raises(NotYours):
            office.do("attend-cancel", who, party="seller-1", present=(present(SELLER),))
    with pytest.raises(GuardsRefuse):
        office.do(
            "attend-cancel", staff(StaffRole.WINDOW_CLERK, CITY, BUYER), party="seller-1", present=(present(SELLER),)
        )


@pytest.mark.rule("H-29")
def test_in_huangshi_at_the_window_by_agreement(make):
    office = at_window(make(filed, "huangshi"))
    attend(office, "seller-1", present(SELLER))
    attend(office, "buyer-1", present(BUYER))
    assert office.state is State.VOID
    assert [item.kind for item in office.feed] == ["revoked"]


@pytest.mark.rule("ZS-46")
def test_a_word_from_afar_is_no_presence(office):
    """Where everybody must come, a consent given otherwise does not count."""
    attend(office, "seller-1", present(SELLER))
    asked = office.case.cancelling.current
    afar = ConsentGiven("buyer-1", BUYER.account, office.now)
    asked = replace(asked, consents=(*asked.consents, afar))
    assert missing_consents(office.case, asked, row_of(cities()[CITY], asked)) == ("buyer-1",)
