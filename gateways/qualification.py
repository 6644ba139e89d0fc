"""The qualification office over HTTP (``docs/outside-world.md`` § 5)."""

from datetime import datetime
from typing import Annotated

import msgspec

from filing.outside import OutsideService, Qualification, QualificationApplication, QualificationState
from gateways.answers import Answer, checked_reference, segment, wrong
from gateways.http import HttpAdapter
from gateways.subjects import is_subject
from identity.numbers import IdType

__all__ = ["HttpQualificationOffice"]

_DECIDED = {QualificationState.PASSED, QualificationState.REFUSED, QualificationState.USED}


class _Application(Answer, frozen=True):
    code: str
    case_number: str
    buyer_id_type: IdType
    buyer_id_number: str
    certificate_number: str
    state: QualificationState
    reason: Annotated[str, msgspec.Meta(max_length=500)] | None
    decided_at: Annotated[datetime, msgspec.Meta(tz=True)] | None


class HttpQualificationOffice(HttpAdapter):
    """:class:`filing.outside.QualificationOffice`."""

    SERVICE = OutsideService.QUALIFICATION

    def apply(self, application: QualificationApplication) -> Qualification:
        """The application of this case and buyer, made now or before."""
        buyer = application.buyer
        body = {
            "city": application.city,
            "case_number": application.case_number,
            "buyer_name": buyer.name,
            "buyer_id_type": buyer.number.type.value,
            "buyer_id_number": buyer.number.normalised,
            "certificate_number": application.certificate_number,
        }
        return self._believed(self._http.post("apply", "applications", body, _Application), application)

    def state(self, code: str, application: QualificationApplication) -> Qualification:
        """How it stands."""
        answer = self._http.get("state", f"applications/{segment(code)}", _Application)
        return self._believed(answer, application, code)

    def void(self, code: str, application: QualificationApplication) -> Qualification:
        """The buyer gives it up (SZ-64)."""
        return self._step("void", code, application)

    def use(self, code: str, application: QualificationApplication) -> Qualification:
        """It is used up by the filing (H-18)."""
        return self._step("use", code, application)

    def release(self, code: str, application: QualificationApplication) -> Qualification:
        """The filing it was used by is revoked (H-18)."""
        return self._step("release", code, application)

    def _step(self, step: str, code: str, application: QualificationApplication) -> Qualification:
        answer = self._http.post(step, f"applications/{segment(code)}/{step}", {}, _Application)
        believed = self._believed(answer, application, code)
        results = {
            "void": QualificationState.VOIDED,
            "use": QualificationState.USED,
            "release": QualificationState.PASSED,
        }
        if believed.state is not results[step]:
            raise wrong(self._http.service, "state")
        return believed

    def _believed(
        self, answer: _Application, application: QualificationApplication, code: str | None = None
    ) -> Qualification:
        service = self._http.service
        if code is not None and answer.code != code:
            raise wrong(service, "other_reference")
        if not is_subject(application.buyer, answer.buyer_id_type, answer.buyer_id_number):
            raise wrong(service, "other_person")
        if answer.case_number != application.case_number:
            raise wrong(service, "other_case")
        if answer.certificate_number != application.certificate_number:
            raise wrong(service, "other_house")
        if answer.state in _DECIDED and answer.decided_at is None:
            raise wrong(service, "state")
        number = checked_reference(service, answer.code)
        return Qualification(number, answer.case_number, answer.state, answer.reason, answer.decided_at)
