"""Terms: what is right is read whole, what is wrong is named all at once."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from documents.contract import parse_terms, parse_terms_json
from documents.contract.codec import to_data
from documents.contract.house import LandAcquisition, Ownership
from documents.contract.parties import PartyKind, RepresentativeRole, Sex
from documents.errors import TermsError
from tests.builders.terms import agent, bare_data, crowded_data, demo_data, demo_terms, organisation, person

GONE = object()


def change(data: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Set or remove one place of a fresh copy."""
    changed = copy.deepcopy(data)
    *way, last = path.split(".")
    place: Any = changed
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    key: Any = int(last) if isinstance(place, list) else last
    if value is GONE:
        del place[key]
    else:
        place[key] = value
    return changed


def problems(data: object) -> list[tuple[str, str]]:
    with pytest.raises(TermsError) as refused:
        parse_terms(data)
    listed: Any = refused.value.fields["problems"]
    assert all(one["zh"] and one["en"] for one in listed)
    return [(one["path"], one["code"]) for one in listed]


@pytest.mark.rule("WH-29")
@pytest.mark.rule("WH-33")
def test_reads_the_demo() -> None:
    terms = demo_terms()
    assert [seller.share for seller in terms.sellers] == [Fraction(1, 2)] * 2
    assert terms.price == Decimal("1286500.00")
    assert terms.house.rights.ownership is Ownership.BY_SHARE
    assert terms.house.land.acquired_by is LandAcquisition.GRANT
    assert terms.buyers[0].personal is not None
    assert terms.buyers[0].personal.sex is Sex.FEMALE


def test_reads_every_kind_of_party() -> None:
    terms = parse_terms(crowded_data())
    assert [seller.kind for seller in terms.sellers] == [PartyKind.PERSON] * 4 + [PartyKind.ORGANISATION]
    assert [one.role for one in terms.sellers[3].representatives] == [RepresentativeRole.GUARDIAN] * 2
    assert len(terms.co_owners) == 2


@pytest.mark.parametrize("make", [demo_data, crowded_data, bare_data])
def test_written_terms_read_back_equal(make) -> None:
    terms = parse_terms(make())
    assert parse_terms(to_data(terms)) == terms
    assert parse_terms_json(json.dumps(make()).encode()) == terms


@pytest.mark.rule("WH-31")
def test_does_without_everything_optional() -> None:
    assert parse_terms(bare_data()).house.title.land_certificate_no is None


SCHEMA_CASES = {
    "missing": ("sellers.0.contact.phone", GONE, "field.missing"),
    "missing section": ("house", GONE, "field.missing"),
    "land-use right unstated": ("house.land.acquired_by", GONE, "field.missing"),
    "unknown": ("money.discount", "1.00", "field.unknown"),
    "no such choice": ("house.rights.ownership", "timeshare", "field.choice"),
    "a float for money": ("money.price", 1286500.0, "field.type"),
    "one decimal place": ("money.price", "1286500.0", "field.format"),
    "leading zero": ("money.price", "01286500.00", "field.format"),
    "negative": ("money.price", "-1.00", "field.format"),
    "exponent": ("money.price", "1E6", "field.format"),
    "trailing line feed": ("money.price", "1286500.00\n", "field.format"),
    "full-width digits": ("money.price", "１２８６５００.00", "field.format"),
    "no such day": ("performance.delivery.on", "2027-02-30", "field.format"),
    "week date": ("performance.delivery.on", "2027-W01-1", "field.format"),
    "share without numerator": ("sellers.0.share", "0/2", "field.format"),
    "blank name": ("sellers.0.name", " ", "field.format"),
    "name with a blank at its end": ("sellers.0.name", "周明远 ", "field.format"),
    "two lines in a name": ("sellers.0.name", "周\n明远", "field.format"),
    "name too long": ("sellers.0.name", "甲" * 61, "field.too_long"),
    "unit number of 27": ("house.title.unit_no", "42020200100GB00027F00030602", "field.format"),
    "fixture mark 5": ("house.title.unit_no", "420202001003GB00027500030602", "field.format"),
    "lower-case document number": ("sellers.0.identity.number", "42020019881212003x", "field.format"),
    "no floors": ("house.building.floors_total", 0, "field.range"),
    "truth for a number": ("house.building.floors_total", True, "field.type"),
    "no sellers": ("sellers", [], "field.count"),
    "null": ("house.title.unit_no", None, "field.type"),
}


@pytest.mark.parametrize("case", SCHEMA_CASES)
def test_schema_refuses(case: str) -> None:
    path, value, code = SCHEMA_CASES[case]
    assert (path, code) in problems(change(demo_data(), path, value))


@pytest.mark.parametrize("data", [None, [], "terms", 5])
def test_refuses_what_is_no_object(data: object) -> None:
    assert problems(data) == [("", "field.type")]


PERSON = person("周明远", 3)
ORGANISATION = organisation("黄石市示例贸易有限公司")

