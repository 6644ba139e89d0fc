"""An act exactly once: on a real journal and a real store, with the process dying at the worst places."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from filing.contract import Acts, ActStatus, ContractCase, Make, Produced, perform_once, read_acts, read_object
from filing.errors import ActRefused
from signing.time.faults import fault
from storage.errors import StorageFull, StorageUnavailable
from storage.journal import Journal
from storage.objects import FolderObjectStore
from tests.builders.keyring import NOW


class Killed(BaseException):
    """As a signal: nothing in the code under test catches it."""


@pytest.fixture
def case(tmp_path: Path) -> ContractCase:
    store = FolderObjectStore(tmp_path / "objects")
    return ContractCase("c1", Journal.open(tmp_path / "c1"), store, lambda: NOW, NOW + timedelta(days=36500))


class Watching:
    """The real store, with something happening around ``put``."""

    def __init__(self, store: Any, before: Any = None, after: Any = None) -> None:
        self.store, self.before, self.after = store, before, after

    def put(self, data: bytes, **how: Any) -> None:
        if self.before:
            self.before(data)
        self.store.put(data, **how)
        if self.after:
            self.after(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def making(data: bytes, **facts: object) -> Any:
    return lambda _: lambda: Produced(data, "text/plain", facts)


def dying(*_: object) -> None:
    raise Killed


def events(case: ContractCase) -> list[tuple[str, str]]:
    return [(entry.event, str(entry.data["act"])) for entry in case.journal.entries()]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_an_act_is_made_once_and_then_returned_as_it_was(case: ContractCase) -> None:
    made = perform_once(case, "a", making(b"one", level="B-T"))
    again = perform_once(case, "a", making(b"two"))
    assert (again, made.sha256) == (made, sha256(b"one"))
    assert made.facts == {"level": "B-T", "media_type": "text/plain", "size_bytes": 3}
    assert read_object(case, made.sha256) == b"one"
    assert events(case) == [("act.intended", "a"), ("act.prepared", "a"), ("act.done", "a")]


def test_a_digest_is_journalled_before_its_object_is_stored(case: ContractCase) -> None:
    seen: list[str] = []
    watching = replace(
        case, archive=Watching(case.archive, before=lambda _: seen.extend(name for name, _ in events(case)))
    )
    perform_once(watching, "a", making(b"one"))
    assert seen == ["act.intended", "act.prepared"]


def test_a_refusal_leaves_no_trace(case: ContractCase) -> None:
    def refusing(_: Acts) -> Make:
        raise ActRefused("act.too_early", zh="未到", en="too early")

    with pytest.raises(ActRefused):
        perform_once(case, "a", refusing)
    assert case.journal.entries() == ()


def test_what_fails_in_the_making_is_abandoned_with_its_code_and_may_be_tried_again(case: ContractCase) -> None:
    def failing() -> Produced:
        raise fault("time.unavailable", retryable=True, sources=({"source": "tsa.test", "code": "time.slow"},))

    with pytest.raises(Exception, match=r"time\.unavailable"):
        perform_once(case, "a", lambda _: failing)
    abandoned = case.journal.entries()[-1]
    assert abandoned.event == "act.abandoned"
    assert abandoned.data["facts"]["error"] == "time.unavailable"
    assert '"source": "tsa.test", "code": "time.slow"' in abandoned.data["facts"]["detail"]
    assert perform_once(case, "a", making(b"one")).status is ActStatus.DONE


def test_of_a_strangers_exception_only_the_name_is_kept(case: ContractCase) -> None:
    def failing() -> Produced:
        raise RuntimeError("420200198812120039")

    with pytest.raises(RuntimeError):
        perform_once(case, "a", lambda _: failing)
    assert case.journal.entries()[-1].data["facts"] == {"error": "RuntimeError"}


def test_the_first_failure_is_told_though_the_journal_fails_with_it(case: ContractCase) -> None:
    class Journalled:
        def append(self, event: str, *rest: Any) -> object:
            if event == "act.abandoned":
                raise StorageFull("storage.full", zh="满", en="full")
            return case.journal.append(event, *rest)

        def __getattr__(self, name: str) -> Any:
            return getattr(case.journal, name)

    def failing() -> Produced:
        raise fault("time.unavailable", retryable=True)

    with pytest.raises(Exception, match=r"time\.unavailable"):
        perform_once(replace(case, journal=Journalled()), "a", lambda _: failing)
    perform_once(case, "a", making(b"one"))
    assert [event for event, _ in events(case)] == [
        "act.intended",
        "act.abandoned",
        "act.intended",
        "act.prepared",
        "act.done",
    ]


def test_an_object_that_arrived_is_adopted(case: ContractCase) -> None:
    with pytest.raises(Killed):
        perform_once(replace(case, archive=Watching(case.archive, after=dying)), "a", making(b"one", level="B-T"))
    adopted = perform_once(case, "a", making(b"two"))
    assert (adopted.sha256, adopted.facts["level"]) == (sha256(b"one"), "B-T")
    assert list(case.archive.iterate()) == [sha256(b"one")]


def test_an_object_that_was_lost_is_abandoned_and_made_anew(case: ContractCase) -> None:
    with pytest.raises(Killed):
        perform_once(replace(case, archive=Watching(case.archive, before=dying)), "a", making(b"one"))
    assert perform_once(case, "a", making(b"two")).sha256 == sha256(b"two")
    (abandoned,) = [entry for entry in case.journal.entries() if entry.event == "act.abandoned"]
    assert abandoned.data["facts"] == {"error": "act.interrupted", "lost_sha256": sha256(b"one")}
    assert list(case.archive.iterate()) == [sha256(b"two")]


def test_killed_in_the_making_leaves_an_act_to_begin_again(case: ContractCase) -> None:
    with pytest.raises(Killed):
        perform_once(case, "a", lambda _: dying)
    perform_once(case, "a", making(b"one"))
    assert [event for event, _ in events(case)] == [
        "act.intended",
        "act.abandoned",
        "act.intended",
        "act.prepared",
        "act.done",
    ]


def test_nothing_is_built_beside_a_revision_that_comes_to_light_later(case: ContractCase) -> None:
    """Two parties: the first's revision is stored, its maker dies before it is recorded, the second signs next."""
    perform_once(case, "text", making(b"text", revision=True))
    with pytest.raises(Killed):
        perform_once(replace(case, archive=Watching(case.archive, after=dying)), "sign:a", making(b"a", revision=True))
    bases: list[str | None] = []

    def second(acts: Acts) -> Make:
        bases.append(acts.head_sha256)
        return making(b"b", revision=True)(acts)

    perform_once(case, "sign:b", second)
    assert bases == [sha256(b"a")]
    assert perform_once(case, "sign:a", making(b"other", revision=True)).sha256 == sha256(b"a")
    assert read_acts(case.journal.entries()).head_sha256 == sha256(b"b")


@pytest.mark.parametrize("arrived", [True, False], ids=["kept all the same", "not kept"])
def test_a_store_that_did_not_answer_is_asked_again_before_anything_else(case: ContractCase, arrived: bool) -> None:
    def silent(_: bytes) -> None:
        raise StorageUnavailable("storage.unavailable", zh="不可用", en="no answer")

    store = Watching(case.archive, **({"after": silent} if arrived else {"before": silent}))
    with pytest.raises(StorageUnavailable):
        perform_once(replace(case, archive=store), "a", making(b"one"))
    assert perform_once(case, "a", making(b"two")).sha256 == sha256(b"one" if arrived else b"two")
    assert len(list(case.archive.iterate())) == 1


def test_an_altered_object_is_not_handed_out(case: ContractCase, tmp_path: Path) -> None:
    made = perform_once(case, "a", making(b"one"))
    (path,) = [path for path in (tmp_path / "objects").rglob(str(made.sha256)) if path.is_file()]
    path.chmod(0o644)
    path.write_bytes(b"two")
    with pytest.raises(Exception, match=r"storage\.object_altered"):
        read_object(case, made.sha256)
    with pytest.raises(ActRefused, match=r"contract\.no_text"):
        read_object(case, None)
