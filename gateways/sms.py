"""Short messages over HTTP (``docs/outside-world.md`` § 2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec

from gateways.answers import Answer, checked_reference, wrong
from gateways.http import HttpAdapter
from identity.outside import OutsideService, SmsReceipt

__all__ = ["HttpSms"]


class _Taken(Answer, frozen=True):
    message_ref: str
    request_id: str
    accepted_at: Annotated[datetime, msgspec.Meta(tz=True)]


class HttpSms(HttpAdapter):
    """:class:`identity.outside.SmsSender`. Repeating is harmless: the provider sends once per request id."""

    SERVICE = OutsideService.SMS

    def send(self, phone: str, text_template: str, values: Mapping[str, str], *, request_id: str) -> SmsReceipt:
        """The receipt of this very message, or :class:`identity.outside.OutsideError`."""
        body = {"request_id": request_id, "phone": phone, "template": text_template, "values": dict(values)}
        taken = self._http.post("send", "messages", body, _Taken)
        if taken.request_id != request_id:
            raise wrong(self._http.service, "other_reference")
        return SmsReceipt(checked_reference(self._http.service, taken.message_ref), taken.accepted_at)
