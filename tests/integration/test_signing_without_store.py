"""A party signs while the disk is full or the archive is away: a clear error, no orphan, and the retry succeeds."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from filing.contract import read_acts, sign_contract
from qianshu.evidence import verify_head
from qianshu.manifest import check_archive, close_dossier
from storage.dossier import Severity
from storage.errors import StorageError
from tests.builders.house import CASE_NO, demo_signings, opened
from tests.builders.keyring import NOW

if TYPE_CHECKING:
    from qianshu.bootstrap import House
    from qianshu.settings import Settings

SELLER = demo_signings()["seller-1"]


@contextmanager
def room_for(size_bytes: int) -> Iterator[None]:
    """No file may grow beyond ``size_bytes``: the kernel itself refuses, as a full disk or a quota does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def journal_size(settings: Settings) -> int:
    return (settings.archive_folder / "cases" / CASE_NO / "journal.jsonl").stat().st_size


FULL: dict[str, tuple[Callable[[Settings], int], tuple[str, str]]] = {
    "for the intent": (lambda settings: journal_size(settings) + 10, ("act.done", "certify")),
    "for the digest": (lambda settings: journal_size(settings) + 450, ("act.intended", "strokes")),
    "for the strokes": (lambda settings: journal_size(settings) + 2_000, ("act.prepared", "strokes")),
    "for the revision": (lambda _: 100_000, ("act.prepared", "sign")),
}
"""How large a file may grow, and the last thing journalled before that stopped the act."""


@pytest.mark.parametrize("name", FULL)
def test_a_full_disk_is_said_and_the_retry_succeeds(certified: Settings, name: str) -> None:
    room, reached = FULL[name]
    house = opened(certified)
    case = house.case(CASE_NO)
    with room_for(room(certified)), pytest.raises(StorageError) as caught:
        sign_contract(case, house.desk, SELLER)
    assert caught.value.code == "storage.full"
    last = case.journal.entries()[-1]
    assert (last.event, str(last.data["act"]).partition(":")[0]) == reached
    assert_whole_after_retry(certified)


def test_an_archive_gone_in_the_middle_is_said_and_the_retry_succeeds(certified: Settings) -> None:
    objects = certified.archive_folder / "objects"
    house = opened(certified)
    stamp = house.desk.timestamper

    def and_then_it_is_gone(digest: bytes) -> object:
        objects.rename(objects.with_name("away"))
        return stamp(digest)

    going = opened(certified, timestamper=and_then_it_is_gone)
    with pytest.raises(StorageError) as caught:
        sign_contract(going.case(CASE_NO), going.desk, SELLER)
    assert caught.value.code == "storage.unavailable"
    assert read_acts(house.case(CASE_NO).journal.entries()).unfinished()
    objects.with_name("away").rename(objects)
    assert_whole_after_retry(certified)


def assert_whole_after_retry(settings: Settings) -> None:
    house = opened(settings)
    case = house.case(CASE_NO)
    sign_contract(case, house.desk, SELLER)
    assert [s.field for s in verify_head(house, case).signatures] == ["service-certification", "seller-1"]
    assert_no_orphan(house)
    assert not list(settings.data_folder.rglob("*.part"))


def assert_no_orphan(house: House) -> None:
    """Every object is an act's; once the dossier is closed, all of them are listed and nothing else is there."""
    case = house.case(CASE_NO)
    acts = read_acts(case.journal.entries())
    assert not acts.unfinished()
    assert set(house.archive.objects.iterate()) == {act.sha256 for act in acts.by_name.values()}
    close_dossier(house, case)
    report = check_archive(house.archive, [house.desk.keys], NOW)
    assert [f for f in report.findings if f.severity is not Severity.NOTE] == []
    assert report.object_count == len(acts.by_name) + 1
