"""What is written on the glass is what stands in the contract: each signer's own strokes, in their own field, in the
order and shape in which they were drawn; and the code that goes with them, wrong, late and right.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.browsers import DESK, PHONE
from tests.builders.house import cheap_guessing
from tests.builders.ink_on_paper import (
    drawn_page,
    fields_of,
    in_cells,
    ink_in,
    likeness,
    mirrored,
    outside,
    shape_of,
    upside_down,
)
from tests.builders.service import city_service, until, visitors, walked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import CDPSession

    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.ink_on_paper import Strokes
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright", "pdftoppm"), pytest.mark.timeout(600)]

SELLER, BUYER = "lin-haitao", "xu-zixuan"
SELLER_KEY, BUYER_KEY = "seller-1", "buyer-1"
DENSE_PHONE = {**PHONE, "device_scale_factor": 3}

# In a box of one by one, y downwards; none is like another, or like itself in a mirror or upside down.
HOOK: Strokes = [[(0.3, 0.15), (0.3, 0.82), (0.78, 0.8)]]
FLAG: Strokes = [[(0.3, 0.85), (0.3, 0.15), (0.78, 0.28), (0.32, 0.45)]]
STAIRS: Strokes = [[(0.2, 0.2), (0.5, 0.2), (0.5, 0.5), (0.8, 0.52), (0.8, 0.84)]]
SEVEN: Strokes = [[(0.22, 0.18), (0.8, 0.2), (0.42, 0.84)], [(0.38, 0.5), (0.72, 0.52)]]
SELLERS_HAND = [HOOK, SEVEN, STAIRS]
BUYERS_HAND = [FLAG, STAIRS, HOOK]

ALIKE, UNLIKE = 0.9, 0.75


@dataclass(frozen=True)
class Signed:
    """A contract that two signed in a browser."""

    before: bytes
    """As it was read."""

    after: bytes
    """With both signatures."""

    pads: dict[str, float]
    """By party, width of the pad they wrote on by its height."""


@dataclass
class Clock:
    """The service's, which can be put forward."""

    ahead: timedelta = field(default=timedelta(0))

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def city(clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityService]:
    with cheap_guessing(), city_service(tmp_path_factory.mktemp("city"), ("shenzhen",), clock=clock) as found:
        found.lay_cheap_keys()
        with found.serving(), visitors():
            found.admit(("shenzhen",))
            yield found


@pytest.fixture(scope="module")
def sale(city: CityService) -> Sale:
    """Begun to be signed."""
    found = city.sale("shenzhen")
    steps = found.steps()
    walked(steps, "承诺书")
    found._read_notices(found.seller, "seller", "start_signing")
    for _ in found._hand_in_materials("start_signing"):
        pass
    for _ in found._confirm():
        pass
    found.seller.act(found.case_no, "start-signing", text_sha256=found._text_sha256)
    return found


@pytest.fixture(scope="module")
def signed(chromium: Chromium, city: CityService, sale: Sale, clock: Clock) -> Signed:
    before = contract(sale)
    with chromium.person(city.url, DENSE_PHONE) as seller:
        comes_to_the_writing(seller, sale, SELLER, SELLER_KEY)
        the_code_is_wrong_and_late(seller, city, clock)
        sellers = writes_and_confirms(seller, city)
    with chromium.person(city.url, DESK) as buyer:
        comes_to_the_writing(buyer, sale, BUYER, BUYER_KEY)
        buyer.presses("获取验证码")
        buyer.page.get_by_label("短信验证码").fill(city.client(BUYER).code("签"))
        buyers = signs_with_a_mouse(buyer)
    return Signed(before, contract(sale), {SELLER_KEY: sellers, BUYER_KEY: buyers})


def on_pad(hand: list[Strokes], ratio: float) -> list[Strokes]:
    """Each character where it stands on a pad so much wider than high, in heights of it."""
    return [
        [[((index + x) / len(hand) * ratio, y) for x, y in line] for line in character]
        for index, character in enumerate(hand)
    ]


def ratio_of_pad(person: Person) -> float:
    ratio: float = person.page.locator("dialog canvas").evaluate("c => c.offsetWidth / c.offsetHeight")
    return ratio


def contract(sale: Sale) -> bytes:
    content: bytes = sale.seller.browser.get(f"/v1/cases/{sale.case_no}/contract.pdf").content
    return content


def comes_to_the_writing(person: Person, sale: Sale, who: str, party: str) -> None:
    """Reading and the face check are done without a browser; others drive them."""
    client = sale.clients[who]
    said = {"party": party, "text_sha256": sale._text_sha256}
    client.act(sale.case_no, "preview-contract", **said)
    warning = client.paper(sale.case_no, "risk_warning")["sha256"]
    client.act(sale.case_no, "preview-risk", **said, warning_sha256=warning)
    person.logs_in(client.me["name"], f"/cases/{sale.case_no}/sign/{party}")
    shows_their_face_twice(person)


