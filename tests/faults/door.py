"""A way in over HTTP in a process of its own, without a worker: ``python -m tests.faults.door SETTINGS PORT``.

Its rate limits are far away: what is counted behind them must hold by itself.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import signing.envelope
from api.app import create_app
from qianshu.service.open import Service
from qianshu.service.sandboxed import serve_in_thread
from qianshu.settings import load_settings
from tests.builders.service import end_with_parent, now


def main() -> None:
    end_with_parent()
    signing.envelope._SCRYPT_N = 2
    service = Service(load_settings(Path(sys.argv[1])), now, limits_scale=10_000.0)
    with serve_in_thread(create_app(service.api), port=int(sys.argv[2])):
        threading.Event().wait()


if __name__ == "__main__":
    main()
