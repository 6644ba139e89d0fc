"""A process that knocks: ``python counter.py <address> <count>``; prints how often the rate limit let it in."""

from __future__ import annotations

import sys

from limits import parse
from limits.strategies import FixedWindowRateLimiter

from storage.people import DatabaseLimits
from storage.records.database import Database
from tests.unit.identity.somebody import NOW


def main() -> None:
    database = Database.open(sys.argv[1])
    limiter = FixedWindowRateLimiter(DatabaseLimits(database, lambda: NOW))
    sys.stdin.readline()  # all begin together
    passed = sum(limiter.hit(parse("30/minute"), "verify", "somebody") for _ in range(int(sys.argv[2])))
    database.close()
    sys.stdout.write(str(passed))


if __name__ == "__main__":
    main()
