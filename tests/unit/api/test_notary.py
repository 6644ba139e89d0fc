"""What notary offices read: packages by cursor, matters, files, codes; and that nobody reads another's."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import threading
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
import zxingcpp
from PIL import Image

from filing.case.notary import (
    ApplicantFile,
    FileKind,
    NotaryState,
    OfficeDecision,
    ScriptPosed,
    Supplement,
    SupplementItem,
    VideoGiven,
)
from filing.lifecycle import State
from identity.staff import StaffRole
from notary.offices import NotaryOffice
from qianshu.demo_data.notary_office import demo_office
from tests.builders.cases import BUYER, OFFICIAL, SELLER, STRANGER, acting, staff
from tests.builders.containers import bureau_in, packed
from tests.builders.keyring import NOW
from tests.builders.notary_matters import (
    CERTIFICATE_PDF,
    CITY,
    CONTAINER,
    CONTAINER_SHA,
    OTHER,
    PAPER_PDF,
    SHIQI,
    before_notary,
    certified,
    matter,
    package,
    program,
    qr,
    sha,
    task,
)
from tests.builders.plain_pdf import plain_pdf

CASE = "2026112100001"
PHOTO = b"\xff\xd8 photo"
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 1000
TEXT = "本人自愿解除合同，今日口令：青松流水。"
NEXT = b"PK\x03\x04 the next"


def with_evidence(party: str = "buyer-1", film: str = "video/mp4"):
    return task(
        party,
        files=(ApplicantFile(FileKind.ID_FRONT, sha(PHOTO), sha(PHOTO), "image/jpeg", "acc", NOW),),
        videos=(VideoGiven("a1", TEXT, sha(VIDEO), len(VIDEO), film, 21_000, NOW),),
    )


@pytest.fixture
def exchange(world):
    """A case before Shiqi's office; another office that has a program and a notary too."""
    world.keep(before_notary(matter(tasks=(with_evidence(),))))
    world.files = {sha(each): each for each in (CONTAINER, PAPER_PDF, PHOTO, VIDEO, CERTIFICATE_PDF, NEXT)}
    world.admit(program())
    world.admit(program("other-program", "other"))
    world.admit(program("no-office", None))
    for office in (SHIQI, OTHER):
        world.offices[office.office_id] = NotaryOffice(office.office_id, office.name, office.code, ("442000",))
    world.offices["far"] = NotaryOffice("far", "湖北省黄石市公证处", "鄂黄石", ("420200",))
    world.know(notary())
    return world


def notary(*offices: str):
    return replace(acting(STRANGER, CITY), offices=offices or ("shiqi",))


# --- the feed ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-05")
def test_an_office_pulls_what_is_its_own_in_order(exchange, served):
    for number in range(1, 8):
        exchange.tell_office(
            f"office:{'shiqi' if number % 3 else 'other'}",
            str(number),
            sha256=CONTAINER_SHA,
            matter=1,
            number=number,
            complete=False,
            size_bytes=len(CONTAINER),
            case_no=str(number),
        )
        exchange.tell(CITY, f"filed-{number}")
    client = served.client().come_as_program("shiqi-program")
    seen, cursor = [], None
    while True:
        asked = {"limit": 2} | ({"after": cursor} if cursor else {})
        piece = client.get("/v1/notary/packages", params=asked).json()
        seen += piece["items"]
        cursor = piece["cursor"]
        if not piece["more"]:
            break
    assert [item["case_no"] for item in seen] == ["1", "2", "4", "5", "7"]
    first = seen[0]
    assert (first["kind"], first["matter"], first["number"], first["complete"]) == ("package", 1, 1, False)
    assert (first["sha256"], first["size_bytes"], first["data"]) == (CONTAINER_SHA, len(CONTAINER), {})
    registry = {item["case_no"] for item in served.client().come_as_program().get("/v1/registry/feed").json()["items"]}
    assert registry == set()
    exchange.register("zs-registry", CITY)
    lines = served.client().come_as_program("zs-registry").get("/v1/registry/feed").json()["items"]
    assert {item["kind"] for item in lines} == {"filed"}


