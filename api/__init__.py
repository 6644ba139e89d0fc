"""Every way in over HTTP: ``create_app(services)``; what it stands on is in ``api.services`` and ``api.ports``."""

from __future__ import annotations

from api.app import create_app
from api.client_certificates import ClientCertificates
from api.services import (
    ApiServices,
    ApiSettings,
    CaseServices,
    CityServices,
    MachineServices,
    NotaryServices,
    OperationsServices,
    PeopleServices,
)

__all__ = [
    "ApiServices",
    "ApiSettings",
    "CaseServices",
    "CityServices",
    "ClientCertificates",
    "MachineServices",
    "NotaryServices",
    "OperationsServices",
    "PeopleServices",
    "create_app",
]
