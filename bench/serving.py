"""One server process: ``python -m bench.serving SETTINGS PORT LOG [SAMPLES]``.

The service as ``qianshu serve`` runs it, worker and beat in the process, but for two things: several processes listen
on one port (the kernel deals connections out among them), and the rate limits are out of the way. With ``SAMPLES`` the
processor time of its threads is sampled and written there at the end.
"""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import uvicorn

from api.app import create_app
from api.logs import configure_logs
from bench.sampling import Sampler
from jobs.embedded import EmbeddedJobs
from qianshu.service.open import Service
from qianshu.settings import load_settings

NO_LIMITS = 100_000.0


def main() -> None:
    signal.signal(signal.SIGTERM, _end)  # uvicorn raises it again when it has shut down
    settings_file, port, log = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    with ExitStack() as stack:
        configure_logs(stack.enter_context(log.open("a", encoding="utf-8")))
        service = Service(load_settings(settings_file), _now, limits_scale=NO_LIMITS)
        stack.callback(service.close)
        if len(sys.argv) > 4:
            stack.enter_context(Sampler(Path(sys.argv[4])))
        stack.enter_context(EmbeddedJobs(service.jobs))
        config = uvicorn.Config(create_app(service.api), log_level="warning", lifespan="on", access_log=False)
        uvicorn.Server(config).run(sockets=[_listener(port)])


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # see serve_in_thread
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind(("127.0.0.1", port))
    return listener


def _end(*_: object) -> NoReturn:
    raise SystemExit(0)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