def test_a_cursor_is_of_one_office_and_one_caller(exchange, served):
    exchange.tell_office("office:shiqi", "1")
    exchange.know(notary("shiqi", "other"))
    mine = served.client().come_as_program("shiqi-program")
    cursor = mine.get("/v1/notary/packages").json()["cursor"]
    other = served.client().come_as_program("other-program")
    assert other.get("/v1/notary/packages", params={"after": cursor}).json()["code"] == "cursor.refused"
    person = served.client().log_in(STRANGER.account)
    own = person.get("/v1/notary/packages", params={"office": "shiqi"}).json()["cursor"]
    wrong = person.get("/v1/notary/packages", params={"office": "other", "after": own})
    assert wrong.json()["code"] == "cursor.refused"


def test_a_waiting_office_is_told_of_its_package_and_not_of_anothers(exchange, served):
    client, answers = served.client().come_as_program("shiqi-program"), []
    waiting = threading.Thread(target=lambda: answers.append(client.get("/v1/notary/packages", params={"wait": 30})))
    waiting.start()
    time.sleep(0.1)
    exchange.tell_office("office:other", "theirs")
    exchange.tell(CITY, "filed")
    time.sleep(0.4)
    assert waiting.is_alive()
    exchange.tell_office("office:shiqi", "mine")
    waiting.join(10)
    assert [item["case_no"] for item in answers[0].json()["items"]] == ["mine"]


@pytest.mark.parametrize(
    ("who", "code"),
    [("no-office", "auth.office"), ("registry", "auth.scope"), (SELLER, "auth.office")],
    ids=["program of no office", "registry", "a party"],
)
def test_whoever_is_no_office_pulls_nothing(exchange, served, who, code):
    client = served.client()
    client = client.come_as_program(who) if isinstance(who, str) else client.log_in(who.account)
    for place in ("packages", "matters", f"packages/{CASE}/1.asice"):
        answer = client.get(f"/v1/notary/{place}")
        assert (answer.status_code, answer.json()["code"]) == (403, code)


def test_a_notary_of_several_offices_says_which(exchange, served):
    exchange.know(notary("shiqi", "other"))
    client = served.client().log_in(STRANGER.account)
    assert client.get("/v1/me").json()["offices"] == ["shiqi", "other"]
    assert client.get("/v1/notary/packages").json()["code"] == "notary.which_office"
    assert client.get("/v1/notary/packages", params={"office": "far"}).json()["code"] == "auth.office"
    assert client.get("/v1/notary/packages", params={"office": "other"}).status_code == 200


def test_a_program_without_the_scope_reads_nothing(exchange, served):
    exchange.admit(replace(program(), scopes=("cases:act", "contracts:read", "feed:read")))
    client = served.client().come_as_program("shiqi-program")
    assert client.get("/v1/notary/packages").json()["code"] == "auth.scope"
    assert client.get(f"/v1/cases/{CASE}").status_code == 404


