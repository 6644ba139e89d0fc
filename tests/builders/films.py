"""Films made by ffmpeg's own test sources: nobody is in them."""

from __future__ import annotations

import struct
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


def atom(kind: bytes, *content: bytes) -> bytes:
    """An atom of QuickTime, a box of MP4."""
    inside = b"".join(content)
    return struct.pack(">I4s", 8 + len(inside), kind) + inside


def as_an_iphone_writes(mov: bytes, held: bytes = bytes(64), references: bytes = b"\x01") -> bytes:
    """A film of ffmpeg's with what an iPhone writes besides: timed metadata (``mebx``), and where it was recorded.

    ``held``: the sample of the metadata; ``references``: last flag byte of the track's data reference (1: this file).
    """
    at = mov.rindex(b"moov") - 4
    data, movie = atom(b"mdat", held), mov[at + 8 :]
    lasting = mov[mov.index(b"mdhd") - 4 :][:32]
    tables = (
        atom(b"stsd", struct.pack(">II", 0, 1), atom(b"mebx", bytes(6) + b"\0\x01", atom(b"keys", bytes(4)))),
        atom(b"stts", struct.pack(">IIII", 0, 1, 1, 36_864)),
        atom(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
        atom(b"stsz", struct.pack(">IIII", 0, 0, 1, len(held))),
        atom(b"stco", struct.pack(">III", 0, 1, at + 8)),
    )
    own = atom(b"dinf", atom(b"dref", struct.pack(">II", 0, 1), atom(b"url ", bytes(3) + references)))
    handler = atom(b"hdlr", bytes(4) + b"mhlrmeta" + bytes(13))
    header = atom(b"gmhd", atom(b"gmin", bytes(16)))
    media = atom(b"mdia", lasting, handler, atom(b"minf", header, own, atom(b"stbl", *tables)))
    track = atom(b"trak", atom(b"tkhd", struct.pack(">I8xI", 15, 3), bytes(68)), media)
    place = atom(b"meta", atom(b"keys", bytes(8)), atom(b"ilst", b"+22.5153+113.3926/"))
    return mov[:at] + data + atom(b"moov", movie, track, place)
