"""The operator's desk: who may look, pages that skip nothing, acts that are refused, and nothing said of people."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from api.ports import CertificateLine, DeliveryState, OutsideLine, OutsideState, SubscriberLine
from filing.lifecycle import State
from identity.staff import StaffRole
from storage.machines import StoredAttempt
from storage.operations import KeptCheck, KeptRenewal, SealedLine
from storage.records.work import KindOfWork, TaskLine
from tests.builders.cases import OFFICIAL, SELLER, in_state, staff
from tests.builders.keyring import NOW

DESK = ("work", "tasks", "deliveries", "acts", "outside", "renewals", "archive-checks")


def task(number: int, state: str = "failed", **changes: object) -> TaskLine:
    facts = {"kind": "sms", "case_no": None, "attempt": 3, "created_at": NOW, "since_at": NOW, "last_error_code": "x.y"}
    return TaskLine(number, state=state, **(facts | changes))


def subscriber(name: str = "sub-1", *cities: str, **changes: object) -> SubscriberLine:
    facts = {
        "client_id": "registry",
        "url": "https://registry.example/hooks",
        "created_at": NOW,
        "ended_at": None,
        "state": DeliveryState.FAILING,
        "waiting": 2,
        "waiting_is_more": False,
        "failing_since_at": NOW,
        "succeeded": None,
        "failed": StoredAttempt(5, 1, NOW, 500, "webhook.status"),
    }
    return SubscriberLine(name, cities=cities or ("huangshi",), **(facts | changes))


def file(position: int, city: str = "huangshi", days: int = 1) -> KeptRenewal:
    line = SealedLine(position, f"{position:064}", f"case-{position}", city)
    return KeptRenewal(line, NOW, NOW, NOW + timedelta(days=days + 9), NOW + timedelta(days=days))


@pytest.fixture
def operator(world, served):
    world.know(staff(StaffRole.OPERATOR))
    return served.client().log_in(OFFICIAL.account)


@pytest.mark.parametrize("path", DESK)
def test_only_operators_look(world, served, path):
    world.know(staff(StaffRole.ADMIN))
    assert served.client().get(f"/v1/operations/{path}").status_code == 401
    for account in (SELLER.account, OFFICIAL.account):
        refused = served.client().log_in(account).get(f"/v1/operations/{path}")
        assert (refused.status_code, refused.json()["code"]) == (403, "auth.role")


def test_work_is_counted_by_kind(world, operator):
    world.desk |= {"kinds": [KindOfWork("sms", {"failed": 1, "done": 4}, None, NOW)], "late": 2}
    found = operator.get("/v1/operations/work").json()
    assert (found["kinds"][0]["kind"], found["kinds"][0]["by_state"], found["late"]) == (
        "sms",
        {"failed": 1, "done": 4},
        2,
    )


def test_tasks_are_paged_and_say_which_are_late(world, operator):
    late = task(9, "running", since_at=NOW - timedelta(seconds=1))
    world.desk["work"] = [*(task(number) for number in range(1, 6)), late]
    seen, cursor = [], None
    while True:
        page = operator.get("/v1/operations/tasks", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [one["task_id"] for one in page["tasks"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [1, 2, 3, 4, 5]
    (running,) = operator.get("/v1/operations/tasks", params={"state": "running"}).json()["tasks"]
    assert (running["is_late"], running["task_id"]) == (True, 9)
    assert operator.get("/v1/operations/tasks", params={"state": "done"}).status_code == 422


def test_a_cursor_of_other_tasks_is_refused(world, operator):
    world.desk["work"] = [task(number) for number in range(3)]
    cursor = operator.get("/v1/operations/tasks", params={"limit": 1}).json()["next_cursor"]
    refused = operator.get("/v1/operations/tasks", params={"state": "running", "cursor": cursor})
    assert refused.json()["code"] == "cursor.refused"


def test_operators_see_subscribers_of_their_cities_only(world, operator):
    world.desk["subscribers"] = [subscriber(), subscriber("sub-2", "wuhan")]
    (seen,) = operator.get("/v1/operations/deliveries").json()["subscribers"]
    assert (seen["subscription_id"], seen["state"], seen["failed"]["status"]) == ("sub-1", "failing", 500)
    for path in ("/v1/operations/deliveries/sub-2", "/v1/operations/deliveries/never-was"):
        assert operator.get(path).json()["code"] == "webhook.unknown"
    assert operator.post("/v1/operations/deliveries/sub-2/again", json={}).json()["code"] == "webhook.unknown"
    assert world.desk.get("acts") is None


def test_the_log_of_a_subscriber_is_read_from_the_newest(world, operator):
    world.desk |= {"subscribers": [subscriber()], "attempts": [StoredAttempt(n, 1, NOW, 204, None) for n in (3, 2, 1)]}
    found = operator.get("/v1/operations/deliveries/sub-1", params={"before": 3, "limit": 1}).json()["attempts"]
    assert [one["position"] for one in found] == [2]


def test_delivering_again_is_journalled_and_refused_for_what_was_never_told(world, operator):
    world.desk["subscribers"] = [subscriber()]
    assert operator.post("/v1/operations/deliveries/sub-1/again", json={"position": 3}).status_code == 204
    assert operator.post("/v1/operations/deliveries/sub-1/again", json={"position": 99}).status_code == 404
    assert operator.post("/v1/operations/deliveries/sub-1/again", json={"position": 0}).status_code == 422
    (act, *_) = operator.get("/v1/operations/acts").json()["acts"]
    assert (act["event"], act["actor"]) == ("delivery.again", OFFICIAL.account)


def test_an_act_without_the_sessions_token_is_refused(world, served, operator):
    del operator.headers["x-csrf-token"]
    for path in ("deliveries/sub-1/again", "archive-checks"):
        assert operator.post(f"/v1/operations/{path}", json={}).json()["code"] == "csrf.refused"


def test_an_unknown_service_is_said_to_be_unknown(world, operator):
    world.desk["outside"] = [
        OutsideLine("sms", "短信", "messages", "https://sms.example", OutsideState.UNKNOWN, *[None] * 5)
    ]
    (seen,) = operator.get("/v1/operations/outside").json()["services"]
    assert (seen["state"], seen["answered_at"]) == ("unknown", None)


def test_renewals_are_paged_by_due_date_and_of_the_operators_cities(world, operator):
    world.desk |= {
        "files": [file(1, days=-1), file(2), file(3, "wuhan"), file(4)],
        "certificates": [CertificateLine("huangshi", "tsu", "EC secp256r1", NOW, NOW, NOW)],
    }
    first = operator.get("/v1/operations/renewals", params={"limit": 2}).json()
    assert [(one["case_no"], one["is_due"]) for one in first["files"]] == [("case-1", True), ("case-2", False)]
    assert (first["unlooked"], first["certificates"][0]["role"]) == (2, "tsu")
    last = operator.get("/v1/operations/renewals", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert ([one["case_no"] for one in last["files"]], last["next_cursor"]) == (["case-4"], None)


def test_what_could_not_be_read_is_listed_with_its_reason(world, operator):
    unread = KeptRenewal(SealedLine(7, "0" * 64, "case-7", "huangshi"), NOW, error_code="renew.not_sealed")
    world.desk["files"] = [file(1), unread]
    (seen,) = operator.get("/v1/operations/renewals", params={"unreadable": True}).json()["files"]
    assert (seen["case_no"], seen["due_at"], seen["error_code"]) == ("case-7", None, "renew.not_sealed")


def test_one_walk_through_the_archive_at_a_time(world, operator):
    made = operator.post("/v1/operations/archive-checks")
    assert (made.status_code, made.json()["verdict"], made.json()["asked_by"]) == (202, None, OFFICIAL.account)
    assert operator.post("/v1/operations/archive-checks").json()["code"] == "operations.check_open"
    assert [one["check_id"] for one in operator.get("/v1/operations/archive-checks").json()["checks"]] == [1]


def test_a_walk_tells_what_it_found(world, operator):
    finding = {"code": "archive.stray", "severity": "indeterminate", "case_no": None, "subject": "x", "name": None}
    report = {"case_count": 1, "finding_count": 9, "findings": [finding | {"zh": "来历不明", "en": "a stray"}]}
    world.desk["checks"] = [KeptCheck(4, NOW, "acc", NOW, NOW, "indeterminate", report)]
    found = operator.get("/v1/operations/archive-checks/4").json()
    assert (found["finding_count"], found["findings"][0]["code"]) == (9, "archive.stray")
    assert operator.get("/v1/operations/archive-checks/5").status_code == 404


def test_numbers_are_of_the_cities_one_oversees(world, served):
    world.know(staff(StaffRole.OPERATOR))
    world.keep(in_state("huangshi", State.SIGNED))
    client = served.client().log_in(OFFICIAL.account)
    found = client.get("/v1/statistics", params={"days": 7}).json()
    assert [(one["city"], one["cases"]) for one in found["cities"]] == [("huangshi", {"signed": 1})]
    assert {(one["city"], one["state"], one["cases"]) for one in found["begun"]} <= {("huangshi", "signed", 1)}
    assert (found["until"] >= found["since"]) is True
    assert client.get("/v1/statistics", params={"city": "wuhan"}).json()["code"] == "auth.role"
    assert client.get("/v1/statistics", params={"city": "nowhere"}).status_code == 404
    assert client.get("/v1/statistics", params={"days": 367}).status_code == 422
    assert served.client().log_in(SELLER.account).get("/v1/statistics").status_code == 403


def test_an_account_is_found_by_name_and_number_and_by_administrators_alone(world, served):
    world.know(staff(StaffRole.ADMIN))
    admin = served.client().log_in(OFFICIAL.account)
    said = {"name": SELLER.name, "id_type": "resident_id", "id_number": SELLER.number}
    assert admin.post("/v1/desk/huangshi/staff/find", json=said).json() == {"account_id": SELLER.account}
    assert admin.post("/v1/desk/huangshi/staff/find", json=said | {"name": "别人"}).json()["code"] == "account.unknown"
    stranger = served.client().log_in(SELLER.account)
    assert stranger.post("/v1/desk/huangshi/staff/find", json=said).json()["code"] == "auth.role"
    made = admin.post("/v1/desk/huangshi/staff", json={"account_id": SELLER.account, "role": "window_clerk"})
    assert made.status_code == 201
    (grant,) = admin.get("/v1/desk/huangshi/staff").json()["grants"]
    assert (grant["name"], grant["granted_by_name"]) == (SELLER.name, OFFICIAL.name)


def test_nothing_of_people_is_in_what_operators_see(world, operator):
    world.desk |= {
        "work": [task(1)],
        "subscribers": [subscriber()],
        "acts": [SimpleNamespace(number=1, at=NOW, event="task.requeued", actor="acc", data={"task_id": 1})],
    }
    world.keep(in_state("huangshi", State.SIGNED))
    said = "".join(operator.get(f"/v1/operations/{path}").text for path in DESK)
    assert not any(secret in said for secret in (SELLER.name, SELLER.number, SELLER.phone))


def test_a_file_is_renewed_when_asked_and_the_list_says_so(world, operator):
    world.desk["files"] = [file(1, days=-1), file(2, "wuhan")]
    own, theirs = (one.line.sha256 for one in world.desk["files"])
    assert operator.post(f"/v1/operations/renewals/{own}").status_code == 202
    assert operator.post(f"/v1/operations/renewals/{own}").status_code == 202
    for unknown in (theirs, "f" * 64):
        refused = operator.post(f"/v1/operations/renewals/{unknown}")
        assert (refused.status_code, refused.json()["code"]) == (404, "renewal.unknown")
    (seen,) = operator.get("/v1/operations/renewals").json()["files"]
    assert seen["renewing"] == "pending"
    acts = operator.get("/v1/operations/acts").json()["acts"]
    assert {act["event"] for act in acts} == {"archive.renewal_asked"}


def test_nobody_but_an_operator_has_a_file_renewed(world, served):
    world.know(staff(StaffRole.ADMIN))
    world.desk["files"] = [file(1)]
    refused = served.client().log_in(OFFICIAL.account).post(f"/v1/operations/renewals/{'1'.zfill(64)}")
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.role")
    assert world.desk.get("acts") is None