# --- packages ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-05")
def test_a_package_is_downloaded_whole_and_in_pieces(exchange, served):
    client = served.client().come_as_program("shiqi-program")
    place = f"/v1/notary/packages/{CASE}/1.asice"
    whole = client.get(place)
    assert whole.content == CONTAINER
    assert whole.headers["content-type"] == "application/vnd.etsi.asic-e+zip"
    assert whole.headers["etag"] == f'"{CONTAINER_SHA}"'
    assert whole.headers["content-length"] == str(len(CONTAINER))
    digest = whole.headers["repr-digest"]
    part = client.get(place, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, CONTAINER[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(CONTAINER)}"
    assert part.headers["repr-digest"] == digest
    assert client.get(place, headers={"range": "bytes=-5"}).content == CONTAINER[-5:]
    assert client.get(place, headers={"range": f"bytes={len(CONTAINER)}-"}).json()["code"] == "request.range"
    assert client.get(place, headers={"if-none-match": whole.headers["etag"]}).status_code == 304
    pieces = served.services.notary.files.read
    assert max(pieces) <= 64 << 10


@pytest.fixture(scope="module")
def bureau(tmp_path_factory):
    return bureau_in(tmp_path_factory.mktemp("bureau"))


@pytest.mark.rule("ZN-05")
def test_what_is_found_in_a_package_is_told_seal_by_seal_and_file_by_file(exchange, served, bureau):
    whole = bureau.build(packed("contract/contract.pdf", b"%PDF-1.7", "application/pdf"), packed("matter.json", b"{}"))
    altered = whole.replace(b"%PDF-1.7", b"%PDF-1.8")
    for number, content in ((1, whole), (2, altered)):
        exchange.files[hashlib.sha256(content).hexdigest()] = content
        exchange.keep(before_notary(matter(exchange=replace(matter().exchange, packages=(package(number, content),)))))
        served.services.notary.packages.trust = bureau.trust
        client = served.client().come_as_program("shiqi-program")
        found = client.get(f"/v1/notary/packages/{CASE}/{number}/report").json()
        covered = {one["name"]: one["covered"] for one in found["members"]}
        assert found["is_the_one"] is True
        assert covered["matter.json"] is True
        assert found["verdict"] == ("passed" if number == 1 else "failed")
        assert covered["contract/contract.pdf"] is (number == 1)
        assert found["seals"][0]["signer"]["common_name"]


def test_a_package_of_another_office_is_not_looked_into(exchange, served):
    client = served.client().come_as_program("other-program")
    assert client.get(f"/v1/notary/packages/{CASE}/1/report").json()["code"] == "case.unknown"


def test_a_superseded_package_leads_to_the_one_that_counts(exchange, served):
    at = exchange.now
    packages = (package(1, superseded_at=at), package(2, NEXT), package(3, NEXT, sha256=None))
    exchange.keep(before_notary(matter(exchange=replace(matter().exchange, packages=packages))))
    client = served.client().come_as_program("shiqi-program")
    old = client.get(f"/v1/notary/packages/{CASE}/1.asice")
    assert old.content == CONTAINER
    assert old.headers["qianshu-superseded-at"] == at.isoformat()
    assert old.headers["link"] == f'</v1/notary/packages/{CASE}/2.asice>; rel="successor-version"'
    new = client.get(f"/v1/notary/packages/{CASE}/2.asice")
    assert new.content == NEXT
    assert "link" not in new.headers
    assert client.get(f"/v1/notary/packages/{CASE}/3.asice").json()["code"] == "package.not_built"
    assert client.get(f"/v1/notary/packages/{CASE}/4.asice").json()["code"] == "package.unknown"
    shown = client.get(f"/v1/notary/matters/{CASE}").json()["current"]["packages"]
    assert [one["superseded_at"] is not None for one in shown] == [True, False, False]


@pytest.mark.rule("H-41")
@pytest.mark.parametrize("state", [NotaryState.WITHDRAWN, NotaryState.REFUSED])
def test_a_package_of_a_matter_that_was_taken_back_is_refused(exchange, served, state):
    exchange.keep(before_notary(None, matter(state), state=State.FILED))
    client = served.client().come_as_program("shiqi-program")
    answer = client.get(f"/v1/notary/packages/{CASE}/1.asice")
    assert (answer.status_code, answer.json()["code"]) == (410, "package.withdrawn")
    assert client.get(f"/v1/notary/matters/{CASE}").json()["code"] == "case.unknown"
    exchange.tell_office("office:shiqi", CASE)
    assert client.get("/v1/notary/matters").json()["matters"] == []


def test_after_a_push_elsewhere_each_office_has_its_own_packages(exchange, served):
    now = matter(office=OTHER, number=2, exchange=replace(matter().exchange, packages=(package(2, NEXT),)))
    exchange.keep(before_notary(now, matter(NotaryState.WITHDRAWN)))
    mine, other = (served.client().come_as_program(one) for one in ("shiqi-program", "other-program"))
    assert other.get(f"/v1/notary/packages/{CASE}/2.asice").content == NEXT
    assert other.get(f"/v1/notary/packages/{CASE}/1.asice").json()["code"] == "package.unknown"
    assert mine.get(f"/v1/notary/packages/{CASE}/2.asice").json()["code"] == "package.unknown"
    assert mine.get(f"/v1/notary/packages/{CASE}/1.asice").json()["code"] == "package.withdrawn"
    seen = other.get(f"/v1/notary/matters/{CASE}").json()
    assert (seen["current"]["number"], seen["past"]) == (2, [])


# --- nobody else's ----------------------------------------------------------------------------------------------------


PLACES = [
    f"/v1/notary/packages/{CASE}/1.asice",
    f"/v1/notary/matters/{CASE}",
    f"/v1/notary/matters/{CASE}/videos/{sha(VIDEO)}",
    f"/v1/notary/matters/{CASE}/videos/{sha(VIDEO)}/script",
    f"/v1/notary/matters/{CASE}/photos/{sha(PHOTO)}",
    f"/v1/notary/matters/{CASE}/papers/{sha(PAPER_PDF)}.pdf",
    f"/v1/notary/matters/{CASE}/papers/{sha(PAPER_PDF)}/pages/1.png",
    f"/v1/notary/matters/{CASE}/certificate.pdf",
    f"/v1/notary/matters/{CASE}/returned/certificate.pdf",
    f"/v1/cases/{CASE}/notary/codes/buyer-1.png",
    f"/v1/cases/{CASE}",
    f"/v1/cases/{CASE}/acts",
    f"/v1/cases/{CASE}/journal",
    f"/v1/cases/{CASE}/contract.pdf",
    f"/v1/cases/{CASE}/pages/1.png",
    f"/v1/cases/{CASE}/evidence-report.pdf",
    f"/v1/cases/{CASE}/materials/{sha(PHOTO)}",
    f"/v1/cases/{CASE}/papers/cancel_form",
    f"/v1/cases/{CASE}/papers/cancel_form.pdf",
    f"/v1/notary/offices?city={CITY}&case_no={CASE}",
]
INSIDE = ("evidence-report", "materials", f"{CASE}/papers")


@pytest.mark.rule("ZN-06")
@pytest.mark.parametrize("who", ["program of another office", "program of no office", "notary of another office"])
@pytest.mark.parametrize("place", PLACES)
def test_to_another_office_every_case_is_unknown(exchange, served, place, who):
    exchange.know(notary("other"))
    client = served.client()
    if who == "notary of another office":
        client.log_in(STRANGER.account)
    else:
        client.come_as_program("other-program" if "another" in who else "no-office")
    there, nowhere = client.get(place), client.get(place.replace(CASE, "2026112199999"))
    if who == "program of no office" and "/packages/" in place:
        assert there.json()["code"] == "auth.office"
        return
    assert (there.status_code, there.json()["code"]) == (404, "case.unknown")
    assert there.json()["detail"] == nowhere.json()["detail"]


@pytest.mark.parametrize("place", PLACES)
def test_nobody_at_all_is_asked_who_they_are(exchange, served, place):
    assert served.client().get(place).json()["code"] == "auth.required"


def test_an_office_sees_what_its_package_holds_and_no_more(exchange, served):
    client = served.client().come_as_program("shiqi-program")
    case = client.get(f"/v1/cases/{CASE}").json()
    sections = ("people", "house", "text", "papers", "signing", "filing", "registry", "cancelling", "notary")
    shown = {name for name in sections if case[name]}
    assert shown == {"people", "house", "text", "notary"}
    assert case["you"]["as"] == ["notary"]
    refused = [place for place in PLACES if any(f"/{name}" in place for name in INSIDE) and "/v1/cases" in place]
    assert len(refused) == 4
    for place in refused:
        assert client.get(place).json()["code"] == "case.unknown"


def test_whoever_stops_to_be_a_member_is_a_stranger_at_once(exchange, served):
    client = served.client().log_in(STRANGER.account)
    assert client.get(f"/v1/notary/matters/{CASE}").status_code == 200
    exchange.know(acting(STRANGER, CITY))
    assert client.get(f"/v1/notary/matters/{CASE}").json()["code"] == "case.unknown"
    program_client = served.client().come_as_program("shiqi-program")
    assert program_client.get(f"/v1/notary/matters/{CASE}").status_code == 200
    exchange.admit(program(office=None))
    assert program_client.get(f"/v1/notary/matters/{CASE}").json()["code"] == "case.unknown"


# --- matters and files ------------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-18")
def test_an_office_sees_its_matters_with_term_and_requests(exchange, served):
    at = exchange.now
    decision = OfficeDecision(at, at, acceptance_number="受字1号", due_on=date(2026, 12, 11))
    asked = Supplement(exchange.now, "acc", (SupplementItem("照片反光", "buyer-1"),))
    went = replace(matter().exchange, decision=decision, supplements=(asked,))
    exchange.keep(before_notary(matter(NotaryState.ACCEPTED, exchange=went)))
    exchange.tell_office("office:shiqi", CASE)
    exchange.tell_office("office:shiqi", "2026112100002")
    exchange.tell_office("office:shiqi", CASE)
    client = served.client().come_as_program("shiqi-program")
    (seen,) = client.get("/v1/notary/matters").json()["matters"]
    now = seen["current"]
    assert (seen["case_no"], now["state"], now["office"]["office_id"]) == (CASE, "accepted", "shiqi")
    assert now["deadline"]["due_on"] == "2026-12-11"
    assert now["deadline"]["overdue"] is False
    assert now["supplements"][0]["items"][0]["text"] == "照片反光"
    assert now["tasks"][0]["places"][0]["step"] == "select_self"
    exchange.now = exchange.now.replace(month=12, day=12)
    again = served.client().come_as_program("shiqi-program")
    assert again.get(f"/v1/notary/matters/{CASE}").json()["current"]["deadline"]["overdue"] is True


def test_matters_come_in_pages(exchange, served):
    for number in (1, 2, 3):
        case = before_notary(matter())
        exchange.keep(replace(case, head=replace(case.head, case_no=f"c{number}")))
        exchange.tell_office("office:shiqi", f"c{number}")
    client = served.client().come_as_program("shiqi-program")
    one = client.get("/v1/notary/matters", params={"limit": 2}).json()
    two = client.get("/v1/notary/matters", params={"limit": 2, "cursor": one["next_cursor"]}).json()
    assert [m["case_no"] for m in (*one["matters"], *two["matters"])] == ["c3", "c2", "c1"]
    assert two["next_cursor"] is None


@pytest.mark.parametrize("film", ["video/mp4", "video/quicktime", "video/webm"])
def test_a_recording_plays_from_anywhere_with_its_words_beside_it(exchange, served, film):
    exchange.keep(before_notary(matter(tasks=(with_evidence(film=film),))))
    client = served.client().log_in(STRANGER.account)
    place = f"/v1/notary/matters/{CASE}/videos/{sha(VIDEO)}"
    part = client.get(place, headers={"range": "bytes=200000-"})
    assert (part.status_code, part.content) == (206, VIDEO[200_000:])
    assert part.headers["content-type"] == film
    script = client.get(f"{place}/script").json()
    assert (script["text"], script["party"], script["duration_ms"]) == (TEXT, "buyer-1", 21_000)


@pytest.mark.parametrize(
    ("who", "opens"),
    [
        (BUYER, {"video", "script", "photo", "paper"}),
        (SELLER, {"paper"}),
        (STRANGER, {"video", "script", "photo", "paper"}),
        (OFFICIAL, {"video", "script", "photo", "paper"}),
    ],
    ids=["the purchaser", "the developer", "the notary", "the reviewer"],
)
def test_pictures_and_recordings_are_for_their_own_the_office_and_staff(exchange, served, who, opens):
    exchange.know(staff(StaffRole.REVIEWER, CITY), acting(SELLER, CITY), acting(BUYER, CITY))
    client = served.client().log_in(who.account)
    places = {"video": 2, "script": 3, "photo": 4, "paper": 5}
    answers = {name: client.get(PLACES[at]) for name, at in places.items()}
    assert {name for name, answer in answers.items() if answer.status_code == 200} == opens
    refused = [answer for answer in answers.values() if answer.status_code != 200]
    assert {answer.json()["code"] for answer in refused} <= {"notary.file_unknown"}
    (shown,) = client.get(f"/v1/notary/matters/{CASE}").json()["current"]["tasks"]
    assert (shown["videos"] != []) is ("video" in opens)


def test_a_digest_of_another_case_opens_nothing(exchange, served):
    exchange.files[sha(b"other")] = b"other"
    client = served.client().come_as_program("shiqi-program")
    for kind in ("videos", "photos"):
        answer = client.get(f"/v1/notary/matters/{CASE}/{kind}/{sha(b'other')}")
        assert answer.json()["code"] == "notary.file_unknown"
    # Nor does a file of one kind under another's address.
    assert client.get(f"/v1/notary/matters/{CASE}/photos/{sha(VIDEO)}").json()["code"] == "notary.file_unknown"


# --- codes ------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-06")
@pytest.mark.parametrize("who", ["developer", "office", "notary"])
def test_developer_and_office_show_the_code(exchange, served, who):
    exchange.know(acting(SELLER, CITY))
    client = served.client()
    if who == "office":
        client.come_as_program("shiqi-program")
    else:
        client.log_in((SELLER if who == "developer" else STRANGER).account)
    picture = client.get(f"/v1/cases/{CASE}/notary/codes/buyer-1.png")
    assert picture.headers["cache-control"] == "no-store"
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.content)))
    assert read.text == f"https://sign.example/n/{CASE}.buyer-1.secret"


