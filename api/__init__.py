"""Every way in over HTTP: ``api.app.create_app(services)``, on what is in ``api.services`` and ``api.ports``.

The application itself is not here: its routes take two seconds to import, and whoever only does work for later never
answers.
"""

from __future__ import annotations

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
    "MachineServices",
    "NotaryServices",
    "OperationsServices",
    "PeopleServices",
]
