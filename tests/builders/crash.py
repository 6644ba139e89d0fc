"""Kill the demo at boundaries and let it go on: run as ``python -m tests.builders.crash FOLDER LEVEL SHARE FIRST``.

One parent imports everything and lays the keys once; all runs are its children by fork(2), so none pays for imports.
The parent never typesets: the compiler's threads would not survive the fork.

1. A first child runs the demo undisturbed and notes each boundary with a digest of everything on the disk. Boundaries
   between which nothing changed on the disk are one state: to be killed at either is the same.
2. For every SHARE-th state from FIRST on a child takes up what a run killed there (SIGKILL: nothing is cleaned up) has
   left, runs to the end, and looks at what there is. Every tenth is killed indeed, from the beginning on; for the
   others one run leaves a copy of its folder at each. One thread writes, so its disk is all that a kill would leave;
   copies are taken up when that run has ended, so nobody holds a lock in them.

Prints one JSON object: ``boundaries``, ``states``, and ``failures``: where the kill was, and what was wrong.

LEVEL ``acts``: before and after each append to the journal, object put, record on the shelf, step and result.
LEVEL ``calls``: besides, before and after each system call that changes a file, and half-way through each write.
LEVEL ``keys``: likewise, while the first run of all makes passphrase, keys and certificates, and no sale.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import sys
import threading
import traceback
from collections import Counter
from contextlib import redirect_stdout
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qianshu.bootstrap
import qianshu.demo.run
import qianshu.evidence
from documents.fonts import default_fonts
from documents.typesetting import default_typesetter
from filing.contract import ActStatus, read_acts
from filing.contract.acts import DONE
from qianshu.archives import open_archive
from qianshu.bootstrap import ensure_keys, open_house, open_keys
from qianshu.demo.run import run_demo
from qianshu.demo.under_way import MARKER
from qianshu.manifest import check_archive
from qianshu.settings import settings_in
from signing.appearance import load_typeface
from signing.keys import init_keys
from signing.pades import PdfBase
from storage.dossier.shelf import FolderShelf
from storage.journal import Journal
from storage.objects import FolderObjectStore
from tests.builders.house import cheap_guessing, lay_keys
from tests.builders.keyring import CHEAP, NOW

if TYPE_CHECKING:
    from collections.abc import Callable

FIELDS = ["service-certification", "seller-1", "seller-2", "buyer-1", "filing-stamp", "archive-timestamp-1"]
ACTS = {"text": 1, "certify": 1, "strokes": 3, "sign": 3, "stamp": 1, "seal": 1, "evidence-report": 1}
# Not mkdir: how many folders an object needs depends on its digest, and each run has digests of its own.
CHANGING_CALLS = ("link", "replace", "rename", "unlink", "ftruncate", "fchmod")
AT_ONCE = max(1, min(4, os.cpu_count() or 1))
KILLED_INDEED = 10
"""Of so many states one; a copy stands for the others, and a copy takes milliseconds."""


def main() -> None:
    folder, level, share, first = sys.argv[1:]
    with cheap_guessing():
        run(Path(folder), level, slice(int(first), None, int(share)))


def run(folder: Path, level: str, taken: slice) -> None:
    lay_keys(folder / "keys", NOW)
    qianshu.demo.run._now = lambda: NOW
    qianshu.bootstrap.init_keys = partial(init_keys, options=CHEAP)
    qianshu.evidence.verify_pdf = verified_once()
    default_typesetter()
    load_typeface(default_fonts().body)
    assert threading.active_count() == 1, "a thread would not survive the fork"
    boundaries = recorded(folder, level)
    states = [at for at, (_, disk) in enumerate(boundaries) if at == 0 or disk != boundaries[at - 1][1]]
    chosen = [(at, boundaries[at][0]) for at in states[taken]]
    left_behind(folder, level, {at: name for number, (at, name) in enumerate(chosen) if number % KILLED_INDEED})
    failures = killed_at_each(folder, level, chosen)
    json.dump({"boundaries": len(boundaries), "states": len(states), "failures": failures}, sys.stdout)


def verified_once() -> Callable[..., Any]:
    """A run verifies its contract and reports on it: the same answer, and verifying is half of what a run costs."""
    verify, known = qianshu.evidence.verify_pdf, {}

    def once(pdf: io.BytesIO, **how: Any) -> Any:
        key = hashlib.sha256(pdf.getvalue()).digest()
        if key not in known:
            known[key] = verify(pdf, **how)
        return known[key]

    return once


def recorded(folder: Path, level: str) -> list[tuple[str, str]]:
    """What an undisturbed run passes: name of each boundary and digest of the disk there."""
    out, notes = fresh(folder, "clean", level), folder / "clean.json"
    passed: list[tuple[str, str]] = []

    def undisturbed() -> None:
        watch(level, lambda name: passed.append((name, digest_of(out))))
        WORK[level](out)
        notes.write_text(json.dumps(passed))

    status = forked(undisturbed)
    assert status == 0, f"the undisturbed run ended with {status}"
    return [(name, disk) for name, disk in json.loads(notes.read_text())]


def left_behind(folder: Path, level: str, states: dict[int, str]) -> None:
    """Copy what one run has on the disk at each of these boundaries."""
    out = fresh(folder, "copied", level)

    def copying() -> None:
        passed, told = 0, True

        def reached(name: str) -> None:
            nonlocal passed, told
            if not told:
                return  # copying passes boundaries of its own
            if passed in states:
                assert states[passed] == name, f"{name} is another boundary than in the undisturbed run"
                told = False
                shutil.copytree(out, folder / f"run-{passed}")
                told = True
            passed += 1

        watch(level, reached)
        WORK[level](out)

    status = forked(copying)
    assert status == 0, f"the copied run ended with {status}"
    shutil.rmtree(out)


def killed_at_each(folder: Path, level: str, states: list[tuple[int, str]]) -> dict[str, str]:
    """Where a kill led to something wrong, and to what."""
    failures: dict[str, str] = {}
    running: dict[int, tuple[int, str]] = {}
    waiting = list(reversed(states))
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            at, name = waiting.pop()
            running[start(lambda at=at, name=name: one_kill(folder, level, at, name))] = (at, name)
        pid, status = os.wait()
        at, name = running.pop(pid)
        told = folder / f"told-{at}"
        if status or told.exists():
            failures[f"{at} {name}"] = told.read_text() if told.exists() else f"status {status}"
    return failures


def one_kill(folder: Path, level: str, at: int, name: str) -> None:
    out = folder / f"run-{at}"
    try:
        if not out.exists():
            fresh(folder, out.name, level)
            status = forked(lambda: doomed(out, level, at, name))
            assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, f"was not killed: {status}"
        if not is_over(out):
            WORK[level](out)
        LOOK[level](out)
    except BaseException:  # noqa: BLE001 - whatever it is, the parent tells it
        (folder / f"told-{at}").write_text(traceback.format_exc())
    shutil.rmtree(out, ignore_errors=True)


def doomed(out: Path, level: str, at: int, expected: str) -> None:
    """Run until the boundary ``at``, and no further."""
    passed = 0

    def reached(name: str) -> None:
        nonlocal passed
        if passed == at:
            # Were it another boundary than in the undisturbed run, the wrong place would be tested: end otherwise.
            os.kill(os.getpid(), signal.SIGKILL if name == expected else signal.SIGABRT)
        passed += 1

    watch(level, reached)
    WORK[level](out)


def whole_sale(out: Path) -> None:
    with redirect_stdout(io.StringIO()):
        run_demo(out)


def keys_alone(out: Path) -> None:
    ensure_keys(settings_in(out), NOW)
    open_house(settings_in(out), lambda: NOW)


def look_at_keys(out: Path) -> None:
    """Keys that open, and nothing half-made beside them."""
    keys_alone(out)
    assert not [path for path in out.rglob("*") if path.suffix in {".draft", ".partial", ".part"}]


def is_over(out: Path) -> bool:
    """Killed after the very last thing: nothing is left to do, and the next run would be another sale's."""
    return (out / "archive/cases").exists() and any((out / "archive/cases").iterdir()) and not (out / MARKER).exists()


