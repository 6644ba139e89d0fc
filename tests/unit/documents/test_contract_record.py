"""contract.json: written one way, read back equal, refused when it is something else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from documents.contract import ContractRecord, read_embedded_record, read_record, write_record
from documents.errors import TermsError
from tests.builders.terms import bare_data, crowded_data, demo_data, demo_terms, terms_of

AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("make", [demo_data, crowded_data, bare_data])
def test_reads_back_equal(make) -> None:
    record = ContractRecord("黄房网签2026112100001", AT, terms_of(make()))
    assert read_record(write_record(record)) == record


def test_equal_terms_are_equal_bytes_however_they_were_typed() -> None:
    data = demo_data()
    shuffled = dict(reversed(data.items()))
    shuffled["sellers"][0]["share"] = "50/100"
    one, two = (write_record(ContractRecord("1", AT, terms_of(each))) for each in (data, shuffled))
    assert one == two
    assert b"50/100" not in one


def test_is_canonical_utf_8() -> None:
    text = write_record(ContractRecord("1", AT, demo_terms()))
    assert "周明远".encode() in text
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b'{"schema":"urn:qianshu:schema:contract:2","case_no":"1","made_at":"2026-11-21T00:00:00+00:00","terms":{}}',
        b'{"schema":"urn:qianshu:schema:contract:1","case_no":"1","made_at":"yesterday","terms":{}}',
    ],
    ids=["empty", "list", "nothing", "another-version", "no-time"],
)
def test_refuses_another_record(text: bytes) -> None:
    with pytest.raises(TermsError) as refused:
        read_record(text)
    assert refused.value.code == "terms.unreadable_record"


def test_refuses_a_record_with_wrong_terms() -> None:
    record = json.loads(write_record(ContractRecord("1", AT, demo_terms())))
    record["terms"]["money"]["price"] = "1.00"
    with pytest.raises(TermsError) as refused:
        read_record(json.dumps(record).encode())
    assert refused.value.code == "terms.invalid"


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", b"not a pdf"])
def test_refuses_a_file_that_carries_none(pdf: bytes) -> None:
    with pytest.raises(TermsError) as refused:
        read_embedded_record(pdf)
    assert refused.value.code == "terms.unreadable_record"
