"""By what a house is looked up: keys, what the login locks, old numbers, overseas owners, forms of certificates."""

from __future__ import annotations

from dataclasses import replace

import pytest

from identity.numbers import IdType, Region
from tests.builders.cases import CERTIFICATE, FOREIGNER, SELLER, STRANGER, UNIT_NO, WIFE, owner, registered
from tests.builders.entry import lookup_of, until_drafting
from tests.builders.house_entry import DOWN, ready_to_look
from tests.builders.refusals import guards_of, inputs_of


@pytest.mark.rule("H-34")
@pytest.mark.rule("ZS-19")
@pytest.mark.parametrize(
    ("city", "left_out"),
    [("huangshi", "owner_name"), ("huangshi", "owner_id_number"), ("zhongshan", "check_code"), ("shenzhen", "region")],
)
def test_every_key_of_the_lookup_is_given(desks, city, left_out):
    seller = ready_to_look(desks, city)
    given = {name: value for name, value in lookup_of(city).items() if name != left_out}
    assert inputs_of(lambda: desks.do("check-property", seller, **given)) == {"lookup.keys"}


def test_keys_of_another_citys_lookup_are_not_taken(desks):
    seller = ready_to_look(desks, "wuhan")
    said = {**lookup_of("wuhan"), "check_code": "A1B2"}
    assert inputs_of(lambda: desks.do("check-property", seller, **said)) == {"lookup.keys"}


class TestLocks:
    @pytest.mark.rule("ZS-20")
    @pytest.mark.rule("SZ-35")
    @pytest.mark.rule("SZ-36")
    @pytest.mark.parametrize("city", ["zhongshan", "shenzhen", "wuhan"])
    @pytest.mark.parametrize(
        ("field", "code"), [("owner_name", "lookup.name_locked"), ("owner_id_number", "eligibility.number_locked")]
    )
    def test_name_and_number_come_from_the_login(self, desks, city, field, code):
        seller = ready_to_look(desks, city)
        other = {"owner_name": WIFE.name, "owner_id_number": WIFE.number}[field]
        assert inputs_of(lambda: desks.do("check-property", seller, **lookup_of(city), **{field: other})) == {code}

    @pytest.mark.rule("WH-18")
    @pytest.mark.rule("ZS-20")
    @pytest.mark.parametrize("city", ["zhongshan", "shenzhen", "wuhan"])
    def test_somebody_elses_house_is_not_found(self, desks, city):
        seller = ready_to_look(desks, city, registered(city, owner(WIFE)))
        said = desks.do("check-property", seller, **lookup_of(city), confirmed=True)
        assert said.answer["state"] == "not_found"

    @pytest.mark.rule("HS-07")
    def test_a_house_found_by_its_owners_data_is_not_sold_by_another(self, desks):
        stranger = ready_to_look(desks, "huangshi", someone=STRANGER)
        said = {**lookup_of("huangshi", SELLER), "confirmed": True}
        assert guards_of(lambda: desks.do("check-property", stranger, **said)) == {"house.not_owner"}
        assert desks.case.people.parties == ()

    @pytest.mark.rule("HS-12")
    @pytest.mark.rule("HS-07")
    def test_any_one_owner_finds_a_house_held_together(self, desks):
        seller = ready_to_look(desks, "huangshi", registered("huangshi", owner(WIFE), owner(SELLER)))
        desks.do("check-property", seller, **lookup_of("huangshi", WIFE), confirmed=True)
        assert [party.identified.name for party in desks.case.people.parties] == [WIFE.name, SELLER.name]

    @pytest.mark.rule("ZS-08")
    @pytest.mark.rule("SZ-35")
    def test_a_title_in_another_name_under_the_same_number_is_refused(self, desks):
        house = registered("huangshi", owner(SELLER, name="周明遠"))
        seller = ready_to_look(desks, "huangshi", house)
        said = {**lookup_of("huangshi"), "owner_name": "周明遠", "confirmed": True}
        assert inputs_of(lambda: desks.do("check-property", seller, **said)) == {"owner.name_differs"}


class TestFirstGeneration:
    OLD = SELLER.number[:6] + SELLER.number[8:17]

    def house(self, city="zhongshan"):
        return registered(city, owner(SELLER, id_type=IdType.RESIDENT_ID_15, id_number=self.OLD))

    @pytest.mark.rule("ZS-23")
    def test_it_is_tried_only_after_a_lookup_that_failed(self, desks):
        seller = ready_to_look(desks, "zhongshan", self.house())
        tick = {**lookup_of("zhongshan"), "first_generation": True, "confirmed": True}
        assert inputs_of(lambda: desks.do("check-property", seller, **tick)) == {"lookup.first_generation_early"}
        assert desks.do("check-property", seller, **lookup_of("zhongshan")).answer["first_generation"] is True
        desks.do("check-property", seller, **tick)
        identified = desks.case.people.party("seller-1").identified
        assert identified.id_number == SELLER.number
        assert identified.title_id_number == self.OLD
        assert identified.id_type is IdType.RESIDENT_ID

    @pytest.mark.rule("ZS-23")
    def test_other_cities_do_not_ask_for_it(self, desks):
        seller = ready_to_look(desks, "huangshi", self.house("huangshi"))
        desks.do("check-property", seller, **lookup_of("huangshi"))
        tick = {**lookup_of("huangshi"), "first_generation": True}
        assert inputs_of(lambda: desks.do("check-property", seller, **tick)) == {"lookup.first_generation"}

    def test_a_co_owner_with_an_old_number_is_known_by_the_number_it_became(self, desks):
        wife = WIFE.number[:6] + WIFE.number[8:17]
        house = registered("huangshi", owner(SELLER), owner(WIFE, id_type=IdType.RESIDENT_ID_15, id_number=wife))
        until_drafting(desks, "huangshi", house)
        identified = desks.case.people.party("seller-2").identified
        assert (identified.id_number, identified.title_id_number) == (WIFE.number, wife)


