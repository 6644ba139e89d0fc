"""One gap, exactly its own /Contents: everything else is refused with a reason."""

from __future__ import annotations

import io

import pytest

from signing.validation.byterange import check_byte_range, check_padding, spans_a_string
from signing.validation.fields import SignatureDictionary

FILE = b"%PDF-1.7 .........<30820001>.......%%EOF"
GAP = (FILE.index(b"<"), FILE.index(b">") + 1)
SOUND = (0, GAP[0], GAP[1], len(FILE) - GAP[1])


def dictionary(byte_range: tuple[int, ...] | None, contents: bytes | None = b"\x30\x82\x00\x01") -> SignatureDictionary:
    return SignatureDictionary((9, 0), "/Sig", "/ETSI.CAdES.detached", byte_range, contents, None, None, None, None)


def codes(
    byte_range: tuple[int, ...] | None, contents: bytes | None = b"\x30\x82\x00\x01", file: bytes = FILE
) -> list[str]:
    _, findings = check_byte_range(io.BytesIO(file), len(file), dictionary(byte_range, contents), "f")
    return [finding.code for finding in findings]


def test_sound_range_has_no_finding() -> None:
    found, findings = check_byte_range(io.BytesIO(FILE), len(FILE), dictionary(SOUND), "f")
    assert findings == ()
    assert found is not None
    assert (found.gap_start, found.gap_end, found.end) == (*GAP, len(FILE))


@pytest.mark.parametrize(
    ("byte_range", "code"),
    [
        (None, "byte_range.missing"),
        ((), "byte_range.malformed"),
        ((0, 0, 0, 0), "byte_range.malformed"),
        ((1, GAP[0] - 1, GAP[1], 5), "byte_range.malformed"),
        ((-1, GAP[0], GAP[1], 5), "byte_range.malformed"),
        ((0, GAP[1], GAP[0], 5), "byte_range.malformed"),
        ((0, GAP[0], GAP[1], -5), "byte_range.malformed"),
        ((0, GAP[0], GAP[1], 0), "byte_range.malformed"),
        ((*SOUND, 3, 3), "byte_range.malformed"),
        ((0, GAP[0], GAP[1], SOUND[3] + 1), "byte_range.beyond_file"),
        ((0, GAP[0] - 1, GAP[1], SOUND[3]), "byte_range.gap"),
        ((0, GAP[0], GAP[1] + 1, SOUND[3] - 1), "byte_range.gap"),
        ((0, GAP[0] + 1, GAP[1] - 1, SOUND[3]), "byte_range.gap"),
    ],
    ids=str,
)
def test_any_other_range_is_named(byte_range: tuple[int, ...] | None, code: str) -> None:
    assert code in codes(byte_range)


@pytest.mark.parametrize(
    "inside", [b"<3082 001>", b"<3082000g>", b"<308200\n1>", b"(30820001)", b"<3082>001>"], ids=repr
)
def test_gap_that_is_not_one_string_of_digits_is_refused(inside: bytes) -> None:
    assert "byte_range.gap" in codes(SOUND, file=FILE.replace(b"<30820001>", inside))


def test_contents_must_be_what_stands_in_the_gap() -> None:
    assert codes(SOUND, b"\x30\x82\x00\x02") == ["contents.mismatch"]


@pytest.mark.parametrize("contents", [None, b"", b"\x00\x00"], ids=repr)
def test_contents_must_be_there(contents: bytes | None) -> None:
    assert "contents.missing" in codes(SOUND, contents)


def test_only_zeros_may_follow_the_signature_data() -> None:
    assert check_padding(dictionary(SOUND, b"\x30\x00\x00\x00"), 2, "f") == ()
    assert [item.code for item in check_padding(dictionary(SOUND, b"\x30\x00\x00\x01"), 2, "f")] == [
        "contents.trailing_data"
    ]


def test_range_of_a_file_within_the_file_is_not_taken_for_one_of_this() -> None:
    assert spans_a_string(io.BytesIO(FILE), SOUND)
    assert not spans_a_string(io.BytesIO(FILE), (0, 3, 9, 5))
    assert not spans_a_string(io.BytesIO(FILE), (0, 3, 9))
