"""What operators look at, in the database: their own acts, outside services, checks of the archive, renewals."""

from __future__ import annotations

from storage.operations.acts import OperatorAct, SqlOperatorActs
from storage.operations.checks import KeptCheck, SqlArchiveChecks
from storage.operations.outside import OutsideStanding, SqlOutsideCalls
from storage.operations.renewals import KeptRenewal, RenewalCounts, SealedLine, SqlRenewals

__all__ = [
    "KeptCheck",
    "KeptRenewal",
    "OperatorAct",
    "OutsideStanding",
    "RenewalCounts",
    "SealedLine",
    "SqlArchiveChecks",
    "SqlOperatorActs",
    "SqlOutsideCalls",
    "SqlRenewals",
]
