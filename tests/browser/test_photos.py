"""Papers photographed on a telephone: the right way up, small, without the place where they were taken, and not lost
when the page is; and the code of a stamp, seen live by the camera.
"""

from __future__ import annotations

import base64
import io
import subprocess
from typing import TYPE_CHECKING

import pytest
import segno
from PIL import Image

from tests.builders.browsers import PHONE, browsers
from tests.builders.id_photos import GPS, jpeg
from tests.builders.service import until, walked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright", "ffmpeg"), pytest.mark.timeout(600)]

RED, BLUE = (200, 30, 40), (30, 60, 190)
WIDE, HIGH = 0, 1


@pytest.fixture(scope="module")
def sale(city: CityService) -> Sale:
    """Where papers are handed in."""
    found = city.sale("huangshi")
    walked(found.steps(), "合同条款")
    return found


@pytest.fixture(scope="module")
def chromium(city: CityService, sale: Sale, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """With a camera that looks at the stamp of the contract, a little askew."""
    folder = tmp_path_factory.mktemp("camera")
    segno.make(f"{city.url}/c/{sale.case_no}", error="m", micro=False).save(str(folder / "code.png"), scale=8)
    code = Image.open(folder / "code.png").convert("RGB").resize((300, 300))
    table = Image.new("RGB", (640, 480), (116, 98, 80))
    table.paste(code.rotate(7, expand=True, fillcolor=(255, 255, 255)), (150, 60))
    table.save(folder / "seen.png")
    command = ["ffmpeg", "-v", "error", "-y", "-loop", "1", "-i", str(folder / "seen.png"), "-t", "2", "-r", "10"]
    subprocess.run([*command, "-pix_fmt", "yuvj420p", "-q:v", "4", str(folder / "seen.mjpeg")], check=True, timeout=60)
    flags = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={folder / 'seen.mjpeg'}",
    )
    with browsers(*flags) as found:
        yield found


def photo_lying(size: tuple[int, int], *, grain: bool) -> bytes:
    """Taken with the telephone upright: stored lying, red above blue once it is turned by what the camera noted."""
    upright = Image.new("RGB", size, RED)
    upright.paste(BLUE, (0, size[HIGH] // 2, *size))
    if grain:
        upright = Image.blend(upright, Image.effect_noise(size, 90).convert("RGB"), 0.3)
    return jpeg(upright.transpose(Image.Transpose.ROTATE_90), orientation=6, gps=True, quality=92)


def photo_upright(size: tuple[int, int]) -> bytes:
    upright = Image.new("RGB", size, RED)
    upright.paste(BLUE, (0, size[HIGH] // 2, *size))
    return jpeg(upright, orientation=1, gps=True)


WATCHING = """
const send = XMLHttpRequest.prototype.send
XMLHttpRequest.prototype.send = function (body) {
  if (body instanceof FormData) window.sent = body.get('file')
  return send.call(this, body)
}
"""
"""What the page sends: Chromium tells nobody the content of files that go out."""

SENT = "async () => btoa([...new Uint8Array(await sent.arrayBuffer())].map(one => String.fromCharCode(one)).join(''))"


def hands_in(person: Person, name: str, content: bytes) -> bytes:
    """The file as it left the telephone."""
    before = person.page.locator(".held li").count()
    file = {"name": name, "mimeType": "image/jpeg", "buffer": content}
    person.page.locator("input[type=file].files").first.set_input_files(file)
    until(lambda: person.page.locator(".held li").count() == before + 1, "not handed in")
    return base64.b64decode(person.page.evaluate(SENT))


def test_photos_are_upright_small_and_tell_no_place(chromium: Chromium, city: CityService, sale: Sale) -> None:
    photos = {
        "small-lying.jpg": photo_lying((600, 900), grain=False),
        "small-upright.jpg": photo_upright((700, 1000)),
        "large-lying.jpg": photo_lying((2600, 3900), grain=True),
    }
    with chromium.person(city.url, PHONE) as seller:
        seller.page.add_init_script(WATCHING)
        seller.logs_in("陈建国", f"/cases/{sale.case_no}/materials/title")
        for name, content in photos.items():
            assert GPS in Image.open(io.BytesIO(content)).getexif()
            arrived = hands_in(seller, name, content)
            picture = Image.open(io.BytesIO(arrived))
            assert picture.size[HIGH] > picture.size[WIDE], name
            assert not picture.getexif(), name
            assert b"Exif" not in arrived, name
            above, below = (
                picture.convert("RGB").resize((1, 2), Image.Resampling.BOX).getpixel((0, at)) for at in (0, 1)
            )
            assert above[0] > above[2], name  # type: ignore[index]
            assert below[2] > below[0], name  # type: ignore[index]
            assert len(arrived) <= len(content)
            assert max(picture.size) <= 2400
        assert len(photos["large-lying.jpg"]) > 2 * len(arrived)


def test_a_file_that_was_cut_off_goes_on_after_a_reload(chromium: Chromium, city: CityService, sale: Sale) -> None:
    def held() -> int:
        return len(sale.seller.case(sale.case_no)["papers"]["materials"])

    before = held()
    with chromium.person(city.url, PHONE) as seller:
        page = seller.page
        seller.logs_in("陈建国", f"/cases/{sale.case_no}/materials/title")
        page.route("**/upload-material", lambda route: route.abort("connectionreset"))
        files = [
            {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": photo_upright((500 + number, 700))}
            for number in (1, 2)
        ]
        page.locator("input[type=file].files").first.set_input_files(files)
        page.get_by_role("button", name="重试 2.jpg").wait_for()
        seller.finds_nothing_wrong("material-cut-off")
        page.unroute("**/upload-material")
        page.reload()
        page.get_by_text("上次有 2 个文件没有传完").wait_for()
        until(lambda: held() == before + 2, "what was cut off is lost")
        seller.finds_nothing_wrong("material-goes-on")
        page.reload()
        page.locator(".held").first.wait_for()
        assert page.get_by_text("没有传完").count() == 0
        assert held() == before + 2


# --- the code of a stamp, live ----------------------------------------------------------------------------------------


def test_a_stamp_is_read_by_the_camera(chromium: Chromium, city: CityService, sale: Sale) -> None:
    with chromium.person(city.url, PHONE) as anybody:
        page = anybody.page
        anybody.goes("/verify")
        anybody.presses("扫描二维码")
        page.wait_for_url(f"**/c/{sale.case_no}", timeout=30_000)
        # The case of the code; it is not filed yet.
        page.get_by_text("没有该备案").wait_for()
