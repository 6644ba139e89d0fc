"""Errors of filing.

FilingError
├── ActRefused         the contract file is not in the state the act needs
├── NotYours           this person or program is nobody in the case, or not who may do this
├── InputRefused       what was entered cannot be taken
├── GuardsRefuse       something that must hold first does not
├── filing.lifecycle.NotPossibleInState
└── filing.profile.errors: ProfileInvalid, NotInThisCity, NotThisActor
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from errors import QianshuError

if TYPE_CHECKING:
    from identity.findings import Finding, Findings

__all__ = ["ActRefused", "FilingError", "GuardsRefuse", "InputRefused", "NotYours", "WithFindings", "finding_to_dict"]


class FilingError(QianshuError):
    """Anything that stops a case from moving."""


class ActRefused(FilingError):  # noqa: N818 - the family name says error
    """The act is not possible in the state the contract is in."""


class NotYours(FilingError):  # noqa: N818
    """Whoever asks is nobody in this case, or not the one who may do this. Tells nothing about the case."""


class WithFindings(QianshuError):  # noqa: N818
    """All reasons at once: of a refusal of any room."""

    def __init__(self, code: str, findings: Findings, **fields: object) -> None:
        self.findings = findings
        super().__init__(
            code,
            zh="；".join(finding.zh for finding in findings),
            en="; ".join(finding.en for finding in findings),
            findings=[finding_to_dict(finding) for finding in findings],
            **fields,
        )


class GuardsRefuse(WithFindings, FilingError):  # noqa: N818
    """Something must hold before this event and does not."""

    def __init__(self, event: str, findings: Findings) -> None:
        super().__init__("case.guards_refuse", findings, event=event)


class InputRefused(WithFindings, FilingError):  # noqa: N818
    """What was entered cannot be taken; nothing of it was."""

    def __init__(self, findings: Findings) -> None:
        super().__init__("input.refused", findings)


def finding_to_dict(finding: Finding) -> dict[str, object]:
    """A finding as JSON-ready data."""
    return {"code": finding.code, "zh": finding.zh, "en": finding.en, "facts": dict(finding.facts)}
