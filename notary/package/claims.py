"""Who did an applicant's part, the purchaser or somebody for them (H-42): the case itself keeps only a keyed digest of
that person, the journal says in which capacity they took the task.
"""

from __future__ import annotations

import json

__all__ = ["CLAIMED", "claims_in"]

CLAIMED = "notary.claimed"
"""Event with the facts ``matter``, ``party``, ``by``."""


def claims_in(journal: bytes) -> dict[tuple[int, str], str]:
    """By matter and party: ``principal``, or the basis of the representation; the newest claim counts."""
    found: dict[tuple[int, str], str] = {}
    for line in journal.splitlines():
        # Most lines are of other acts; a substring spares reading them.
        if CLAIMED.encode() not in line:
            continue
        entry = json.loads(line)
        if entry["event"] == CLAIMED:
            facts = entry["data"]
            found[int(facts["matter"]), str(facts["party"])] = str(facts["by"])
    return found
