"""docs/notary-package.md says what packages are: its example is one, its table names what is in ours."""

from __future__ import annotations

import json
import re
from pathlib import Path

from jsonschema import Draft202012Validator

from tests.builders.notary_package import planned

DOCS = Path(__file__).parents[4] / "docs"
TEXT = (DOCS / "notary-package.md").read_text("utf-8")
SCHEMA = json.loads((DOCS / "schemas/notary-package.schema.json").read_text("utf-8"))


def test_the_example_is_a_description():
    (example,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    errors = [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(json.loads(example))
    ]
    assert errors == []


def test_the_table_names_every_file_of_a_package(complete):
    told = set(re.findall(r"`([^`]+)`", "".join(line for line in TEXT.splitlines() if line.startswith("| `"))))
    for file in planned(complete, 2).files:
        name = re.sub(r"^applicants/[^/]+/", "applicants/<party>/", file.name)
        assert name in told or name.rpartition("/")[2] in told, name
