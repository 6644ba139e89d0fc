"""What happens after the commit: work kept in the outbox, carried by Celery, done by handlers the wiring gives.

The outbox is the truth, the broker only wakes workers: a message carries the number of a row and nothing else. Whatever
a broker loses, doubles or delays, a row is done once in effect: it is claimed for a limited time, handlers are
idempotent, and a sweep sends again what nobody claims. No rule lives here, and no handler.
"""

from jobs.app import create_app
from jobs.delays import RetryRules, delay_seconds
from jobs.embedded import EmbeddedJobs
from jobs.errors import JobError, PermanentFault
from jobs.main import run_beat, run_worker
from jobs.perform import Performed, drain, perform
from jobs.ports import Outbox
from jobs.relay import Relay
from jobs.workshop import BrokerSettings, Periodic, Workshop

__all__ = [
    "BrokerSettings",
    "EmbeddedJobs",
    "JobError",
    "Outbox",
    "Performed",
    "Periodic",
    "PermanentFault",
    "Relay",
    "RetryRules",
    "Workshop",
    "create_app",
    "delay_seconds",
    "drain",
    "perform",
    "run_beat",
    "run_worker",
]
