"""Carry a sealed contract over into the next years: fresh revocation data, and a further archive time-stamp.

What was signed and filed stays as it was, byte for byte; the renewed file is one more revision of it. Named after the
file it renews, so that each is renewed once, whatever is killed in between.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from filing.contract.perform import Make, Produced, perform_once, read_object
from filing.contract.revisions import PDF, require_done, revision_facts
from filing.contract.seal_contract import SEAL
from filing.errors import ActRefused
from signing.renewal import RenewalDesk, renew

if TYPE_CHECKING:
    from filing.contract.acts import Act, Acts
    from filing.contract.desk import SigningDesk
    from filing.contract.perform import ContractCase

__all__ = ["renew_act_name", "renew_seal"]


def renew_act_name(sha256: str) -> str:
    """The act that renews the file of this digest."""
    return f"renew:{sha256[:16]}"


def renew_seal(case: ContractCase, desk: SigningDesk, sha256: str) -> Act:
    """Renew the file of this digest, the contract's newest. Raises what ``signing.renewal.renew`` raises, and
    ``ActRefused`` (``renewal.not_newest``).
    """

    def decide(acts: Acts) -> Make:
        require_done(acts, SEAL)
        if acts.head_sha256 != sha256:
            raise ActRefused("renewal.not_newest", zh="该文件已有更新的版本", en="there is a newer revision of it")
        base = read_object(case, sha256)
        return lambda: _renewed(desk, base, case)

    return perform_once(case, renew_act_name(sha256), decide)


def _renewed(desk: SigningDesk, base: bytes, case: ContractCase) -> Produced:
    anchors = tuple(anchor.public_bytes(Encoding.DER) for anchor in desk.keys.trust_anchors)
    sink = io.BytesIO()
    made = renew(io.BytesIO(base), sink, RenewalDesk(anchors, desk.revocation, desk.timestamper), case.clock())
    return Produced(sink.getvalue(), PDF, revision_facts(made.revision))
