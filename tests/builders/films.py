"""Films made by ffmpeg's own test sources: nobody is in them."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PICTURE = "testsrc2=size=160x120:rate=12"
SOUND = "sine=frequency=440:sample_rate=48000"


@dataclass(frozen=True)
class Film:
    """How a film is to be."""

    seconds: float = 15.0
    picture: str | None = PICTURE
    sound: str | None = SOUND
    container: str = "mp4"
    more: tuple[str, ...] = ()


@cache
def film(how: Film) -> bytes:
    """Its bytes."""
    sources = [each for each in (how.picture, how.sound) if each is not None]
    inputs = [word for each in sources for word in ("-f", "lavfi", "-i", each)]
    codecs = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"]
    if how.container != "webm":
        codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"film.{how.container}"
        command = ["ffmpeg", "-v", "error", *inputs, "-t", str(how.seconds), *codecs, *how.more, str(made)]
        subprocess.run(command, check=True, timeout=60, stdin=subprocess.DEVNULL)
        return made.read_bytes()