def test_a_purchaser_is_shown_no_code_and_no_view_holds_one(exchange, served):
    exchange.know(acting(BUYER, CITY), acting(SELLER, CITY))
    buyer = served.client().log_in(BUYER.account)
    assert buyer.get(f"/v1/cases/{CASE}/notary/codes/buyer-1.png").json()["code"] == "auth.role"
    clients = (buyer, served.client().log_in(SELLER.account), served.client().come_as_program("shiqi-program"))
    for client in clients:
        for place in (f"/v1/cases/{CASE}", f"/v1/notary/matters/{CASE}"):
            body = client.get(place).text
            assert '"code":"live"' in body
            assert "sealed:" not in body
            assert qr().token_sha256 not in body


@pytest.mark.parametrize(
    ("held", "code"),
    [
        (task(qr=None), "notary.code_none"),
        (task(qr=qr(used_at=qr().issued_at)), "notary.code_gone"),
        (task(qr=qr(expires_at=qr().issued_at)), "notary.code_gone"),
        (task("buyer-2"), "notary.code_none"),
    ],
    ids=["none", "used", "expired", "another purchaser's"],
)
def test_only_a_live_code_is_shown(exchange, served, held, code):
    exchange.keep(before_notary(matter(tasks=(held,))))
    answer = served.client().come_as_program("shiqi-program").get(f"/v1/cases/{CASE}/notary/codes/buyer-1.png")
    assert answer.json()["code"] == code


