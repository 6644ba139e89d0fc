"""Materials: who hands in what, what is required when, e-licences (HS-17, HS-18, HS-26, SZ-55, SZ-75, SZ-77)."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pikepdf
import pytest
from PIL import Image

from documents.errors import UploadError
from filing.acts.spec import Upload
from filing.case.papers import MaterialSource
from filing.case.people import PartyRole
from filing.guards import GUARDS
from filing.guards.preparation import missing_materials
from filing.lifecycle import CasePosition, State
from filing.outside import ELicence, ELicenceKind, OutsideService, OutsideUnavailable
from filing.profile import Actor, Guard
from identity.staff import StaffRole
from tests.builders.cases import BUYER, OFFICIAL, SELLER, STRANGER, TODAY, WIFE, acting, party, situation, staff
from tests.builders.desks import Desks, code_of

Ready = Callable[..., Desks]


def picture(shade: int = 255) -> Upload:
    out = io.BytesIO()
    Image.new("L", (400, 560), shade).save(out, "PNG")
    return Upload(out.getvalue(), "../../etc/passwd.png")


@pytest.fixture
def huangshi(text_ready: Ready) -> Desks:
    desks = text_ready("huangshi")
    desks.case = replace(desks.case, position=CasePosition(State.DRAFTING))
    return desks


@pytest.fixture
def shenzhen(text_ready: Ready) -> Desks:
    return text_ready("shenzhen")


def signed(desks: Desks) -> Desks:
    desks.case = replace(desks.case, position=CasePosition(State.SIGNED))
    return desks


# --- Huangshi --------------------------------------------------------------------------------------------------------


@pytest.mark.rule("HS-17")
@pytest.mark.rule("HS-18")
@pytest.mark.rule("HS-26")
def test_starred_papers_of_both_sides_are_needed_before_the_text(huangshi: Desks) -> None:
    wanted = [
        ("identity_and_marriage", "seller-1"),
        ("identity_and_marriage", "buyer-1"),
        ("title", "seller-1"),
    ]
    assert list(missing_materials(situation(huangshi.case))) == wanted
    for slot, key in wanted:
        who = SELLER if key == "seller-1" else BUYER
        huangshi.do("upload-material", acting(who), slot=slot, party=key, upload=picture())
    assert GUARDS[Guard.MATERIALS_COMPLETE](situation(huangshi.case)) == ()


@pytest.mark.rule("HS-17")
def test_one_seller_hands_in_the_title_for_all(text_ready: Ready) -> None:
    parties = (
        party(SELLER, "seller-1"),
        party(WIFE, "co-owner-1", role=PartyRole.CO_OWNER),
        party(BUYER, "buyer-1"),
    )
    desks = text_ready("huangshi", *parties)
    assert [key for slot, key in missing_materials(situation(desks.case)) if slot == "title"] == ["seller-1"]
    desks.do("upload-material", acting(WIFE), slot="title", party="co-owner-1", upload=picture())
    missing = missing_materials(situation(desks.case))
    assert {slot for slot, _ in missing} == {"identity_and_marriage"}
    assert [key for _, key in missing] == ["seller-1", "co-owner-1", "buyer-1"]


@pytest.mark.rule("HS-17")
@pytest.mark.rule("HS-26")
def test_each_side_hands_in_its_own(huangshi: Desks) -> None:
    of_buyer = {"slot": "identity_and_marriage", "party": "buyer-1", "upload": picture()}
    assert code_of(lambda: huangshi.do("upload-material", acting(SELLER), **of_buyer)) == "material.other_side"
    assert code_of(lambda: huangshi.do("upload-material", acting(STRANGER), **of_buyer)) == "act.not_yours"
    of_title = {"slot": "title", "party": "buyer-1", "upload": picture()}
    assert code_of(lambda: huangshi.do("upload-material", acting(BUYER), **of_title)) == "material.not_of_this_side"


@pytest.mark.rule("HS-18")
def test_several_papers_in_a_slot_are_numbered_and_one_may_be_taken_back(huangshi: Desks) -> None:
    seller, place = acting(SELLER), {"slot": "other", "party": "seller-1"}
    for shade in (250, 240, 230):
        huangshi.do("upload-material", seller, **place, upload=picture(shade))
    second = huangshi.case.papers.materials[1]
    huangshi.do("remove-material", seller, **place, number=2)
    assert [file.number for file in huangshi.case.papers.materials] == [1, 3]
    assert huangshi.files.get(huangshi.case.case_no, second.sha256)  # evidence stays
    huangshi.do("upload-material", seller, **place, upload=picture(220))
    assert huangshi.case.papers.materials[-1].number == 4
    assert code_of(lambda: huangshi.do("remove-material", seller, **place, number=2)) == "material.not_there"


def test_what_is_kept_is_a_clean_pdf(huangshi: Desks) -> None:
    answer = huangshi.do("upload-material", acting(SELLER), slot="title", party="seller-1", upload=picture()).answer
    with pikepdf.open(io.BytesIO(huangshi.files.get(huangshi.case.case_no, answer["sha256"]))) as pdf:
        assert len(pdf.pages) == 1


def test_what_is_no_paper_is_refused_and_nothing_kept(huangshi: Desks) -> None:
    with pytest.raises(UploadError):
        huangshi.do(
            "upload-material", acting(SELLER), slot="title", party="seller-1", upload=Upload(b"MZ\x90", "a.pdf")
        )
    assert not huangshi.files.kept
    assert huangshi.refused[-1].data["code"] == "upload.unknown_type"


def test_a_full_slot_takes_no_more(huangshi: Desks) -> None:
    place = {"slot": "other", "party": "seller-1"}
    huangshi.do("upload-material", acting(SELLER), **place, upload=picture())
    one = huangshi.case.papers.materials[0]
    twenty = tuple(replace(one, number=number) for number in range(1, 21))
    huangshi.case = replace(huangshi.case, papers=replace(huangshi.case.papers, materials=twenty))
    attempt = lambda: huangshi.do("upload-material", acting(SELLER), **place, upload=picture())  # noqa: E731
    assert code_of(attempt) == "material.slot_full"


def test_nobody_changes_papers_while_they_are_reviewed(huangshi: Desks) -> None:
    huangshi.case = replace(huangshi.case, position=CasePosition(State.IN_REVIEW))
    place = {"slot": "other", "party": "seller-1"}
    assert code_of(lambda: huangshi.do("upload-material", acting(SELLER), **place, upload=picture())) == "act.not_now"


# --- Shenzhen --------------------------------------------------------------------------------------------------------


@pytest.mark.rule("SZ-75")
def test_the_buyer_only_views_and_the_seller_hands_in_for_both(shenzhen: Desks) -> None:
    of_buyer = {"slot": "identity", "party": "buyer-1", "upload": picture()}
    attempt = lambda: shenzhen.do("upload-material", acting(BUYER, "shenzhen"), **of_buyer)  # noqa: E731
    assert code_of(attempt) == "material.view_only"
    shenzhen.do("upload-material", acting(SELLER, "shenzhen"), **of_buyer)
    assert shenzhen.case.papers.materials[0].source is MaterialSource.UPLOAD


@pytest.mark.rule("SZ-75")
def test_the_window_hands_in_but_not_in_a_case_of_its_own(shenzhen: Desks) -> None:
    of_buyer = {"slot": "identity", "party": "buyer-1", "upload": picture()}
    shenzhen.do("upload-material", staff(StaffRole.WINDOW_CLERK, "shenzhen", OFFICIAL), **of_buyer)
    assert shenzhen.case.papers.materials[0].source is MaterialSource.WINDOW
    own = staff(StaffRole.WINDOW_CLERK, "shenzhen", SELLER)
    attempt = lambda: shenzhen.do("upload-material", own, as_actor=Actor.WINDOW_STAFF, **of_buyer)  # noqa: E731
    assert code_of(attempt) == "case.guards_refuse"


@pytest.mark.rule("SZ-77")
def test_identities_are_needed_before_submission_only(shenzhen: Desks) -> None:
    assert missing_materials(situation(shenzhen.case)) == ()
    assert missing_materials(situation(signed(shenzhen).case)) == (("identity", "seller-1"), ("identity", "buyer-1"))


@pytest.mark.rule("SZ-55")
def test_a_buyer_who_owns_under_another_identity_proves_the_change(text_ready: Ready) -> None:
    was = party(BUYER, "buyer-1", on_title=True)
    same = replace(was, identified=replace(was.identified, title_id_number=was.identified.id_number))
    changed = replace(was, identified=replace(was.identified, title_id_number="420200900101001"))
    for buyer, wanted in ((same, False), (changed, True)):
        desks = signed(text_ready("shenzhen"))
        people = replace(desks.case.people, parties=(party(SELLER, "seller-1"), buyer))
        desks.case = replace(desks.case, people=people)
        missing = missing_materials(situation(desks.case))
        assert (("identity_change", "buyer-1") in missing) is wanted


def licence(content: bytes = b"", **changes: object) -> ELicence:
    made = ELicence(ELicenceKind.IDENTITY, "L-1", "公安局", date(2020, 1, 1), "image/png", content or picture().content)
    return replace(made, **changes)


def authorised(desks: Desks, *people: tuple[object, str]) -> Desks:
    for who, key in people:
        desks.do("authorise-licences", acting(who, "shenzhen"), party=key, upload=picture())
    return desks


@pytest.mark.rule("SZ-77")
@pytest.mark.rule("SZ-98")
@pytest.mark.rule("SZ-99")
@pytest.mark.rule("SZ-76")
def test_licences_are_fetched_for_who_authorised_and_the_rest_is_uploaded_by_hand(shenzhen: Desks) -> None:
    authorised(shenzhen, (SELLER, "seller-1"), (BUYER, "buyer-1"))
    shenzhen.licences.held = {SELLER.name: (licence(),)}
    answer = shenzhen.do("fetch-licences", acting(SELLER, "shenzhen")).answer
    assert answer == {"fetched": ["seller-1"], "upload_by_hand": ["buyer-1"]}
    assert shenzhen.case.papers.materials[0].source is MaterialSource.E_LICENCE
    assert missing_materials(situation(signed(shenzhen).case)) == (("identity", "buyer-1"),)
    assert [one.document_sha256 for one in shenzhen.licences.asked] == [
        allowed.sha256 for allowed in shenzhen.case.papers.licences_allowed
    ]


@pytest.mark.rule("SZ-99")
@pytest.mark.parametrize(
    "bad", [licence(expires_on=TODAY - timedelta(days=1)), licence(content=b"not a file")], ids=["expired", "garbage"]
)
def test_a_licence_that_cannot_be_used_counts_as_not_found(shenzhen: Desks, bad: ELicence) -> None:
    authorised(shenzhen, (SELLER, "seller-1"))
    shenzhen.licences.held = {SELLER.name: (bad,)}
    answer = shenzhen.do("fetch-licences", acting(SELLER, "shenzhen")).answer
    assert answer["upload_by_hand"] == ["seller-1"]


@pytest.mark.rule("SZ-98")
def test_nobody_authorises_for_another(shenzhen: Desks) -> None:
    attempt = lambda: authorised(shenzhen, (SELLER, "buyer-1"))  # noqa: E731
    assert code_of(attempt) == "party.not_yours"
    assert code_of(lambda: shenzhen.do("fetch-licences", acting(SELLER, "shenzhen"))) == "licence.nothing_to_fetch"


def test_a_licence_service_that_is_down_changes_nothing(shenzhen: Desks) -> None:
    authorised(shenzhen, (SELLER, "seller-1"))
    before = shenzhen.case

    class Down:
        def fetch(self, person: object, authorisation: object) -> tuple[ELicence, ...]:
            raise OutsideUnavailable(OutsideService.E_LICENCES, "slow")

    shenzhen.licences = Down()
    with pytest.raises(OutsideUnavailable):
        shenzhen.do("fetch-licences", acting(SELLER, "shenzhen"))
    assert shenzhen.case == before


# --- cities without ---------------------------------------------------------------------------------------------------


def test_a_city_that_asks_for_none_takes_none(text_ready: Ready) -> None:
    desks = text_ready("wuhan")
    place = {"slot": "title", "party": "seller-1", "upload": picture()}
    attempt = lambda: desks.do("upload-material", acting(SELLER, "wuhan"), **place)  # noqa: E731
    assert code_of(attempt) == "material.none_asked"
    huangshi = text_ready("huangshi")
    assert code_of(lambda: huangshi.do("fetch-licences", acting(SELLER))) == "licence.not_used"
