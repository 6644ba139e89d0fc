"""Pages of the contract that were read are noted for whoever read them, once each, of the text they read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from filing.acts.signing.pages_read import CONTRACT_PAGES
from tests.builders.cases import BUYER, SELLER, acting
from tests.builders.desks import Desks, code_of

Ready = Callable[..., Desks]


def read_by(desks: Desks, party: str) -> list[tuple[int, ...]]:
    receipts = desks.case.text.receipts
    return [one.pages for one in receipts if (one.subject, one.party) == (CONTRACT_PAGES, party)]


@pytest.mark.rule("SZ-70")
def test_pages_add_up_for_whoever_reads_them(text_ready: Ready) -> None:
    desks = text_ready("huangshi")
    desks.do("note-pages-read", acting(SELLER), text_sha256=desks.text, pages=(3, 1))
    desks.do("note-pages-read", acting(SELLER), text_sha256=desks.text, pages=(1, 2))
    desks.do("note-pages-read", acting(BUYER), text_sha256=desks.text, pages=(1,))
    assert read_by(desks, "seller-1") == [(1, 2, 3)]
    assert read_by(desks, "buyer-1") == [(1,)]


def test_what_was_noted_is_not_noted_again(text_ready: Ready) -> None:
    desks = text_ready("huangshi")
    for _ in range(2):
        desks.do("note-pages-read", acting(SELLER), text_sha256=desks.text, pages=(1,))
    assert [fact.event for fact in desks.facts].count("text.pages_read") == 1


@pytest.mark.parametrize("pages", [(0,), (1, 2000), ()])
def test_pages_that_are_not_there(text_ready: Ready, pages: tuple[int, ...]) -> None:
    desks = text_ready("huangshi")
    noted = {"text_sha256": desks.text, "pages": pages}
    assert code_of(lambda: desks.do("note-pages-read", acting(SELLER), **noted)) == "page.out_of_range"


def test_pages_of_another_text(text_ready: Ready) -> None:
    desks = text_ready("huangshi")
    noted = {"text_sha256": "0" * 64, "pages": (1,)}
    assert code_of(lambda: desks.do("note-pages-read", acting(SELLER), **noted)) == "text.other"