RULE_CASES: dict[str, tuple[str, object, tuple[str, str]]] = {
    "person without birth date": ("sellers.0.personal", GONE, ("sellers.0.personal", "party.personal_missing")),
    "person with a head": ("sellers.0.head", ORGANISATION["head"], ("sellers.0.head", "party.head_of_person")),
    "person with a credit code": (
        "sellers.0.identity",
        ORGANISATION["identity"],
        ("sellers.0.identity.document", "identity.document_of_kind"),
    ),
    "organisation without head": (
        "buyers.0",
        {key: value for key, value in ORGANISATION.items() if key != "head"},
        ("buyers.0.head", "party.head_missing"),
    ),
    "organisation with a birth date": (
        "buyers.0",
        ORGANISATION | {"personal": PERSON["personal"]},
        ("buyers.0.personal", "party.personal_of_organisation"),
    ),
    "organisation with a resident number": (
        "buyers.0",
        ORGANISATION | {"identity": PERSON["identity"]},
        ("buyers.0.identity.document", "identity.document_of_kind"),
    ),
    "organisation with a guardian": (
        "buyers.0",
        ORGANISATION | {"representatives": [agent("龙行云", 5, "guardian", "监护")]},
        ("buyers.0.representatives.0.role", "agent.guardian_of_organisation"),
    ),
    "another document without its name": (
        "sellers.0.identity.document",
        "other",
        ("sellers.0.identity.other_name", "identity.other_name"),
    ),
    "another birth date": (
        "sellers.0.personal.birth_date",
        "1988-12-13",
        ("sellers.0.identity.number", "identity.birth_date"),
    ),
    "another sex": ("sellers.0.personal.sex", "female", ("sellers.0.identity.number", "identity.sex")),
    "agent without mandate": (
        "sellers.0.representatives",
        [{key: value for key, value in agent("龙行云", 5, "agent", "x").items() if key != "authority"}],
        ("sellers.0.representatives.0.authority", "agent.authority_missing"),
    ),
    "the same seller twice": ("sellers.1", demo_data()["sellers"][0], ("sellers.1", "party.repeated")),
    "a seller who buys": (
        "buyers.0",
        {key: value for key, value in demo_data()["sellers"][0].items() if key != "share"},
        ("buyers.0", "party.both_sides"),
    ),
    "a co-owner who sells": ("co_owners", [demo_data()["sellers"][0]], ("co_owners.0", "party.repeated")),
    "shares above one": ("sellers.0.share", "2/3", ("sellers", "share.sum")),
    "share missing": ("sellers.0.share", GONE, ("sellers.0.share", "share.missing")),
    "share of a joint owner": ("house.rights.ownership", "joint", ("sellers.0.share", "share.unexpected")),
    "two sole owners": ("house.rights.ownership", "sole", ("sellers", "ownership.sole")),
    "one joint buyer": ("performance.transfer.buyers_hold", "joint", ("buyers", "ownership.joint")),
    "buyer without share": ("performance.transfer.buyers_hold", "by_share", ("buyers.0.share", "share.missing")),
    "areas that do not add up": ("house.building.inner_area", "97.29", ("house.building.inner_area", "area.sum")),
    "no area": ("house.building.floor_area", "0.00", ("house.building.floor_area", "area.zero")),
    "acquired otherwise, unsaid": (
        "house.land.acquired_by",
        "other",
        ("house.land.acquired_otherwise", "land.acquired_otherwise"),
    ),
    "allocated land with an end": ("house.land.acquired_by", "allocation", ("house.land.term_ends_on", "land.term")),
    "mortgage without release": (
        "house.rights.mortgage",
        {"mortgagee": "示例银行", "secured_amount": "1.00", "settlement": "release_first"},
        ("house.rights.mortgage.release_by", "mortgage.release_by"),
    ),
    "free": ("money.price", "0.00", ("money.price", "price.zero")),
    "payments short of the price": ("money.price", "1286500.01", ("money.instalments", "payment.sum")),
    "payment of nothing": ("money.instalments.0.amount", "0.00", ("money.instalments.0.amount", "payment.zero")),
    "payment without a day": ("money.instalments.0.due_on", GONE, ("money.instalments.0.due_on", "payment.no_date")),
    "no account to pay to": ("money.payee", GONE, ("money.payee", "payment.no_way")),
    "no supervision to pay into": ("money.supervision", GONE, ("money.supervision", "payment.no_way")),
    "loan without a lender": ("money.loan", GONE, ("money.loan", "loan.method")),
    "loan of another amount": ("money.loan.amount", "810000.01", ("money.loan", "loan.sum")),
    "supervised amount differs": (
        "money.supervision.amount",
        "1216500.01",
        ("money.supervision.amount", "supervision.sum"),
    ),
    "the same tax twice": (
        "money.taxes",
        [{"tax": "deed", "payer": "buyer"}, {"tax": "deed", "payer": "seller"}],
        ("money.taxes.1", "tax.repeated"),
    ),
    "two deadlines": ("performance.transfer.apply_by", "2027-01-01", ("performance.transfer", "transfer.deadline")),
    "no deadline": ("performance.transfer.within_days", GONE, ("performance.transfer", "transfer.deadline")),
    "delivery without its day": ("performance.delivery.on", GONE, ("performance.delivery", "delivery.deadline")),
    "delivery with a lease there is not": (
        "performance.delivery.condition",
        "with_lease",
        ("performance.delivery.condition", "delivery.no_lease"),
    ),
    "fund paid, amount unsaid": (
        "performance.delivery.maintenance_fund",
        "paid_separately",
        ("performance.delivery.maintenance_fund_amount", "maintenance_fund.amount"),
    ),
    "two water meters": (
        "performance.delivery.meters",
        [{"utility": "water"}, {"utility": "water"}],
        ("performance.delivery.meters", "meter.repeated"),
    ),
    "moving out, penalty unsaid": (
        "performance.household.daily_penalty",
        GONE,
        ("performance.household", "household.move_out"),
    ),
    "no rate": (
        "liability.late_payment.daily_rate",
        "0.00",
        ("liability.late_payment.daily_rate", "rate.out_of_range"),
    ),
    "damages above the price": (
        "liability.damages_percent",
        "100.00",
        ("liability.damages_percent", "rate.out_of_range"),
    ),
    "arbitration by nobody": (
        "liability.dispute.forum",
        "arbitration",
        ("liability.dispute.arbitration_body", "dispute.arbitration_body"),
    ),
}