def test_a_paper_is_looked_at_page_by_page(exchange, served):
    exchange.know(acting(BUYER, CITY))
    exchange.files[sha(PAPER_PDF)] = plain_pdf()
    client = served.client().log_in(BUYER.account)
    place = f"/v1/notary/matters/{CASE}/papers/{sha(PAPER_PDF)}/pages"
    first = client.get(f"{place}/1.png")
    assert (first.content[:4], first.headers["content-type"]) == (b"\x89PNG", "image/png")
    assert client.get(f"{place}/999.png").json()["code"] == "page.out_of_range"


@pytest.mark.rule("ZN-15")
def test_the_sentence_of_a_recording_is_told_to_whom_it_was_posed_alone(exchange, served):
    exchange.know(acting(BUYER, CITY), acting(SELLER, CITY))
    script = ScriptPosed("a2", TEXT, NOW, NOW + timedelta(days=400))
    exchange.keep(before_notary(matter(tasks=(replace(with_evidence(), script=script),))))

    def told(who):
        seen = served.client().log_in(who.account).get(f"/v1/notary/matters/{CASE}").json()
        return seen["current"]["tasks"][0]["script"]

    assert told(BUYER)["text"] == TEXT
    assert told(SELLER) is None


# --- what came back ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-19")
@pytest.mark.rule("ZN-21")
@pytest.mark.parametrize("who", [SELLER, BUYER, OFFICIAL, STRANGER], ids=["developer", "buyer", "reviewer", "notary"])
def test_the_certificate_is_printed_by_everybody_in_the_case(exchange, served, who):
    exchange.know(staff(StaffRole.REVIEWER, CITY), acting(SELLER, CITY), acting(BUYER, CITY))
    exchange.keep(before_notary(matter(NotaryState.ISSUED, exchange=certified())))
    client = served.client().log_in(who.account)
    seen = client.get(f"/v1/cases/{CASE}").json()["notary"]["current"]["certificate"]
    assert seen["number"] == "（2026）粤中石岐第001234号"
    for name in ("certificate.pdf", "returned/certificate.pdf"):
        answer = client.get(f"/v1/notary/matters/{CASE}/{name}")
        assert (answer.content, answer.headers["content-type"]) == (CERTIFICATE_PDF, "application/pdf")


