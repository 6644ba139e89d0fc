"""Which act is whose word for which event."""

from __future__ import annotations

from typing import Final

from filing.lifecycle import Event

__all__ = ["FIRED_BY"]

FIRED_BY: Final = {
    Event.OPEN: ("open",),
    Event.IMPORT_FILED: ("import-filed",),
    Event.VERIFY_PROPERTY: ("check-property",),
    Event.GENERATE_TEXT: ("generate-text",),
    Event.REOPEN_TEXT: ("reopen-text",),
    Event.START_SIGNING: ("start-signing",),
    Event.SUBMIT_FILING: ("submit-filing",),
    Event.APPROVE_FILING: ("seal-filing",),
    Event.RETURN_TEXT: ("return-text",),
    Event.RETURN_MATERIALS: ("return-materials",),
    Event.AMEND: ("give-amend-code", "sign-amendment"),
    Event.REGISTRY_ACCEPT: ("registry-accept",),
    Event.REGISTRY_REJECT: ("registry-reject",),
    Event.REGISTRY_DONE: ("registry-done",),
    Event.REQUEST_CANCEL: ("request-cancel",),
    Event.DROP_CANCEL: (
        "drop-cancel",
        "decide-cancel",
        "notary-refuse",
        "notary-let-go",
        "decide-certificate-change",
    ),
    Event.FINISH_CANCEL_NETSIGN: ("decide-cancel",),
    Event.FINISH_CANCEL_FILING: ("decide-cancel",),
    Event.EXPIRE: ("expire",),
    Event.RESTORE_FILING: ("decide-certificate-change",),
}
"""The acts whose word an event is; what is missing here the service does by itself."""
