"""One party signs, in a process of its own: ``python -m tests.builders.sign_once DATA FIELD``.

Says ``ready`` when everything is imported and opened, signs when told anything on its standard input, and prints the
digest of the revision it made.
"""

from __future__ import annotations

import sys
from pathlib import Path

from filing.contract import sign_contract
from qianshu.settings import settings_in
from tests.builders.house import CASE_NO, cheap_guessing, demo_signings, opened


def main() -> None:
    with cheap_guessing():
        house = opened(settings_in(Path(sys.argv[1])))
    case = house.case(CASE_NO)
    signing = demo_signings()[sys.argv[2]]
    print("ready", flush=True)  # noqa: T201 - the parent waits for it
    sys.stdin.readline()
    print(sign_contract(case, house.desk, signing).sha256)  # noqa: T201


if __name__ == "__main__":
    main()
