"""``certificate.json``: as its schema says, every member once."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from documents.words import Attached
from notary.certificates.attachment import ATTACHMENT, SCHEMA_ID, Said, objections_to_attachments
from tests.builders.notary_office import ABOUT, agreement

SAID = Said(ABOUT.number, ABOUT.dated.isoformat(), ABOUT.sha256, ABOUT.case_no)
SCHEMA = json.loads(Path("docs/schemas/notary-certificate.schema.json").read_text("utf-8"))

pytestmark = pytest.mark.rule("ZN-19")


def found(content: bytes | None, name: str = ATTACHMENT) -> list[str]:
    return [finding.code for finding in objections_to_attachments((Attached(name, content),), SAID)]


def test_what_the_demo_office_attaches_fits_the_schema() -> None:
    data = agreement().data
    assert SCHEMA["$id"] == SCHEMA_ID
    jsonschema.validate(data, SCHEMA)
    assert found(json.dumps(data).encode()) == []


@pytest.mark.parametrize(
    "content",
    [None, b"", b"[]", b"{", b"[" * 100_000, b"\xff", b"{}", json.dumps({"schema": SCHEMA_ID}).encode()],
    ids=["too-large", "empty", "list", "broken", "deep", "bytes", "nothing", "members"],
)
def test_refuses_what_is_not_of_the_schema(content: bytes | None) -> None:
    assert found(content) == ["certificate.attachment_unreadable"]


def test_refuses_a_member_given_twice_or_not_a_text() -> None:
    good = json.dumps(agreement().data)
    twice = good[:-1] + f', "number": "{ABOUT.number}"}}'
    assert found(twice.encode()) == ["certificate.attachment_unreadable"]
    assert found(json.dumps({**(agreement().data or {}), "matter": 7}).encode()) == [
        "certificate.attachment_unreadable"
    ]


def test_other_attachments_are_nobodys_business() -> None:
    assert found(b"{", "notes.txt") == []
