"""RFC 3161 time: an authority of our own, and a client that believes no time-stamp it has not checked.

authority   requests in, signed tokens out
local       the authority in this process, as a transport (the one over HTTP is ``gateways.timestamp``)
client      ordered failover, limits, every check; fails closed
token       a token taken apart and checked
trust       pinned issuers
syntax      the ASN.1 structures
faults      every way to fail, by code
"""

from signing.time.authority import TimeStampAuthority
from signing.time.client import ClientRules, TimeStampClient
from signing.time.local import LocalTransport
from signing.time.syntax import Accuracy
from signing.time.token import Expectation, check_token
from signing.time.trust import TimeStampTrust

__all__ = [
    "Accuracy",
    "ClientRules",
    "Expectation",
    "LocalTransport",
    "TimeStampAuthority",
    "TimeStampClient",
    "TimeStampTrust",
    "check_token",
]
