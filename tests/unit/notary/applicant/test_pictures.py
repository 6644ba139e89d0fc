"""Photos and signature: what is shown is clean, what came stays sealed, what shows nothing is refused (ZN-11, -14)."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from documents.errors import UploadError
from documents.photos import PhotoRefused
from filing.case.notary import FileKind
from signing.errors import HandwritingError
from signing.ink import parse_handwriting
from tests.builders.applicants import applicants, card
from tests.builders.cases import BUYER, FOREIGNER
from tests.builders.desks import code_of, strokes_document
from tests.builders.id_photos import jpeg, photo

pytestmark = [pytest.mark.rule("ZN-11"), pytest.mark.rule("ZN-14")]


@pytest.fixture
def office():
    return applicants(FOREIGNER)


@pytest.fixture
def phone(office):
    phone = office.phone(FOREIGNER, "buyer-1")
    phone.walk("upload_id_photos")
    return phone


def kept(office, sha256):
    return office.files.get(office.case.case_no, sha256)


def test_the_photo_that_is_shown_is_clean_and_the_one_that_came_is_kept(office, phone):
    content = jpeg(photo((600, 800)), orientation=6, gps=True)
    answer = phone.take("id_front", content).answer
    (file,) = office.task().files
    assert answer == {"sha256": file.sha256}
    assert (file.kind, file.media_type, file.added_by) == (FileKind.ID_FRONT, "image/jpeg", FOREIGNER.account)
    assert kept(office, file.original_sha256) == content
    assert office.files.types[file.original_sha256] == "image/jpeg"
    shown = kept(office, file.sha256)
    assert b"Exif" not in shown
    with Image.open(io.BytesIO(shown)) as picture:
        assert picture.size == (800, 600)


@pytest.mark.rule("H-38")
def test_both_sides_make_the_step_and_the_one_in_hand_is_another(office, phone):
    phone.take("id_back")
    assert office.steps()[-1] == "read_all"
    assert code_of(lambda: phone.take("id_in_hand")) == "notary.out_of_order"
    phone.take("id_front")
    assert office.steps()[-1] == "upload_id_photos"
    phone.take("id_in_hand")
    assert office.steps()[-1] == "upload_id_in_hand"


def test_nobody_of_the_mainland_holds_a_card_up():
    office = applicants(BUYER)
    phone = office.phone(BUYER, "buyer-1")
    phone.walk("upload_signature_image")
    assert code_of(lambda: phone.take("id_in_hand")) == "notary.not_a_step"


def test_one_photo_is_not_two(office, phone):
    phone.take("id_front", card("id_front"))
    assert code_of(lambda: phone.take("id_back", card("id_front"))) == "notary.same_photo"
    phone.take("id_front", card("id_front"))


@pytest.mark.parametrize(
    ("content", "error", "code"),
    [
        (jpeg(photo((1024, 768), blur=5)), PhotoRefused, "photo.refused"),
        (jpeg(photo((500, 400))), PhotoRefused, "photo.refused"),
        (b"MZ" + bytes(400), UploadError, "upload.unknown_type"),
        (b"%PDF-1.7 x", UploadError, "upload.image_kind"),
    ],
    ids=["blurred", "small", "program", "pdf"],
)
def test_what_shows_nothing_leaves_nothing(office, phone, content, error, code):
    before = office.case
    with pytest.raises(error) as refused:
        phone.take("id_front", content)
    assert refused.value.code == code
    assert office.case == before
    assert not office.files.kept
    assert office.refused[-1].data == {"act": "notary-upload-photo", "code": code}


# --- signature -------------------------------------------------------------------------------------------------------


@pytest.fixture
def signing(phone):
    phone.walk("upload_signature_image")
    return phone


def test_the_strokes_are_sealed_and_a_picture_is_shown(office, signing):
    signing.sign()
    task = office.task()
    ink, picture = task.file(FileKind.INK), task.file(FileKind.SIGNATURE)
    written = parse_handwriting(kept(office, ink.sha256))
    assert len(written.strokes) == 2
    assert task.steps[-1].reference == ink.sha256
    with Image.open(io.BytesIO(kept(office, picture.sha256))) as drawn:
        assert (drawn.format, drawn.width, picture.media_type) == ("PNG", 900, "image/png")
        black = drawn.convert("L").point(lambda value: 255 if value < 128 else 0)
    share = sum(black.histogram()[128:]) / (black.width * black.height)
    assert 0.001 < share < 0.3
    left, top, right, bottom = black.getbbox()
    assert right - left > 20
    assert bottom - top > 200, "it fills the height of the field"
    assert min(left, top, drawn.width - right, drawn.height - bottom) > 10, "and is nowhere cut off"


@pytest.mark.parametrize(
    ("strokes", "code"),
    [
        ([], "handwriting.blank"),
        ([[[300, 40, 0], [300, 40, 40]]], "handwriting.dot"),
        ([[[100, 150, 0], [300, 150, 90], [600, 150, 200]]], "handwriting.straight_line"),
        ("strokes", "handwriting.malformed"),
    ],
)
def test_what_no_hand_signs_with_is_refused(office, signing, strokes, code):
    before = office.case
    with pytest.raises(HandwritingError) as refused:
        signing.sign(strokes=strokes_document() | {"strokes": strokes})
    assert refused.value.code == code
    assert office.case == before


def test_written_again_the_newest_counts(office, signing):
    signing.sign()
    first = office.task().file(FileKind.INK)
    moved = strokes_document()
    moved["strokes"] = [[[x + 1, y, t] for x, y, t in stroke] for stroke in moved["strokes"]]
    signing.sign(strokes=moved)
    newest = office.task().file(FileKind.INK)
    assert newest.sha256 != first.sha256
    assert office.task().steps[-1].reference == newest.sha256
    assert office.steps().count("upload_signature_image") == 1
