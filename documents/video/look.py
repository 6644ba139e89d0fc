"""A look into a stranger's video: what it claims, what can really be decoded, and whether it is nothing else as well.

1. container by its bytes, and whether it accounts for all of them (``containers``);
2. the recording on loopback for the tools (``loopback`` says why), read by the one demuxer that container has: a
   playlist that calls itself a film is never opened as one, and no tool opens anything but this address;
3. ffprobe: tracks, codecs, durations, size;
4. ffmpeg decodes picture and sound, by itself each: luma of every frame, peak of every hundredth of a second, and the
   time up to which there was something to decode.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from documents.errors import VideoError
from documents.video.containers import container_of, is_whole
from documents.video.facts import DEFAULT_LIMITS, SILENCE_DB, TrackSeen, VideoLimits, VideoSeen
from documents.video.loopback import served_on_loopback
from documents.video.tools import run_tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["look"]

_ENTRIES: Final = (
    "format=duration:stream=codec_type,codec_name,codec_tag_string,width,height,duration:stream_tags=rotate,DURATION"
    ":stream_side_data=rotation:stream_disposition=attached_pic"
)
_MOST_TRACKS: Final = 16
_LUMA: Final = "lavfi.signalstats.YAVG"
_PEAK: Final = "lavfi.astats.Overall.Peak_level"
_FRAME = re.compile(rb"pts_time:(-?[0-9.]+)\s+lavfi\.[A-Za-z_.]+=(\S+)")
_CLOCK = re.compile(r"([0-9]{1,4}):([0-9]{2}):([0-9]{2}(?:\.[0-9]+)?)")

_AUDIO_STEP_MS: Final = 10
_AUDIO_FILTER: Final = (
    "aresample=48000,asetnsamples=n=480:p=0,"
    f"astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Peak_level,ametadata=print:key={_PEAK}:file=-"
)
# Small, limited range: the mean is what is asked for, and 16 is black whatever the film's range.
_VIDEO_FILTER: Final = (
    f"scale=160:-2:flags=fast_bilinear:out_range=tv,format=yuv420p,signalstats,metadata=print:key={_LUMA}:file=-"
)


def look(recording: BinaryIO, limits: VideoLimits = DEFAULT_LIMITS) -> VideoSeen:
    """What there is in ``recording``, which seeks. Memory does not grow with it.

    Raises ``video.unreadable``, ``video.too_heavy``, ``video.no_tool``. Judges nothing: whether it is long, bright and
    loud enough is the caller's rule.
    """
    container = container_of(recording)
    whole = is_whole(recording, container)
    with served_on_loopback(recording) as address:
        source = ("-f", container.demuxer, "-protocol_whitelist", "http,tcp", "-rw_timeout", "20000000")
        claimed = _claimed(source, address, limits)
        picture = _decoded((*source, *_span(limits)), address, _picture(limits), limits)
        sound = _decoded((*source, *_span(limits)), address, _sound(), limits)
    return _seen(container.media_type, claimed, (picture, sound), whole=whole)


def _span(limits: VideoLimits) -> tuple[str, ...]:
    return ("-t", str(limits.decoded_seconds), "-max_pixels", str(limits.max_pixels), "-threads", "2")


def _picture(limits: VideoLimits) -> tuple[str, ...]:
    return ("-map", "0:V:0", "-vf", _VIDEO_FILTER, "-fps_mode", "passthrough", "-frames:v", str(limits.max_frames))


def _sound() -> tuple[str, ...]:
    return ("-map", "0:a:0", "-af", _AUDIO_FILTER)


def _claimed(source: Sequence[str], address: str, limits: VideoLimits) -> dict[str, Any]:
    arguments = ["-v", "error", *source, "-show_entries", _ENTRIES, "-of", "json", address]
    said = run_tool("ffprobe", arguments, limits)
    try:
        found = json.loads(said.output)
    except ValueError:
        found = {}
    if not said.succeeded or not isinstance(found, dict) or not found.get("streams"):
        raise VideoError(
            "video.unreadable", zh="文件不是可识别的视频", en="this is no video that can be read", reason="streams"
        )
    return found


def _decoded(
    source: Sequence[str], address: str, filtered: Sequence[str], limits: VideoLimits
) -> list[tuple[float, float]]:
    """Time in seconds and what the filter says of every frame that could be decoded; none without such a track."""
    arguments = ["-nostdin", "-v", "error", *source, "-i", address, *filtered, "-f", "null", "-"]
    said = run_tool("ffmpeg", arguments, limits)
    return [(float(time), _number(value)) for time, value in _FRAME.findall(said.output)]


def _seen(
    media_type: str,
    claimed: Mapping[str, Any],
    frames: tuple[list[tuple[float, float]], list[tuple[float, float]]],
    *,
    whole: bool,
) -> VideoSeen:
    picture, sound = frames
    decoded = {"video": _span_ms(picture, None), "audio": _span_ms(sound, _AUDIO_STEP_MS)}
    streams = [each for each in claimed["streams"] if not each.get("disposition", {}).get("attached_pic")]
    tracks = tuple(_track(each, decoded) for each in streams[:_MOST_TRACKS])
    shown: Mapping[str, Any] = next((each for each in streams if each.get("codec_type") == "video"), {})
    width, height = _upright(shown)
    kinds = [kind for kind in decoded if any(track.kind == kind for track in tracks)]
    says = _milliseconds(claimed.get("format", {}).get("duration"))
    return VideoSeen(
        media_type=media_type,
        duration_ms=says if says is not None else max(decoded.values()),
        tracks=tracks,
        width=width,
        height=height,
        brightest=round(max((value for _, value in picture), default=0)),
        loudest_db=max((value for _, value in sound), default=SILENCE_DB),
        decoded_ms=min((decoded[kind] for kind in kinds), default=0),
        whole=whole,
    )


def _track(stream: Mapping[str, Any], decoded: Mapping[str, int]) -> TrackSeen:
    kind = str(stream.get("codec_type", "unknown"))
    said = _milliseconds(stream.get("duration"))
    if said is None:
        said = _milliseconds(stream.get("tags", {}).get("DURATION"))
    codec = str(stream.get("codec_name", stream.get("codec_tag_string", "unknown")))
    return TrackSeen(kind, codec, decoded.get(kind, 0) if said is None else said)


def _span_ms(frames: list[tuple[float, float]], step_ms: int | None) -> int:
    """From the first frame to the end of the last, which lasts as long as the one before unless its length is known."""
    if not frames:
        return 0
    times = sorted(time for time, _ in frames)
    last_ms = step_ms if step_ms is not None else (times[-1] - times[-2]) * 1000 if len(times) > 1 else 0
    return round((times[-1] - times[0]) * 1000 + last_ms)


def _upright(stream: Mapping[str, Any]) -> tuple[int, int]:
    width, height = int(stream.get("width", 0)), int(stream.get("height", 0))
    turns = [each.get("rotation") for each in stream.get("side_data_list", [])]
    turns.append(stream.get("tags", {}).get("rotate"))
    turned = next((_number(turn) for turn in turns if turn is not None), 0.0)
    return (height, width) if round(abs(turned)) % 180 == 90 else (width, height)


def _milliseconds(said: object) -> int | None:
    """``15.023000``, or Matroska's ``00:00:15.023000000``."""
    clock = _CLOCK.fullmatch(str(said))
    if clock is not None:
        return round((int(clock[1]) * 3600 + int(clock[2]) * 60 + float(clock[3])) * 1000)
    try:
        return round(float(str(said)) * 1000)
    except (ValueError, OverflowError):
        return None


def _number(said: object) -> float:
    text = said.decode() if isinstance(said, bytes) else str(said)
    try:
        number = float(text)
    except ValueError:
        return SILENCE_DB
    return max(SILENCE_DB, number)
