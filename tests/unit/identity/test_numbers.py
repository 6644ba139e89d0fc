"""Identity numbers: every vector of field.md § 14, what the checks promise to find, and who is the same person."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from identity.errors import NumberError
from identity.numbers import IdType, PersonMatch, Region, Sex, check_number, same_person_number, to_eighteen
from identity.numbers.credit_code import ALPHABET, credit_code_check_character
from identity.numbers.mod11_2 import check_character
from identity.numbers.permits import hong_kong_check_digit

TODAY = date(2026, 11, 21)

ACCEPTED = {
    IdType.RESIDENT_ID: [
        "11010519491231002X",
        "440524188001010014",
        "321083197812162119",
        "150102198807303035",
        "110101199003070011",
        "440300198506150028",
        "420200197812120034",
        " 110105 19491231 002x ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231\u200b002X",
    ],
    IdType.RESIDENT_ID_15: ["150102880730303"],
    IdType.HMT_RESIDENCE: ["810000199001010019", "820000199001010010", "830000199001010012"],
    IdType.FOREIGN_PR: ["932682198501010017", "USA110085010112", "usa110085010112"],
    IdType.HM_PERMIT: ["H12345678", "M12345678", "H1234567801", "m1234567802", "HA1234567", "MA1234567"],
    IdType.TW_PERMIT: ["01234567", "0123456701", "0123456701(B)", "0123456701（B）"],
    IdType.HM_ID_CARD: [
        "A123456(3)",
        "G123456(A)",
        "AB987654(3)",
        "a123456（3）",
        "A1234563",
        "1234567(8)",
        "71234568",
    ],
    IdType.PASSPORT: ["E12345678", "g1234567", "12345"],
    IdType.OFFICER_ID: ["军字第123456号", "空字第12345678号", "军 字第 1234567", "政字第１２３４５６７号"],
    IdType.POLICE_ID: ["警字第123456号", "012345"],
    IdType.USCC: ["91350100M000100Y43", "914403001922038216", "9144030071526726XG", "9144030071526726xg"],
}

REFUSED = {
    "a wrong check character": (IdType.RESIDENT_ID, "110105194912310021", "number.checksum"),
    "a first-generation number as an 18-digit one": (IdType.RESIDENT_ID, "150102880730303", "number.format"),
    "letters inside": (IdType.RESIDENT_ID, "1101O519491231002X", "number.format"),
    "digits that are not ASCII": (IdType.RESIDENT_ID, "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "number.format"),
    "a line after it": (IdType.RESIDENT_ID, "11010519491231002X\n1", "number.format"),
    "a residence permit as a resident card": (IdType.RESIDENT_ID, "810000199001010019", "number.area"),
    "a resident card as a residence permit": (IdType.HMT_RESIDENCE, "110101199003070011", "number.area"),
    "29 February of a common first-generation year": (IdType.RESIDENT_ID_15, "150102010229303", "number.birth_date"),
    "an unknown first-generation province": (IdType.RESIDENT_ID_15, "990102880730303", "number.area"),
    "14 digits": (IdType.RESIDENT_ID_15, "15010288073030", "number.format"),
    "a PR card with a wrong check": (IdType.FOREIGN_PR, "932682198501010018", "number.checksum"),
    "a resident card as a PR card": (IdType.FOREIGN_PR, "110101199003070011", "number.format"),
    "an old PR card with 11 digits": (IdType.FOREIGN_PR, "USA11008501011", "number.format"),
    "a permit with 9 digits": (IdType.HM_PERMIT, "H123456789", "number.format"),
    "a mainlander's permit (H-37)": (IdType.HM_PERMIT, "C12345678", "number.format"),
    "a Taiwan permit with 9 digits": (IdType.TW_PERMIT, "012345678", "number.format"),
    "a Hong Kong card with a wrong check": (IdType.HM_ID_CARD, "A123456(4)", "number.checksum"),
    "a Hong Kong card with half its brackets": (IdType.HM_ID_CARD, "A123456(3", "number.format"),
    "a Macau card beginning with 2": (IdType.HM_ID_CARD, "2234567(8)", "number.format"),
    "a passport of ten places": (IdType.PASSPORT, "E123456789", "number.format"),
    "a passport of four places": (IdType.PASSPORT, "E123", "number.format"),
    "an officer without 字第": (IdType.OFFICER_ID, "军1234567号", "number.format"),
    "an officer's bare digits": (IdType.OFFICER_ID, "1234567", "number.format"),
    "a police number of five digits": (IdType.POLICE_ID, "12345", "number.format"),
    "a credit code with a wrong check": (IdType.USCC, "91350100M000100Y44", "number.checksum"),
    "a credit code with a letter not in use": (IdType.USCC, "91350100I000100Y43", "number.format"),
    "nothing": (IdType.PASSPORT, "", "number.format"),
}

CASES = [(kind, text) for kind, texts in ACCEPTED.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_reads(kind: IdType, text: str) -> None:
    number = check_number(kind, text, TODAY)

    assert number.type is kind
    assert check_number(kind, number.normalised, TODAY) == number


def test_every_kind_has_a_vector() -> None:
    assert set(ACCEPTED) == set(IdType)


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str) -> None:
    kind, text, code = REFUSED[name]

    with pytest.raises(NumberError) as caught:
        check_number(kind, text, TODAY)

    assert caught.value.code == code
    assert caught.value.fields == {"id_type": kind.value}
    assert not text or text not in f"{caught.value.zh}{caught.value.en}"


def with_check(body: str) -> str:
    return body + check_character(body)


@pytest.mark.parametrize(
    ("birth", "fits"),
    [
        ("20261121", True),
        ("20261122", False),
        ("19900230", False),
        ("20240229", True),
        ("20230229", False),
        ("19901301", False),
        ("18491231", False),
    ],
)
def test_birth_is_a_real_day_not_in_the_future(birth: str, fits: bool) -> None:
    text = with_check(f"110101{birth}001")

    if fits:
        assert check_number(IdType.RESIDENT_ID, text, TODAY).birth_date is not None
    else:
        with pytest.raises(NumberError) as caught:
            check_number(IdType.RESIDENT_ID, text, TODAY)
        assert caught.value.code == "number.birth_date"


def test_tells_birth_sex_and_place() -> None:
    woman = check_number(IdType.RESIDENT_ID, "440300198506150028", TODAY)
    man = check_number(IdType.RESIDENT_ID_15, "150102880730303", TODAY)
    foreigner = check_number(IdType.FOREIGN_PR, "932682198501010017", TODAY)

    assert (woman.birth_date, woman.sex, woman.region, woman.area) == (
        date(1985, 6, 15),
        Sex.FEMALE,
        Region.CN,
        "440300",
    )
    assert (man.birth_date, man.sex) == (date(1988, 7, 30), Sex.MALE)
    assert (foreigner.birth_date, foreigner.sex, foreigner.region) == (date(1985, 1, 1), None, Region.OTHER)
    assert (foreigner.area, foreigner.country) == ("32", "682")


@pytest.mark.parametrize(
    ("kind", "text", "region"),
    [
        (IdType.HMT_RESIDENCE, "810000199001010019", Region.HK),
        (IdType.HMT_RESIDENCE, "820000199001010010", Region.MO),
        (IdType.HMT_RESIDENCE, "830000199001010012", Region.TW),
        (IdType.HM_PERMIT, "H12345678", Region.HK),
        (IdType.HM_PERMIT, "MA1234567", Region.MO),
        (IdType.TW_PERMIT, "01234567", Region.TW),
        (IdType.HM_ID_CARD, "A123456(3)", Region.HK),
        (IdType.HM_ID_CARD, "1234567(8)", Region.MO),
        (IdType.PASSPORT, "E12345678", None),
        (IdType.FOREIGN_PR, "USA110085010112", Region.OTHER),
    ],
)
def test_tells_the_region(kind: IdType, text: str, region: Region | None) -> None:
    assert check_number(kind, text, TODAY).region is region


def test_writes_one_form() -> None:
    assert check_number(IdType.HM_ID_CARD, "ａ1234563", TODAY).normalised == "A123456(3)"
    assert check_number(IdType.HM_ID_CARD, "1/234567/8", TODAY).normalised == "1234567(8)"
    assert check_number(IdType.OFFICER_ID, "军 字第1234567", TODAY).normalised == "军字第1234567号"


# --- what the checks promise ------------------------------------------------------------------------------------


resident_ids = st.builds(
    lambda day, serial: with_check(f"440300{day:%Y%m%d}{serial:03d}"),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)
credit_codes = st.text(ALPHABET, min_size=9, max_size=9).map(
    lambda subject: f"91440300{subject}" + credit_code_check_character(f"91440300{subject}")
)
hong_kong_cards = st.tuples(
    st.from_regex(r"[A-Z]{1,2}", fullmatch=True), st.from_regex(r"[0-9]{6}", fullmatch=True)
).map(lambda parts: f"{parts[0]}{parts[1]}({hong_kong_check_digit(*parts)})")

SCHEMES = [
    pytest.param(IdType.RESIDENT_ID, resident_ids, "0123456789X", id="GB 11643"),
    pytest.param(IdType.USCC, credit_codes, ALPHABET, id="GB 32100"),
    pytest.param(IdType.HM_ID_CARD, hong_kong_cards, "0123456789", id="Hong Kong card"),
]


@pytest.mark.parametrize(("kind", "numbers", "alphabet"), SCHEMES)
def test_finds_any_single_wrong_digit(kind: IdType, numbers: st.SearchStrategy[str], alphabet: str) -> None:
    @given(numbers, st.data())
    def holds(number: str, data: st.DataObject) -> None:
        # A Hong Kong letter and its eleventh neighbour weigh the same, so the scheme promises digits only.
        places = [place for place, char in enumerate(number) if char in alphabet]
        place = data.draw(st.sampled_from(places))
        wrong = data.draw(st.sampled_from(alphabet))
        assume(wrong != number[place])
        check_number(kind, number, TODAY)
        with pytest.raises(NumberError):
            check_number(kind, number[:place] + wrong + number[place + 1 :], TODAY)

    holds()


@pytest.mark.parametrize(("kind", "numbers", "alphabet"), SCHEMES)
def test_finds_any_swap_of_neighbours(kind: IdType, numbers: st.SearchStrategy[str], alphabet: str) -> None:
    @given(numbers, st.data())
    def holds(number: str, data: st.DataObject) -> None:
        pairs = [
            place
            for place in range(len(number) - 1)
            if number[place] != number[place + 1] and {number[place], number[place + 1]} <= set(alphabet)
        ]
        assume(pairs)
        place = data.draw(st.sampled_from(pairs))
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        with pytest.raises(NumberError):
            check_number(kind, swapped, TODAY)

    holds()


# --- who is the same person -------------------------------------------------------------------------------------


@pytest.mark.rule("ZS-23")
def test_converts_a_first_generation_number() -> None:
    first = check_number(IdType.RESIDENT_ID_15, "150102880730303", TODAY)

    assert to_eighteen(first) == check_number(IdType.RESIDENT_ID, "150102198807303035", TODAY)


@pytest.mark.rule("ZS-23")
@pytest.mark.parametrize(
    ("other", "match"),
    [
        ("150102198807303035", PersonMatch.SAME),
        # Equal but for the century: the digits are there, the person is not. A prefix would have matched.
        (with_check("15010220880730303"[:6] + "2008" + "0730303"), PersonMatch.DIFFERENT),
        ("110101199003070011", PersonMatch.DIFFERENT),
    ],
)
def test_matches_generations_by_converting(other: str, match: PersonMatch) -> None:
    first = check_number(IdType.RESIDENT_ID_15, "150102880730303", TODAY)
    second = check_number(IdType.RESIDENT_ID, other, TODAY)

    assert same_person_number(first, second) is match
    assert same_person_number(second, first) is match


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        ((IdType.HM_PERMIT, "H1234567801"), (IdType.HM_PERMIT, "H12345678"), PersonMatch.SAME),
        ((IdType.HM_PERMIT, "H1234567801"), (IdType.HM_PERMIT, "H1234567802"), PersonMatch.SAME),
        ((IdType.HM_PERMIT, "H12345678"), (IdType.HM_PERMIT, "M12345678"), PersonMatch.DIFFERENT),
        ((IdType.HM_PERMIT, "H12345678"), (IdType.HM_PERMIT, "H12345679"), PersonMatch.DIFFERENT),
        ((IdType.TW_PERMIT, "0123456701(B)"), (IdType.TW_PERMIT, "01234567"), PersonMatch.SAME),
        ((IdType.TW_PERMIT, "01234567"), (IdType.TW_PERMIT, "01234568"), PersonMatch.DIFFERENT),
        ((IdType.PASSPORT, "E12345678"), (IdType.PASSPORT, "e12345678"), PersonMatch.SAME),
        ((IdType.PASSPORT, "E12345678"), (IdType.PASSPORT, "E87654321"), PersonMatch.UNDECIDED),
        ((IdType.FOREIGN_PR, "932682198501010017"), (IdType.FOREIGN_PR, "SAU110085010112"), PersonMatch.UNDECIDED),
        ((IdType.RESIDENT_ID, "110101199003070011"), (IdType.PASSPORT, "E12345678"), PersonMatch.UNDECIDED),
        ((IdType.RESIDENT_ID, "110101199003070011"), (IdType.USCC, "914403001922038216"), PersonMatch.DIFFERENT),
        ((IdType.HM_ID_CARD, "A1234563"), (IdType.HM_ID_CARD, "A123456(3)"), PersonMatch.SAME),
    ],
)
def test_matches_across_renewals(one: tuple[IdType, str], other: tuple[IdType, str], match: PersonMatch) -> None:
    assert same_person_number(check_number(*one, TODAY), check_number(*other, TODAY)) is match
