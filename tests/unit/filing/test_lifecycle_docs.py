"""docs/lifecycle.md and the published schema are what the tables say."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from filing.lifecycle import TRANSITIONS, State

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "scripts" / "generate_lifecycle_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_and_the_schema_are_not_stale(generator):
    assert generator.main(["--check"]) == 0


def test_check_finds_a_page_that_was_edited(generator, tmp_path, monkeypatch, capsys):
    edited = tmp_path / "lifecycle.md"
    edited.write_text(generator.lifecycle_page().replace("filed", "field"), encoding="utf-8")
    monkeypatch.setattr(generator, "PAGE", edited)
    monkeypatch.setattr(generator, "ROOT", tmp_path)
    assert generator.main(["--check"]) == 1
    assert "lifecycle.md is stale" in capsys.readouterr().out


def test_every_arrow_of_the_table_is_drawn(generator):
    page = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    first = page.split("```")[1]
    for (source, event), target in TRANSITIONS.items():
        drawn = f"{source or '[*]'} --> {target}: {event}" if isinstance(target, State) else f"{event} leads back"
        assert drawn in first


def test_the_published_schema_is_a_schema_that_describes_every_member():
    schema = json.loads((ROOT / "docs" / "schemas" / "profile.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    for definition in (schema, *schema["$defs"].values()):
        assert definition["additionalProperties"] is False
        assert all(member.get("description") for member in definition["properties"].values())
