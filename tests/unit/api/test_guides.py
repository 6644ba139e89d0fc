"""The guides are true: every address and every act they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notary.every_act import EVERY_ACT

GUIDES = sorted((Path(__file__).resolve().parents[3] / "docs" / "api").glob("*.md"))
ADDRESS = re.compile(r"(?:GET|POST|PUT|DELETE)(?:`?, `?(?:GET|POST))? (/[a-z0-9_/{}.\-]+)")
ACT = re.compile(r"`([a-z]+(?:-[a-z]+)+)`")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_every_address_in_a_guide_is_served(served, guide):
    paths = set(served.app.openapi()["paths"])
    named = {found.rstrip(".") for found in ADDRESS.findall(guide.read_text(encoding="utf-8"))}
    served_ = {re.sub(r"\{[a-z_]+\}", "{}", path) for path in paths}
    served_.add("/v1/cases/{}/{}")  # stands for all acts
    wrong = [path for path in named if re.sub(r"\{[a-z_]+\}", "{}", path) not in served_]
    assert wrong == []


@pytest.mark.parametrize("guide", [path for path in GUIDES if path.stem != "errors"], ids=lambda path: path.stem)
def test_every_act_in_a_guide_is_an_act(guide):
    text = guide.read_text(encoding="utf-8")
    headers = {"webhook-signature", "webhook-id", "no-store"}
    assert {name for name in ACT.findall(text) if name not in headers} <= set(EVERY_ACT)


def test_there_is_a_guide_for_every_kind_of_user():
    assert {path.stem for path in GUIDES} == {
        "README",
        "party-app",
        "desk",
        "registry",
        "notary-office",
        "operator",
        "public",
        "errors",
    }
