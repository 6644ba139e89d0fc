"""Four papers, page by page, then 同意继续 (ZN-10; 公证法 art. 27)."""

from __future__ import annotations

import pytest

from tests.builders.applicants import READ, applicants
from tests.builders.cases import BUYER, BUYER_2, NOW
from tests.builders.desks import code_of

pytestmark = pytest.mark.rule("ZN-10")


@pytest.fixture
def office():
    return applicants(BUYER, BUYER_2)


@pytest.fixture
def phone(office):
    phone = office.phone(BUYER, "buyer-1")
    phone.walk("read_all")
    return phone


def papers_of(office):
    return {paper.paper: paper for paper in office.matter.papers}


def read(phone, shown, page, **changes):
    said = {"paper": shown.paper, "sha256": shown.sha256, "page": page}
    return phone.do("notary-read-page", **said | changes)


def test_every_page_has_its_receipt(office, phone):
    phone.read_all()
    pages = [(each.paper, each.page) for each in office.task().pages]
    assert pages == [
        *((READ[0], page) for page in (1, 2, 3)),
        *((READ[1], page) for page in (1, 2)),
        (READ[2], 1),
        (READ[3], 1),
    ]
    assert {each.read_at for each in office.task().pages} == {NOW}
    assert office.steps()[-1] == "face", "reading alone is not agreeing"
    phone.agree()
    assert office.steps()[-1] == "read_all"
    agreed = next(fact for fact in office.facts if fact.event == "notary.agreed")
    assert agreed.data["papers"] == {name: paper.sha256 for name, paper in papers_of(office).items()}


@pytest.mark.parametrize("left_out", [(READ[0], 2), (READ[3], 1), (READ[1], 1)])
def test_one_page_left_out_is_not_all(office, phone, left_out):
    for name, paper in papers_of(office).items():
        for page in range(1, paper.page_count + 1):
            if (name, page) != left_out:
                read(phone, paper, page)
    assert code_of(phone.agree) == "notary.unread"
    assert [(left.paper, left.pages) for left in office.view().unread] == [(left_out[0], (left_out[1],))]
    read(phone, papers_of(office)[left_out[0]], left_out[1])
    phone.agree()


def test_no_tick_without_reading(office, phone):
    assert code_of(phone.agree) == "notary.unread"


@pytest.mark.parametrize("page", [0, -1, 4, 1000])
def test_no_receipt_for_a_page_that_is_not_there(office, phone, page):
    assert code_of(lambda: read(phone, papers_of(office)[READ[0]], page)) == "notary.no_such_page"


@pytest.mark.parametrize(
    "changes", [{"sha256": "0" * 64}, {"paper": "cancel_form"}, {"paper": READ[1]}, {"paper": "../etc"}]
)
def test_no_receipt_for_another_paper(office, phone, changes):
    assert code_of(lambda: read(phone, papers_of(office)[READ[0]], 1, **changes)) == "notary.papers_changed"


@pytest.mark.parametrize(
    "change",
    [
        lambda digests: digests | {READ[0]: "0" * 64},
        lambda digests: {name: sha for name, sha in digests.items() if name != READ[3]},
        lambda digests: digests | {"cancel_form": "0" * 64},
        lambda _: {},
    ],
    ids=["other", "fewer", "more", "none"],
)
def test_agreed_is_to_these_papers_and_no_others(office, phone, change):
    phone.read_all()
    digests = change({name: paper.sha256 for name, paper in papers_of(office).items()})
    assert code_of(lambda: phone.do("notary-agree", digests=digests)) == "notary.papers_changed"


def test_a_page_read_twice_is_one_receipt_and_agreeing_twice_one_step(office, phone):
    phone.walk("upload_id_photos")
    before = office.case
    office.later(minutes=1)
    read(phone, papers_of(office)[READ[0]], 1)
    phone.agree()
    assert office.case == before, "the first time counts"


def test_what_one_has_read_the_other_has_not(office, phone):
    phone.read_all()
    other = office.phone(BUYER_2, "buyer-2")
    other.walk("read_all")
    assert code_of(other.agree) == "notary.unread"
