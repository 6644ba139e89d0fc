"""Make a party's own signature in the contract file: from strokes kept sealed or a code given back (SZ-72, ZS-38).

The only place of the acts that signs. Harmless twice: ``filing.contract`` returns the first signature.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from filing.acts.signing.bound import fixed_text, party_named, signer_named
from filing.case.signers import role_label
from filing.contract import PartySigning, sign_contract
from identity.numbers import mask_number

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.case import Case
    from filing.case.signing import CaseSigning
    from filing.contract import CodeGiven
    from filing.engine.situation import Situation
    from signing.ink import Handwriting

__all__ = ["Signed", "make_signature", "with_signatures"]


@dataclass(frozen=True, slots=True)
class Signed:
    """A party's signature that stands in the contract file."""

    party: str
    """Key of the party."""

    sha256: str
    """The file with this signature in it."""

    signed_at: datetime
    """Time of its time-stamp."""


def make_signature(
    situation: Situation, world: World, key: str, handwriting: Handwriting | None = None, code: CodeGiven | None = None
) -> Signed:
    """Sign for a party. Raises ``HandwritingError``, ``TimeStampError`` (ask again), ``ActRefused``."""
    case, signer = situation.case, signer_named(situation, key)
    party = party_named(case, key)
    signing = PartySigning(
        field_name=key,
        name=signer.identified.name,
        reference=mask_number(signer.identified.id_number),
        role_label=role_label(party, signer),
        handwriting=handwriting,
        code=code,
    )
    act = sign_contract(world.contract(case.case_no, fixed_text(case).version), world.desk, signing)
    if act.sha256 is None:
        raise LookupError(f"{act.name}: done without an object")
    return Signed(key, act.sha256, datetime.fromisoformat(str(act.facts["time_stamped_at"])))


def with_signatures(case: Case, *signed: Signed) -> CaseSigning:
    """The signing of the case with these signatures noted; the last of them is the newest revision."""
    by_party = {each.party: each for each in signed}
    tasks = tuple(
        task
        if task.party not in by_party
        else replace(task, signed_at=by_party[task.party].signed_at, revision_sha256=by_party[task.party].sha256)
        for task in case.signing.tasks
    )
    head = signed[-1].sha256 if signed else case.signing.head_sha256
    return replace(case.signing, tasks=tasks, head_sha256=head)
