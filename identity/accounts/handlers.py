"""Handlers (经办人) of a legal person: appointed, agreed with a code, ended (SZ-02, SZ-08…11, SZ-25)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from identity.accounts.model import HandlerBinding
from identity.codes.model import CodePurpose, CodeSubject
from identity.errors import AccountError, NotAllowed
from identity.findings import Finding, Findings
from identity.numbers import IdType, PersonMatch
from identity.subjects import PartyKind, match_subjects
from identity.trust_level import check_organisation_account

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from identity.acting import ActingPerson
    from identity.codes.model import CodeProof
    from identity.representation import Period
    from identity.subjects import Subject
    from identity.trust_level import TrustPolicy

__all__ = ["Appointment", "appoint_handler", "consent_subject", "end_binding", "handler_consents"]


@dataclass(frozen=True, slots=True)
class Appointment:
    """What the legal person fills in."""

    handler: Subject
    """Who is to act."""

    period: Period
    """For how long (SZ-10)."""


def appoint_handler(
    organisation: ActingPerson, wanted: Appointment, policy: TrustPolicy | None, now: datetime
) -> HandlerBinding:
    """A new appointment, waiting for the handler. Raises :class:`NotAllowed` with every reason.

    ``policy`` is the city's; where it grades nobody, no level is asked for. Appointing another is how an organisation
    replaces a handler who cannot be verified (SZ-25): several may be bound at once.
    """
    findings = tuple(_against(organisation, wanted, policy, now))
    if findings:
        raise NotAllowed(findings)
    level = None if organisation.real_name is None else organisation.real_name.level
    return HandlerBinding(uuid.uuid4().hex, organisation.subject, level, wanted.handler, wanted.period, added_at=now)


def consent_subject(binding: HandlerBinding, handler: ActingPerson) -> CodeSubject:
    """What the handler's code is bound to: this appointment, this person, the phone registered on the platform.

    Raises :class:`AccountError` ``authority.unknown`` to anybody else, ``account.no_phone`` without a phone.
    """
    _demand_handler(binding, handler)
    if handler.phone is None:
        raise AccountError(
            "account.no_phone", zh="认证平台未登记手机号", en="the identity platform holds no mobile number"
        )
    return CodeSubject(CodePurpose.BIND_HANDLER, handler.phone, f"handler:{binding.binding_id}")


def handler_consents(binding: HandlerBinding, handler: ActingPerson, proof: CodeProof, now: datetime) -> HandlerBinding:
    """The appointment agreed to (SZ-09). ``proof`` is of the code for :func:`consent_subject`."""
    wanted = consent_subject(binding, handler)
    if (proof.purpose, proof.recipient, proof.phone) != (wanted.purpose, wanted.recipient, wanted.phone):
        raise ValueError("the proof is of another code")
    _demand_open(binding, now)
    if binding.consented_at is not None:
        return binding
    return replace(binding, consented_at=now, consent_reference=proof.code_id)


def end_binding(binding: HandlerBinding, by: ActingPerson, now: datetime) -> HandlerBinding:
    """Ended by the legal person (SZ-11) or by the handler; ended once."""
    mine = (match_subjects(by.subject, one) is PersonMatch.SAME for one in (binding.organisation, binding.handler))
    if not any(mine):
        raise _unknown()
    return binding if binding.ended_at is not None else replace(binding, ended_at=now)


def _against(
    organisation: ActingPerson, wanted: Appointment, policy: TrustPolicy | None, now: datetime
) -> Iterator[Finding]:
    subject = organisation.subject
    if subject.kind is PartyKind.PERSON:
        yield Finding(
            "organisation.not_one", zh="只有法人账户可以添加经办人", en="only a legal person's account adds handlers"
        )
    elif subject.number.type is not IdType.USCC:
        yield Finding(
            "organisation.id_type",
            zh="法人证件类型一定要选择统一社会信用代码",
            en="a legal person is identified by its unified social credit code",
        )
    yield from _of_level(organisation, policy)
    if wanted.handler.kind is not PartyKind.PERSON:
        yield Finding("handler.not_a_person", zh="经办人必须是自然人", en="a handler is a natural person")
    if wanted.period.ends_at is not None and wanted.period.ends_at <= now:
        yield Finding("handler.period_over", zh="授权时间已过", en="the authorised time is over already")


def _of_level(organisation: ActingPerson, policy: TrustPolicy | None) -> Findings:
    if policy is None:
        return ()
    return check_organisation_account(None if organisation.real_name is None else organisation.real_name.level, policy)


def _demand_handler(binding: HandlerBinding, handler: ActingPerson) -> None:
    if match_subjects(binding.handler, handler.subject) is not PersonMatch.SAME:
        raise _unknown()


def _demand_open(binding: HandlerBinding, now: datetime) -> None:
    over = binding.period.ends_at is not None and binding.period.ends_at <= now
    if binding.ended_at is not None or over:
        raise AccountError(
            "authority.ended", zh="授权已解除或者已过期", en="this authority was ended, or its time is over"
        )


def _unknown() -> AccountError:
    return AccountError("authority.unknown", zh="没有该授权", en="there is no such authority of yours")
