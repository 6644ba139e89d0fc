"""Photos of documents: upright, of pixels alone, sharp enough to read; everything wrong with one said at once."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageFilter

from documents.errors import UploadError
from documents.photos import PhotoRefused, picture_of_drawing, take_photo
from documents.photos.errors import PHOTO_FINDINGS
from documents.photos.judge import PhotoMeasures, judge_photo
from documents.photos.sharpness import sharpness_of, working_picture
from documents.uploads.child import ChildBounds
from tests.builders.id_photos import jpeg, photo, png

pytestmark = [pytest.mark.rule("ZN-11"), pytest.mark.rule("ZN-14")]

SMALL = (1024, 768)

TURNS = {
    1: (),
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_90,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_270,),
}
"""How a sensor that lies so stores an upright scene: the inverse of what puts it upright."""


def measured(picture):
    return sharpness_of(working_picture(picture))


def codes(picture_or_bytes):
    content = picture_or_bytes if isinstance(picture_or_bytes, bytes) else jpeg(picture_or_bytes)
    with pytest.raises(PhotoRefused) as refused:
        take_photo(content)
    assert refused.value.code == "photo.refused"
    assert [each["code"] for each in refused.value.fields["findings"]] == [each.code for each in refused.value.findings]
    return [each.code for each in refused.value.findings]


def upload_code(content, **limits):
    with pytest.raises(UploadError) as refused:
        take_photo(content, **limits)
    return refused.value.code


def quarters():
    """A scene whose quarters tell which way is up, with a card's print in it."""
    scene = photo(SMALL)
    width, height = scene.size
    for box, colour in (
        ((0, 0, 90, 90), (250, 30, 30)),
        ((width - 90, 0, width, 90), (30, 250, 30)),
        ((0, height - 90, 90, height), (30, 30, 250)),
    ):
        scene.paste(colour, box)
    return scene


def corners(picture):
    width, height = picture.size
    return [
        max(range(3), key=lambda band, at=at: picture.getpixel(at)[band])
        for at in ((40, 40), (width - 40, 40), (40, height - 40))
    ]


@pytest.mark.parametrize("orientation", TURNS)
def test_every_exif_orientation_is_put_upright(orientation):
    stored = quarters()
    for turn in TURNS[orientation]:
        stored = stored.transpose(turn)
    taken = take_photo(jpeg(stored, orientation=orientation))
    with Image.open(io.BytesIO(taken.clean)) as shown:
        assert corners(shown) == [0, 1, 2]
        assert shown.size == (taken.width, taken.height) == SMALL
        assert not shown.getexif()
    assert taken.turned == (orientation != 1)


def test_a_turned_photo_is_measured_upright():
    tall = photo((700, 1100)).transpose(Image.Transpose.ROTATE_90)
    assert take_photo(jpeg(tall, orientation=6)).width == 700
    assert "photo.small" in codes(jpeg(photo((560, 900)).transpose(Image.Transpose.ROTATE_90), orientation=6))


def test_place_camera_and_everything_else_about_it_is_gone():
    content = jpeg(photo(SMALL), gps=True)
    with Image.open(io.BytesIO(content)) as came:
        assert came.getexif().get_ifd(0x8825), "the test photo must have a place in it"
    taken = take_photo(content)
    assert b"Kamera-Werk" in content
    for mark in (b"Exif", b"Kamera-Werk", b"ICC_PROFILE", b"http", b"Photoshop"):
        assert mark not in taken.clean
    with Image.open(io.BytesIO(taken.clean)) as shown:
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert (taken.media_type, taken.came_as) == ("image/jpeg", "image/jpeg")


def test_a_comment_in_the_file_is_gone():
    sink = io.BytesIO()
    photo((800, 600)).save(sink, "JPEG", comment=b"taken at home")
    assert b"taken at home" in sink.getvalue()
    assert b"taken at home" not in take_photo(sink.getvalue()).clean


def test_a_preview_behind_the_picture_stays_behind():
    """Telephones append a second JPEG; what is shown has one (CIPA DC-007)."""
    taken = take_photo(jpeg(photo(SMALL)) + jpeg(photo((160, 120))))
    assert taken.clean.count(b"\xff\xd8\xff") == 1


def test_colours_of_a_wide_gamut_are_brought_home():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    sink = io.BytesIO()
    photo(SMALL).save(sink, "JPEG", icc_profile=profile)
    assert take_photo(sink.getvalue()).sharpness > 5, "a profile of another space is left out"
    sink = io.BytesIO()
    photo(SMALL).save(sink, "JPEG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    assert b"ICC_PROFILE" not in take_photo(sink.getvalue()).clean


def test_a_png_becomes_a_jpeg_and_transparency_white():
    picture = photo(SMALL).convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 200, 100))
    taken = take_photo(png(picture))
    assert taken.came_as == "image/png"
    with Image.open(io.BytesIO(taken.clean)) as shown:
        assert shown.format == "JPEG"
        assert min(shown.getpixel((50, 50))) > 250


def test_a_large_photo_is_shown_smaller_and_a_small_one_as_it_is():
    taken = take_photo(jpeg(photo((3600, 2700))))
    assert (taken.width, taken.height) == (2560, 1920)
    assert take_photo(jpeg(photo(SMALL))).width == SMALL[0]


def test_equal_photos_give_equal_bytes():
    content = jpeg(photo(SMALL))
    assert take_photo(content) == take_photo(content)


# --- what is seen ----------------------------------------------------------------------------------------------------


def test_the_more_blurred_the_less_sharp():
    row = [measured(photo(SMALL, blur=blur)) for blur in (0, 0.5, 1, 1.5, 2, 3, 5)]
    assert row == sorted(row, reverse=True)
    assert row[0] > 5
    assert row[2] > 1.5
    assert row[-2] < 0.3