@pytest.mark.rule("ZN-21")
def test_the_certificate_is_there_to_print_after_the_contract_has_ended(exchange, served):
    exchange.know(acting(BUYER, CITY))
    exchange.keep(before_notary(matter(NotaryState.ISSUED, exchange=certified()), state=State.VOID))
    client = served.client().log_in(BUYER.account)
    case = client.get(f"/v1/cases/{CASE}").json()
    assert (case["in_force"], case["people"], case["house"]) == (False, None, None)
    assert case["notary"]["current"]["certificate"]["sha256"] == sha(CERTIFICATE_PDF)
    assert client.get(f"/v1/notary/matters/{CASE}/certificate.pdf").content == CERTIFICATE_PDF


@pytest.mark.rule("ZN-20")
def test_identity_papers_in_what_came_back_are_not_everybodys(exchange, served):
    parts = {
        "certificate.pdf": b"1",
        "contract.pdf": b"2",
        "seller_licence.pdf": b"3",
        "legal_rep_id_front.jpg": b"4",
        "buyer-1_id_front.jpg": b"5",
        "buyer-2_id_front.jpg": b"6",
    }
    exchange.files |= {sha(content): content for content in (*parts.values(), b"all")}
    made = certified(parts=tuple((name, sha(content)) for name, content in parts.items()), bundle_sha256=sha(b"all"))
    exchange.keep(before_notary(matter(NotaryState.ISSUED, exchange=made)))
    exchange.know(acting(SELLER, CITY), acting(BUYER, CITY))
    wanted = {
        SELLER: {"certificate.pdf", "contract.pdf", "seller_licence.pdf", "legal_rep_id_front.jpg"},
        BUYER: {"certificate.pdf", "contract.pdf", "buyer-1_id_front.jpg"},
        STRANGER: {*parts, "bundle.zip"},
    }
    for who, names in wanted.items():
        client = served.client().log_in(who.account)
        answers = {name: client.get(f"/v1/notary/matters/{CASE}/returned/{name}") for name in (*parts, "bundle.zip")}
        assert {name for name, answer in answers.items() if answer.status_code == 200} == names
        listed = client.get(f"/v1/notary/matters/{CASE}").json()["current"]["certificate"]["parts"]
        assert {part["name"] for part in listed} == names - {"bundle.zip"}


