"""What counts as a page that was looked at."""

from __future__ import annotations

import pytest

from tests.builders.pictures import Note, Route, missing, routes, routes_in

ROUTER = """
  routes: [
    { path: '/', component: A, meta: { title: 'a' } },
    { path: '/verify/:code', redirect: (to) => ({ name: 'filing' }) },
    {
      path: '/cases/:caseNo',
      component: B,
      children: [
        { path: '', component: C },
        { path: 'notary/:party', component: D },
      ],
    },
    { path: '/:rest(.*)*', component: E },
  ],
"""

START, CASE, NOBODYS = Route("party", "/"), Route("party", "/cases/:caseNo"), Route("party", "/:rest(.*)*")


def seen(path: str, *, looked: bool = True) -> list[Note]:
    return [Note("it", path, language, looked) for language in ("zh", "en")]


def test_reads_routes_and_their_children_but_no_redirect() -> None:
    assert list(routes_in(ROUTER)) == ["/", "/cases/:caseNo", "/cases/:caseNo/notary/:party", "/:rest(.*)*"]


def test_refuses_a_route_it_does_not_understand() -> None:
    with pytest.raises(AssertionError, match="another form"):
        list(routes_in("{ name: 'a', path: '/a' }"))


def test_knows_the_pages_there_are() -> None:
    known = routes()
    assert Route("party", "/cases/:caseNo/sign/:party") in known
    assert Route("desk", "/queue") in known
    assert len(known) > 30


def test_each_page_is_wanted_in_both_languages_and_by_axe() -> None:
    assert missing([START, CASE], seen("/")) == [
        "/cases/:caseNo: no picture in zh",
        "/cases/:caseNo: no picture in en",
        "/cases/:caseNo: axe never looked",
    ]
    assert missing([START], [*seen("/", looked=False)]) == ["/: axe never looked"]
    assert missing([START], [Note("it", "/", "en", looked=True)]) == ["/: no picture in zh"]


def test_an_address_counts_for_the_page_that_answers_it() -> None:
    known = [START, CASE, NOBODYS]
    assert missing(known, [*seen("/"), *seen("/cases/2026112100001"), *seen("/nowhere/at/all")]) == []
    assert missing(known, [*seen("/"), *seen("/cases/2026112100001")])[0].startswith("/:rest")


def test_pages_of_desks_are_not_those_of_parties() -> None:
    queue = Route("desk", "/queue")
    assert missing([queue], seen("/desk/queue")) == []
    assert missing([queue], seen("/queue")) != []
