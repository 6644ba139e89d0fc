"""The office's side when things go wrong, through the HTTP API: certificates that must not count, a package that cannot
be built, a program that was let go, a matter that was taken back.
"""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import qianshu.service.open
from api.ports import MemberAsked
from identity.acting import Machine, MachineKind
from jobs.delays import RetryRules
from jobs.workshop import BrokerSettings, Workshop
from notary.members import MemberKind
from qianshu.demo.city.client import until
from qianshu.demo.notary.office import OfficeProgram
from qianshu.demo.notary.returned import about_agreement
from qianshu.demo.notary.run import OFFICE_SCOPES
from qianshu.demo.notary.story import _today
from qianshu.demo_data.notary_office import demo_office
from qianshu.demo_data.notary_papers import agreement_paper
from storage.errors import StorageFull
from storage.recordings import CaseStreams
from tests.builders.notary_story import CITY, served_exchange
from tests.builders.service import now
from tests.faults.test_notary_purchasers import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qianshu.demo_data.notary_office import DemoOffice
    from qianshu.demo_data.notary_papers import AgreementNotarised
    from tests.builders.notary_story import ServedExchange, Story

NUMBER = f"（{_today().year}）粤中石岐第000777号"
ATTEMPTS = 3
SECOND = Machine("second-program", MachineKind.NOTARY, (CITY,), OFFICE_SCOPES)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedExchange]:
    """Work is tried three times, at once."""
    rules = RetryRules(first_delay_seconds=0.1, longest_delay_seconds=0.1, attempts=ATTEMPTS)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(qianshu.service.open, "Workshop", lambda *given: Workshop(*given, retry_rules=rules))
        patched.setattr(qianshu.service.open, "broker_settings", lambda _: BrokerSettings(sweep_seconds=0.2))
        with served_exchange(tmp_path_factory.mktemp("office")) as served:
            yield served


# --- certificates ----------------------------------------------------------------------------------------------------


def of_another_case(house: DemoOffice, about: AgreementNotarised) -> bytes:
    return house.certificate(replace(about, case_no="2026010100009"), now())


def with_a_tampered_page(house: DemoOffice, about: AgreementNotarised) -> bytes:
    pdf = house.certificate(about, now())
    end = pdf.index(b")", pdf.index(b"/Title"))
    return pdf[: end - 1] + bytes([pdf[end - 1] ^ 1]) + pdf[end:]


def good_last_over_another_offices_first(house: DemoOffice, about: AgreementNotarised) -> bytes:
    other, paper = demo_office(now(), "广东省中山市菊城公证处", "粤中菊城", house.pki), agreement_paper(about)
    typeset = house.typeset(paper, now())
    return house.archived(house.seal(house.certified(typeset, now(), other.signer), typeset, now()), now())


WRONG = (
    (of_another_case, "certificate.contract_missing"),
    (with_a_tampered_page, "office_signature.signature.hash_mismatch"),
    (good_last_over_another_offices_first, "certificate.other_signer"),
)


@pytest.mark.rule("ZN-17")
@pytest.mark.rule("ZN-19")
@pytest.mark.rule("ZN-20")
@pytest.mark.timeout(300)
def test_no_wrong_certificate_counts_and_the_right_one_once(exchange: ServedExchange) -> None:
    story = exchange.cancellation().run_to("受理")
    for make, finding in WRONG:
        refused_whole(exchange, story, make, finding)
    good = certificate_of(story)
    first, second = returned(story, lambda *_: good), returned(story, lambda *_: good)
    assert first["answer"] == second["answer"]
    assert refused(lambda: returned(story)).code == "certificate.another"
    events = [entry["event"] for entry in story.journal]
    assert (events.count("notary.issued"), events.count("notary.issued_again")) == (1, 1)


def refused_whole(exchange: ServedExchange, story: Story, make: Callable[..., bytes], finding: str) -> None:
    """A problem with what was found, nothing changed, and journalled without what was in it."""
    before, entries = case_of(exchange, story), len(story.journal)
    refusal = refused(lambda: returned(story, make))
    assert (refusal.code, refusal.fields["status"]) == ("certificate.refused", 422)
    findings: Any = refusal.fields["findings"]
    assert finding in {each["code"] for each in findings}, findings
    assert all(each["zh"] and each["en"] for each in findings)
    assert case_of(exchange, story) == before
    (entry,) = story.journal[entries:]
    assert (entry["event"], entry["data"]["act"]) == ("act.refused", "notary-issue")
    assert NUMBER not in json.dumps(entry, ensure_ascii=False)


