"""Reports as data: every one fits the published schema and comes back unchanged; as lines, nothing hostile gets out."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from signing.validation import TrustAnchors, VerificationReport, report_lines, report_to_dict
from signing.validation.codes import CODES, finding
from signing.validation.report import ChangeKind, Integrity, Level, Severity, SignatureKind, TimeProof, Verdict
from signing.validation.serialize import SCHEMA_ID, report_from_dict
from signing.validation.verify import verify_pdf
from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.attack import Attack
from tests.builders.attacks.every import ATTACKS
from tests.builders.signed_by_pyhanko import SIGNED_AT
from tests.builders.validation_pki import DAY

SCHEMA_PATH = Path(__file__).parents[4] / "docs" / "schemas" / "verification.schema.json"


@cache
def schema() -> dict[str, Any]:
    return json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


def report_on(data: bytes) -> VerificationReport:
    trust = TrustAnchors((signed.shared_notary().pki.root.der,))
    return verify_pdf(io.BytesIO(data), trust=trust, now=SIGNED_AT + 2 * DAY)


def test_schema_is_itself_in_order() -> None:
    assert validator_for(schema()) is Draft202012Validator
    Draft202012Validator.check_schema(schema())
    assert schema()["$id"] == SCHEMA_ID


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_report_on_any_file_fits_the_schema_and_comes_back(attack: Attack) -> None:
    report = report_on(attack.build())
    data = json.loads(json.dumps(report_to_dict(report)))
    validator().validate(data)
    assert report_from_dict(data) == report


def test_report_on_a_good_file_fits_the_schema_and_comes_back() -> None:
    report = report_on(signed.lta_contract())
    data = json.loads(json.dumps(report_to_dict(report)))
    validator().validate(data)
    assert report_from_dict(data) == report


def test_schema_knows_every_word_the_code_knows() -> None:
    definitions = schema()["$defs"]
    signature = definitions["signature"]["properties"]
    said = {
        "verdict": schema()["properties"]["verdict"]["enum"],
        "integrity": schema()["properties"]["integrity"]["enum"],
        "kind": signature["kind"]["enum"],
        "level": signature["level"]["enum"],
        "proof": signature["signed_at"]["properties"]["proof"]["enum"],
        "change": definitions["change"]["properties"]["kind"]["enum"],
        "severity": definitions["finding"]["properties"]["severity"]["enum"],
    }
    known = (Verdict, Integrity, SignatureKind, Level, TimeProof, ChangeKind, Severity)
    for words, kind in zip(said.values(), known, strict=True):
        assert words == [member.value for member in kind]
    assert definitions["finding"]["properties"]["code"]["enum"] == sorted(CODES)


def test_every_code_is_said_in_both_languages() -> None:
    for code, text in CODES.items():
        assert text.zh.strip(), code
        assert text.en.strip(), code
        assert any("\u4e00" <= char <= "\u9fff" for char in text.zh), code
        assert text.en.isascii(), code


def test_lines_say_the_verdict_first_in_both_languages() -> None:
    report = report_on(signed.lta_contract())
    assert report_lines(report, "zh")[0] == "结论: 通过"
    assert report_lines(report, "en")[0] == "Verdict: PASSED"
    assert any("seller" in line for line in report_lines(report, "en"))


def test_lines_let_no_control_character_of_a_hostile_name_through() -> None:
    report = report_on(signed.lta_contract())
    hostile = finding("field.unsigned", field="\x1b[2J\u202eevil\n" + "x" * 500)
    text = "\n".join(report_lines(replace(report, findings=(hostile,)), "en"))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<U+001B>" in text
    assert max(map(len, text.splitlines())) < 400
