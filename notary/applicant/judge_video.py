"""Whether a video proves anything (ZN-14…16, H-39), by what a look into it showed; every finding at once. Pure.

That the right person reads the right words in it is for the notary to see; this stops what cannot be seen or heard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from identity.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from documents.video import TrackSeen, VideoSeen
    from filing.profile.cancelling import VideoRule
    from identity.findings import Findings

__all__ = ["judge_video"]

MEDIA_TYPES: Final = frozenset({"video/mp4", "video/quicktime", "video/webm"})
"""What telephones record: browsers, most telephones, iPhones. All are played as they came."""

CODECS: Final = {
    "video": frozenset({"h264", "hevc", "vp8", "vp9", "av1"}),
    "audio": frozenset({"aac", "opus", "mp3", "vorbis"}),
}
"""What the recorders of browsers and telephones write, as ffprobe calls it."""

BESIDE: Final = frozenset({("video/quicktime", "data", "mebx")})
"""Tracks that are no picture or sound and come all the same: iPhones write beside them how they were held."""

FRAME_MS: Final = 50
"""A recording ends with a whole frame and a whole packet of sound: up to 1/20 s beside the clock."""

TRACKS_APART_MS: Final = 1000
"""Sound may begin some tenths of a second after the picture and end before it; more is another recording's sound."""

CUT_MS: Final = 500
"""The last pictures of a stream may be missing from a decoder's count; half a second may not."""

BLACK_LUMA: Final = 28
"""Black is 16 (ITU-R BT.601, limited range). A covered lens stays within a few steps of it, a dim room is above 40."""

SILENT_DB: Final = -50.0
"""A muted microphone gives nothing at all, an empty quiet room some -55 dBFS, speech at arm's length more than -30."""

SMALLEST_SIDE: Final = 240
"""Pixels of the shorter side: below, no face is told from another."""


def judge_video(facts: VideoSeen, rule: VideoRule) -> Findings:
    """Everything that is wrong with it; empty if nothing is."""
    return (*_of_container(facts), *_of_length(facts, rule), *_of_tracks(facts), *_of_what_is_seen(facts))


def _of_container(facts: VideoSeen) -> Iterator[Finding]:
    if facts.media_type not in MEDIA_TYPES:
        yield _finding(
            "video.media_type",
            "只接受MP4、MOV或WebM视频",
            "only MP4, QuickTime and WebM videos are taken",
            media_type=facts.media_type,
        )
    if not facts.whole:
        yield _finding(
            "video.foreign_bytes",
            "视频文件夹带其他内容，请重新录制",
            "the file holds something that is not the video: record it again",
        )


def _of_length(facts: VideoSeen, rule: VideoRule) -> Iterator[Finding]:
    shortest, longest = rule.target_seconds * 1000, rule.longest_seconds * 1000
    if facts.duration_ms < shortest - FRAME_MS:
        yield _finding(
            "video.too_short",
            f"视频不足{rule.target_seconds}秒，请重新录制",
            f"the video is shorter than {rule.target_seconds} seconds: record it again",
            duration_ms=facts.duration_ms,
        )
    if facts.duration_ms > longest + FRAME_MS:
        yield _finding(
            "video.too_long",
            f"视频超过{rule.longest_seconds}秒，请重新录制",
            f"the video is longer than {rule.longest_seconds} seconds: record it again",
            duration_ms=facts.duration_ms,
        )
    if facts.decoded_ms < facts.duration_ms - CUT_MS:
        yield _finding(
            "video.cut_short",
            "视频文件不完整，请重新上传或重新录制",
            "the video breaks off before its end: upload or record it again",
            decoded_ms=facts.decoded_ms,
        )


def _of_tracks(facts: VideoSeen) -> Iterator[Finding]:
    pictures = [track for track in facts.tracks if track.kind == "video"]
    sounds = [track for track in facts.tracks if track.kind == "audio"]
    yield from _one_of("picture", "画面", pictures)
    yield from _one_of("sound", "声音", sounds)
    beside = {track.kind for track in facts.tracks if (facts.media_type, track.kind, track.codec) not in BESIDE}
    others = sorted(beside - set(CODECS))
    if others:
        yield _finding(
            "video.other_track",
            "视频含有画面和声音以外的内容",
            "there is more in it than picture and sound",
            kinds=others,
        )
    for track in (*pictures, *sounds):
        if track.codec not in CODECS[track.kind]:
            yield _finding(
                "video.codec", f"不支持的编码：{track.codec}", f"{track.codec} is not taken", codec=track.codec
            )
    if len(pictures) == len(sounds) == 1:
        apart = abs(pictures[0].duration_ms - sounds[0].duration_ms)
        if apart > TRACKS_APART_MS:
            yield _finding(
                "video.tracks_apart",
                "画面与声音长度不一致，请重新录制",
                "picture and sound are not of one length: record it again",
                apart_ms=apart,
            )


def _one_of(what: str, zh: str, tracks: list[TrackSeen]) -> Iterator[Finding]:
    if not tracks:
        yield _finding(f"video.no_{what}", f"视频没有{zh}", f"the video has no {what}")
    elif len(tracks) > 1:
        yield _finding(f"video.several_{what}s", f"视频有多条{zh}", f"the video has more than one {what}")


def _of_what_is_seen(facts: VideoSeen) -> Iterator[Finding]:
    kinds = {track.kind for track in facts.tracks}
    if "video" in kinds and facts.brightest < BLACK_LUMA:
        yield _finding("video.black", "视频画面全黑，请重新录制", "nothing is to be seen in it: record it again")
    if "video" in kinds and min(facts.width, facts.height) < SMALLEST_SIDE:
        yield _finding(
            "video.small",
            f"视频画面过小，短边至少{SMALLEST_SIDE}像素",
            f"the picture is too small: its shorter side needs {SMALLEST_SIDE} pixels",
        )
    if "audio" in kinds and facts.loudest_db < SILENT_DB:
        yield _finding(
            "video.silent", "视频没有可听见的声音，请重新录制", "nothing is to be heard in it: record it again"
        )


def _finding(code: str, zh: str, en: str, **facts: object) -> Finding:
    return Finding(code, zh, en, facts=tuple((name, str(value)) for name, value in facts.items()))
