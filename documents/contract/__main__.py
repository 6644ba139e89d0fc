"""``python -m documents.contract > docs/schemas/contract.schema.json``: print the published JSON Schema."""

from __future__ import annotations

import json
import sys

from documents.contract.schema import contract_schema

sys.stdout.write(json.dumps(contract_schema(), ensure_ascii=False, indent=2) + "\n")
