"""The sale, step by step: each step is one use case, done once, and says in a line what it left behind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.serialization import Encoding

from documents.contract import parse_terms
from filing.contract import (
    FilingDecision,
    certify_text,
    fix_text,
    read_acts,
    read_object,
    seal_contract,
    sign_contract,
    stamp_filing,
)
from qianshu.demo.people import demo_terms_data, signings
from qianshu.evidence import issue_evidence_report, verify_head
from qianshu.manifest import check_archive, close_dossier
from signing.validation import report_to_dict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from filing.contract import Act, ContractCase, PartySigning, SigningDesk
    from qianshu.bootstrap import House

__all__ = ["SaleStep", "sale_steps"]

NOWHERE: Final = "https://verify.qianshu.example/c/"
"""Where the stamp's QR leads: no service stands behind this demonstration."""


@dataclass(frozen=True, slots=True)
class SaleStep:
    """One step of the demonstration."""

    title: str
    """What is done, in Chinese and English."""

    run: Callable[[], str]
    """Does it, and says what came of it."""


def sale_steps(house: House, case: ContractCase, out: Path) -> tuple[SaleStep, ...]:
    """Every step from terms to archive; running them again changes nothing that is done."""
    terms = parse_terms(demo_terms_data())
    desk = house.desk
    return (
        SaleStep("固定合同文本 typeset the terms", lambda: _told(fix_text(case, terms))),
        SaleStep("平台认证签名 certify the text", lambda: _told(certify_text(case, desk))),
        *(
            SaleStep(f"{party.role_label}签名 {party.name} signs", partial(_sign, case, desk, party))
            for party in signings(terms)
        ),
        SaleStep("加盖备案章 filing stamp", lambda: _told(stamp_filing(case, desk, _decision(house, case)))),
        SaleStep("归档时间戳 seal to B-LTA", lambda: _told(seal_contract(case, desk))),
        SaleStep("验证 verify the contract", lambda: _verify(house, case, out)),
        SaleStep("签署证据报告 evidence report", lambda: _report(house, case, out)),
        SaleStep("封存案卷清单 sign the manifest", lambda: _close(house, case)),
        SaleStep("核对档案 verify the archive", lambda: _check_archive(house)),
    )


def _sign(case: ContractCase, desk: SigningDesk, party: PartySigning) -> str:
    return _told(sign_contract(case, desk, party))


def _decision(house: House, case: ContractCase) -> FilingDecision:
    number = f"黄房备{case.case_no}"
    settings = house.settings
    code = (settings.verification_url or NOWHERE) + case.case_no
    return FilingDecision(settings.authority_name, number, code, settings.seal_number)


def _verify(house: House, case: ContractCase, out: Path) -> str:
    report = verify_head(house, case)
    contract = read_object(case, read_acts(case.journal.entries()).head_sha256)
    (out / "contract.pdf").write_bytes(contract)
    (out / "root.pem").write_bytes(house.desk.keys.root.public_bytes(Encoding.PEM))
    text = json.dumps(report_to_dict(report), ensure_ascii=False, indent=1)
    (out / "verification.json").write_text(text + "\n", encoding="utf-8")
    return f"{report.verdict.value}, {report.integrity.value}, {len(report.signatures)} signatures"


def _report(house: House, case: ContractCase, out: Path) -> str:
    act = issue_evidence_report(house, case)
    (out / "evidence-report.pdf").write_bytes(read_object(case, act.sha256))
    return _told(act)


def _check_archive(house: House) -> str:
    report = check_archive(house.archive, [house.desk.keys], house.clock())
    return f"{report.verdict.value}: {report.case_count} cases, {report.object_count} objects"


def _close(house: House, case: ContractCase) -> str:
    sealed = close_dossier(house, case)
    return f"manifest {sealed.manifest.number} lists {len(sealed.manifest.objects)} objects, CAdES B-T"


def _told(act: Act) -> str:
    level = f", PAdES {act.facts['level']}" if "level" in act.facts else ""
    return f"{str(act.sha256)[:16]}…{level}"
