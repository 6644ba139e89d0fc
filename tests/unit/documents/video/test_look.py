"""Real films, real tools: good ones are seen as they are, and every other kind shows in a fact or is refused."""

from __future__ import annotations

import io
import os
import shutil
import struct
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from documents.errors import VideoError
from documents.video import SILENCE_DB, VideoLimits, VideoSeen, look
from documents.video.containers import container_of, is_whole
from documents.video.loopback import served_on_loopback
from tests.builders.films import SOUND, Film, as_an_iphone_writes, atom, film

pytestmark = pytest.mark.needs("ffmpeg", "ffprobe")

GOOD = Film()
FAST_START = Film(more=("-movflags", "+faststart"))
WEBM = Film(container="webm")
SHORT = Film(seconds=3)
SHORT_FIRST = Film(seconds=3, more=("-movflags", "+faststart"))
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1")
MOV = Film(container="mov")
SHORT_MOV = Film(seconds=3, container="mov")
SHORT_WEBM = Film(seconds=3, container="webm")


def seen(content: bytes, limits: VideoLimits | None = None) -> VideoSeen:
    return look(io.BytesIO(content)) if limits is None else look(io.BytesIO(content), limits)


def near(found: int, wanted: int, tolerance: int = 70) -> bool:
    return abs(found - wanted) <= tolerance


@pytest.mark.rule("ZN-14")
@pytest.mark.parametrize(
    ("how", "media_type", "codecs"),
    [
        (GOOD, "video/mp4", ("h264", "aac")),
        (FAST_START, "video/mp4", ("h264", "aac")),
        (MOV, "video/quicktime", ("h264", "aac")),
        (Film(container="mov", more=HEVC), "video/quicktime", ("hevc", "aac")),
        (Film(container="mov", more=("-movflags", "+faststart")), "video/quicktime", ("h264", "aac")),
        (WEBM, "video/webm", ("vp8", "opus")),
        (Film(more=("-movflags", "frag_keyframe+empty_moov+default_base_moof")), "video/mp4", ("h264", "aac")),
        (Film(container="webm", more=("-live", "1")), "video/webm", ("vp8", "opus")),
    ],
    ids=[
        "index at the end",
        "index first",
        "QuickTime",
        "HEVC in it",
        "its index first",
        "WebM",
        "fragments",
        "recorded live",
    ],
)
def test_a_good_film_is_seen_as_it_is(how: Film, media_type: str, codecs: tuple[str, ...]) -> None:
    found = seen(film(how))
    assert found.media_type == media_type
    assert [track.kind for track in found.tracks] == ["video", "audio"]
    assert tuple(track.codec for track in found.tracks) == codecs
    assert near(found.duration_ms, 15_000)
    assert all(near(track.duration_ms, 15_000) for track in found.tracks)
    assert near(found.decoded_ms, 15_000)
    assert (found.width, found.height) == (160, 120)
    assert found.brightest > 80
    assert -30 < found.loudest_db < -10
    assert found.whole


@pytest.mark.rule("ZN-14")
def test_what_an_iphone_writes_beside_picture_and_sound_has_a_name() -> None:
    found = seen(as_an_iphone_writes(film(MOV)))
    assert [(track.kind, track.codec) for track in found.tracks] == [
        ("video", "h264"),
        ("audio", "aac"),
        ("data", "mebx"),
    ]
    assert near(found.duration_ms, 15_000)
    assert near(found.decoded_ms, 15_000)
    assert found.whole


@pytest.mark.rule("ZN-14")
@pytest.mark.parametrize("seconds", [14.9, 31.0])
def test_length_is_as_it_is(seconds: float) -> None:
    found = seen(film(Film(seconds=seconds, picture="testsrc2=size=160x120:rate=20")))
    assert near(found.duration_ms, round(seconds * 1000), 30)
    assert near(found.decoded_ms, round(seconds * 1000), 60)


def test_a_film_without_sound_has_no_such_track() -> None:
    found = seen(film(Film(sound=None)))
    assert [track.kind for track in found.tracks] == ["video"]
    assert found.loudest_db == SILENCE_DB
    assert near(found.decoded_ms, 15_000)


def test_sound_without_a_picture() -> None:
    found = seen(film(Film(seconds=3, picture=None)))
    assert [track.kind for track in found.tracks] == ["audio"]
    assert (found.width, found.height, found.brightest) == (0, 0, 0)