def certificate_of(story: Story) -> bytes:
    package, house = story.packages[-1], story.stage.demo_office
    return house.certificate(about_agreement(package, NUMBER, _today()), now())


def returned(story: Story, make: Callable[..., bytes] | None = None) -> dict[str, Any]:
    """What the office's program sends back, with this certificate in it."""
    house, program = story.stage.demo_office, story.office
    forging = OfficeProgram.__new__(OfficeProgram)
    forging.__dict__.update(program.__dict__)
    if make is not None:
        forging.office = SimpleNamespace(certificate=lambda about, _: make(house, about))  # type: ignore[assignment]
    return forging.return_certificate(story.packages[-1], NUMBER, now(), _today())


def case_of(exchange: ServedExchange, story: Story) -> Any:
    found = exchange.service.records.cases.find(story.case_no)
    assert found is not None
    return found.case


# --- packages --------------------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-05")
@pytest.mark.rule("ZN-07")
@pytest.mark.rule("H-41")
@pytest.mark.timeout(300)
def test_a_package_that_could_not_be_kept_is_shown_to_operators_and_built_when_there_is_room(
    exchange: ServedExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> Any:
        raise StorageFull("storage.full", zh="存储空间已满", en="no room left")

    outbox = exchange.service.records.outbox
    story = exchange.cancellation()
    with monkeypatch.context() as patched:
        patched.setattr(CaseStreams, "keep_stream", full)
        story.run_to("生成材料并推送")
        until(outbox.failed, "nothing was given up")
    (task,) = outbox.failed()
    assert (task.kind, task.case_no, task.last_error_code) == ("notary-package", story.case_no, "storage.full")
    assert story.matter["state"] == "prepared"
    assert f"{task.task_id}  notary-package  {story.case_no}  {ATTEMPTS}  storage.full" in told(exchange, "failed")
    told(exchange, "requeue", str(task.task_id))
    story.run_to("拉取材料包")
    assert outbox.failed() == ()
    program_that_was_let_go_learns_nothing_more(exchange, story)
    taken_back_and_pushed_again(story)


def told(exchange: ServedExchange, *words: str) -> str:
    return exchange.city.told("outbox", *words)


def taken_back_and_pushed_again(story: Story) -> None:
    """Corrected purchaser, new package, new codes; what was before is worthless."""
    story.run_to("签收")
    old_codes, (old,) = dict(story.codes), story.packages
    operator, case_no = story.operator, story.case_no
    operator.act(case_no, "withdraw-from-notary", reason="买受人电话填写错误。")
    contact = {"phone": "13900000003", "address": "中山市石岐街道示例路1号"}
    operator.act(case_no, "correct-purchaser", party="buyer-2", contact=contact, reason="电话填写错误。")
    lines = [line["kind"] for line in story.office.news() if line["case_no"] == case_no]
    assert lines == ["withdrawn"]
    address = f"/v1/notary/packages/{case_no}/{old.number}.asice"
    assert refused(lambda: story.office.send("GET", address)).code == "package.withdrawn"
    story._push()
    story._pull("再次推送")
    assert story.packages[-1].number == 2
    receive = {"package_sha256": old.sha256}
    assert refused(lambda: story.office.act(case_no, "notary-receive", **receive)).code == "package.other"
    story._receive()
    claim = {"party": "buyer-2", "token": old_codes["buyer-2"].rpartition("/")[2]}
    second = story.purchaser(1)
    assert refused(lambda: second.act(case_no, "notary-claim", **claim)).code == "notary.not_your_code"
    past = operator.browser.get(f"/v1/notary/matters/{case_no}").json["past"]
    assert [package["superseded_at"] is not None for package in past[0]["packages"]] == [True]


def program_that_was_let_go_learns_nothing_more(exchange: ServedExchange, story: Story) -> None:
    """Not even with the token it holds."""
    service, made = exchange.service, exchange.office[0]
    credentials = ("second-program", service.machines.add(SECOND, now()))
    service.offices.enter(MemberAsked(made.record.office_id, MemberKind.CLIENT, "second-program"), now())
    program = OfficeProgram(exchange.city.url, credentials, made)
    assert program.news()
    service.machines.end("second-program", now())
    for attempt in (
        program.news,
        lambda: program.act(story.case_no, "notary-receive", package_sha256=story.packages[-1].sha256),
        lambda: OfficeProgram(exchange.city.url, credentials, made),
    ):
        assert refused(attempt).fields["status"] == 401
    assert story.matter["state"] == "pushed"