@pytest.mark.parametrize("case", RULE_CASES)
def test_rules_between_fields_refuse(case: str) -> None:
    path, value, expected = RULE_CASES[case]
    assert expected in problems(change(demo_data(), path, value))


@pytest.mark.parametrize(("deposit", "accepted"), [("257300.00", True), ("257300.01", False)])
def test_deposit_is_a_fifth_of_the_price_at_most(deposit: str, accepted: bool) -> None:
    """民法典 art. 586; a fifth of 1,286,500.00 is 257,300.00."""
    data = change(demo_data(), "money.instalments.0.amount", deposit)
    rest = Decimal("456500.00") - Decimal(deposit)
    data["money"]["instalments"][1]["amount"] = f"{rest:.2f}"
    data["money"]["supervision"]["amount"] = f"{rest + 810000:.2f}"
    if accepted:
        assert parse_terms(data).price == Decimal("1286500.00")
    else:
        assert problems(data) == [("money.instalments", "deposit.too_high")]


@pytest.mark.parametrize("principal", ["agent", "party"])
def test_nobody_acts_for_both_sides(principal: str) -> None:
    """民法典 art. 168."""
    data = demo_data()
    both = agent("夏侯问渠", 99, "agent", "授权委托书")
    data["buyers"][0]["representatives"] = [both]
    if principal == "agent":
        data["sellers"][0]["representatives"] = [both]
    else:
        data["sellers"][1] |= {key: both[key] for key in ("name", "identity", "personal")}
    assert problems(data) == [("buyers.0.representatives.0", "agent.both_sides")]


def test_a_sole_owner_sells_with_the_consent_of_a_spouse() -> None:
    data = bare_data()
    data["co_owners"] = [person("何静怡", 8)]
    assert parse_terms(data).co_owners[0].name == "何静怡"


def test_names_every_problem_at_once() -> None:
    """A bad phone number in one section does not hide a deposit that is too high in another."""
    data = change(demo_data(), "sellers.0.contact.phone", "none")
    data = change(data, "money.instalments.0.amount", "500000.00")
    data = change(data, "liability.dispute.forum", "arbitration")
    data = change(data, "colour", "red")
    assert set(problems(data)) == {
        ("colour", "field.unknown"),
        ("sellers.0.contact.phone", "field.format"),
        ("money.instalments", "payment.sum"),
        ("money.instalments", "deposit.too_high"),
        ("liability.dispute.arbitration_body", "dispute.arbitration_body"),
    }


def test_messages_name_the_field_and_never_its_content() -> None:
    with pytest.raises(TermsError) as refused:
        parse_terms(change(demo_data(), "sellers.0.contact.phone", "secret-number"))
    assert "secret" not in json.dumps(refused.value.to_dict(), ensure_ascii=False)
    assert "联系电话" in json.dumps(refused.value.to_dict(), ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"\xff\xfe{}", b'{"price": NaN}', b'{"a": 1, "a": 2}', b"[" * 100_000, b" " * 2_000_001],
    ids=["empty", "cut", "not-utf-8", "not-a-number", "repeated-key", "deep", "large"],
)
def test_refuses_unreadable_json(text: bytes) -> None:
    with pytest.raises(TermsError) as refused:
        parse_terms_json(text)
    assert refused.value.code == "terms.unreadable"