@pytest.mark.parametrize("levels", ["tv", "pc"])
def test_a_covered_lens_is_black(levels: str) -> None:
    black = "color=black:size=160x120:rate=12,noise=alls=3"
    found = seen(
        film(Film(seconds=3, picture=black, more=("-vf", f"scale=out_range={levels}", "-color_range", levels)))
    )
    assert 14 <= found.brightest <= 22


def test_one_bright_frame_shows() -> None:
    flash = "color=black:size=160x120:rate=12,drawbox=color=white:t=fill:enable='eq(n,50)'"
    assert seen(film(Film(seconds=8, picture=flash))).brightest > 200


@pytest.mark.parametrize("how", ["digital silence", "hiss"])
def test_silence_is_silent(how: str) -> None:
    sound = "anullsrc=sample_rate=48000" if how == "digital silence" else f"{SOUND},volume=-80dB"
    assert seen(film(Film(seconds=3, sound=sound))).loudest_db < -60


def test_a_film_on_its_side_is_measured_upright() -> None:
    content = film(SHORT)
    turned = turned_by_a_quarter(content)
    found = seen(turned)
    assert (found.width, found.height) == (120, 160)


def turned_by_a_quarter(content: bytes) -> bytes:
    """The matrix of the first track, as a telephone held upright writes it (ISO/IEC 14496-12 § 8.3.2)."""
    at = content.index(b"tkhd") + 4 + 40
    return content[:at] + struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30) + content[at + 36 :]


# ── cut, renamed, two things at once ──


