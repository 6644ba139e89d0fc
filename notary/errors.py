"""Errors of the notary exchange.

NotaryError
├── NotYourTask          somebody else's task, or nobody's
├── PackageInvalid       a container that is not what it must be
├── CertificateRefused   what the office returned cannot be taken; every finding at once
└── VideoRefused         a video that proves nothing; every finding at once
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from errors import QianshuError
from filing.errors import WithFindings

if TYPE_CHECKING:
    from identity.findings import Findings

__all__ = ["CertificateRefused", "NotYourTask", "NotaryError", "PackageInvalid", "VideoRefused"]


class NotaryError(QianshuError):
    """Anything that stops the exchange."""


class NotYourTask(NotaryError):  # noqa: N818 - the family name says error
    """The code, or the task, is another person's."""


class PackageInvalid(NotaryError):  # noqa: N818
    """A container that is not what it must be."""


class CertificateRefused(WithFindings, NotaryError):  # noqa: N818
    """What the office returned is refused, with everything that is wrong with it (``certificate.refused``)."""

    def __init__(self, findings: Findings, **fields: object) -> None:
        super().__init__("certificate.refused", findings, **fields)


class VideoRefused(WithFindings, NotaryError):  # noqa: N818
    """The video is refused, with everything that is wrong with it (``video.refused``)."""

    def __init__(self, findings: Findings, **fields: object) -> None:
        super().__init__("video.refused", findings, **fields)
