"""Real films by real tools, handed in by a purchaser's telephone: taken, or refused with everything that is wrong."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest

from errors import QianshuError
from notary.errors import VideoRefused
from qianshu.service.notary_desks import VideoLook
from tests.builders.applicants import applicants
from tests.builders.cases import FOREIGNER
from tests.builders.films import SOUND, Film, as_an_iphone_writes, film

pytestmark = [
    pytest.mark.needs("ffmpeg", "ffprobe"),
    pytest.mark.rule("ZN-14"),
    pytest.mark.rule("ZN-15"),
    pytest.mark.rule("H-39"),
]

PICTURE = "testsrc2=size=320x240:rate=10"
BLACK = "color=black:size=320x240:rate=10"
SILENCE = "anullsrc=sample_rate=48000"
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1")
TYPES = {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}


def shot(**how):
    return Film(**{"picture": PICTURE} | how)


@pytest.fixture(scope="module")
def waiting():
    """A purchaser who has come as far as the video."""
    office = applicants(FOREIGNER)
    office.phone(FOREIGNER, "buyer-1").walk("video")
    return office.case


@pytest.fixture
def hand_in(waiting):
    office = applicants(FOREIGNER)
    office.case, office.probe = waiting, VideoLook()

    def handed_in(content):
        office.phone(FOREIGNER, "buyer-1").film(content)
        return office.task().videos[-1]

    return handed_in


@pytest.mark.parametrize(
    "how",
    [shot(), shot(seconds=30), shot(container="webm"), shot(container="mov"), shot(container="mov", more=HEVC)],
    ids=["target", "longest", "webm", "mov", "hevc"],
)
def test_what_a_telephone_records_is_taken(hand_in, how):
    video = hand_in(film(how))
    assert abs(video.duration_ms - how.seconds * 1000) <= 100
    assert video.media_type == TYPES[how.container]


def test_what_an_iphone_writes_is_taken(hand_in):
    """Beside picture and sound it says how it was held."""
    assert hand_in(as_an_iphone_writes(film(shot(container="mov")))).media_type == "video/quicktime"


@pytest.mark.parametrize(
    ("how", "codes"),
    [
        (shot(seconds=14.9), ["video.too_short"]),
        (shot(seconds=31), ["video.too_long"]),
        (shot(sound=None), ["video.no_sound"]),
        (shot(picture=None), ["video.no_picture"]),
        (shot(picture=BLACK), ["video.black"]),
        (shot(sound=SILENCE), ["video.silent"]),
        (shot(picture=BLACK, sound=SILENCE, seconds=4), ["video.too_short", "video.black", "video.silent"]),
        (shot(container="mkv"), ["video.media_type"]),
        (shot(picture="testsrc2=size=96x64:rate=10"), ["video.small"]),
        (shot(sound=f"{SOUND}:duration=6"), ["video.cut_short", "video.tracks_apart"]),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else None,
)
def test_what_proves_nothing_is_refused(hand_in, how, codes):
    with pytest.raises(VideoRefused) as refused:
        hand_in(film(how))
    assert [finding.code for finding in refused.value.findings] == codes


def zipped():
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("run.bat", "echo")
    return sink.getvalue()


GOOD, FRONT, MOV = shot(), shot(more=("-movflags", "+faststart")), shot(container="mov")


@pytest.mark.parametrize(
    ("spoilt", "codes"),
    [
        (lambda: film(FRONT)[: len(film(FRONT)) // 2], {"video.cut_short", "video.foreign_bytes"}),
        (lambda: film(GOOD)[: len(film(GOOD)) // 2], {"video.unreadable"}),
        (lambda: film(shot(container="webm"))[: len(film(shot(container="webm"))) // 2], {"video.cut_short"}),
        (lambda: film(GOOD) + zipped(), {"video.foreign_bytes"}),
        (lambda: film(MOV) + zipped(), {"video.foreign_bytes"}),
        (lambda: as_an_iphone_writes(film(MOV), bytes(1 << 18)), {"video.foreign_bytes"}),
        (lambda: zipped() + film(GOOD), {"video.unreadable", "video.foreign_bytes"}),
        (lambda: b"<html><script>alert(1)</script></html>" + film(GOOD), {"video.unreadable", "video.foreign_bytes"}),
        (lambda: Path(sys.executable).read_bytes()[: 1 << 20], {"video.unreadable"}),
        (lambda: b"", {"video.unreadable"}),
    ],
    ids=[
        "cut",
        "cut before its index",
        "cut webm",
        "zip behind",
        "zip behind mov",
        "too much beside mov",
        "zip in front",
        "page in front",
        "program",
        "nothing",
    ],
)
def test_what_is_not_just_a_film_is_refused(hand_in, spoilt, codes):
    with pytest.raises(QianshuError) as refused:
        hand_in(spoilt())
    error = refused.value
    found = {finding.code for finding in error.findings} if isinstance(error, VideoRefused) else {error.code}
    assert found & codes
    assert error.zh
    assert error.en
