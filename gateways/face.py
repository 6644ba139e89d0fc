"""Face checks over HTTP (``docs/outside-world.md`` § 3)."""

from datetime import datetime
from typing import Annotated

import msgspec

from gateways.answers import Answer, checked_reference, segment, wrong
from gateways.http import HttpAdapter
from gateways.subjects import is_subject, subject_fields
from gateways.web_addresses import checked_web_address
from identity.numbers import IdType
from identity.outside import FaceOutcome, FaceResult, FaceSession, OutsideService
from identity.subjects import Subject

__all__ = ["HttpFaceCheck"]

_At = Annotated[datetime, msgspec.Meta(tz=True)]


class _Started(Answer, frozen=True):
    ref: str
    url: str
    expires_at: _At


class _Session(Answer, frozen=True):
    ref: str
    name: str
    id_type: IdType
    id_number: str
    purpose: str
    outcome: FaceOutcome
    comparison_ref: str | None
    decided_at: _At | None
    expires_at: _At


class HttpFaceCheck(HttpAdapter):
    """:class:`identity.outside.FaceCheck`. A repeated start only leaves a session that nobody uses."""

    SERVICE = OutsideService.FACE

    def start(self, subject: Subject, purpose: str, return_url: str) -> FaceSession:
        """A session for this person and purpose."""
        body = {**subject_fields(subject), "purpose": purpose, "return_url": return_url}
        started = self._http.post("start", "sessions", body, _Started)
        service = self._http.service
        return FaceSession(
            checked_reference(service, started.ref), checked_web_address(service, started.url), started.expires_at
        )

    def result(self, ref: str, subject: Subject, purpose: str) -> FaceResult:
        """How session ``ref`` stands; :class:`OutsideAnswerWrong` if it is about anybody or anything else."""
        session = self._http.get("result", f"sessions/{segment(ref)}", _Session)
        self._demand_fit(session, ref, subject, purpose)
        return FaceResult(session.ref, session.outcome, session.comparison_ref, session.decided_at)

    def _demand_fit(self, session: _Session, ref: str, subject: Subject, purpose: str) -> None:
        service = self._http.service
        if session.ref != ref:
            raise wrong(service, "other_reference")
        if not is_subject(subject, session.id_type, session.id_number):
            raise wrong(service, "other_person")
        if session.purpose != purpose:
            raise wrong(service, "other_purpose")
        decided = session.outcome in (FaceOutcome.PASSED, FaceOutcome.FAILED)
        if decided and (session.decided_at is None or not session.comparison_ref):
            raise wrong(service, "undecided")
        if session.comparison_ref is not None:
            checked_reference(service, session.comparison_ref)
