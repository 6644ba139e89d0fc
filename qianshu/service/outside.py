"""Adapters of the outside world from the settings."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from filing.acts.world import Outside
from filing.profile.signing import Recipient
from gateways.bank import HttpSupervisionBank
from gateways.e_licences import HttpELicences
from gateways.endpoint import Endpoint, Surroundings
from gateways.face import HttpFaceCheck
from gateways.http import HttpAdapter
from gateways.land_register import HttpLandRegister
from gateways.qualification import HttpQualificationOffice
from gateways.recipients import HttpContractRecipients
from gateways.sms import HttpSms
from gateways.use_category import HttpUseCategoryOffice
from signing.keys import read_passphrase

if TYPE_CHECKING:
    from qianshu.service_settings import OutsideSettings, ServiceAddress

__all__ = ["closable", "endpoint_of", "open_outside"]

RECIPIENTS = tuple(recipient.value for recipient in Recipient)
"""Whoever a city's profile may name."""


def open_outside(settings: OutsideSettings, surroundings: Surroundings | None = None) -> Outside:
    """Every service as an adapter; connects to none of them yet."""
    around = surroundings or Surroundings()
    return Outside(
        land_register=HttpLandRegister(endpoint_of(settings.land_register), around),
        qualification=HttpQualificationOffice(endpoint_of(settings.qualification), around),
        use_category=HttpUseCategoryOffice(endpoint_of(settings.use_category), around),
        licences=HttpELicences(endpoint_of(settings.e_licences), around),
        bank=HttpSupervisionBank(endpoint_of(settings.bank), around),
        recipients=HttpContractRecipients(endpoint_of(settings.recipients), RECIPIENTS, around),
        face=HttpFaceCheck(endpoint_of(settings.face), around),
        sms=HttpSms(endpoint_of(settings.sms), around),
    )


def endpoint_of(address: ServiceAddress | None) -> Endpoint:
    """Where a service is, with its credential read from the file."""
    if address is None:
        raise LookupError("the sandbox takes the place of services that are not set")
    credential = read_passphrase(address.credential_file).decode()
    return Endpoint(address.url, credential, timeout_seconds=address.timeout_seconds)


def closable(outside: Outside | None) -> tuple[HttpAdapter, ...]:
    """Adapters that hold connections."""
    if outside is None:
        return ()
    adapters = (getattr(outside, each.name) for each in fields(outside))
    return tuple(adapter for adapter in adapters if isinstance(adapter, HttpAdapter))