def test_no_certificate_yet(exchange, served):
    client = served.client().come_as_program("shiqi-program")
    assert client.get(f"/v1/notary/matters/{CASE}/certificate.pdf").json()["code"] == "notary.no_certificate"


# --- offices ----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-04")
def test_the_developer_is_offered_the_offices_at_the_place(exchange, served):
    """公证法 art. 25."""
    exchange.know(acting(SELLER, CITY))
    client = served.client().log_in(SELLER.account)
    for more in ({}, {"case_no": CASE}):
        found = client.get("/v1/notary/offices", params={"city": CITY} | more).json()["offices"]
        assert {office["office_id"] for office in found} == {"shiqi", "other"}
    assert client.get("/v1/notary/offices", params={"city": "nowhere"}).status_code == 404


def test_an_administrator_enters_and_ends_members(exchange, served):
    exchange.know(staff(StaffRole.ADMIN, CITY))
    admin = served.client().log_in(OFFICIAL.account)
    place = f"/v1/desk/{CITY}/notary-offices"
    made = admin.post(f"{place}/shiqi/members", json={"kind": "account", "subject": STRANGER.account})
    assert made.status_code == 201, made.text
    assert made.json()["granted_by"] == OFFICIAL.account
    (entry,) = [one for one in admin.get(place).json()["offices"] if one["office_id"] == "shiqi"]
    assert [one["subject"] for one in entry["members"]] == [STRANGER.account]
    ended = admin.delete(f"{place}/shiqi/members/{made.json()['member_id']}")
    assert ended.json()["ended_by"] == OFFICIAL.account


@pytest.mark.parametrize(
    ("grants", "asked", "code"),
    [
        (staff(StaffRole.ADMIN, CITY), ("shiqi", OFFICIAL.account), "notary.member_self"),
        (staff(StaffRole.ADMIN, CITY), ("far", STRANGER.account), "notary.not_grantor"),
        (staff(StaffRole.REVIEWER, CITY), ("shiqi", STRANGER.account), "notary.not_grantor"),
        (staff(StaffRole.ADMIN, "huangshi"), ("shiqi", STRANGER.account), "notary.not_grantor"),
    ],
    ids=["themselves", "an office elsewhere", "no administrator", "of another city"],
)
def test_nobody_else_enters_members(exchange, served, grants, asked, code):
    office, subject = asked
    exchange.know(grants)
    client = served.client().log_in(OFFICIAL.account)
    said = {"kind": "account", "subject": subject}
    answer = client.post(f"/v1/desk/{CITY}/notary-offices/{office}/members", json=said)
    assert answer.status_code == 403
    assert code in {finding["code"] for finding in answer.json()["findings"]}
    assert exchange.members == []