def look(out: Path) -> None:
    """One sealed contract, nothing signed twice, no orphan, no act lost."""
    settings = settings_in(out)
    (case_folder,) = (settings.archive_folder / "cases").iterdir()
    entries = Journal.open(case_folder).entries()
    done = Counter(entry.data["act"] for entry in entries if entry.event == DONE)
    assert set(done.values()) == {1}, f"an act done twice: {done}"
    assert Counter(name.partition(":")[0] for name in done) == ACTS
    acts = read_acts(entries)
    assert all(act.status is ActStatus.DONE for act in acts.by_name.values()), "an act left half-way"

    contract = (out / "contract.pdf").read_bytes()
    assert hashlib.sha256(contract).hexdigest() == acts.by_name["seal"].sha256 == acts.head_sha256
    with PdfBase(io.BytesIO(contract)) as base:
        assert all(field.signed for field in base.signature_fields().values())
        assert sorted(base.signature_fields()) == sorted(FIELDS)
    assert contract.count(b"/ByteRange") == len(FIELDS)
    verification = json.loads((out / "verification.json").read_text())
    assert (verification["verdict"], verification["integrity"]) == ("passed", "intact"), verification["findings"]
    assert [signature["field"] for signature in verification["signatures"]] == FIELDS

    report = check_archive(open_archive(settings), [open_keys(settings)], NOW)
    assert (report.verdict.value, report.findings) == ("passed", ()), report.findings
    assert report.manifest_count == 1
    assert report.object_count == sum(ACTS.values()) + 1, "each act's object and the copy of the journal"
    evidence = (out / "evidence-report.pdf").read_bytes()
    assert hashlib.sha256(evidence).hexdigest() == acts.by_name["evidence-report"].sha256
    assert not (out / MARKER).exists()
    assert not list(out.rglob("*.part")), "something a dead writer left"


