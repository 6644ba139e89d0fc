"""Two sign at once, in threads and in processes: both are accepted in some order, and nobody signs twice."""

from __future__ import annotations

import io
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from filing.contract import read_acts, read_object, sign_contract, stamp_filing
from filing.contract.acts import DONE
from qianshu.evidence import verify_head
from signing.pades import PdfBase
from tests.builders.house import CASE_NO, decision, demo_signings, opened

if TYPE_CHECKING:
    from qianshu.bootstrap import House
    from qianshu.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[2]
DIFFERENT = ("seller-1", "seller-2", "buyer-1")
THE_SAME = ("seller-1", "seller-1", "seller-1")


def in_threads(settings: Settings, fields: tuple[str, ...]) -> list[str]:
    """Each with a case of its own, as two requests have; the key ring is one, as in a process."""
    house, gate = opened(settings), Barrier(len(fields))

    def sign(field: str) -> str:
        case, signing = house.case(CASE_NO), demo_signings()[field]
        gate.wait()
        return str(sign_contract(case, house.desk, signing).sha256)

    with ThreadPoolExecutor(len(fields)) as pool:
        return list(pool.map(sign, fields))


def in_processes(settings: Settings, fields: tuple[str, ...]) -> list[str]:
    command = [sys.executable, "-m", "tests.builders.sign_once", str(settings.data_folder)]
    running = [
        subprocess.Popen(
            [*command, field], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf8"
        )
        for field in fields
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0].strip() for process in running]
    assert [process.returncode for process in running] == [0] * len(fields)
    return told


def stamped_in_threads(settings: Settings, desks: int) -> list[str]:
    house, gate = opened(settings), Barrier(desks)
    for signing in demo_signings().values():
        sign_contract(house.case(CASE_NO), house.desk, signing)

    def stamp(_: int) -> str:
        case = house.case(CASE_NO)
        gate.wait()
        return str(stamp_filing(case, house.desk, decision()).sha256)

    with ThreadPoolExecutor(desks) as pool:
        return list(pool.map(stamp, range(desks)))


SIDES = pytest.mark.parametrize("at_once", [in_threads, in_processes], ids=["threads", "processes"])


def signed_in_order(house: House) -> list[str | None]:
    """Fields of the newest revision in the order of signing, each found intact by the verifier."""
    report = verify_head(house, house.case(CASE_NO))
    assert report.integrity.value == "intact"
    assert all(signature.intact for signature in report.signatures)
    return [signature.field for signature in report.signatures]


def done(house: House) -> Counter[object]:
    return Counter(entry.data["act"] for entry in house.case(CASE_NO).journal.entries() if entry.event == DONE)


@SIDES
def test_different_signers_at_once_are_all_accepted(certified: Settings, at_once) -> None:
    digests = at_once(certified, DIFFERENT)
    house = opened(certified)
    first, *rest = signed_in_order(house)
    assert first == "service-certification"
    assert sorted(map(str, rest)) == sorted(DIFFERENT)
    assert len(set(digests)) == len(DIFFERENT)
    assert read_acts(house.case(CASE_NO).journal.entries()).head_sha256 in digests
    assert set(done(house).values()) == {1}


@SIDES
def test_one_signer_at_once_signs_once(certified: Settings, at_once) -> None:
    digests = at_once(certified, THE_SAME)
    house = opened(certified)
    assert len(set(digests)) == 1
    assert signed_in_order(house) == ["service-certification", "seller-1"]
    assert done(house)["sign:seller-1"] == 1
    case = house.case(CASE_NO)
    with PdfBase(io.BytesIO(read_object(case, digests[0]))) as base:
        assert [name for name, field in base.signature_fields().items() if field.signed] == [
            "service-certification",
            "seller-1",
        ]
    assert set(house.archive.objects.iterate()) == {
        act.sha256 for act in read_acts(case.journal.entries()).by_name.values()
    }


def test_many_desks_at_once_stamp_once(certified: Settings) -> None:
    digests = stamped_in_threads(certified, 4)
    house = opened(certified)
    assert len(set(digests)) == 1
    assert done(house)["stamp"] == 1
    assert signed_in_order(house)[-1] == "filing-stamp"
