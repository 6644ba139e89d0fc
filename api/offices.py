"""Callers of notary offices: a program of one, or a person who works for one or several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.callers import require_scope
from api.errors import ApiError, Forbidden
from api.visibility import NOTARY_SCOPE
from identity.acting import Machine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.callers import Caller
    from api.state import ApiState

__all__ = ["cities_of", "office_asked", "offices_of"]


def offices_of(caller: Caller) -> tuple[str, ...]:
    """Offices the caller works for. Raises :class:`Forbidden`: ``auth.scope``; ``auth.office`` for none."""
    mine: tuple[str, ...]
    if isinstance(caller, Machine):
        require_scope(caller, NOTARY_SCOPE)
        mine = () if caller.office is None else (caller.office,)
    else:
        mine = caller.offices
    if not mine:
        raise Forbidden("auth.office", zh="您不是公证机构的成员", en="you work for no notary office")
    return mine


def office_asked(caller: Caller, wanted: str | None) -> str:
    """The one office that is meant. Raises as :func:`offices_of`; ``notary.which_office`` where several might be."""
    mine = offices_of(caller)
    if wanted is None and len(mine) == 1:
        return mine[0]
    if wanted is None:
        raise ApiError(
            "notary.which_office",
            zh="您属于多个公证机构，请用 office 指定",
            en="you work for several offices: say which with `office`",
        )
    if wanted not in mine:
        raise Forbidden("auth.office", zh="您不是该公证机构的成员", en="you do not work for this notary office")
    return wanted


def cities_of(api: ApiState, caller: Caller) -> Sequence[str]:
    """Cities whose matters the caller may see: those granted to a program; for a notary every city served."""
    return caller.cities if isinstance(caller, Machine) else tuple(api.services.cities.profiles)
