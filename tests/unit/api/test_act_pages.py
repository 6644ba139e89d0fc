"""Whatever a party may do, some page does: found from the case, not only by whoever types an address."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from filing.profile import Actor
from notary.every_act import EVERY_ACT

WEB = Path(__file__).parents[3] / "web" / "src"
PARTY = WEB / "party"
PARTIES = {Actor.SELLER, Actor.BUYER, Actor.DEVELOPER}
ACTS = sorted(name for name, act in EVERY_ACT.items() if act.by & PARTIES)

READ_INSTEAD = {"download-undertaking": "/papers/${template}.pdf"}
"""The same words, fetched without an act: who downloaded an undertaking is nothing anybody asks about (SZ-65)."""

NOTARYS = re.compile(r"^notary-|-notary(-|$)|^answer-supplement$|^correct-purchaser$")


@cache
def acts_ts() -> str:
    return (PARTY / "acts.ts").read_text(encoding="utf-8")


@cache
def pages() -> str:
    """What pages do, without the lists of acts and words."""
    files = [*PARTY.rglob("*.vue"), *PARTY.rglob("*.ts"), *(WEB / "shared" / "components").glob("*.vue")]
    kept = (
        one for one in files if one.name != "acts.ts" and not one.name.endswith(".test.ts") and "words" not in one.parts
    )
    return "\n".join(one.read_text(encoding="utf-8") for one in kept)


def driven() -> set[str]:
    found = re.search(r"const DRIVEN = new Set\(\[(.*?)\]\)", acts_ts(), re.DOTALL)
    assert found is not None
    return set(re.findall(r"'([^']+)'", found[1]))


def pages_of_their_own() -> dict[str, str]:
    found = re.search(r"const PAGES[^=]*= \{(.*?)\n\}", acts_ts(), re.DOTALL)
    assert found is not None
    return dict(re.findall(r"'([^']+)': '([^']+)'", found[1]))


def is_driven(name: str) -> bool:
    return name in driven() or NOTARYS.search(name) is not None


@pytest.mark.parametrize("name", ACTS)
def test_a_page_does_what_is_not_listed_under_more(name: str) -> None:
    if is_driven(name):
        doing = READ_INSTEAD.get(name, f"'{name}'")
        assert doing in pages(), f"{name} is hidden from the list, and no page does it"


@pytest.mark.parametrize("name", ACTS)
def test_what_is_listed_under_more_has_words_in_both_languages(name: str) -> None:
    if is_driven(name) or None in EVERY_ACT[name].states:
        return
    for language in ("zh", "en"):
        words = "".join(
            path.read_text(encoding="utf-8") for path in sorted((WEB / "shared" / "i18n" / language).glob("*.ts"))
        )
        assert re.search(rf"^    '?{name}'?: ", words, re.MULTILINE), f"{name} has no name in {language}"


def test_a_page_of_its_own_is_a_page() -> None:
    router = (PARTY / "router.ts").read_text(encoding="utf-8")
    for name, path in pages_of_their_own().items():
        assert name in EVERY_ACT
        assert f"path: '{path}'" in router or f"path: '{path.partition('/')[0]}/:" in router


def test_nothing_is_driven_that_is_no_act() -> None:
    assert driven() - set(EVERY_ACT) == set()