def shows_their_face_twice(person: Person) -> None:
    """There and back: the first time it is somebody else's light."""
    for outcome in ("不通过 fail", "通过 pass"):
        person.page.get_by_label("我同意为本次办理进行人脸核验").check()
        person.presses("开始核验")
        person.page.get_by_role("button", name=outcome, exact=True).click()
        if outcome == "不通过 fail":
            person.page.get_by_role("heading", name="没有办成").wait_for()
            person.finds_nothing_wrong("sign-face-failed")
    person.page.get_by_role("button", name="手写签名").wait_for()


# --- the code ---------------------------------------------------------------------------------------------------------


def the_code_is_wrong_and_late(seller: Person, city: CityService, clock: Clock) -> None:
    """Whatever is wrong with the code, what was written is kept; four ways to be refused, each told."""
    page = seller.page
    right = asks_for_a_code(seller, city)
    page.get_by_role("button", name="秒后可重新获取").wait_for()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    page.get_by_label("短信验证码").fill(wrong)
    seller.presses("手写签名")
    the_pad_is_made_for_a_finger(seller)
    with page.expect_request("**/sign") as sent:
        seller.presses("使用此签名")
    what_was_sent_is_what_was_written(json.loads(sent.value.post_data or "{}"))
    for left in (4, 3, 2, 1):
        page.get_by_text(f"还可以尝试{left}次").wait_for()
        if left == 4:
            seller.finds_nothing_wrong("sign-code-wrong")
        seller.presses("再次提交刚才的签名")
    page.get_by_text("该验证码已失效").wait_for()
    seller.finds_nothing_wrong("sign-code-locked")
    clock.forward(minutes=3)
    page.reload()
    late = asks_for_a_code(seller, city, but=right)
    page.get_by_label("短信验证码").fill(late)
    clock.forward(minutes=6)
    seller.presses("手写签名")
    touches(seller, SELLERS_HAND)
    seller.presses("使用此签名")
    page.get_by_text("验证码已过期").wait_for()
    seller.finds_nothing_wrong("sign-code-late")


def asks_for_a_code(person: Person, city: CityService, but: str = "") -> str:
    person.presses("获取验证码")
    person.page.get_by_text("验证码已发送至").wait_for()
    client = city.client(SELLER)
    until(lambda: client.code("签") != but, "no fresh code")
    return client.code("签")


# --- the pad ----------------------------------------------------------------------------------------------------------


def the_pad_is_made_for_a_finger(seller: Person) -> None:
    page = seller.page
    canvas = page.locator("dialog canvas")
    canvas.wait_for()
    page.locator("dialog.lies").wait_for()
    page.get_by_text("请横过手机书写").wait_for()
    page.wait_for_function("document.querySelector('dialog canvas').width > 1000")
    wide, high, dots = canvas.evaluate("c => [c.offsetWidth, c.offsetHeight, c.width / c.offsetWidth]")
    assert dots == pytest.approx(3, abs=0.01)
    assert wide > 0.9 * 844
    assert wide > high
    assert page.locator(".box").all_inner_texts() == list("林海涛")
    seller.shoots("sign-pad-upright")
    seller.presses("使用此签名")
    page.get_by_text("请先书写姓名").wait_for()
    undo = page.get_by_role("button", name="撤销一笔")
    touches(seller, [STAIRS])
    assert page.get_by_text("请横过手机书写").count() == 0
    undo.click()
    assert undo.is_disabled()
    touches(seller, [HOOK, FLAG])
    page.get_by_role("button", name="重写").click()
    assert undo.is_disabled()
    touches(seller, [HOOK])
    seller.presses("使用此签名")
    page.get_by_text("还有 2 个字未书写").wait_for()
    touches(seller, SELLERS_HAND[1:], first=1, palm=True)
    seller.finds_nothing_wrong("sign-pad-written")


def touches(person: Person, characters: list[Strokes], first: int = 0, *, palm: bool = False) -> None:
    """A finger that presses harder as it goes; with a palm that comes down beside it."""
    page, count = person.page, 3
    box = page.locator("dialog canvas").bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)

    def at(index: int, x: float, y: float) -> tuple[float, float]:
        """The pad lies across: its left edge is above, its top on the right."""
        return box["x"] + box["width"] * (1 - y), box["y"] + box["height"] * (index + x) / count

    for index, strokes in enumerate(characters, start=first):
        for stroke in strokes:
            way = [at(index, x, y) for x, y in _walked(stroke)]
            _touch(finger, "touchStart", [(*way[0], 0.2)])
            for step, (x, y) in enumerate(way[1:], start=1):
                held = [(x, y, 0.2 + 0.6 * step / len(way))]
                if palm:
                    held.append((box["x"] + 20 + step, box["y"] + 20, 0.9))
                _touch(finger, "touchMove" if step > 1 or not palm else "touchStart", held)
            _touch(finger, "touchEnd", [])
    finger.detach()


