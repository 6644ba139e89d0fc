"""Renewal of sealed files: a new archive time-stamp before the last one fades (ETSI EN 319 142-1 § 5.4.3, B-LTA).

``renewal_due`` says when, from the file alone; ``renew`` does it, and believes neither the file before nor its own work
after: both are verified. ``require_renewable`` is the judgement on the file before.
"""

from __future__ import annotations

from signing.renewal.due import RenewalDue, renewal_due
from signing.renewal.renew import Renewal, RenewalDesk, renew
from signing.renewal.renewable import require_renewable

__all__ = ["Renewal", "RenewalDesk", "RenewalDue", "renew", "renewal_due", "require_renewable"]
