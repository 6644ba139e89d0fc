"""Houses of organisations, houses sold by agents, and what the title says of its owners."""

from __future__ import annotations

from fractions import Fraction

import pytest

from identity.representation import Attestation
from identity.staff import StaffRole
from identity.trust_level import CheckMethod, Login, LoginCapacity
from tests.builders.cases import AGENT, COMPANY, SELLER, WIFE, acting, owner, registered, staff
from tests.builders.desks import code_of
from tests.builders.entry import contact, lookup_of, person, until_drafting
from tests.builders.keyring import NOW
from tests.builders.refusals import guards_of, inputs_of


class TestOrganisationsAndAgents:
    @pytest.mark.rule("HS-13")
    @pytest.mark.rule("SZ-17")
    @pytest.mark.rule("SZ-24")
    @pytest.mark.rule("H-28")
    def test_a_handler_checks_the_organisations_house_and_acts_for_it(self, desks):
        desks.knows(registered("huangshi", owner(COMPANY)))
        handler = acting(AGENT, "huangshi", handles=COMPANY)
        desks.open("huangshi", handler)
        self.prove(desks, handler)
        desks.do("check-property", handler, **lookup_of("huangshi", COMPANY), confirmed=True)
        (record,) = desks.case.people.representations
        assert (record.party, record.representative.name, record.basis.value) == ("seller-1", AGENT.name, "handler")
        assert record.phone == AGENT.phone

    @pytest.mark.rule("SZ-24")
    def test_with_the_personal_card_it_is_not_their_house(self, desks):
        desks.knows(registered("huangshi", owner(COMPANY)))
        handler = acting(AGENT, "huangshi")
        desks.open("huangshi", handler)
        self.prove(desks, handler)
        said = {**lookup_of("huangshi", COMPANY), "confirmed": True}
        assert guards_of(lambda: desks.do("check-property", handler, **said)) == {"house.not_owner"}

    @pytest.mark.rule("SZ-13")
    @pytest.mark.rule("SZ-14")
    @pytest.mark.rule("SZ-15")
    @pytest.mark.rule("SZ-18")
    @pytest.mark.rule("SZ-23")
    @pytest.mark.rule("SZ-33")
    @pytest.mark.rule("SZ-34")
    @pytest.mark.rule("H-14")
    def test_an_agent_bound_at_an_outlet_checks_the_house_online(self, desks):
        desks.knows(registered("shenzhen"))
        login = Login(LoginCapacity.AGENT, (CheckMethod.YSS_SCAN,))
        agent = acting(AGENT, "shenzhen", login=login)
        desks.open("shenzhen", agent)
        look = {**lookup_of("shenzhen"), "confirmed": True}
        # not bound: it is looked for in the agent's own name
        assert desks.do("check-property", agent, **look).answer["state"] == "not_found"
        desks.do("bind-agent", staff(StaffRole.WINDOW_CLERK, "shenzhen"), **self.binding())
        desks.do("check-property", agent, **look)
        assert desks.state == "drafting"
        party = desks.case.people.party("seller-1")
        assert (party.identified.name, party.on_title) == (SELLER.name, True)
        (record,) = desks.case.people.representations
        assert record.party == "seller-1"
        assert record.times.bound_at == NOW

    @pytest.mark.rule("SZ-13")
    @pytest.mark.rule("SZ-15")
    @pytest.mark.rule("SZ-34")
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"attestation": Attestation.NONE}, "mandate.attestation"),
            ({"papers": ()}, "mandate.paper_missing"),
            ({"principal": person(COMPANY)}, "representation.basis"),
            ({"agent": person(SELLER)}, "representation.self"),
        ],
    )
    def test_a_binding_needs_notarised_mandate_application_and_a_natural_person(self, desks, change, code):
        agent = acting(AGENT, "shenzhen", login=Login(LoginCapacity.AGENT, (CheckMethod.YSS_SCAN,)))
        desks.open("shenzhen", agent)
        clerk = staff(StaffRole.WINDOW_CLERK, "shenzhen")
        assert code in inputs_of(lambda: desks.do("bind-agent", clerk, **{**self.binding(), **change}))

    def test_agents_are_not_bound_where_the_city_has_none(self, desks):
        until_drafting(desks, "wuhan")
        clerk = staff(StaffRole.WINDOW_CLERK, "wuhan")
        assert code_of(lambda: desks.do("bind-agent", clerk, **self.binding())) == "act.not_in_city"

    def binding(self):
        return {
            "principal": person(SELLER),
            "agent": person(AGENT),
            "contact": contact(AGENT),
            "scope": "出售房屋并签订合同、办理网签备案",
            "attestation": Attestation.NOTARISED,
            "papers": ("binding_application",),
        }

    def prove(self, desks, someone):
        from filing.profile.people import CheckPurpose  # noqa: PLC0415

        desks.do("read-notice", someone, notice="signing_notice", sha256=desks.notice("signing_notice"))
        desks.do("start-face-check", someone, purpose=CheckPurpose.OPEN)
        desks.do("finish-face-check", someone, purpose=CheckPurpose.OPEN)


@pytest.mark.rule("SZ-56")
@pytest.mark.rule("HS-21")
def test_owners_come_with_what_the_title_says(desks):
    half = Fraction(1, 2)
    house = registered("shenzhen", owner(SELLER, half), owner(WIFE, half, id_issue_place="湖北黄石"))
    until_drafting(desks, "shenzhen", house)
    second = desks.case.people.party("seller-2")
    assert second.identified.name == WIFE.name
    assert second.identified.issue_place == "湖北黄石"
    assert (second.shares.held, second.on_title, second.contact) == (half, True, None)
