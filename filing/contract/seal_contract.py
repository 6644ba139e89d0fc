"""Seal the filed contract to B-LTA: validation data of every signature, and an archive time-stamp over all of it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from filing.contract.fields import party_boxes
from filing.contract.perform import Make, Produced, perform_once, read_object
from filing.contract.revisions import PDF, require_done, revision_facts
from filing.contract.sign_contract import sign_act_name
from filing.contract.stamp_filing import STAMP
from signing.pades import archive_timestamp

if TYPE_CHECKING:
    from filing.contract.acts import Act, Acts
    from filing.contract.desk import SigningDesk
    from filing.contract.perform import ContractCase

__all__ = ["SEAL", "seal_contract", "seal_unstamped"]

SEAL = "seal"


def seal_contract(case: ContractCase, desk: SigningDesk) -> Act:
    """Add the document security store and the first archive time-stamp."""

    def decide(acts: Acts) -> Make:
        require_done(acts, STAMP)
        base = read_object(case, acts.head_sha256)
        return lambda: _sealed(desk, base)

    return perform_once(case, SEAL, decide)


def seal_unstamped(case: ContractCase, desk: SigningDesk) -> Act:
    """As :func:`seal_contract`, where the city puts no stamp on (WH-12): every party must have signed."""

    def decide(acts: Acts) -> Make:
        for box in party_boxes(acts):
            require_done(acts, sign_act_name(box.name))
        base = read_object(case, acts.head_sha256)
        return lambda: _sealed(desk, base)

    return perform_once(case, SEAL, decide)


def _sealed(desk: SigningDesk, base: bytes) -> Produced:
    sink = io.BytesIO()
    made = archive_timestamp(io.BytesIO(base), sink, desk.revocation, desk.timestamper)
    return Produced(sink.getvalue(), PDF, revision_facts(made))
