"""The published schema is the one the parser uses, and says what the dataclasses say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from documents.contract import ContractRecord, contract_schema, write_record
from documents.contract.schema import SCHEMA_ID, terms_schema
from tests.builders.terms import bare_data, crowded_data, demo_data, terms_of
from tests.unit.documents.test_typesetting import AT

PUBLISHED = Path(__file__).parents[3] / "docs" / "schemas" / "contract.schema.json"


def test_published_schema_is_the_one_in_use() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == contract_schema()


def test_published_schema_is_what_the_command_prints() -> None:
    run = subprocess.run([sys.executable, "-m", "documents.contract"], check=True, capture_output=True)
    assert run.stdout == PUBLISHED.read_bytes()


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(contract_schema())
    Draft202012Validator.check_schema(terms_schema())


@pytest.mark.parametrize("make", [demo_data, crowded_data, bare_data])
def test_whole_record_matches_the_schema(make) -> None:
    record = json.loads(write_record(ContractRecord("示例1", AT, terms_of(make()))))
    Draft202012Validator(contract_schema()).validate(record)
    assert record["schema"] == SCHEMA_ID


def test_every_object_is_closed_and_every_field_named() -> None:
    definitions: dict[str, Any] = contract_schema()["$defs"]
    assert len(definitions) > 25
    for name, definition in definitions.items():
        assert definition["additionalProperties"] is False, name
        assert definition["description"], name
        for field, described in definition["properties"].items():
            assert described["title"], f"{name}.{field}"


def test_texts_and_lists_are_bounded() -> None:
    """Nothing a stranger sends may grow without end."""
    for name, definition in contract_schema()["$defs"].items():
        for field, described in definition["properties"].items():
            if described.get("type") == "array":
                assert described["maxItems"] <= 60, f"{name}.{field}"
            if described.get("type") == "string":
                assert "maxLength" in described or "pattern" in described, f"{name}.{field}"