def watch(level: str, reached: Callable[[str], None]) -> None:
    """Call ``reached`` before and after everything that leaves a trace. For the rest of this process."""
    around(Journal, "append", reached, lambda _, event, data, *__: f"journal {event} {data.get('act', '')}")
    around(FolderObjectStore, "put", reached, lambda *_, **__: "put object")
    around(FolderShelf, "create", reached, lambda _, __, name, *___: f"create {name}")
    around(Path, "write_bytes", reached, lambda path, _: f"write {path.name}")
    around(Path, "write_text", reached, lambda path, _, **__: f"write {path.name}")
    for name in ("_say", "case_under_way", "finish_case"):
        around(qianshu.demo.run, name, reached, lambda *_, name=name: name)
    if level != "acts":
        for call in CHANGING_CALLS:
            around(os, call, reached, lambda *_, call=call, **__: call)
        write_in_halves(reached)


def around(owner: Any, name: str, reached: Callable[[str], None], describe: Callable[..., str]) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def watched(*args: Any, **kwargs: Any) -> Any:
        described = describe(*args, **kwargs)
        reached(f"before {described}")
        result = original(*args, **kwargs)
        reached(f"after {described}")
        return result

    setattr(owner, name, watched)


def write_in_halves(reached: Callable[[str], None]) -> None:
    """``os.write`` as a power cut sees it: the first half may be all there is."""
    original = os.write

    def watched(descriptor: int, data: bytes) -> int:
        reached("before write")
        half = memoryview(data)[: len(data) // 2]
        done = original(descriptor, half) if half else 0
        reached("half-way through write")
        done += original(descriptor, memoryview(data)[done:])
        reached("after write")
        return done

    os.write = watched


def fresh(folder: Path, name: str, level: str) -> Path:
    """A data folder with keys and nothing else, or empty where keys are what is made."""
    out = folder / name
    if level == "keys":
        out.mkdir()
    else:
        shutil.copytree(folder / "keys", out)
    return out


def digest_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(f"{path.relative_to(folder)}\0{path.lstat().st_mode}\0".encode())
        if path.is_file():
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def start(work: Callable[[], None]) -> int:
    """A child that does ``work`` and nothing else, whatever it raises; its process id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException:  # noqa: BLE001 - told, then the child must end here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def forked(work: Callable[[], None]) -> int:
    return os.waitpid(start(work), 0)[1]


WORK = {"acts": whole_sale, "calls": whole_sale, "keys": keys_alone}
LOOK = {"acts": look, "calls": look, "keys": look_at_keys}

if __name__ == "__main__":
    main()
