"""What a look into a video shows, judged: every finding at once (ZN-14…16, H-39)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from documents.video import TrackSeen
from notary.applicant.judge_video import judge_video
from tests.builders.applicants import GOOD_VIDEO
from tests.builders.cases import profile
from tests.builders.termination import CITY

pytestmark = [pytest.mark.rule("ZN-14"), pytest.mark.rule("ZN-15"), pytest.mark.rule("ZN-16")]

RULE = profile(CITY).cancelling.notary["new_house_cancel"].video
PICTURE, SOUND = GOOD_VIDEO.tracks
HELD, OTHER = TrackSeen("data", "mebx", 0), ["video.other_track"]


def lasting(ms):
    tracks = (replace(PICTURE, duration_ms=ms), replace(SOUND, duration_ms=ms))
    return replace(GOOD_VIDEO, duration_ms=ms, decoded_ms=ms, tracks=tracks)


def codes(facts):
    return [finding.code for finding in judge_video(facts, RULE)]


def test_a_good_one_passes():
    assert codes(GOOD_VIDEO) == []


@pytest.mark.rule("H-39")
@pytest.mark.parametrize(
    ("ms", "expected"),
    [
        (0, ["video.too_short"]),
        (14_900, ["video.too_short"]),
        (14_949, ["video.too_short"]),
        (14_950, []),
        (15_000, []),
        (22_500, []),
        (30_000, []),
        (30_050, []),
        (30_051, ["video.too_long"]),
        (31_000, ["video.too_long"]),
        (3_600_000, ["video.too_long"]),
    ],
)
def test_fifteen_to_thirty_seconds_both_inclusive(ms, expected):
    """Within a frame: a recording ends with a whole one."""
    assert codes(lasting(ms)) == expected


@pytest.mark.rule("H-39")
def test_the_seconds_are_the_citys():
    rule = replace(RULE, target_seconds=10, longest_seconds=12)
    assert [finding.code for finding in judge_video(lasting(15_000), rule)] == ["video.too_long"]
    assert judge_video(lasting(11_000), rule) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tracks": (PICTURE,)}, ["video.no_sound"]),
        ({"tracks": (SOUND,)}, ["video.no_picture"]),
        ({"tracks": ()}, ["video.no_picture", "video.no_sound"]),
        ({"tracks": (PICTURE, PICTURE, SOUND)}, ["video.several_pictures"]),
        ({"tracks": (PICTURE, SOUND, SOUND)}, ["video.several_sounds"]),
        ({"tracks": (PICTURE, SOUND, TrackSeen("subtitle", "mov_text", 0))}, ["video.other_track"]),
        ({"tracks": (PICTURE, SOUND, TrackSeen("attachment", "ttf", 0))}, ["video.other_track"]),
        ({"tracks": (replace(PICTURE, codec="mjpeg"), SOUND)}, ["video.codec"]),
        ({"tracks": (PICTURE, replace(SOUND, codec="pcm_s16le"))}, ["video.codec"]),
        ({"tracks": (PICTURE, replace(SOUND, duration_ms=9000))}, ["video.tracks_apart"]),
        ({"tracks": (replace(PICTURE, duration_ms=40), SOUND)}, ["video.tracks_apart"]),
        ({"decoded_ms": 8500}, ["video.cut_short"]),
        ({"decoded_ms": 16_499}, ["video.cut_short"]),
        ({"decoded_ms": 16_500}, []),
        ({"brightest": 16}, ["video.black"]),
        ({"brightest": 27}, ["video.black"]),
        ({"brightest": 28}, []),
        ({"loudest_db": -91.0}, ["video.silent"]),
        ({"loudest_db": float("-inf")}, ["video.silent"]),
        ({"loudest_db": -50.1}, ["video.silent"]),
        ({"loudest_db": -40.0}, []),
        ({"width": 176, "height": 144}, ["video.small"]),
        ({"width": 240, "height": 320}, []),
        ({"whole": False}, ["video.foreign_bytes"]),
        ({"media_type": "video/x-msvideo"}, ["video.media_type"]),
        ({"media_type": "text/html"}, ["video.media_type"]),
        ({"media_type": "video/webm"}, []),
        ({"media_type": "video/quicktime"}, []),
        ({"media_type": "video/quicktime", "tracks": (PICTURE, SOUND, HELD)}, []),
        ({"media_type": "video/quicktime", "tracks": (PICTURE, SOUND, HELD, HELD)}, []),
        ({"tracks": (PICTURE, SOUND, HELD)}, ["video.other_track"]),
        ({"media_type": "video/quicktime", "tracks": (PICTURE, HELD)}, ["video.no_sound"]),
        ({"media_type": "video/quicktime", "tracks": (PICTURE, SOUND, replace(HELD, codec="bin_data"))}, OTHER),
        ({"media_type": "video/quicktime", "tracks": (PICTURE, SOUND, replace(HELD, kind="subtitle"))}, OTHER),
    ],
)
def test_each_way_to_prove_nothing(changes, expected):
    assert codes(replace(GOOD_VIDEO, **changes)) == expected


@pytest.mark.parametrize("codec", ["h264", "hevc", "vp8", "vp9", "av1"])
@pytest.mark.parametrize("sound", ["aac", "opus", "mp3", "vorbis"])
def test_what_telephones_record_is_taken(codec, sound):
    assert codes(replace(GOOD_VIDEO, tracks=(replace(PICTURE, codec=codec), replace(SOUND, codec=sound)))) == []


def test_everything_is_said_at_once():
    worst = replace(
        lasting(9000), media_type="video/ogg", whole=False, brightest=0, loudest_db=-120.0, width=10, decoded_ms=10
    )
    assert codes(worst) == [
        *("video.media_type", "video.foreign_bytes", "video.too_short", "video.cut_short"),
        *("video.black", "video.small", "video.silent"),
    ]
    for finding in judge_video(worst, RULE):
        assert finding.zh
        assert finding.en


def test_what_is_not_there_is_not_judged_besides():
    """Without sound nothing is silent, without a picture nothing is black."""
    assert codes(replace(GOOD_VIDEO, tracks=(PICTURE,), loudest_db=float("-inf"))) == ["video.no_sound"]
    assert codes(replace(GOOD_VIDEO, tracks=(SOUND,), brightest=0, width=0, height=0)) == ["video.no_picture"]
