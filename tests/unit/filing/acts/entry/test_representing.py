"""Who acts for a party: guardians, agents, legal representatives; nobody else."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from filing.acts.entry.sellers import OwnerInput
from filing.acts.spec import Upload
from filing.errors import NotYours
from filing.guards.representing import party_representation
from filing.profile import Actor, Guard
from identity.representation import Basis, Kinship
from tests.builders.cases import AGENT, CHILD, COMPANY, SELLER, STRANGER, WIFE, acting, owner, registered, situation
from tests.builders.desks import code_of
from tests.builders.entry import buyers_form, contact, person, sellers_form, until_drafting, until_entered
from tests.builders.refusals import inputs_of
from tests.builders.sides import guard, guardian, typed


class TestRepresentation:
    def childs_house(self, desks, city):
        """The child owns the house together with a parent, who opens the case."""
        return until_drafting(desks, city, registered(city, owner(SELLER), owner(CHILD)))

    @pytest.mark.rule("SZ-58")
    @pytest.mark.rule("H-08")
    @pytest.mark.parametrize("city", ["shenzhen", "huangshi", "wuhan"])
    def test_a_childs_guardian_is_named_before_the_text_is_made(self, desks, city):
        seller = self.childs_house(desks, city)
        assert guard(Guard.REPRESENTED, desks.case, city) == {"guardian.missing"}
        desks.do("set-representation", seller, **guardian(SELLER, Kinship.FATHER, "seller-2"))
        assert guard(Guard.REPRESENTED, desks.case, city) == set()

    @pytest.mark.rule("ZS-47")
    @pytest.mark.rule("H-08")
    def test_zhongshan_wants_both_parents_and_their_papers(self, desks):
        seller = self.childs_house(desks, "zhongshan")
        desks.do("set-representation", seller, **guardian(SELLER, Kinship.FATHER, "seller-2", papers=()))
        assert guard(Guard.REPRESENTED, desks.case, "zhongshan") == {"guardian.both_parents", "guardian.paper_missing"}
        desks.do("set-representation", seller, **guardian(WIFE, Kinship.MOTHER, "seller-2"))
        assert guard(Guard.REPRESENTED, desks.case, "zhongshan") == set()

    @pytest.mark.rule("ZS-47")
    @pytest.mark.rule("H-08")
    def test_guardians_hand_in_their_papers_and_these_count(self, desks):
        """In a city that asks for no materials; of a ward alone, and by whoever names the guardians."""
        seller = self.childs_house(desks, "zhongshan")
        out = io.BytesIO()
        Image.new("L", (400, 560), 255).save(out, "PNG")
        paper = {"slot": "birth_certificate", "party": "seller-2"}
        upload = {"upload": Upload(out.getvalue(), "birth.png")}
        of_father = {**paper, **upload, "party": "seller-1"}
        assert code_of(lambda: desks.do("upload-material", seller, **of_father)) == "material.none_asked"
        stranger = acting(STRANGER, "zhongshan")
        assert code_of(lambda: desks.do("upload-material", stranger, **paper, **upload)) == "act.not_yours"

        def missing() -> list[str]:
            child = desks.case.people.party("seller-2")
            found = party_representation(situation(desks.case, Actor.SELLER, seller), child)
            return [dict(one.facts)["any_of"] for one in found if one.code == "guardian.paper_missing"]

        assert missing() == ["minor_guarantee", "household_register birth_certificate"]
        desks.do("upload-material", seller, **paper, **upload)
        assert missing() == ["minor_guarantee"]
        desks.do("remove-material", seller, **paper, number=1)
        assert missing() == ["minor_guarantee", "household_register birth_certificate"]

    @pytest.mark.rule("ZS-47")
    def test_one_parent_is_enough_with_the_paper_that_says_why(self, desks):
        seller = self.childs_house(desks, "zhongshan")
        papers = ("minor_guarantee", "birth_certificate", "death_certificate")
        desks.do("set-representation", seller, **guardian(WIFE, Kinship.MOTHER, "seller-2", papers))
        assert guard(Guard.REPRESENTED, desks.case, "zhongshan") == set()

    @pytest.mark.rule("SZ-58")
    def test_a_child_is_no_guardian_and_nobody_is_their_own(self, desks):
        seller = self.childs_house(desks, "shenzhen")
        limited = (
            OwnerInput("seller-1", contact(SELLER), limited_capacity=True),
            OwnerInput("seller-2", contact(CHILD)),
        )
        desks.do("set-sellers", seller, owners=limited)
        assert inputs_of(
            lambda: desks.do("set-representation", seller, **guardian(CHILD, Kinship.OTHER, "seller-1"))
        ) == {"representation.capacity"}
        assert "representation.self" in inputs_of(
            lambda: desks.do("set-representation", seller, **guardian(SELLER, Kinship.OTHER, "seller-1"))
        )

    def test_nobody_is_named_guardian_of_whoever_acts_for_themselves(self, desks):
        """Else one side could name somebody who then agrees for the other owner."""
        seller = self.childs_house(desks, "huangshi")
        assert inputs_of(
            lambda: desks.do("set-representation", seller, **guardian(WIFE, Kinship.OTHER, "seller-1"))
        ) == {"guardian.not_needed"}

    @pytest.mark.rule("SZ-58")
    def test_declared_incapacity_needs_a_guardian_as_age_does(self, desks):
        seller = until_drafting(desks, "huangshi")
        limited = (OwnerInput("seller-1", contact(SELLER), limited_capacity=True),)
        desks.do("set-sellers", seller, owners=limited)
        assert guard(Guard.REPRESENTED, desks.case, "huangshi") == {"guardian.missing"}

    @pytest.mark.rule("H-11")
    @pytest.mark.rule("H-28")
    @pytest.mark.rule("SZ-17")
    def test_an_organisation_acts_by_its_legal_representative_or_handler(self, desks):
        seller = until_drafting(desks, "zhongshan")
        desks.do("set-buyers", seller, **typed(COMPANY))
        assert guard(Guard.REPRESENTED, desks.case, "zhongshan") == {"organisation.nobody_acts"}
        named = {
            "party": "buyer-1",
            "basis": Basis.LEGAL_REP,
            "representative": person(AGENT),
            "contact": contact(AGENT),
        }
        desks.do("set-representation", seller, **named)
        assert guard(Guard.REPRESENTED, desks.case, "zhongshan") == set()
        assert guard(Guard.PHONES_ACCEPTED, desks.case, "zhongshan") == set()

    @pytest.mark.rule("SZ-02")
    @pytest.mark.rule("SZ-24")
    def test_a_handler_registers_with_the_organisations_card(self, desks):
        seller = until_drafting(desks, "shenzhen")
        desks.do("set-buyers", seller, **typed(COMPANY))
        handler = acting(AGENT, "shenzhen", handles=COMPANY)
        desks.do("set-representation", handler, party="buyer-1", basis=Basis.HANDLER)
        (record,) = desks.case.people.representations
        assert (record.basis, record.representative.name, record.times.consented_at is not None) == (
            Basis.HANDLER,
            AGENT.name,
            True,
        )
        with pytest.raises(NotYours):
            desks.do("set-representation", acting(AGENT, "shenzhen"), party="buyer-1", basis=Basis.HANDLER)

    @pytest.mark.rule("SZ-11")
    def test_a_handler_whose_appointment_ended_is_nobody_in_the_case(self, desks):
        seller = until_drafting(desks, "shenzhen")
        desks.do("set-buyers", seller, **typed(COMPANY))
        handler = acting(AGENT, "shenzhen", handles=COMPANY)
        desks.do("set-representation", handler, party="buyer-1", basis=Basis.HANDLER)
        (membership,) = handler.memberships
        dismissed = replace(handler, memberships=(replace(membership, ended_at=desks.now),))
        with pytest.raises(NotYours):
            desks.do("set-representation", dismissed, party="buyer-1", basis=Basis.HANDLER)

    @pytest.mark.rule("SZ-14")
    @pytest.mark.rule("SZ-34")
    def test_agents_are_not_typed_in(self, desks):
        seller = until_drafting(desks, "shenzhen")
        said = {"party": "seller-1", "basis": Basis.AGENT_POA, "representative": person(AGENT)}
        assert inputs_of(lambda: desks.do("set-representation", seller, **said)) == {"representation.at_outlet"}

    def test_each_side_names_its_own(self, desks):
        _, buyer = until_entered(desks, "huangshi")
        assert code_of(lambda: desks.do("set-representation", buyer, **guardian(WIFE, Kinship.OTHER))) == (
            "party.not_yours"
        )

    @pytest.mark.rule("H-49")
    def test_one_agent_does_not_serve_both_sides(self, desks):
        seller = until_drafting(desks, "zhongshan", registered("zhongshan", owner(SELLER), owner(COMPANY)))
        other = replace(COMPANY, name="黄石市另一家有限公司", number="91350100M000100Y43")
        desks.do("set-buyers", seller, **typed(other))
        desks.do(
            "set-representation", acting(AGENT, "zhongshan", handles=COMPANY), party="seller-2", basis=Basis.HANDLER
        )
        handler = acting(AGENT, "zhongshan", handles=other)
        assert inputs_of(lambda: desks.do("set-representation", handler, party="buyer-1", basis=Basis.HANDLER)) == {
            "sides.same_agent"
        }

    @pytest.mark.rule("SZ-11")
    def test_a_representative_can_be_taken_out_again(self, desks):
        seller = self.childs_house(desks, "shenzhen")
        desks.do("set-representation", seller, **guardian(SELLER, Kinship.FATHER, "seller-2"))
        desks.do("drop-representation", seller, party="seller-2", id_number=SELLER.number)
        assert desks.case.people.representations == ()
        assert inputs_of(
            lambda: desks.do("drop-representation", seller, party="seller-2", id_number=SELLER.number)
        ) == {"representation.unknown"}


def test_strangers_enter_nothing(desks):
    until_entered(desks, "huangshi")
    for act, said in (
        ("set-sellers", sellers_form()),
        ("set-buyers", buyers_form()),
        ("save-clauses", {"clauses": {}}),
        ("generate-text", {}),
        ("set-representation", guardian(WIFE, Kinship.OTHER)),
    ):
        with pytest.raises(NotYours):
            desks.do(act, acting(STRANGER), **said)
