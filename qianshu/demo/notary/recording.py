"""The video a purchaser records of themselves, made by ffmpeg: a picture that moves, a voice that is a tone."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from errors import QianshuError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["make_video", "tools_missing"]

SECONDS: Final = 17
"""Between the profile's 15 and 30 (ZN-15, H-39)."""

_PICTURE: Final = "testsrc2=size=640x480:rate=25"
_VOICE: Final = "sine=frequency=220:sample_rate=44100"
_TREMBLING: Final = "tremolo=f=4:d=0.8,volume=3"


def tools_missing() -> tuple[str, ...]:
    """Programs that are needed to make a video and to look into it, and are not here."""
    return tuple(name for name in ("ffmpeg", "ffprobe") if shutil.which(name) is None)


def make_video(path: Path, seconds: float = SECONDS) -> bytes:
    """An MP4 (H.264, AAC) of this length, also left at ``path``."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        raise QianshuError("demo.no_ffmpeg", zh="未安装 ffmpeg", en="ffmpeg is not installed")
    source = [*("-f", "lavfi", "-i", _PICTURE), *("-f", "lavfi", "-i", _VOICE), "-t", str(seconds)]
    picture = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p"]
    voice = ["-af", _TREMBLING, "-c:a", "aac", "-b:a", "96k"]
    command = [ffmpeg, "-v", "error", "-y", *source, *picture, *voice, "-movflags", "+faststart", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)  # noqa: S603 - no shell, fixed arguments
    return path.read_bytes()
