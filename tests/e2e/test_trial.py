"""``qianshu serve`` as a newcomer starts it: what is printed leads on, and everybody named there is somebody."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from qianshu.demo.city.client import Client
from qianshu.service.run import free_port
from qianshu.service.serving import LOG
from qianshu.service.trial import CONTRACT_NOTARY, DESKS, NOTARY_PERSON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAST_LINE = "Ctrl-C"


@pytest.fixture
def printed(tmp_path: Path) -> Iterator[str]:
    command = (sys.executable, "-m", "qianshu", "serve", "--port", str(free_port()))
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as served:
        try:
            yield _until_it_stands(served)
        finally:
            served.send_signal(signal.SIGTERM)
            assert served.wait(60) == 0


def _until_it_stands(served: subprocess.Popen[str]) -> str:
    lines = []
    for line in served.stdout:
        lines.append(line)
        if LAST_LINE in line:
            return "".join(lines)
    raise AssertionError("it ended before it stood")


@pytest.mark.timeout(120)
def test_what_is_printed_is_an_invitation_and_the_log_is_beside_it(printed: str, tmp_path: Path) -> None:
    assert "{" not in printed, "no log between the lines"
    log = tmp_path / "out" / "serve" / LOG
    assert f"out/serve/{LOG}" in printed
    assert '"event": "http.request"' in log.read_text(encoding="utf-8")
    url, sandbox = re.search(r"Qianshu\s+(http\S+)", printed)[1], re.search(r"sandbox\s+(http\S+)", printed)[1]
    for role, person in DESKS.items():
        assert re.search(rf"{role}\s+{person}\b", printed)
        held = {grant["role"] for grant in Client(url, sandbox, person).me["roles"]}
        assert held == {role}
    for person in (NOTARY_PERSON, CONTRACT_NOTARY):
        assert re.search(rf"person {person}\b", printed)
        assert len(Client(url, sandbox, person).me["offices"]) == 1
