"""``python -m tests.builders.uploading_server FOLDER``: the application, its uploads in FOLDER, until it is killed."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from api.logs import configure_logs
from tests.builders.uploading import serving_uploads

if __name__ == "__main__":
    configure_logs(sys.stderr)
    with serving_uploads(Path(sys.argv[1]), recording_bytes=1 << 30) as (client, _):
        sys.stdout.write(f"{client.base_url}\n")
        sys.stdout.flush()
        threading.Event().wait()
