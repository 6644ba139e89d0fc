"""The guide for notary offices is true: its commands are run as they stand, in their order, by a shell that knows
nothing but what an office is given.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qianshu.demo.notary.photos import scan
from qianshu.demo.notary.returned import Package, about_agreement
from tests.builders.notary_story import served_exchange

if TYPE_CHECKING:
    from tests.builders.notary_story import Story

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "notary-afternoon.md"
BLOCKS = dict(
    re.findall(r"^```sh\n# ([a-z ]+)\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
)
NUMBER = "（2026）粤中石岐第001234号"

BOUND = "set -euo pipefail; [ ! -e state ] || . ./state\n"
KEPT = "\ndeclare -p TOKEN AUTH CASE NUMBER SHA256 CURSOR 2>/dev/null > state || true\n"


class Shell:
    """The office's shell, in a folder of its own. What a block sets, the next one knows."""

    def __init__(self, folder: Path, given: dict[str, str]) -> None:
        self.folder = folder
        self._given = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", **given}
        self.run = [""]

    def do(self, name: str) -> str:
        """Run the block of this name; what it printed."""
        self.run.append(name)
        done = subprocess.run(
            ["/bin/bash", "-c", BOUND + BLOCKS[name] + KEPT],
            cwd=self.folder,
            env=self._given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
        return done.stdout


@pytest.mark.needs("curl", "jq", "unzip", "openssl")
@pytest.mark.timeout(300)
@pytest.mark.rule("ZN-04")
@pytest.mark.rule("ZN-06")
@pytest.mark.rule("ZN-19")
@pytest.mark.rule("ZN-20")
def test_a_stranger_comes_from_nothing_to_a_certificate(tmp_path: Path) -> None:
    office = tmp_path / "office"
    office.mkdir()
    with served_exchange(tmp_path / "city") as exchange:
        story = exchange.cancellation().run_to("生成材料并推送")
        client, secret = story.stage.office
        given = {"QIANSHU": story.stage.service_url, "CLIENT": client, "SECRET": secret, "CERTIFICATE_NUMBER": NUMBER}
        shell = Shell(office, given)
        for name in ("what you were given", "come in", "pull", "verify"):
            last = shell.do(name)
        assert [line.split()[0] for line in last.splitlines()] == ["seller-1", "buyer-1", "buyer-2"]
        shell.do("receive")
        story.codes = dict(line.split() for line in (office / "codes.txt").read_text().splitlines())
        for place in range(2):
            list(story._do_part(place))
        shell.do("look")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d\n", shell.do("accept"))
        make_certificate(story, office)
        assert shell.do("issue").strip() == "200", (office / "issued.json").read_text()
        assert story.matter["state"] == "issued"
        story._confirm()
        assert story.state == "void"
    assert shell.run[1:] == list(BLOCKS)  # no command of the guide is left out


def make_certificate(story: Story, office: Path) -> None:
    """What the office's own system makes, and the papers that were shown to it."""
    content = (office / "package.asice").read_bytes()
    with zipfile.ZipFile(office / "package.asice") as opened:
        package = Package(story.case_no, 2, True, content, tuple(opened.namelist()))
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    about = about_agreement(package, NUMBER, today)
    told = json.loads((office / "package" / "package.json").read_bytes())
    assert told["case"]["case_no"] == story.case_no
    agreement = (office / "package" / "papers" / "termination_agreement.pdf").read_bytes()
    assert hashlib.sha256(agreement).hexdigest() == about.sha256
    (office / "certificate.pdf").write_bytes(story.office.office.certificate(about, datetime.now(UTC)))
    (office / "seller_licence.jpg").write_bytes(scan("营业执照", about.seller[0], about.seller[1]))
    (office / "legal_rep_id_front.jpg").write_bytes(scan("姓名 欧阳听雨", "公民身份号码 442000197203040326"))
    (office / "legal_rep_id_back.jpg").write_bytes(scan("中华人民共和国居民身份证", "签发机关 示例市公安局"))