class TestOverseas:
    @pytest.mark.rule("ZS-21")
    @pytest.mark.rule("ZS-22")
    def test_name_and_unit_number_find_a_house_in_zhongshan(self, desks):
        seller = ready_to_look(desks, "zhongshan", registered("zhongshan", owner(FOREIGNER)), someone=FOREIGNER)
        desks.do("check-property", seller, unit_number=UNIT_NO, confirmed=True)
        assert desks.state == "drafting"

    @pytest.mark.rule("ZS-21")
    @pytest.mark.rule("H-13")
    def test_it_is_recommended_to_them_and_open_to_everybody(self, desks):
        seller = ready_to_look(desks, "zhongshan")
        desks.do("check-property", seller, unit_number=UNIT_NO, confirmed=True)
        assert desks.state == "drafting"

    @pytest.mark.rule("SZ-37")
    @pytest.mark.rule("SZ-38")
    def test_an_overseas_owner_puts_the_number_of_the_title(self, desks):
        house = registered("shenzhen", owner(FOREIGNER, id_number="B98X76T54"))
        seller = ready_to_look(desks, "shenzhen", house, someone=FOREIGNER)
        said = {**lookup_of("shenzhen", FOREIGNER), "confirmed": True}
        assert desks.do("check-property", seller, **said).answer["state"] == "not_found"
        desks.do("check-property", seller, **said, owner_id_number="B98X76T54")
        identified = desks.case.people.party("seller-1").identified
        assert (identified.id_number, identified.title_id_number) == (FOREIGNER.number, "B98X76T54")
        assert desks.case.people.party("seller-1").identified.region is Region.OTHER

    @pytest.mark.rule("SZ-36")
    @pytest.mark.rule("SZ-37")
    def test_a_mainland_owner_may_not(self, desks):
        seller = ready_to_look(desks, "shenzhen")
        said = {**lookup_of("shenzhen"), "owner_id_number": WIFE.number}
        assert inputs_of(lambda: desks.do("check-property", seller, **said)) == {"eligibility.number_locked"}

    @pytest.mark.rule("SZ-37")
    def test_nor_may_anybody_where_the_city_has_no_such_exception(self, desks):
        seller = ready_to_look(desks, "wuhan", registered("wuhan", owner(FOREIGNER)), someone=FOREIGNER)
        said = {**lookup_of("wuhan"), "owner_id_number": "B98X76T54"}
        assert inputs_of(lambda: desks.do("check-property", seller, **said)) == {"eligibility.number_locked"}


class TestCertificateNumbers:
    @pytest.mark.rule("HS-09")
    @pytest.mark.rule("HS-10")
    @pytest.mark.rule("HS-11")
    @pytest.mark.rule("H-33")
    @pytest.mark.parametrize(
        ("printed", "typed"),
        [
            ("鄂(2022)黄石市不动产权第0000001号", "鄂（2022）黄石市不动产权第0000001号"),
            ("房权证字第00私00000", "00私00000"),
            ("黄房权证2022字第0000001号", "0000001"),
        ],
    )
    def test_huangshi_takes_three_forms_whole_or_in_part(self, desks, printed, typed):
        house = registered("huangshi")
        house = replace(house, title=replace(house.title, certificate_number=printed))
        seller = ready_to_look(desks, "huangshi", house)
        desks.do("check-property", seller, **{**lookup_of("huangshi"), "certificate_number": typed}, confirmed=True)
        assert desks.case.house.checked.record.certificate_number == printed

    @pytest.mark.rule("SZ-31")
    @pytest.mark.rule("SZ-32")
    @pytest.mark.rule("H-26")
    @pytest.mark.parametrize(
        ("printed", "typed"),
        [
            ("深房地字第1234567号", "深房地字第 1234567 号"),
            ("粤(2021)深圳市不动产权第0123456号", "粤2021深圳市不动产权第0123456号"),
        ],
    )
    def test_shenzhen_takes_two_forms_with_or_without_brackets(self, desks, printed, typed):
        house = registered("shenzhen")
        house = replace(house, title=replace(house.title, certificate_number=printed))
        seller = ready_to_look(desks, "shenzhen", house)
        desks.do("check-property", seller, **{**lookup_of("shenzhen"), "certificate_number": typed}, confirmed=True)
        assert desks.state == "drafting"

    @pytest.mark.rule("WH-32")
    @pytest.mark.rule("ZS-19")
    @pytest.mark.parametrize(
        ("city", "typed"),
        [
            ("wuhan", CERTIFICATE["huangshi"]),
            ("zhongshan", CERTIFICATE["shenzhen"]),
            ("shenzhen", CERTIFICATE["wuhan"]),
            ("huangshi", "1"),
        ],
    )
    def test_another_citys_form_is_refused_before_the_register_is_asked(self, desks, city, typed):
        seller = ready_to_look(desks, city)
        desks.land.down = DOWN
        said = {**lookup_of(city), "certificate_number": typed}
        assert inputs_of(lambda: desks.do("check-property", seller, **said)) == {"certificate.format"}
