"""What goes to the office: papers first, everything the purchasers did once they are done."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from filing.case.notary import ApplicantFile, CaseNotary, FileKind, NotaryPurpose, PackageVersion
from notary.errors import PackageInvalid
from notary.package import plan_package
from notary.package.claims import claims_in
from notary.package.names import video_file
from tests.builders.cases import STRANGER, profile
from tests.builders.keyring import NOW
from tests.builders.notary_package import CONTRACT, JOURNAL, first_push, planned
from tests.builders.termination import CITY, mandate

SCHEMA = json.loads((Path(__file__).parents[4] / "docs/schemas/notary-package.schema.json").read_text("utf-8"))
PAPERS = {
    "papers/termination_agreement.pdf": "商品房买卖合同终止协议",
    "papers/notary_application.pdf": "终止协议公证申请表",
    "papers/notary_notice.pdf": "终止协议合同公证告知",
    "papers/acceptance_record.pdf": "收案记录",
    "papers/cancel_form.pdf": "商品房买卖合同注销备案申请表",
}
MAINLAND = {"id_front.jpg", "id_back.jpg", "signature.png", "ink.json"}
OVERSEAS = {*MAINLAND, "id_in_hand.jpg", "script.txt", "video.mp4"}


def described(plan) -> dict:
    said = json.loads(plan.files[0].content)
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(said)]
    assert errors == []
    return said


def names_in(plan, folder: str) -> set[str]:
    return {file.name.removeprefix(folder) for file in plan.files if file.name.startswith(folder)}


def test_the_schema_is_a_schema_and_lets_nothing_else_in():
    Draft202012Validator.check_schema(SCHEMA)
    text = json.dumps(SCHEMA)
    assert text.count('"type": "object"') == text.count('"additionalProperties": false')


@pytest.mark.rule("ZN-05")
@pytest.mark.rule("ZN-10")
def test_the_first_package_holds_contract_papers_journal_and_parties(pushed):
    plan = planned(pushed, 1)
    assert plan.files[0].name == "package.json"
    assert {file.name: file.title for file in plan.files if file.name.startswith("papers/")} == PAPERS
    assert [file.name for file in plan.files[1:]] == ["contract/contract.pdf", *PAPERS, "journal/journal.jsonl"]
    said = described(plan)
    assert [party["name"] for party in said["parties"]] == ["黄石市示例置业有限公司", "沈书瑶", "MARIA HOHENBERG"]
    assert (said["applicants"], said["package"]["complete"]) == ([], False)
    assert said["matter"]["office"]["name"] == "广东省中山市石岐公证处"
    assert said["matter"]["request"]["reason"] == pushed.case.cancelling.current.reason


def test_a_package_that_was_ordered_before_holds_nothing_they_did_since(complete):
    plan = planned(complete, 1)
    assert names_in(plan, "applicants/") == set()
    assert described(plan)["applicants"] == []


@pytest.mark.rule("ZN-11")
@pytest.mark.rule("ZN-14")
def test_a_complete_package_holds_each_purchasers_files_in_a_folder_of_its_own(complete):
    plan = planned(complete, 2)
    assert names_in(plan, "applicants/buyer-1/") == MAINLAND
    assert names_in(plan, "applicants/buyer-2/") == OVERSEAS


@pytest.mark.rule("ZN-15")
@pytest.mark.rule("ZN-16")
@pytest.mark.parametrize(("kind", "ending"), [("mp4", "mp4"), ("webm", "webm"), ("quicktime", "mov")])
def test_a_video_keeps_the_ending_of_its_kind(kind, ending):
    assert video_file("buyer-2", f"video/{kind}") == f"applicants/buyer-2/video.{ending}"


def test_the_video_goes_with_the_words_that_were_to_be_read(complete):
    plan = planned(complete, 2)
    (video,) = complete.task("buyer-2").videos
    said = described(plan)["applicants"][1]["video"]
    script = next(file for file in plan.files if file.name == "applicants/buyer-2/script.txt")
    assert script.content.decode() == f"{video.text}\n"
    assert (said["text"], said["sha256"], said["file"]) == (video.text, video.sha256, "applicants/buyer-2/video.mp4")
    assert described(plan)["applicants"][0]["video"] is None


@pytest.mark.rule("ZN-10")
def test_reading_is_proven_page_by_page_of_the_very_papers(complete):
    for applicant in described(planned(complete, 2))["applicants"]:
        read = [(page["paper"], page["sha256"], page["page"]) for page in applicant["pages_read"]]
        shown = [paper for paper in complete.matter.papers if paper.paper != "cancel_form"]
        assert read == [(paper.paper, paper.sha256, page) for paper in shown for page in range(1, paper.page_count + 1)]


@pytest.mark.rule("ZN-11")
@pytest.mark.rule("ZN-12")
@pytest.mark.rule("ZN-13")
def test_both_verifications_are_there_with_method_reference_and_time(complete):
    mainland, overseas = described(planned(complete, 2))["applicants"]
    faces = [step for step in mainland["steps"] if step["step"] == "face"]
    documents = [step for step in overseas["steps"] if step["step"] == "enter_id_document"]
    assert [len(faces), len(documents)] == [2, 2]
    assert faces[0]["reference"] != faces[1]["reference"]
    assert all(step["method"] and step["reference"] and step["done_at"] for step in (*faces, *documents))


def test_the_agreement_goes_in_its_newest_revision_and_the_text_that_was_read_is_named(complete):
    plan = planned(complete, 2)
    agreement = complete.matter.agreement
    file = next(file for file in plan.files if file.name == "papers/termination_agreement.pdf")
    said = described(plan)["agreement"]
    assert file.sha256 == agreement.head_sha256 != agreement.text_sha256
    assert (said["text_sha256"], said["head_sha256"]) == (agreement.text_sha256, agreement.head_sha256)
    assert [signed["party"] for signed in said["signed"]] == ["seller-1", "buyer-1", "buyer-2"]


def test_everything_but_the_description_is_listed_with_its_digest(complete):
    plan = planned(complete, 2)
    listed = {file["file"]: (file["sha256"], file["title"]) for file in described(plan)["files"]}
    assert listed == {file.name: (file.sha256, file.title) for file in plan.files[1:]}
    assert all(
        hashlib.sha256(file.content).hexdigest() == file.sha256 for file in plan.files if file.content is not None
    )


def test_names_are_ascii_and_unique(complete):
    names = [file.name for file in planned(complete, 2).files]
    assert all(name.isascii() for name in names)
    assert len(set(names)) == len(names)


def test_equal_cases_give_equal_plans(complete):
    assert planned(complete, 2) == planned(complete, 2)


@pytest.mark.rule("ZN-07")
def test_a_package_names_every_one_before_it_of_whichever_matter(complete):
    past = complete.matter
    fresh = replace(past, number=2, exchange=replace(past.exchange, packages=(PackageVersion(3, True, NOW),)))
    case = replace(complete.case, notary=CaseNotary(fresh, (past,)))
    plan = plan_package(profile(CITY), case, fresh, 3, JOURNAL)
    assert described(plan)["package"] == {
        "number": 3,
        "complete": True,
        "ordered_at": NOW.isoformat(),
        "supersedes": [1, 2],
    }


def test_of_files_that_were_replaced_only_the_newest_goes(complete):
    newer = ApplicantFile(FileKind.ID_FRONT, "1" * 64, "2" * 64, "image/jpeg", "acc", NOW)
    task = complete.task("buyer-1")
    matter = replace(
        complete.matter,
        tasks=(replace(task, files=(*task.files, newer)), complete.task("buyer-2")),
    )
    plan = plan_package(profile(CITY), complete.case, matter, 2, JOURNAL)
    (front,) = (file for file in plan.files if file.name == "applicants/buyer-1/id_front.jpg")
    assert front.sha256 == "1" * 64
    (said,) = (file for file in described(plan)["applicants"][0]["files"] if file["kind"] == "id_front")
    assert (said["sha256"], said["original_sha256"]) == ("1" * 64, "2" * 64)


def test_a_mandate_is_described_and_who_acted_by_it(complete):
    office = first_push(mandates=(mandate("buyer-1"),))
    party = described(planned(office, 1))["parties"][1]
    (agent,) = party["representatives"]
    assert (agent["name"], agent["basis"], agent["attestation"]) == (STRANGER.name, "agent_poa", "notarised")
    by_agent = JOURNAL.replace(
        b'"by":"principal","matter":1,"party":"buyer-1"', b'"by":"agent_poa","matter":1,"party":"buyer-1"'
    )
    applicants = described(planned(complete, 2, by_agent))["applicants"]
    assert [applicant["acts_by"] for applicant in applicants] == ["agent_poa", "principal"]


def test_the_newest_claim_counts_and_another_matters_does_not():
    lines = [
        b'{"event":"notary.claimed","data":{"matter":1,"party":"buyer-1","by":"principal"}}',
        b'{"event":"notary.claimed","data":{"matter":1,"party":"buyer-1","by":"agent_poa"}}',
        b'{"event":"said","data":{"matter":1,"party":"buyer-1","by":"notary.claimed"}}',
    ]
    assert claims_in(b"\n".join(lines)) == {(1, "buyer-1"): "agent_poa"}


def test_nothing_secret_goes_out(complete):
    """No code to scan, no account name, no key of a person."""
    said = planned(complete, 2).files[0].content.decode()
    task = complete.task("buyer-1")
    for secret in (task.qr.sealed, task.applicant, task.files[0].added_by, "clerk"):
        assert f'"{secret}"' not in said


def test_the_contract_goes_as_it_stands(pushed):
    def contract(case) -> str | None:
        plan = plan_package(profile(CITY), case, pushed.matter, 1, JOURNAL)
        return next((file.sha256 for file in plan.files if file.name == "contract/contract.pdf"), None)

    case = pushed.case
    signed = replace(case, signing=replace(case.signing, head_sha256="4" * 64))
    assert contract(case) == hashlib.sha256(CONTRACT).hexdigest()
    assert contract(signed) == "4" * 64
    assert contract(replace(case, text=replace(case.text, fixed=None))) is None


@pytest.mark.rule("SZ-80")
def test_a_contract_to_be_notarised_goes_without_an_agreement(pushed):
    matter = replace(pushed.matter, purpose=NotaryPurpose.CONTRACT, papers=(), agreement=None)
    said = described(plan_package(profile(CITY), pushed.case, matter, 1, JOURNAL))
    assert (said["matter"]["purpose"], said["agreement"], said["papers"]) == ("contract", None, [])


def test_refuses_a_package_that_was_never_ordered(pushed):
    with pytest.raises(PackageInvalid) as caught:
        planned(pushed, 7)
    assert caught.value.code == "package.unknown"


def test_refuses_to_send_nothing(pushed):
    case = replace(pushed.case, text=replace(pushed.case.text, fixed=None))
    with pytest.raises(PackageInvalid) as caught:
        plan_package(profile(CITY), case, replace(pushed.matter, papers=(), agreement=None), 1, JOURNAL)
    assert caught.value.code == "package.no_papers"
