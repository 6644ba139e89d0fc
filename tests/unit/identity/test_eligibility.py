"""Which documents a city takes from whom, with the cities' tables as they stand in rules.md."""

from __future__ import annotations

from datetime import date

import pytest

from identity.eligibility import (
    Claim,
    IdTypeRow,
    IdTypeTable,
    allowed_id_types,
    check_id_card_type,
    check_id_type,
    check_region,
    may_replace_title_number,
)
from identity.errors import RuleTableError
from identity.numbers import IdType, Region, check_number
from identity.subjects import PartyKind, Side

TODAY = date(2026, 11, 21)
PERSON = PartyKind.PERSON

# SZ-38
OVERSEAS = (IdType.HM_PERMIT, IdType.TW_PERMIT, IdType.PASSPORT, IdType.HMT_RESIDENCE, IdType.FOREIGN_PR)


def person_rows(side: Side, table: dict[Region, tuple[IdType, ...]]) -> tuple[IdTypeRow, ...]:
    return tuple(IdTypeRow(side, PERSON, region, id_types) for region, id_types in table.items())


# SZ-51…54 for buyers; SZ-37, SZ-38, SZ-59 for owners (H-24); SZ-04 for organisations
SHENZHEN = IdTypeTable(
    (
        *person_rows(
            Side.BUYER,
            {
                Region.CN: (IdType.RESIDENT_ID, IdType.OFFICER_ID),
                Region.HK: (IdType.HM_PERMIT,),
                Region.MO: (IdType.HM_PERMIT,),
                Region.TW: (IdType.TW_PERMIT,),
                Region.OTHER: (IdType.PASSPORT,),
            },
        ),
        *person_rows(
            Side.SELLER,
            {
                Region.CN: (IdType.RESIDENT_ID, IdType.RESIDENT_ID_15, IdType.OFFICER_ID),
                Region.HK: (IdType.HM_PERMIT, IdType.HMT_RESIDENCE, IdType.HM_ID_CARD, IdType.PASSPORT),
                Region.MO: (IdType.HM_PERMIT, IdType.HMT_RESIDENCE, IdType.HM_ID_CARD, IdType.PASSPORT),
                Region.TW: (IdType.TW_PERMIT, IdType.HMT_RESIDENCE, IdType.PASSPORT),
                Region.OTHER: (IdType.PASSPORT, IdType.FOREIGN_PR),
            },
        ),
        IdTypeRow(Side.SELLER, PartyKind.ENTERPRISE, Region.CN, (IdType.USCC,)),
        IdTypeRow(Side.BUYER, PartyKind.ENTERPRISE, Region.CN, (IdType.USCC,)),
    )
)

WUHAN = IdTypeTable(
    person_rows(
        Side.BUYER,
        {
            Region.CN: (IdType.RESIDENT_ID, IdType.POLICE_ID, IdType.OFFICER_ID, IdType.PASSPORT),
            Region.HK: (IdType.HM_PERMIT, IdType.HMT_RESIDENCE),
            Region.TW: (IdType.TW_PERMIT, IdType.HMT_RESIDENCE),
        },
    )
)


def takes(table: IdTypeTable, side: Side, region: Region, kind: PartyKind = PERSON) -> set[IdType]:
    """What the check lets pass, tried with every kind of document."""
    return {one for one in IdType if not check_id_type(table, Claim(side, kind, region, one))}


@pytest.mark.rule("SZ-51")
def test_mainland_buyers_use_the_resident_or_the_officers_card() -> None:
    assert takes(SHENZHEN, Side.BUYER, Region.CN) == {IdType.RESIDENT_ID, IdType.OFFICER_ID}


@pytest.mark.rule("SZ-52")
@pytest.mark.parametrize("region", [Region.HK, Region.MO])
def test_hong_kong_and_macau_buyers_use_the_permit(region: Region) -> None:
    assert takes(SHENZHEN, Side.BUYER, region) == {IdType.HM_PERMIT}


@pytest.mark.rule("SZ-53")
def test_taiwan_buyers_use_the_permit() -> None:
    assert takes(SHENZHEN, Side.BUYER, Region.TW) == {IdType.TW_PERMIT}


@pytest.mark.rule("SZ-54")
def test_foreign_buyers_use_the_passport() -> None:
    assert takes(SHENZHEN, Side.BUYER, Region.OTHER) == {IdType.PASSPORT}


@pytest.mark.rule("H-24")
@pytest.mark.parametrize(("id_type", "region"), [(IdType.HMT_RESIDENCE, Region.HK), (IdType.FOREIGN_PR, Region.OTHER)])
def test_owners_may_hold_what_buyers_may_not(id_type: IdType, region: Region) -> None:
    assert id_type in takes(SHENZHEN, Side.SELLER, region)
    assert id_type not in takes(SHENZHEN, Side.BUYER, region)


@pytest.mark.rule("SZ-04")
def test_organisations_use_the_credit_code() -> None:
    assert takes(SHENZHEN, Side.SELLER, Region.CN, PartyKind.ENTERPRISE) == {IdType.USCC}