def pem_of(certificate):
    der = base64.encodebytes(certificate).decode()
    return f"-----BEGIN CERTIFICATE-----\n{der}-----END CERTIFICATE-----\n"


SAID = {"name": "广东省中山市南朗公证处", "code": "粤中南朗", "region_codes": ["442000"]}


def test_an_administrator_enters_an_office_and_what_it_signs_with(exchange, served):
    exchange.know(staff(StaffRole.ADMIN, CITY))
    admin, place = served.client().log_in(OFFICIAL.account), f"/v1/desk/{CITY}/notary-offices"
    made = admin.post(place, json=SAID)
    assert made.status_code == 201, made.text
    own = f"{place}/{made.json()['office_id']}"
    der = demo_office(NOW).record.certificates[0].der
    trusted = admin.post(f"{own}/certificates", json={"certificate": pem_of(der)})
    assert trusted.status_code == 201, trusted.text
    assert trusted.json()["sha256"] == hashlib.sha256(der).hexdigest()
    assert trusted.json()["subject"]
    (entry,) = [one for one in admin.get(place).json()["offices"] if one["name"] == SAID["name"]]
    assert [one["withdrawn_at"] for one in entry["certificates"]] == [None]
    assert admin.delete(f"{own}/certificates/{'0' * 64}").json()["code"] == "notary.certificate_unknown"
    assert admin.delete(f"{own}/certificates/{trusted.json()['sha256']}").status_code == 204
    (entry,) = [one for one in admin.get(place).json()["offices"] if one["name"] == SAID["name"]]
    assert entry["certificates"][0]["withdrawn_at"] is not None
    assert admin.delete(own).status_code == 204


@pytest.mark.parametrize("said", ["no PEM at all", pem_of(b"\x30\x03\x02\x01\x01")], ids=["text", "no certificate"])
def test_what_is_no_certificate_is_refused(exchange, served, said):
    exchange.know(staff(StaffRole.ADMIN, CITY))
    admin = served.client().log_in(OFFICIAL.account)
    refused = admin.post(f"/v1/desk/{CITY}/notary-offices/shiqi/certificates", json={"certificate": said})
    assert (refused.status_code, refused.json()["code"]) == (422, "notary.certificate_unreadable")


@pytest.mark.parametrize(
    ("grants", "region", "code"),
    [
        (staff(StaffRole.ADMIN, CITY), "440300", "notary.office_elsewhere"),
        (staff(StaffRole.OPERATOR, CITY), "442000", "notary.not_lister"),
        (staff(StaffRole.ADMIN, "huangshi"), "442000", "notary.not_lister"),
    ],
    ids=["elsewhere", "no administrator", "of another city"],
)
def test_nobody_else_enters_an_office(exchange, served, grants, region, code):
    exchange.know(grants)
    client = served.client().log_in(OFFICIAL.account)
    refused = client.post(f"/v1/desk/{CITY}/notary-offices", json={**SAID, "region_codes": [region]})
    assert refused.status_code == 403
    assert [finding["code"] for finding in refused.json()["findings"]] == [code]
    assert len(exchange.offices) == 3


def test_an_office_of_several_cities_is_nobody_elses_to_change(exchange, served):
    exchange.know(staff(StaffRole.ADMIN, CITY))
    exchange.offices["wide"] = NotaryOffice("wide", "广东省公证处", "粤", ("440000",))
    client, place = served.client().log_in(OFFICIAL.account), f"/v1/desk/{CITY}/notary-offices/wide"
    assert client.delete(place).status_code == 403
    assert exchange.offices["wide"].ended_at is None


def test_an_office_subscribes_where_the_registry_does_and_at_its_own_address(exchange, served):
    client = served.client().come_as_program("shiqi-program")
    made = client.post("/v1/notary/webhooks", json={"url": "https://office.example/hook", "cities": [CITY]})
    assert made.json()["secret"].startswith("whsec_")
    assert len(client.get("/v1/registry/webhooks").json()["subscriptions"]) == 1
    other = served.client().come_as_program("other-program")
    assert other.get("/v1/notary/webhooks").json()["subscriptions"] == []
    assert other.delete(f"/v1/notary/webhooks/{made.json()['subscription_id']}").json()["code"] == "webhook.unknown"
    assert json.loads(made.text)["cities"] == [CITY]
