"""Anybody verifies a contract in the middle of signing: what is there is judged, not called unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.serialization import Encoding

from filing.contract import read_acts, read_object, sign_contract
from qianshu.service.public import Public
from signing.validation import TrustAnchors, report_to_dict, verify_pdf
from tests.builders.house import certified_case, cheap_guessing, demo_signings, lay_keys, opened

if TYPE_CHECKING:
    from pathlib import Path

    from filing.contract import ContractCase
    from qianshu.bootstrap import House


def told(house: House, case: ContractCase, folder: Path) -> dict[str, Any]:
    """The report as the API answers it."""
    file = folder / "contract.pdf"
    file.write_bytes(read_object(case, read_acts(case.journal.entries()).head_sha256))
    # No records are asked here.
    return dict(Public(None, trust(house), (house.desk, house.desk)).verify(file, case.clock()))  # type: ignore[arg-type]


def trust(house: House) -> TrustAnchors:
    return TrustAnchors(tuple(root.public_bytes(Encoding.DER) for root in house.desk.keys.trust_anchors))


def open_fields(report: dict[str, Any]) -> set[str]:
    return {item["field"] for item in report["findings"] if item["code"] == "field.unsigned"}


def test_a_contract_is_judged_while_it_is_being_signed(tmp_path: Path) -> None:
    with cheap_guessing():
        house = opened(lay_keys(tmp_path / "data"))
        case = certified_case(house)
        waiting = {"seller-1", "seller-2", "buyer-1", "filing-stamp"}
        for name, signing in demo_signings().items():
            report = told(house, case, tmp_path)
            assert (report["verdict"], report["integrity"], open_fields(report)) == ("passed", "intact", waiting)
            sign_contract(case, house.desk, signing)
            waiting.discard(name)
        report = told(house, case, tmp_path)
    assert (report["verdict"], open_fields(report)) == ("passed", {"filing-stamp"})
    assert [each["kind"] for each in report["signatures"]] == ["certification", "approval", "approval", "approval"]
    # Not what the file proves by itself: that comes with the filing.
    assert {each["level"] for each in report["signatures"]} == {"B-T"}
    alone = report_to_dict(verify_pdf(tmp_path / "contract.pdf", trust=trust(house), now=case.clock()))
    assert (alone["verdict"], alone["integrity"]) == ("indeterminate", "intact")


def test_a_certificate_revoked_before_it_signed_is_found(tmp_path: Path) -> None:
    with cheap_guessing():
        house = opened(lay_keys(tmp_path / "data"))
        case = certified_case(house)
        seal = house.desk.keys.service_seal.certificate
        house.desk.keys.authority_of(seal).revoke(seal.serial_number, case.clock())
        report = told(house, case, tmp_path)
    assert (report["verdict"], report["integrity"]) == ("indeterminate", "intact")
    assert "certificate.revoked" in {item["code"] for item in report["findings"]}
