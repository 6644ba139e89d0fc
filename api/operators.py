"""Who may look at how the service runs: operators, each for the cities they keep running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import Forbidden
from identity.staff import StaffRole

if TYPE_CHECKING:
    from api.state import ApiState
    from identity.acting import ActingPerson

__all__ = ["cities_of_operator"]


def cities_of_operator(api: ApiState, person: ActingPerson) -> tuple[str, ...]:
    """Cities in which they are operators. Raises :class:`Forbidden` (``auth.role``) where there are none."""
    cities = tuple(city for city in api.services.cities.profiles if person.has_role(StaffRole.OPERATOR, city))
    if not cities:
        raise Forbidden("auth.role", zh="需要运营岗位", en="for operators")
    return cities
