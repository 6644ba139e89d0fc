"""ffprobe and ffmpeg as confined processes: bounds on time, memory and output, no environment, nothing to write.

A short program in between takes on the limits and becomes the tool: setting them between fork and exec is not safe in a
process of many threads.
"""

from __future__ import annotations

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from documents.errors import VideoError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.video.facts import VideoLimits

__all__ = ["Said", "run_tool"]

_CONFINE: Final = """
import json, os, resource, sys
bounds, command = json.loads(sys.argv[1]), sys.argv[2:]
for name, (soft, hard) in bounds.items():
    resource.setrlimit(getattr(resource, name), (soft, hard))
os.execv(command[0], command)
"""

_GRACE_SECONDS: Final = 2
"""Processor seconds between the signal ffmpeg ends itself at and the one that cannot be refused."""

_MOST_OUTPUT_BYTES: Final = 8 << 20
_STOPPED: Final = 255
"""How ffmpeg ends when a signal told it to: of the processor's limit, here."""


@dataclass(frozen=True, slots=True)
class Said:
    """How a tool ended."""

    output: bytes
    """What it printed."""

    succeeded: bool
    """Whether it was content."""


def run_tool(name: str, arguments: Sequence[str], limits: VideoLimits) -> Said:
    """Run ``ffprobe`` or ``ffmpeg``. Raises ``video.no_tool``, ``video.too_heavy``."""
    tool = shutil.which(name)
    if tool is None:
        raise VideoError(
            "video.no_tool", zh="本机未安装视频检查工具", en="there is no tool to look into videos here", tool=name
        )
    bounds = {
        "RLIMIT_AS": (limits.memory_bytes, limits.memory_bytes),
        "RLIMIT_CPU": (limits.cpu_seconds, limits.cpu_seconds + _GRACE_SECONDS),
        "RLIMIT_CORE": (0, 0),
        "RLIMIT_FSIZE": (0, 0),
        "RLIMIT_NOFILE": (64, 64),
    }
    with subprocess.Popen(  # noqa: S603 - our own interpreter, a constant, and a tool found by name
        [sys.executable, "-I", "-S", "-c", _CONFINE, json.dumps(bounds), tool, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C"},
        cwd="/",
        start_new_session=True,
    ) as process:
        try:
            output = _output_of(process, time.monotonic() + limits.wall_seconds)
        finally:
            _end(process)
    if process.returncode in {_STOPPED, -signal.SIGXCPU, -signal.SIGKILL}:
        raise _too_heavy()
    return Said(output, process.returncode == 0)


def _output_of(process: subprocess.Popen[bytes], until: float) -> bytes:
    """Everything printed, to its end. Raises ``video.too_heavy`` where that is too late or too much."""
    if process.stdout is None:
        raise ValueError("a process with a pipe")
    parts: list[bytes] = []
    size = 0
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while size <= _MOST_OUTPUT_BYTES and selector.select(max(0.0, until - time.monotonic())):
            part = os.read(process.stdout.fileno(), 1 << 16)
            if not part:
                process.wait(max(0.1, until - time.monotonic()))
                return b"".join(parts)
            parts.append(part)
            size += len(part)
    raise _too_heavy()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()


def _too_heavy() -> VideoError:
    return VideoError(
        "video.too_heavy", zh="视频检查耗费的资源超过上限", en="looking into this video costs more than is allowed"
    )
