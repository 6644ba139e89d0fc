"""Fail if a document is stale: schemas against their source, links and commands against the tree, locks, hosts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from documents.contract import contract_schema

LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
COMMAND = re.compile(r"`qianshu ([a-z]+)")


def main() -> int:
    stale = [*_schemas(), *_links(), *_commands(), *_hosts_in_locks()]
    for line in stale:
        print(line)
    print("docs: stale" if stale else "docs: true")
    return 1 if stale else 0


def _schemas() -> list[str]:
    published = json.loads(Path("docs/schemas/contract.schema.json").read_text(encoding="utf-8"))
    return (
        [] if published == contract_schema() else ["docs/schemas/contract.schema.json differs from contract_schema()"]
    )


def _links() -> list[str]:
    pages = [Path("README.md"), Path("CHANGELOG.md"), *Path("docs").rglob("*.md")]
    return [
        f"{page}: no {target}"
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]


def _commands() -> list[str]:
    known = subprocess.run(
        [sys.executable, "-m", "qianshu", "--help"], capture_output=True, text=True, check=True
    ).stdout
    named = set(COMMAND.findall(Path("README.md").read_text(encoding="utf-8")))
    return [f"README.md: no command {name}" for name in sorted(named) if f"  {name}" not in known]


def _hosts_in_locks() -> list[str]:
    return [
        f"{lock}: names a host"
        for lock in Path("requirements").glob("*.lock")
        if re.search(r"https?://|--index-url|--find-links", lock.read_text(encoding="utf-8"))
    ]


sys.exit(main())