@pytest.mark.rule("H-45")
def test_wuhan_takes_police_certificates() -> None:
    assert IdType.POLICE_ID in takes(WUHAN, Side.BUYER, Region.CN)
    assert IdType.POLICE_ID not in takes(SHENZHEN, Side.BUYER, Region.CN)
    assert IdType.USCC not in takes(WUHAN, Side.BUYER, Region.CN)


def test_what_has_no_row_is_not_taken() -> None:
    assert allowed_id_types(WUHAN, Side.BUYER, PERSON, Region.OTHER) == ()
    assert takes(WUHAN, Side.BUYER, Region.OTHER) == set()


def test_the_finding_names_what_is_taken() -> None:
    (finding,) = check_id_type(SHENZHEN, Claim(Side.BUYER, PERSON, Region.CN, IdType.PASSPORT))

    assert finding.code == "eligibility.id_type"
    assert ("allowed", "resident_id officer_id") in finding.facts
    assert "居民身份证、军官证" in finding.zh


def test_a_table_with_two_rows_for_one_is_refused() -> None:
    row = IdTypeRow(Side.BUYER, PERSON, Region.CN, (IdType.RESIDENT_ID,))
    with pytest.raises(RuleTableError):
        IdTypeTable((row, row))


@pytest.mark.parametrize(
    ("region", "id_type", "text", "fits"),
    [
        (Region.HK, IdType.HM_PERMIT, "H12345678", True),
        (Region.MO, IdType.HM_PERMIT, "H12345678", False),
        (Region.TW, IdType.HMT_RESIDENCE, "810000199001010019", False),
        (Region.OTHER, IdType.PASSPORT, "E12345678", True),
    ],
)
def test_the_number_must_belong_to_the_region(region: Region, id_type: IdType, text: str, fits: bool) -> None:
    findings = check_region(Claim(Side.BUYER, PERSON, region, id_type), check_number(id_type, text, TODAY))
    assert [finding.code for finding in findings] == ([] if fits else ["eligibility.region"])


@pytest.mark.rule("SZ-59")
@pytest.mark.parametrize(
    ("region", "id_type", "text", "refused"),
    [
        (Region.HK, IdType.PASSPORT, "A1234563", True),
        (Region.HK, IdType.HM_PERMIT, "A123456(3)", True),
        (Region.HK, IdType.HM_ID_CARD, "A123456(3)", False),
        (Region.HK, IdType.PASSPORT, "A1234564", False),
        (Region.HK, IdType.PASSPORT, "12345678", False),
        (Region.MO, IdType.PASSPORT, "1234567(8)", True),
        (Region.OTHER, IdType.PASSPORT, "A1234563", False),
        (Region.TW, IdType.TW_PERMIT, "12345678", False),
    ],
)
def test_sellers_card_numbers_need_the_card_type(region: Region, id_type: IdType, text: str, refused: bool) -> None:
    findings = check_id_card_type(Claim(Side.SELLER, PERSON, region, id_type), text, TODAY)
    assert [finding.code for finding in findings] == (["eligibility.id_card_type"] if refused else [])


@pytest.mark.rule("SZ-59")
def test_buyers_are_not_asked_for_the_card_type() -> None:
    assert check_id_card_type(Claim(Side.BUYER, PERSON, Region.HK, IdType.PASSPORT), "A1234563", TODAY) == ()


@pytest.mark.rule("SZ-37")
@pytest.mark.parametrize(
    ("platform", "title", "codes"),
    [
        (("H1234567801", IdType.HM_PERMIT), ("A123456(3)", IdType.HM_ID_CARD), []),
        (("H1234567801", IdType.HM_PERMIT), ("H1234567802", IdType.HM_PERMIT), ["eligibility.number_same"]),
        (("E12345678", IdType.PASSPORT), ("E87654321", IdType.PASSPORT), []),
        (
            ("150102198807303035", IdType.RESIDENT_ID),
            ("150102880730303", IdType.RESIDENT_ID_15),
            ["eligibility.number_locked"],
        ),
    ],
)
def test_only_overseas_owners_edit_a_number_that_differs(
    platform: tuple[str, IdType], title: tuple[str, IdType], codes: list[str]
) -> None:
    numbers = [check_number(id_type, text, TODAY) for text, id_type in (platform, title)]
    assert [finding.code for finding in may_replace_title_number(OVERSEAS, *numbers)] == codes


@pytest.mark.rule("SZ-36")
@pytest.mark.parametrize("id_type", [IdType.RESIDENT_ID, IdType.OFFICER_ID])
def test_mainland_owners_numbers_are_locked(id_type: IdType) -> None:
    text = "110101199003070011" if id_type is IdType.RESIDENT_ID else "军字第1234567号"
    platform = check_number(id_type, text, TODAY)
    title = check_number(IdType.RESIDENT_ID, "440300198506150028", TODAY)
    (finding,) = may_replace_title_number(OVERSEAS, platform, title)
    assert finding.code == "eligibility.number_locked"