@pytest.mark.parametrize("size", [(800, 600), (1600, 1200)])
@pytest.mark.parametrize("light", [{}, {"noise": 12.0}, {"brightness": 0.6}, {"fill": 0.4}, {"fill": 0.9}])
def test_a_mild_blur_passes_and_a_heavy_one_does_not(size, light):
    """Whatever the camera, the light, and how much of the picture the document fills."""
    assert not judge(photo(size, blur=1.0, **light))
    assert judge(photo(size, blur=4.0, **light)) == ["photo.blurred"]


def test_a_shaken_photo_is_blurred():
    """Along one direction only, as a hand moves: edges along the other stay crisp."""
    across = [0] * 25
    across[10:15] = [1] * 5
    down = [0] * 25
    down[2::5] = [1] * 5
    for kernel in (across, down):
        picture = photo(SMALL)
        for _ in range(5):
            picture = picture.filter(ImageFilter.Kernel((5, 5), kernel))
        assert judge(picture) == ["photo.blurred"]


def test_grain_is_no_sharpness():
    for noise in (12.0, 25.0):
        assert judge(photo((1600, 1200), blur=6, noise=noise)) == ["photo.blurred"]


def judge(picture):
    from documents.photos.sharpness import tones_of  # noqa: PLC0415 - as the child does

    luma = working_picture(picture)
    tones = tones_of(luma)
    measures = PhotoMeasures(*picture.size, sharpness_of(luma), tones.dark, tones.bright)
    return [each.code for each in judge_photo(measures)]


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (photo(SMALL, blur=5), ["photo.blurred"]),
        (photo((640, 480)), ["photo.small"]),
        (photo((640, 480), blur=5), ["photo.small", "photo.blurred"]),
        (photo(SMALL, brightness=0.25), ["photo.dark"]),
        (photo(SMALL, brightness=0.25, lift=190), ["photo.bright"]),
        (Image.new("RGB", SMALL, (120, 120, 120)), ["photo.blank"]),
        (Image.new("RGB", SMALL, (0, 0, 0)), ["photo.dark", "photo.blank"]),
        (Image.new("RGB", SMALL, (255, 255, 255)), ["photo.bright", "photo.blank"]),
        (photo((3000, 620)), ["photo.narrow"]),
    ],
    ids=["blurred", "small", "small-and-blurred", "dark", "bright", "wall", "lens-cap", "sun", "panorama"],
)
def test_everything_wrong_is_said_at_once(picture, expected):
    assert codes(picture) == expected


def test_every_finding_says_what_to_do_in_both_languages():
    for code, (zh, en) in PHOTO_FINDINGS.items():
        assert code.startswith("photo.")
        assert zh
        assert en


def test_the_least_size_is_taken():
    assert take_photo(jpeg(photo((800, 600)))).height == 600
    assert codes(photo((800, 599))) == ["photo.small"]


# --- what is no photo ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "upload.empty"),
        (b"MZ\x90\x00" + bytes(2000), "upload.unknown_type"),
        (b"<html><script>alert(1)</script></html>", "upload.unknown_type"),
        (b"%PDF-1.7\n" + bytes(2000), "upload.image_kind"),
        (b"GIF89a" + bytes(2000), "upload.unknown_type"),
        (jpeg(photo((800, 600)))[:-5000], "upload.truncated"),
        (jpeg(photo((800, 600))) + b"MZ" + bytes(500), "upload.trailing_data"),
        (jpeg(photo((800, 600))) + b"PK\x03\x04" + bytes(500), "upload.hidden_archive"),
    ],
    ids=["nothing", "program", "page", "pdf", "gif", "cut", "program-behind", "archive-behind"],
)
def test_what_is_not_just_a_picture_is_refused(content, code):
    assert upload_code(content) == code


def test_bombs_are_counted_before_they_are_decoded():
    small = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(small, "PNG")
    assert len(small.getvalue()) < 100_000
    assert upload_code(small.getvalue()) == "upload.too_many_pixels"
    picture = io.BytesIO()
    Image.new("1", (6000, 6000)).save(picture, "PNG")
    assert upload_code(picture.getvalue()) == "upload.too_many_pixels", "36 megapixels of PNG: 150 MB when decoded"


def test_a_picture_without_its_pixels_is_refused():
    header = struct.pack(">IIBBBBB", 800, 600, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(5000))), (b"IEND", b""))
    made = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    assert upload_code(made) in {"upload.malformed", "upload.truncated"}


def test_cmyk_is_refused():
    sink = io.BytesIO()
    photo((800, 600)).convert("CMYK").save(sink, "JPEG")
    assert upload_code(sink.getvalue()) == "upload.image_kind"


def test_the_reader_has_bounds():
    content = jpeg(photo((800, 600)))
    assert upload_code(content, bounds=ChildBounds(memory_bytes=60 << 20)) == "upload.reader_memory"
    assert upload_code(content, bounds=ChildBounds(wall_seconds=0.01)) == "upload.reader_time"


# --- drawings --------------------------------------------------------------------------------------------------------


def test_a_drawing_becomes_a_picture_black_on_white():
    made = picture_of_drawing(b"0 g 10 20 30 10 re f", 100, 50, width_px=400)
    with Image.open(io.BytesIO(made)) as picture:
        assert (picture.format, picture.size) == ("PNG", (400, 200))
        seen = picture.convert("L")
    expected = Image.new("L", (400, 200), 255)
    ImageDraw.Draw(expected).rectangle((40, 80, 159, 119), fill=0)
    assert seen.getpixel((100, 100)) == 0
    assert seen.getpixel((10, 10)) == 255
    assert abs(sum(seen.histogram()[:64]) - sum(expected.histogram()[:64])) < 600
