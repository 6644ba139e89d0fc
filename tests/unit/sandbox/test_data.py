"""The sandbox's people and houses: every number right, every kind there, nothing that contradicts itself."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import msgspec
import pytest

from filing.outside import HouseOnCertificate, Restriction, UseCategory
from filing.profile.entry import CoOwnership
from filing.profile.house import PropertyState
from gateways.registered_house import HouseAnswer, registered_house
from identity.capacity import Capacity
from identity.numbers import (
    CERTIFICATE_FORMS,
    IdType,
    Region,
    check_mobile,
    check_number,
    read_certificate,
    read_unit_number,
)
from identity.trust_level import CheckMethod
from sandbox.houses import House
from sandbox.land_register import as_registered
from sandbox.options import SandboxOptions
from sandbox.world import World

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = NOW.date()
WORLD = World(SandboxOptions(clock=lambda: NOW))
PEOPLE = list(WORLD.people.values())
HOUSES = list(WORLD.houses)
CITIES = ("huangshi", "zhongshan", "shenzhen", "wuhan")
FORMS = {
    "huangshi": ("hs_new", "hs_old_private", "hs_old_serial"),
    "zhongshan": ("zs_new", "zs_old", "zs_old_letter"),
    "shenzhen": ("sz_old", "sz_new"),
    "wuhan": ("wh_new",),
}


def houses(city: str) -> list[House]:
    return [house for house in HOUSES if house.city == city]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.id)
def test_every_number_of_a_person_is_right(person) -> None:
    number = check_number(IdType(person.id_type), person.id_number, TODAY)
    assert number.normalised == person.id_number
    assert number.region in (None, Region(person.region))
    assert check_mobile(person.phone) == person.phone
    assert all(CheckMethod(method) for method in person.login)
    if person.real_name:
        assert CheckMethod(person.real_name.method)
        assert person.real_name.verified_at < NOW


def test_nobody_shares_a_number_a_telephone_or_an_id() -> None:
    for name in ("id_number", "phone"):
        (most,) = Counter(getattr(person, name) for person in PEOPLE).most_common(1)
        assert most[1] == 1, most


@pytest.mark.rule("SZ-03")
def test_there_is_everybody_a_rule_tells_apart() -> None:
    levels = {person.real_name.level if person.real_name else 0 for person in PEOPLE}
    assert levels == {0, 1, 2, 3, 4}
    methods = {person.real_name.method for person in PEOPLE if person.real_name and person.real_name.level == 4}
    assert methods >= {"yss_face", "bank_cert", "ca_cert", "window", "wechat_realname"}
    assert {person.region for person in PEOPLE} == {region.value for region in Region}
    kinds = {IdType(person.id_type) for person in PEOPLE}
    assert kinds == set(IdType) - {IdType.RESIDENT_ID_15, IdType.HM_ID_CARD}  # these stand on titles only
    assert {person.kind for person in PEOPLE} == {"person", "enterprise", "other_org"}
    assert {person.qualification for person in PEOPLE} == {"passed", "refused", "applied"}


def test_there_are_a_minor_a_child_and_both_parents() -> None:
    def born(person_id: str) -> int:
        number = check_number(IdType.RESIDENT_ID, WORLD.people[person_id].id_number, TODAY)
        return (TODAY - number.birth_date).days // 365

    assert 8 <= born("chen-xiaoyu") < 18
    assert born("chen-xiaobao") < 8
    assert born("chen-jianguo") >= 18 <= born("li-xiulan")
    assert Capacity  # the rule itself is identity.capacity's


@pytest.mark.rule("SZ-02")
@pytest.mark.rule("SZ-09")
@pytest.mark.rule("SZ-11")
def test_there_are_handlers_of_every_state() -> None:
    found = [appointment for person in PEOPLE for appointment in person.handlers]
    assert {appointment.state for appointment in found} == {"bound", "awaiting_consent", "unbound"}
    assert any(appointment.state == "bound" and appointment.ends_at < NOW for appointment in found)
    assert all(appointment.person in WORLD.people for appointment in found)


@pytest.mark.parametrize("house", HOUSES, ids=lambda house: house.id)
def test_every_house_is_believable(house: House) -> None:
    registered = registered_house(msgspec.convert(as_registered(WORLD, house), HouseAnswer), TODAY)
    forms = tuple(CERTIFICATE_FORMS[name] for name in FORMS[house.city])
    read = read_certificate(house.certificate, forms, TODAY)
    assert read.normalised == house.certificate
    assert set(house.parts) == ({read.lookup} if read.lookup != read.normalised else set())
    if house.unit:
        assert read_unit_number(house.unit).normalised == house.unit
    assert house.building["design_use"] == "住宅" or registered.standing.use_category is not UseCategory.RESIDENTIAL
    if registered.standing.use_category is UseCategory.UNCLEAR:
        assert house.decided
        assert UseCategory(house.decided["use_category"]) is not UseCategory.UNCLEAR


def test_no_certificate_or_unit_is_registered_twice() -> None:
    for numbers in ([house.certificate for house in HOUSES], [house.unit for house in HOUSES if house.unit]):
        assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("city", CITIES)
def test_every_city_has_houses_in_every_state(city: str) -> None:
    states = {state for house in houses(city) for state in house.states}
    assert states >= {state.value for state in PropertyState} - {"other"}
    assert {CoOwnership(house.co_ownership) for house in houses(city)} == set(CoOwnership)


@pytest.mark.rule("SZ-19")
@pytest.mark.rule("SZ-27")
@pytest.mark.rule("SZ-28")
@pytest.mark.rule("SZ-57")
@pytest.mark.rule("SZ-58")
def test_shenzhen_has_every_special_case() -> None:
    registered = {
        house.id: registered_house(msgspec.convert(as_registered(WORLD, house), HouseAnswer), TODAY)
        for house in houses("shenzhen")
    }
    assert any(owner.blacklisted for owner in registered["sz-blacklisted"].owners)
    uses = {one.use_category for one in registered["sz-many-uses"].title.houses}
    assert len(uses) == 2
    assert {one.use_category for one in registered["sz-many-same-use"].title.houses} == {UseCategory.RESIDENTIAL}
    assert isinstance(registered["sz-many-uses"].title.houses[0], HouseOnCertificate)
    assert registered["sz-unclear"].standing.restriction is Restriction.UNKNOWN
    assert len(registered["sz-zero-share"].owners) == 3
    assert registered["sz-hongkong"].owners[0].id_type is IdType.HM_ID_CARD
    assert registered["sz-shenshan"].title.region == "深汕合作区"
    assert {house.standing.use_category for house in registered.values()} == set(UseCategory) - {UseCategory.OTHER}


@pytest.mark.rule("WH-25")
def test_wuhan_has_every_restriction() -> None:
    assert {Restriction(house.restriction) for house in houses("wuhan")} == set(Restriction)


def test_a_copy_is_another_house_with_numbers_of_its_own() -> None:
    world = World(SandboxOptions(clock=lambda: NOW))
    original = world.houses.named("hs-old-serial")
    copies = [world.houses.copy(original, None, ()) for _ in range(3)]
    numbers = {house.certificate for house in (original, *copies)}
    assert len(numbers) == 4
    for copy in copies:
        assert world.houses.numbered("huangshi", copy.certificate) == [copy]
        assert world.houses.numbered("huangshi", copy.parts[0]) == [copy]
        assert read_certificate(copy.certificate, (CERTIFICATE_FORMS["hs_old_serial"],), TODAY)


def test_a_copy_can_stand_in_another_city_and_belong_to_others() -> None:
    world = World(SandboxOptions(clock=lambda: NOW))
    copy = world.houses.copy(world.houses.named("hs-sole"), "linshan", ("wang-lei", "zhao-xiaomei"))
    registered = registered_house(msgspec.convert(as_registered(world, copy), HouseAnswer), TODAY)
    assert (registered.city, registered.co_ownership) == ("linshan", CoOwnership.JOINT)
    assert [owner.name for owner in registered.owners] == ["王磊", "赵晓梅"]
