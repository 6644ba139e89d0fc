"""``python -m tests.builders.uploading_child HOW FOLDER MEGABYTES``: one upload in a process of its own, and its peak.

``store``: taken in, looked at in ranges, kept, read back. ``api``: the same through the real application over HTTP, the
sender in the same process. Prints resident megabytes: before, the most ever.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

MB = 1_000_000
PIECE = hashlib.shake_256(b"a piece of film").digest(MB)


def resident(name: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / MB
    raise RuntimeError("memory is measured on Linux only")


def store(folder: Path, megabytes: int) -> float:
    from tests.builders.recordings import CASE_NO, asked, store_in  # noqa: PLC0415 - measured from here on

    made = store_in(folder)
    keep(made, made.upload(PIECE[:1000]), CASE_NO)
    before = resident("VmRSS")
    upload_id = made.staging.begin(asked(megabytes * MB)).upload_id
    for number in range(0, megabytes, 50):
        with made.staging.receiving(upload_id, number * MB) as receiving:
            for _ in range(min(50, megabytes - number)):
                receiving.take(PIECE)
    keep(made, upload_id, CASE_NO)
    return before


def keep(made, upload_id: str, case_no: str) -> None:
    sha256 = made.recordings.keep(upload_id, "video/mp4")
    digest = hashlib.sha256()
    with made.streams.open(case_no, sha256) as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    assert digest.hexdigest() == sha256


def api(folder: Path, megabytes: int) -> float:
    from api.logs import configure_logs  # noqa: PLC0415 - as above
    from tests.builders.uploading import sent_by_hand, serving_uploads  # noqa: PLC0415

    configure_logs(sys.stderr)

    with serving_uploads(folder, recording_bytes=2 << 30) as (client, made):
        sent_by_hand(client, [PIECE])
        before = resident("VmRSS")
        url = sent_by_hand(client, [PIECE] * megabytes)
        keep(made, url.rpartition("/")[2], "2026112100001")
    return before


if __name__ == "__main__":
    started = {"store": store, "api": api}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps([started, resident("VmHWM")]))
