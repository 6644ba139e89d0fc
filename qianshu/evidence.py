"""Evidence of one case: the verification of the newest revision, and the sealed report on it."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from filing.contract import (
    CERTIFY,
    SEAL,
    STAMP,
    TEXT,
    Act,
    Acts,
    Make,
    Produced,
    perform_once,
    read_acts,
    read_object,
    require_done,
)
from filing.contract.acts import DONE
from signing.evidence import CaseEvidence, CourseEntry, ReportHead, ReportSeal, seal_report, typeset_report
from signing.evidence.wording import beijing_time
from signing.validation import TrustAnchors, verify_pdf

if TYPE_CHECKING:
    from filing.contract import ContractCase
    from qianshu.bootstrap import House
    from signing.validation import VerificationReport

__all__ = ["REPORT", "issue_evidence_report", "verify_head"]

REPORT = "evidence-report"

CONTRACT = "contract.pdf"
"""What a report calls the file it is about."""

_WORDS = {
    TEXT: "固定合同文本",
    CERTIFY: "平台认证签名",
    STAMP: "加盖备案章",
    SEAL: "归档时间戳",
    REPORT: "出具证据报告",
}


def verify_head(house: House, case: ContractCase) -> VerificationReport:
    """Examine the newest revision as a stranger would: with the root and nothing else."""
    contract = read_object(case, read_acts(case.journal.entries()).head_sha256)
    anchors = tuple(root.public_bytes(Encoding.DER) for root in house.desk.keys.trust_anchors)
    return verify_pdf(io.BytesIO(contract), trust=TrustAnchors(anchors), now=case.clock())


def issue_evidence_report(house: House, case: ContractCase, file: str = CONTRACT, mark: str = "") -> Act:
    """Make, seal and archive the evidence report of a sealed contract.

    ``file`` is what the report calls it; ``mark`` ends the report's number, where a case has more than one file.
    """

    def decide(acts: Acts) -> Make:
        require_done(acts, SEAL)
        return lambda: _report(house, case, ReportHead(number, file, house.settings.service_name, case.clock()))

    number = f"QS-ER-{case.case_no}{mark}"

    return perform_once(case, REPORT, decide)


def _report(house: House, case: ContractCase, head: ReportHead) -> Produced:
    evidence = CaseEvidence(case.case_no, course_of(case))
    desk = house.desk
    seal = ReportSeal(desk.keys.service_seal, desk.timestamper, desk.revocation, desk.typeface)
    pdf, made = seal_report(typeset_report(head, verify_head(house, case), evidence), head, seal)
    return Produced(pdf, "application/pdf", {"level": made.level.value})


def course_of(case: ContractCase) -> tuple[CourseEntry, ...]:
    """Every act that was done, from the journal."""
    entries = case.journal.entries()
    done = ((entry.at, read_acts([entry])) for entry in entries if entry.event == DONE)
    return tuple(
        CourseEntry(at, _what(act.name), _how(act), act.sha256) for at, acts in done for act in acts.by_name.values()
    )


def _what(name: str) -> str:
    kind, _, rest = name.partition(":")
    field = rest.partition(":")[0]
    if kind == "sign":
        return f"当事人签名 {field}"
    return f"留存笔迹 {field}" if kind == "strokes" else _WORDS.get(name, name)


def _how(act: Act) -> str:
    facts = act.facts
    told = (
        ("signer_reference", "签署人 {}"),
        ("level", "PAdES {}"),
        ("time_stamped_at", "时间戳 {}"),
        ("certificate_serial", "证书序列号 {}"),
        ("pages", "{} 页 PDF/A-3a"),
        ("strokes", "{} 笔，加密留存"),
        ("filing_number", "备案编号 {}"),
    )
    return "，".join(words.format(_fact(key, facts[key])) for key, words in told if key in facts)


def _fact(key: str, value: object) -> object:
    return beijing_time(datetime.fromisoformat(str(value))) if key.endswith("_at") else value