def _walked(stroke: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Small steps, of no machine's evenness."""
    way = [stroke[0]]
    for (x0, y0), (x1, y1) in pairwise(stroke):
        way += [(x0 + (x1 - x0) * part, y0 + (y1 - y0) * part) for part in (0.11, 0.27, 0.4, 0.58, 0.71, 0.88, 1)]
    return way


def _touch(finger: CDPSession, kind: str, points: list[tuple[float, float, float]]) -> None:
    held: list[dict[str, Any]] = [
        {"x": x, "y": y, "force": force, "id": number} for number, (x, y, force) in enumerate(points)
    ]
    finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": held})


def what_was_sent_is_what_was_written(said: dict[str, Any]) -> None:
    """A line for each stroke, with its pressure; the palm left nothing."""
    strokes = said["strokes"]["strokes"]
    assert len(strokes) == sum(len(character) for character in SELLERS_HAND)
    for stroke in strokes:
        pressures = [point[3] for point in stroke]
        assert pressures == sorted(pressures)
        assert pressures[0] == pytest.approx(0.2, abs=0.02)
        assert pressures[-1] > 0.7


def writes_and_confirms(seller: Person, city: CityService) -> float:
    page = seller.page
    page.reload()
    page.get_by_label("短信验证码").fill(asks_for_a_code(seller, city, but=city.client(SELLER).code("签")))
    seller.presses("手写签名")
    touches(seller, SELLERS_HAND)
    ratio = ratio_of_pad(seller)
    seller.presses("使用此签名")
    seller.presses("确认签署")
    page.get_by_role("heading", name="您已完成签署").wait_for(timeout=30_000)
    page.locator(".signatures li").filter(has_text="林海涛").wait_for(timeout=30_000)
    # This browser shares nothing: the file is kept on the device.
    with page.expect_download() as download:
        seller.presses("分享")
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    return ratio


def signs_with_a_mouse(buyer: Person) -> float:
    page = buyer.page
    buyer.presses("手写签名")
    page.locator("dialog canvas").wait_for()
    assert page.locator("dialog.lies").count() == 0
    buyer.writes([[((index + x) / 3, y) for x, y in line] for index, one in enumerate(BUYERS_HAND) for line in one])
    ratio = ratio_of_pad(buyer)
    buyer.finds_nothing_wrong("sign-pad-desk")
    buyer.presses("使用此签名")
    # Where a browser shares files, it is asked to, with the very file.
    page.evaluate(SHARING)
    buyer.presses("确认签署")
    page.get_by_role("heading", name="您已完成签署").wait_for(timeout=30_000)
    buyer.presses("分享")
    name, head = page.evaluate("shared").values()
    assert name.endswith(".pdf")
    assert head == "%PDF-"
    return ratio


SHARING = """
() => {
  window.shared = new Promise(done => {
    navigator.canShare = () => true
    navigator.share = async ({ files: [file] }) => done({ name: file.name, head: await file.slice(0, 5).text() })
  })
}
"""


# --- on paper ---------------------------------------------------------------------------------------------------------


def test_strokes_stand_as_ink_in_their_own_field(signed: Signed, tmp_path: Path) -> None:
    fields, hands = fields_of(signed.after), {SELLER_KEY: SELLERS_HAND, BUYER_KEY: BUYERS_HAND}
    (page,) = {fields[key].page for key in hands}
    read, written = (drawn_page(content, page, tmp_path) for content in (signed.before, signed.after))
    assert outside(read, written, [fields[key].box for key in hands]) == 0, "something changed beside the fields"
    inks = {key: ink_in(written, fields[key]) for key in hands}
    for key, hand in hands.items():
        ink, drawn = inks[key], on_pad(hand, signed.pads[key])
        assert likeness(ink, name_of(drawn)) > ALIKE, key
        assert min(in_cells(ink, drawn)) > ALIKE, key
        assert ink.width / ink.height == pytest.approx(shape_of(name_of(drawn)), rel=0.06), "scaled unevenly"
        (swapped,) = (inks[other] for other in inks if other != key)
        assert likeness(swapped, name_of(drawn)) < UNLIKE, "the signers are swapped"
        for wrong in (mirrored(name_of(drawn)), upside_down(name_of(drawn)), name_of(on_pad(hand[1:] + hand[:1], 1))):
            assert likeness(ink, wrong) < UNLIKE, key


def name_of(hand: list[Strokes]) -> Strokes:
    return [line for character in hand for line in character]
