"""Errors of jobs.

JobError
└── PermanentFault  trying again cannot help
"""

from __future__ import annotations

from errors import QianshuError

__all__ = ["JobError", "PermanentFault"]


class JobError(QianshuError):
    """Anything that stops work from being sent or done."""


class PermanentFault(JobError):  # noqa: N818 - the family name says error
    """Raised by a handler that knows trying again cannot help: the work fails at once and waits for an operator."""
