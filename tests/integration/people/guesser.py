"""A process that guesses: ``python guesser.py <address> <count> <first guess>``; prints what it was told, as JSON.

Run by ``test_many_processes``; the code it guesses at is never among its guesses.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

from identity.codes import CodeDesk, CodePurpose, CodeSubject, prove_code
from identity.errors import CodeError
from signing.envelope import EvidenceKey
from storage.people import SqlCodes
from storage.records.database import Database
from tests.unit.identity.somebody import NOW, SECRET, TEXT

SUBJECT = CodeSubject(CodePurpose.SIGN, "13800138000", "side:buyer", "case-1", TEXT)


def main() -> None:
    address, count, first = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    database = Database.open(address)
    desk = CodeDesk(SECRET, EvidenceKey(b"k" * 32), SqlCodes(database))
    told: Counter[str] = Counter()
    sys.stdin.readline()  # all begin together
    for number in range(first, first + count):
        try:
            prove_code(desk, SUBJECT, f"{number:06}", NOW)
            told["right"] += 1
        except CodeError as refusal:
            told[refusal.code] += 1
    database.close()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