@pytest.mark.rule("ZN-14")
@pytest.mark.parametrize("how", [FAST_START, WEBM], ids=["mp4", "webm"])
def test_half_a_film_claims_more_than_it_has(how: Film) -> None:
    content = film(how)
    found = seen(content[: len(content) // 2])
    assert near(found.duration_ms, 15_000)
    assert found.decoded_ms < 12_000
    assert not found.whole


def test_a_film_cut_before_its_index_is_unreadable() -> None:
    content = film(GOOD)
    with pytest.raises(VideoError, match=r"video\.unreadable"):
        seen(content[: len(content) // 2])


OTHERS = {
    "program": lambda: Path(sys.executable).read_bytes(),
    "nothing": lambda: b"",
    "text": lambda: b"15 seconds" * 1000,
    "playlist": lambda: b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:15,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "concatenation": lambda: b"ffconcat version 1.0\nfile /etc/passwd\n",
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "ftyp alone": lambda: film(SHORT)[:32],
    "ftyp before a playlist": lambda: film(SHORT)[:32] + b"#EXTM3U\n#EXTINF:15,\nfile:///etc/passwd\n",
    "EBML of another kind": lambda: film(SHORT_WEBM).replace(b"webm", b"wavy"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_film_is_unreadable(name: str) -> None:
    with pytest.raises(VideoError, match=r"video\.unreadable"):
        seen(OTHERS[name]())


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("run.exe", b"MZ" + bytes(100))
    return made.getvalue()


def hidden_in_data(content: bytes) -> bytes:
    """The data box, at the end in a film whose index comes first, made longer: no sample points there."""
    at = content.index(b"mdat") - 4
    size = int.from_bytes(content[at : at + 4], "big")
    assert at + size == len(content)
    return content[:at] + (size + 300).to_bytes(4, "big") + content[at + 4 :] + b"a program" + bytes(291)


def with_user_data(content: bytes, more: bytes) -> bytes:
    """The index, at the end, made longer by what applications may write into it."""
    at = content.rindex(b"moov") - 4
    return content[:at] + atom(b"moov", content[at + 8 :], atom(b"udta", atom(b"name", more)))


POLYGLOTS = {
    "archive behind": lambda: film(SHORT) + zipped(),
    "archive behind, in a box": lambda: film(SHORT) + atom(b"free", zipped()),
    "archive behind a box of its own kind": lambda: film(SHORT) + atom(b"uuid", bytes(16) + zipped()),
    "PDF behind": lambda: film(SHORT) + b"%PDF-1.7\n%%EOF",
    "PDF in front, in a box": lambda: film(SHORT)[:32] + atom(b"free", b"%PDF-1.7\n") + film(SHORT)[32:],
    "page behind": lambda: film(SHORT) + b"<html><script>alert(1)</script></html>",
    "one byte behind": lambda: film(SHORT) + b"\0",
    "hidden among the samples": lambda: hidden_in_data(film(SHORT_FIRST)),
    "another film behind": lambda: film(SHORT) + film(SHORT),
    "archive behind QuickTime": lambda: film(SHORT_MOV) + zipped(),
    "archive behind QuickTime, in a box": lambda: film(SHORT_MOV) + atom(b"skip", zipped()),
    "archive in QuickTime's room left wide": lambda: (
        film(SHORT_MOV)[:20] + atom(b"wide", zipped()) + film(SHORT_MOV)[28:]
    ),
    "page in QuickTime's picture": lambda: film(SHORT_MOV) + atom(b"pnot", b"<html><script>alert(1)</script>"),
    "program in timed metadata": lambda: as_an_iphone_writes(film(SHORT_MOV), b"MZ" + bytes(1 << 18)),
    "program in user data": lambda: film(SHORT_MOV) + atom(b"udta", b"MZ" + bytes(100)),
    "program in user data of the film": lambda: with_user_data(film(SHORT_MOV), b"MZ" + bytes(1 << 18)),
    "sound from elsewhere": lambda: as_an_iphone_writes(film(SHORT_MOV), references=b"\0"),
    "archive behind WebM": lambda: film(SHORT_WEBM) + zipped(),
    "archive behind WebM, in Void": lambda: film(SHORT_WEBM) + b"\xec\x40" + bytes([len(zipped())]) + zipped(),
    "byte behind WebM": lambda: film(SHORT_WEBM) + b"\0",
}


@pytest.mark.rule("ZN-14")
@pytest.mark.parametrize("name", POLYGLOTS)
def test_a_film_that_is_something_else_too_is_not_whole(name: str) -> None:
    content = io.BytesIO(POLYGLOTS[name]())
    assert not is_whole(content, container_of(content))


# ── bounds ──


def test_a_film_too_heavy_is_given_up() -> None:
    with pytest.raises(VideoError, match=r"video\.too_heavy"):
        seen(film(SHORT), VideoLimits(wall_seconds=0.01))


def test_a_long_film_is_decoded_in_part() -> None:
    found = seen(film(SHORT), VideoLimits(decoded_seconds=1))
    assert near(found.duration_ms, 3_000)
    assert near(found.decoded_ms, 1_000, 150)


def test_a_frame_too_large_is_not_decoded() -> None:
    assert seen(film(SHORT), VideoLimits(max_pixels=100)).decoded_ms == 0


def test_memory_of_the_tool_is_bound() -> None:
    with pytest.raises(VideoError):
        seen(film(SHORT), VideoLimits(memory_bytes=32 << 20))


def test_without_the_tool_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    content = film(SHORT)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(VideoError, match=r"video\.no_tool"):
        seen(content)


def test_nothing_is_left_running_or_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    seen(film(SHORT))
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    children = subprocess.run(["pgrep", "-P", str(os.getpid()), "ffmpeg"], capture_output=True, check=False)
    assert children.stdout == b""


# ── the address ──


def fetched(address: str) -> bytes:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address) as answer:
        return answer.read()


def test_the_address_gives_the_recording_to_whoever_has_it_whole() -> None:
    with served_on_loopback(io.BytesIO(b"a film")) as address:
        assert fetched(address) == b"a film"
        for wrong in (address[:-1], address.rpartition("/")[0] + "/", address + "x"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                fetched(wrong)
    with pytest.raises(urllib.error.URLError):
        fetched(address)


def test_another_user_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with served_on_loopback(io.BytesIO(b"a film")) as address:
        monkeypatch.setattr(os, "getuid", lambda: 12345)
        with pytest.raises((urllib.error.URLError, ConnectionError)):
            fetched(address)


def test_reading_in_circles_ends() -> None:
    with served_on_loopback(io.BytesIO(bytes(20 << 20))) as address:
        sizes = []
        for _ in range(14):
            try:
                sizes.append(len(fetched(address)))
            except OSError:
                sizes.append(-1)
            except Exception as cut:  # noqa: BLE001 - http.client.IncompleteRead
                sizes.append(-len(str(cut)))
    assert sizes[0] == 20 << 20
    assert sizes[-1] <= 0
