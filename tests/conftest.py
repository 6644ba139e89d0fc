"""What every test shares: visible skips for missing tools, which CI turns into failures."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

# In CI nothing may be skipped for want of a tool: .ci/run sets this and installs everything first.
REQUIRE_ALL_TOOLS = "QIANSHU_REQUIRE_TOOLS"

# A running server counts, not its program: scripts/services.sh starts them and says where they are.
SERVICES = {
    "postgres": "QIANSHU_TEST_POSTGRES_URL",
    "rabbitmq": "QIANSHU_TEST_AMQP_URL",
    "minio": "QIANSHU_MINIO_ENDPOINT",
}

# Built by `make web`, which needs Node.js.
PAGES = Path(__file__).resolve().parents[1] / "qianshu" / "built_pages" / "index.html"

# Laid by the same, for it comes with the pages' packages.
RARE_FACE = PAGES.parents[2] / "documents" / "built_fonts" / "pieces.json"

# Packages beside the locked ones of dev: `make browser` installs them.
PACKAGES = frozenset({"playwright"})


# Tests of these folders are stories that take a minute or two.
STORIES = frozenset({"browser", "e2e", "faults", "integration"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories before short tests, else in the order they came: what begins last keeps the others waiting."""
    tests = Path(__file__).parent
    items.sort(key=lambda item: not STORIES.intersection(item.path.relative_to(tests).parts[:1]))


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        missing = [tool for tool in mark.args if not _available(tool)]
        if not missing:
            continue
        reason = f"needs {', '.join(missing)}"
        if os.environ.get(REQUIRE_ALL_TOOLS) == "1":
            pytest.fail(f"{reason}: CI must have it")
        pytest.skip(reason)


def _available(tool: str) -> bool:
    """A service is there if its address is; a name in capitals is such a variable; any other is a program on PATH, but
    for the pages, the face for rare characters, and packages.
    """
    if tool == "web":
        return PAGES.is_file()
    if tool == "rare-face":
        return RARE_FACE.is_file()
    if tool in PACKAGES:
        return importlib.util.find_spec(tool) is not None
    tool = SERVICES.get(tool, tool)
    if tool.isupper():
        return bool(os.environ.get(tool))
    return shutil.which(tool) is not None
