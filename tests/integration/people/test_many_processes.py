"""A thousand wrong codes from several processes: locked, and never one try more than allowed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from identity.codes import CodeDesk, CodePolicy, CodeRequest, CodeText, SendLimits, prove_code, send_code
from identity.errors import CodeError
from signing.envelope import EvidenceKey
from storage.people import SqlCodes
from storage.people.tables import one_time_codes
from storage.records.database import Database
from tests.integration.people.guesser import SUBJECT
from tests.unit.identity.somebody import NOW, SECRET

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PROCESSES = 4
GUESSES = 1000
CODE = "999999"


def run_together(script: str, *arguments: list[str]) -> list[str]:
    """What each of the processes printed; they begin at once."""
    started = [
        subprocess.Popen(
            [sys.executable, str(HERE / script), *those],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for those in arguments
    ]
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=120)[0] for process in started]
    assert [process.returncode for process in started] == [0] * len(started)
    return outputs


def guess(address: str) -> Counter[str]:
    each = GUESSES // PROCESSES
    asked = [[address, str(each), str(number * each)] for number in range(PROCESSES)]
    return sum((Counter(json.loads(told)) for told in run_together("guesser.py", *asked)), Counter())


@pytest.fixture
def database(address: str):
    opened = Database.open(address)
    yield opened
    opened.close()


def send(database: Database, policy: CodePolicy) -> SqlCodes:
    codes = SqlCodes(database)
    desk = CodeDesk(SECRET, EvidenceKey(b"k" * 32), codes, draw=lambda: CODE)
    text = CodeText(SUBJECT.purpose, "{code} {house} {price}")
    values = {"house": "磁湖路1号", "price": "1.00"}
    send_code(desk, codes, CodeRequest(SUBJECT, "account-1", text, values, policy), NOW)
    return codes


def test_a_thousand_wrong_codes_across_processes_lock_the_code(address: str, database: Database) -> None:
    send(database, CodePolicy())

    told = guess(address)

    assert told["code.wrong"] == 4  # the fifth wrong one is told that it was the last
    assert told["code.locked"] == GUESSES - 4
    with database.reading() as connection:
        row = connection.execute(select(one_time_codes)).one()
    assert (row.tries, row.tries_allowed) == (5, 5)


def test_the_phones_own_limit_holds_across_processes_too(address: str, database: Database) -> None:
    codes = send(database, CodePolicy(SendLimits(wrong_per_phone_daily=3)))

    told = guess(address)

    assert told["code.wrong"] == 3
    assert told["code.locked"] == GUESSES - 3
    with pytest.raises(CodeError, match=r"code\.locked"):
        prove_code(CodeDesk(SECRET, EvidenceKey(b"k" * 32), codes), SUBJECT, CODE, NOW)


def test_a_rate_limit_is_one_for_all_processes(address: str) -> None:
    passed = run_together("counter.py", *([address, "50"] for _ in range(3)))
    assert sum(int(one) for one in passed) == 30
