"""Appointments of handlers that the identity platform keeps, brought up to date with each login (SZ-02, SZ-09…11)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from identity.accounts import BindingSource, platform_bindings
from identity.outside import HandledOrganisation, HandlerState

if TYPE_CHECKING:
    from datetime import datetime

    from identity.accounts import HandlerBinding
    from identity.outside import LoginClaims
    from identity.subjects import Subject
    from qianshu.service.people_stores import PeopleStores

__all__ = ["merged_binding", "refresh_platform_bindings"]


def refresh_platform_bindings(stores: PeopleStores, claims: LoginClaims, handler: Subject, now: datetime) -> None:
    """Keep what the platform says of the handler. An appointment it names no more has ended."""
    kept = {one.binding_id: one for one in stores.authorities.handled_by(handler.number)}
    said = platform_bindings(stores.secret, claims, handler, now)
    for fresh in said:
        merged = merged_binding(kept.get(fresh.binding_id), fresh)
        if merged != kept.get(fresh.binding_id):
            stores.authorities.save_handler(merged)
    named = {fresh.binding_id for fresh in said}
    for one in kept.values():
        if one.ended_at is None and one.binding_id not in named and _of_login(stores, claims, one, now):
            stores.authorities.save_handler(replace(one, ended_at=now))


def merged_binding(kept: HandlerBinding | None, fresh: HandlerBinding) -> HandlerBinding:
    """What the platform says, and what was agreed to or ended here since. A new period is a new appointment: neither
    consent nor end carries over to it.
    """
    if kept is None or kept.period != fresh.period:
        return fresh
    merged = replace(fresh, added_at=kept.added_at)
    if fresh.consented_at is None:
        merged = replace(merged, consented_at=kept.consented_at, consent_reference=kept.consent_reference)
    agreed_anew = fresh.consented_at is not None and kept.ended_at is not None and fresh.consented_at > kept.ended_at
    return merged if agreed_anew else replace(merged, ended_at=kept.ended_at or fresh.ended_at)


def _of_login(stores: PeopleStores, claims: LoginClaims, kept: HandlerBinding, now: datetime) -> bool:
    """Whether it is this very login's appointment: somebody with two logins has each platform's own."""
    if kept.source is not BindingSource.PLATFORM:
        return False
    organisation = kept.organisation
    again = HandledOrganisation(
        organisation.name,
        organisation.number.normalised,
        organisation.kind,
        HandlerState.AWAITING_CONSENT,
        kept.organisation_level,
        kept.period,
    )
    (same,) = platform_bindings(stores.secret, replace(claims, handler_of=(again,)), kept.handler, now)
    return same.binding_id == kept.binding_id
