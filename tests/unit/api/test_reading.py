"""Reading cases, lists, files and cities: what somebody may see, and no more."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import date

import pytest

from api.cursors import Cursors
from api.errors import BadRequest
from api.problems import language_of
from filing.case.cancelling import CancelFile, Cancellation, CaseCancelling, MandateHandedIn, NotarisedMandate
from filing.case.filing import CaseFiling, Review, Sealed
from filing.case.papers import CasePapers, MaterialFile, MaterialSource, Qualification
from filing.case.signing import CaseSigning, ExtraPaperFile, NotarialProof, NotarialStanding
from filing.lifecycle import CasePosition, State
from filing.profile import Actor, QualificationState
from filing.profile.cancelling import CancelScope, Channel, Ground
from identity.staff import StaffRole
from tests.builders.cases import (
    BUYER,
    OFFICIAL,
    SELLER,
    STRANGER,
    acting,
    drafting,
    head,
    in_state,
    opened,
    ready,
    staff,
)
from tests.builders.keyring import NOW

CASE = "2026112100001"
PDF = b"%PDF-1.7 a contract of some length"
SHA = hashlib.sha256(PDF).hexdigest()


def material(party, content=b"%PDF-1.7 paper"):
    sha256 = hashlib.sha256(content + party.encode()).hexdigest()
    return MaterialFile(
        "identity", party, sha256, "application/pdf", MaterialSource.UPLOAD, "acc", head("huangshi").opened_at
    )


# --- one case ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("SZ-83")
def test_numbers_of_others_are_masked(world, served):
    world.keep(ready("huangshi"))
    seen = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}").json()
    seller, buyer = seen["people"]["parties"]
    assert (seller["id_number"], seller["phone"], seller["is_you"]) == (SELLER.number, SELLER.phone, True)
    assert BUYER.number not in str(seen)
    assert BUYER.phone not in str(seen)
    assert (buyer["name"], buyer["address"], buyer["birth_date"]) == (BUYER.name, None, None)


@pytest.mark.rule("WH-24")
def test_the_head_of_the_page_names_owner_house_and_code(world, served):
    world.keep(drafting("wuhan"))
    seen = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}").json()
    house = seen["house"]
    record = house["checked"]["record"]
    assert (house["code"], record["design_use"], record["location"]) == ("F0001", "住宅", "湖滨中路18号3栋602室")
    (owner,) = [party for party in seen["people"]["parties"] if party["side"] == "seller"]
    assert (owner["name"], owner["id_number"]) == (SELLER.name, SELLER.number)


@pytest.mark.rule("HS-28")
def test_what_is_open_and_what_stands_in_the_way_is_told(world, served):
    world.keep(ready("huangshi"))
    client = served.client().log_in(BUYER.account)
    assert client.get(f"/v1/cases/{CASE}").json()["waiting_for"] == ["buyer-1"]
    acts = {act["name"]: act for act in client.get(f"/v1/cases/{CASE}/acts").json()["acts"]}
    assert acts["confirm-text"]["actor"] == "buyer"
    assert "confirmation.missing" in [reason["code"] for reason in acts["start-signing"]["in_the_way"]]
    assert "approve-review" not in acts


@pytest.mark.parametrize("role", [StaffRole.REVIEWER, StaffRole.WINDOW_CLERK, StaffRole.AUDITOR])
def test_staff_of_the_city_see_numbers_in_full(world, served, role):
    world.keep(ready("huangshi"))
    world.know(staff(role))
    seen = served.client().log_in(OFFICIAL.account).get(f"/v1/cases/{CASE}").json()
    assert [party["id_number"] for party in seen["people"]["parties"]] == [SELLER.number, BUYER.number]


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.ADMIN])
def test_who_runs_the_service_sees_no_case(world, served, role):
    world.keep(ready("huangshi"))
    world.know(staff(role))
    assert served.client().log_in(OFFICIAL.account).get(f"/v1/cases/{CASE}").status_code == 404


def test_program_reads_cases_with_the_scope_for_it(world, served):
    world.keep(ready("huangshi"))
    assert served.client().come_as_program(scope="contracts:read").get(f"/v1/cases/{CASE}").status_code == 200
    assert served.client().come_as_program(scope="feed:read").get(f"/v1/cases/{CASE}").status_code == 404


def test_staff_of_another_city_are_strangers(world, served):
    world.keep(ready("huangshi"))
    world.know(staff(StaffRole.REVIEWER, "wuhan"))
    assert served.client().log_in(OFFICIAL.account).get(f"/v1/cases/{CASE}").status_code == 404


PLACES = (
    "",
    "/journal",
    "/contract.pdf",
    "/pages",
    "/pages/1.png",
    "/evidence-report.pdf",
    f"/materials/{SHA}",
    "/papers/a",
    "/papers/a.pdf",
)


@pytest.mark.parametrize("place", PLACES)
def test_stranger_learns_nothing_at_any_address_of_a_case(world, served, place):
    world.keep(in_state("huangshi", State.FILED, signing=CaseSigning(head_sha256=SHA)))
    world.files[SHA] = PDF
    client = served.client().log_in(STRANGER.account)
    there, nowhere = (client.get(f"/v1/cases/{number}{place}") for number in (CASE, "2026112199999"))
    assert (there.status_code, there.json()["code"]) == (404, "case.unknown")
    assert there.json() | {"instance": "", "request_id": ""} == nowhere.json() | {"instance": "", "request_id": ""}


def test_case_not_changed_is_not_sent_again(world, served):
    world.keep(ready("huangshi"), 7)
    client = served.client().log_in(SELLER.account)
    etag = client.get(f"/v1/cases/{CASE}").headers["etag"]
    again = client.get(f"/v1/cases/{CASE}", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    world.keep(ready("huangshi"), 8)
    assert client.get(f"/v1/cases/{CASE}", headers={"if-none-match": etag}).status_code == 200


@pytest.mark.rule("H-50")
def test_dead_contract_is_shown_to_staff_only(world, served):
    world.keep(in_state("huangshi", State.VOID))
    world.know(staff(StaffRole.AUDITOR))
    of_party = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}").json()
    of_auditor = served.client().log_in(OFFICIAL.account).get(f"/v1/cases/{CASE}").json()
    assert (of_party["state"], of_party["people"], of_party["text"]) == ("void", None, None)
    assert of_auditor["text"]["fixed"] is not None


def test_opaque_keys_never_leave_the_house(world, served):
    world.keep(ready("huangshi"))
    world.know(staff(StaffRole.REVIEWER))
    told = served.client().log_in(OFFICIAL.account).get(f"/v1/cases/{CASE}").text
    for key in (SELLER.key, BUYER.key, "house-of-huangshi"):
        assert key not in told


@pytest.mark.rule("SZ-64")
def test_qualification_code_is_shown_to_buyers_only(world, served):
    papers = CasePapers(qualification=Qualification(QualificationState.PASSED, code="Q-1"))
    world.keep(replace(ready("shenzhen"), papers=papers))
    told = {}
    for who in (SELLER, BUYER):
        world.know(acting(who, "shenzhen"))
        told[who.name] = served.client().log_in(who.account).get(f"/v1/cases/{CASE}").json()["papers"]["qualification"]
    assert told[SELLER.name]["code"] is None
    assert told[BUYER.name]["code"] == "Q-1"
    assert told[SELLER.name]["state"] == told[BUYER.name]["state"]


@pytest.mark.rule("SZ-75")
def test_that_a_paper_of_the_other_side_was_handed_in_is_told_and_nothing_more(world, served):
    theirs = material("buyer-1")
    another = replace(theirs, sha256="e" * 64)
    world.keep(replace(ready("shenzhen"), papers=CasePapers(materials=(theirs, another))))
    world.know(acting(SELLER, "shenzhen"))
    papers = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}").json()["papers"]
    assert papers["materials"] == []
    assert papers["handed_in"] == [{"slot": theirs.slot, "party": "buyer-1", "count": 2}]


def test_papers_of_the_other_side_are_not_listed_nor_opened(world, served):
    mine, theirs = material("seller-1"), material("buyer-1")
    world.keep(replace(ready("huangshi"), papers=CasePapers(materials=(mine, theirs))))
    world.files = {mine.sha256: b"%PDF-1.7 paper", theirs.sha256: b"%PDF-1.7 paper"}
    client = served.client().log_in(SELLER.account)
    listed = client.get(f"/v1/cases/{CASE}").json()["papers"]["materials"]
    assert [one["sha256"] for one in listed] == [mine.sha256]
    assert client.get(f"/v1/cases/{CASE}/materials/{mine.sha256}").status_code == 200
    assert client.get(f"/v1/cases/{CASE}/materials/{theirs.sha256}").json()["code"] == "material.unknown"


@pytest.mark.rule("SZ-80")
def test_the_notarised_contract_is_opened_by_both_sides_and_whoever_confirms_it(world, served):
    proof = NotarialProof(NotarialStanding.UNVERIFIED)
    added = (SELLER.account, head("shenzhen").opened_at)
    paper = ExtraPaperFile("notarised_contract", SHA, "b" * 64, *added, proof, "image/jpeg")
    world.keep(in_state("shenzhen", State.IN_REVIEW, signing=CaseSigning(extra_papers=(paper,))))
    world.files = {SHA: PDF}
    world.know(staff(StaffRole.REVIEWER, "shenzhen", OFFICIAL))
    for who in (SELLER, BUYER):
        world.know(acting(who, "shenzhen"))
    for who in (SELLER, BUYER, OFFICIAL):
        client = served.client().log_in(who.account)
        (told,) = client.get(f"/v1/cases/{CASE}").json()["signing"]["extra_papers"]
        assert told["notarial"] == {"standing": "unverified", "number": None, "issued_on": None, "office": None}
        assert client.get(f"/v1/cases/{CASE}/materials/{SHA}").headers["content-type"] == "image/jpeg"


def test_paper_of_no_case_is_not_opened_by_its_digest(world, served):
    world.keep(ready("huangshi"))
    world.files = {SHA: PDF}
    client = served.client().log_in(SELLER.account)
    assert client.get(f"/v1/cases/{CASE}/materials/{SHA}").json()["code"] == "material.unknown"


# --- journal ----------------------------------------------------------------------------------------------------------


def test_journal_comes_in_pages_without_gaps(world, served):
    world.keep(in_state("huangshi", State.IN_REVIEW))
    client = served.client().log_in(SELLER.account)
    for _ in range(5):
        client.act(CASE, "claim-review")
    seen, after = [], 0
    while after is not None:
        page = client.get(f"/v1/cases/{CASE}/journal", params={"after": after, "limit": 2}).json()
        seen += [entry["seq"] for entry in page["entries"]]
        after = page["next_after"]
    assert seen == [1, 2, 3, 4, 5]


def test_journal_names_no_other_account_to_a_party(world, served):
    world.keep(in_state("huangshi", State.IN_REVIEW))
    served.client().log_in(STRANGER.account).act(CASE, "claim-review")
    client = served.client().log_in(SELLER.account)
    client.act(CASE, "claim-review")
    assert [entry["by"] for entry in client.get(f"/v1/cases/{CASE}/journal").json()["entries"]] == ["another", "you"]


# --- lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("SZ-81")
@pytest.mark.rule("WH-37")
def test_my_matters_are_mine_page_by_page(world, served):
    for number in range(5):
        world.keep(replace(ready("huangshi"), head=head("huangshi", f"202611210000{number}")))
    strangers = {"head": head("huangshi", "2026112100009", STRANGER)}
    world.keep(opened("huangshi", **strangers))
    client = served.client().log_in(BUYER.account)
    seen, cursor = [], None
    while True:
        page = client.get("/v1/cases", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [row["case_no"] for row in page["cases"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [f"202611210000{number}" for number in (4, 3, 2, 1, 0)]
    assert page["cases"][0]["sellers"] == [SELLER.name]
    assert page["cases"][0]["location"]
    assert page["cases"][0]["house_code"]


def test_my_matters_come_whole_where_asked(world, served):
    """One answer instead of two for each case: a telephone need not ask twenty times what is to be done."""
    world.keep(ready("huangshi"))
    client = served.client().log_in(BUYER.account)
    (line,) = client.get("/v1/cases").json()["cases"]
    assert (line["whole"], line["acts"]) == (None, [])
    (line,) = client.get("/v1/cases", params={"whole": True}).json()["cases"]
    assert line["whole"] == client.get(f"/v1/cases/{CASE}").json()
    assert line["acts"] == client.get(f"/v1/cases/{CASE}/acts").json()["acts"]
    assert SELLER.number not in str(line)


def test_cursor_of_somebody_else_is_refused(world, served):
    for number in range(3):
        world.keep(replace(ready("huangshi"), head=head("huangshi", f"202611210000{number}")))
    mine = served.client().log_in(BUYER.account)
    cursor = mine.get("/v1/cases", params={"limit": 1}).json()["next_cursor"]
    assert mine.get("/v1/cases", params={"limit": 1, "cursor": cursor}).status_code == 200
    theirs = served.client().log_in(SELLER.account).get("/v1/cases", params={"cursor": cursor})
    assert (theirs.status_code, theirs.json()["code"]) == (400, "cursor.refused")


@pytest.mark.parametrize("forged", ["", "a", "IjEi.x", "IjEi." + "A" * 40, "\u00e9"])
def test_forged_cursor_is_refused(forged):
    with pytest.raises(BadRequest):
        Cursors(b"k" * 32).read_text(forged, "matters", "me")


def test_cursor_is_of_its_kind():
    cursors = Cursors(b"k" * 32)
    signed = cursors.sign("5", "feed", "me")
    assert cursors.read_text(signed, "feed", "me") == "5"
    for purpose, owner in (("feed", "you"), ("matters", "me")):
        with pytest.raises(BadRequest):
            cursors.read_text(signed, purpose, owner)
    with pytest.raises(BadRequest):
        cursors.read_number(signed, "feed", "me")
    assert cursors.read_number(None, "feed", "me") == 0


def test_queue_is_for_desks_of_the_city(world, served):
    world.keep(in_state("huangshi", State.IN_REVIEW))
    world.know(staff(StaffRole.REVIEWER))
    client = served.client().log_in(OFFICIAL.account)
    assert [row["case_no"] for row in client.get("/v1/desk/huangshi/queue").json()["cases"]] == [CASE]
    assert client.get("/v1/desk/huangshi/queue", params={"state": "filed"}).json()["cases"] == []
    told = client.get("/v1/desk/huangshi/statistics", params={"days": 3}).json()
    assert told["cases"] == {"in_review": 1}
    assert [day["opened"] for day in told["days"]] == [0, 0, 1]
    for place in ("queue", "statistics", "staff"):
        assert client.get(f"/v1/desk/wuhan/{place}").json()["code"] == "auth.role"
    assert served.client().log_in(SELLER.account).get("/v1/desk/huangshi/queue").json()["code"] == "auth.role"


def test_queue_tells_who_has_a_case_in_hand(world, served):
    review = Review(world.now, claimed_by=OFFICIAL.account)
    world.keep(in_state("huangshi", State.IN_REVIEW, filing=CaseFiling(review=review)))
    world.know(staff(StaffRole.REVIEWER))
    row = served.client().log_in(OFFICIAL.account).get("/v1/desk/huangshi/queue").json()["cases"][0]
    assert (row["claimed"], row["claimed_by_you"], row["decision"]) == (True, True, None)
    assert row["submitted_at"] is not None
    assert row["sellers"] == [SELLER.name]


def test_cursor_of_one_queue_does_not_open_another(world, served):
    for number in range(3):
        world.keep(replace(in_state("huangshi", State.IN_REVIEW), head=head("huangshi", f"202611210000{number}")))
    world.know(staff(StaffRole.REVIEWER))
    client = served.client().log_in(OFFICIAL.account)
    cursor = client.get("/v1/desk/huangshi/queue", params={"limit": 1}).json()["next_cursor"]
    again = client.get("/v1/desk/huangshi/queue", params={"state": "filed", "cursor": cursor})
    assert again.json()["code"] == "cursor.refused"


@pytest.mark.rule("HS-25")
def test_buyer_finds_the_case_by_what_the_seller_told(world, served):
    world.keep(in_state("huangshi", State.DRAFTING))
    client = served.client().log_in(BUYER.account)
    keys = {"seller_name": SELLER.name, "seller_id_number": SELLER.number, "case_number": CASE}
    found = client.post("/v1/cases/find-to-join", json={"city": "huangshi", "keys": keys})
    assert found.json() == {"case_no": CASE}
    for wrong in ({"seller_name": "某人"}, {"case_number": "2026112100009"}):
        answer = client.post("/v1/cases/find-to-join", json={"city": "huangshi", "keys": keys | wrong})
        assert (answer.status_code, answer.json()["code"]) == (404, "join.not_found")


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def filed(world):
    sealed = Sealed(SHA, world.now)
    filing = CaseFiling(number="黄备2026112100001", filed_at=world.now, sealed=sealed)
    world.keep(in_state("huangshi", State.FILED, filing=filing))
    world.files[SHA] = PDF
    return world


def test_contract_comes_with_its_digest(filed, served):
    answer = served.client().log_in(BUYER.account).get(f"/v1/cases/{CASE}/contract.pdf")
    assert answer.content == PDF
    digest = base64.b64encode(hashlib.sha256(PDF).digest()).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert answer.headers["etag"] == f'"{SHA}"'
    assert answer.headers["content-security-policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, PDF[:4]),
        ("bytes=5-", 206, PDF[5:]),
        ("bytes=-6", 206, PDF[-6:]),
        ("bytes=0-9999", 206, PDF),
        ("bytes=-9999", 206, PDF),
        ("bytes=9999-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=4-2", 200, PDF),
        ("bytes=0-1,3-4", 200, PDF),
        ("bytes=-", 200, PDF),
        ("lines=1-2", 200, PDF),
        ("bytes=" + "9" * 40 + "-", 200, PDF),
    ],
)
def test_part_of_a_file(filed, served, asked, status, part):
    client = served.client().log_in(BUYER.account)
    answer = client.get(f"/v1/cases/{CASE}/contract.pdf", headers={"range": asked})
    assert answer.status_code == status
    if part is not None:
        assert answer.content == part


def test_part_of_a_file_that_has_changed_is_the_whole_of_the_new_one(filed, served):
    client = served.client().log_in(BUYER.account)
    told = {"range": "bytes=0-3", "if-range": '"other"'}
    assert client.get(f"/v1/cases/{CASE}/contract.pdf", headers=told).content == PDF


def test_no_text_no_file(world, served):
    world.keep(opened("huangshi"))
    answer = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}/contract.pdf")
    assert (answer.status_code, answer.json()["code"]) == (409, "contract.no_text")


def test_dead_contract_is_not_handed_out(filed, served):
    case = filed.cases[CASE].case
    filed.keep(replace(case, position=CasePosition(State.VOID), cancelling=CaseCancelling()))
    answer = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}/contract.pdf")
    assert (answer.status_code, answer.json()["code"]) == (409, "contract.no_text")


def test_page_and_report_are_of_the_newest_revision(filed, served):
    client = served.client().log_in(SELLER.account)
    assert client.get(f"/v1/cases/{CASE}/pages/1.png").headers["content-type"] == "image/png"
    assert client.get(f"/v1/cases/{CASE}/pages/2.png").status_code == 404
    assert client.get(f"/v1/cases/{CASE}/evidence-report.pdf").content == b"report on " + PDF


def test_a_page_is_drawn_as_wide_as_asked_and_not_again_where_it_is_known(filed, served):
    client, page = served.client().log_in(SELLER.account), f"/v1/cases/{CASE}/pages/1.png"
    usual, large = client.get(page), client.get(page, params={"width": 2480})
    assert usual.headers["etag"] != large.headers["etag"]
    assert client.get(page, params={"width": 99}).status_code == 422
    again = client.get(page, headers={"if-none-match": usual.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert filed.drawn == [1240, 2480]


def test_pages_and_the_places_to_sign_are_told(filed, served):
    told = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}/pages").json()
    assert told["pages"] == [{"width_points": 595, "height_points": 842}]
    assert [(field["name"], field["page"], field["is_signed"]) for field in told["fields"]] == [("seller-1", 1, False)]


@pytest.mark.rule("HS-04")
def test_notice_is_shown_with_the_digest_that_a_receipt_names(world, served):
    world.keep(opened("huangshi"))
    told = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}/papers/signing_notice").json()
    assert hashlib.sha256(told["text"].encode()).hexdigest() == told["sha256"]
    before = served.client().get("/v1/cities/huangshi/papers/signing_notice").json()
    assert before["sha256"] == told["sha256"]


@pytest.mark.parametrize("name", ["nothing", "profile", "a" * 60])
def test_unknown_paper(world, served, name):
    world.keep(opened("huangshi"))
    answer = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}/papers/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "paper.unknown")


@pytest.mark.parametrize("name", ["..%2Fprofile", "%2e%2e", "a.b", "A", "a%00"])
def test_paper_is_no_path(world, served, name):
    world.keep(opened("huangshi"))
    answer = served.client().log_in(SELLER.account).get(f"/v1/cases/{CASE}/papers/{name}")
    assert answer.status_code in (404, 422)


# --- cities -----------------------------------------------------------------------------------------------------------


def test_city_tells_a_client_how_to_build_its_forms(world, served):
    told = served.client().get("/v1/cities/huangshi").json()
    acts = {act["name"]: act for act in told["acts"]}
    assert acts["return-text"]["input"]["properties"]["reasons"]["description"]
    assert acts["upload-cancel-paper"]["file"] is True
    assert told["profile"]["sale"]["entry"]["buyers"]["join_keys"] == ["seller_name", "seller_id_number", "case_number"]
    assert "in_review" in {state["state"] for state in told["states"]}
    assert "in_review" not in {state["state"] for state in served.client().get("/v1/cities/wuhan").json()["states"]}


def test_city_not_changed_is_not_sent_again(world, served):
    client = served.client()
    etag = client.get("/v1/cities/wuhan").headers["etag"]
    assert client.get("/v1/cities/wuhan", headers={"if-none-match": etag}).status_code == 304


def test_city_is_sent_small_to_whoever_takes_it_so(world, served):
    client = served.client()
    plain = client.get("/v1/cities/wuhan", headers={"accept-encoding": "identity"})
    small = client.get("/v1/cities/wuhan", headers={"accept-encoding": "gzip, deflate, br"})
    assert small.json() == plain.json()
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) * 4 < int(plain.headers["content-length"])
    # Two representations, two strong tags, each good for its own (RFC 9110 § 8.8.3.3).
    assert small.headers["etag"] != plain.headers["etag"]
    assert {small.headers["vary"], plain.headers["vary"]} == {"Accept-Encoding"}
    again = {"accept-encoding": "gzip", "if-none-match": small.headers["etag"]}
    assert client.get("/v1/cities/wuhan", headers=again).status_code == 304


def test_every_city_is_listed(world, served):
    told = served.client().get("/v1/cities").json()["cities"]
    assert {city["name"] for city in told} == {"huangshi", "shenzhen", "wuhan", "zhongshan", "zhongshan-notary"}


# --- language ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.3, zh-Hant;q=0.5", "zh"),
        ("fr", "zh"),
        ("en;q=x", "zh"),
        ("en;q=0", "zh"),
        ("*", "zh"),
    ],
)
def test_language_asked_for(header, language):
    assert language_of(header) == language


def test_problem_says_both_and_speaks_the_one_asked_for(world, served):
    client = served.client()
    zh = client.get("/v1/me").json()
    en = client.get("/v1/me", headers={"accept-language": "en"}).json()
    assert zh["detail"] == zh["zh"] == en["zh"]
    assert en["detail"] == en["en"] == zh["en"]
    assert zh["type"].endswith("#auth.required")


@pytest.mark.rule("SZ-88")
@pytest.mark.rule("SZ-90")
def test_what_a_cancellation_takes_is_told_before_it_is_asked_for(world, served):
    world.keep(ready("huangshi"))
    client = served.client().log_in(SELLER.account)
    (way,) = client.get(f"/v1/cases/{CASE}/cancel-ways").json()["ways"]
    assert (way["consent"], way["channel"], way["scopes"], way["first"]) == ("none", "online", ["net_sign"], None)
    world.keep(in_state("shenzhen", State.FILED))
    ways = client.get(f"/v1/cases/{CASE}/cancel-ways").json()["ways"]
    assert [way["name"] for way in ways] == ["filed_online", "filed_at_window", "filed_by_instrument"]
    assert ways[0]["demands"]["review"]
    world.keep(in_state("shenzhen", State.REGISTERING))
    told = client.get(f"/v1/cases/{CASE}/cancel-ways").json()
    assert (told["ways"], told["refusal"]["code"]) == ([], "cancel.registry_accepted")


def test_the_print_copy_is_fetched_by_its_digest(world, served):
    case = ready("wuhan")
    world.keep(case)
    world.files[SHA] = PDF
    client = served.client().log_in(SELLER.account)
    assert client.get(f"/v1/cases/{CASE}/materials/{SHA}").status_code == 404
    world.keep(replace(case, text=replace(case.text, printed_sha256=SHA)))
    assert client.get(f"/v1/cases/{CASE}/materials/{SHA}").content == PDF


@pytest.mark.rule("ZS-48")
@pytest.mark.parametrize(("who", "number"), [("clerk", "420200198812120039"), ("seller", "masked"), ("buyer", None)])
def test_a_mandate_is_shown_to_desks_and_to_its_own_side(world, served, who, number):
    """In full at the desk, which compares it with the original; the other side sees nothing of it."""
    mandate = NotarisedMandate("（2026）粤中石岐第1号", date(2026, 11, 1), "石岐公证处", "代为注销", None)
    handed = MandateHandedIn("seller-1", "420200198812120039", mandate, SHA, "clerk", NOW)
    asked = Cancellation(
        "filed_at_window",
        CancelScope.NET_SIGN,
        Channel.WINDOW,
        Ground.AGREEMENT,
        Actor.WINDOW_STAFF,
        "clerk",
        NOW,
        file=CancelFile(mandates=(handed,)),
    )
    world.keep(replace(ready("huangshi"), cancelling=CaseCancelling(current=asked)))
    world.know(staff(StaffRole.WINDOW_CLERK))
    account = {"clerk": OFFICIAL, "seller": SELLER, "buyer": BUYER}[who].account
    client = served.client().log_in(account)
    shown = client.get(f"/v1/cases/{CASE}").json()["cancelling"]["current"]["mandates"]
    assert [one["number"] for one in shown] == ([] if number is None else [mandate.number])
    for one in shown:
        assert one["id_number"] == number if who == "clerk" else one["id_number"] != handed.id_number
