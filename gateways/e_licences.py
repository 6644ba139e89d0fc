"""Electronic licences over HTTP (``docs/outside-world.md`` § 7)."""

import binascii
import hashlib
from base64 import b64decode
from datetime import date
from typing import Annotated, Literal

import msgspec

from filing.outside import ELicence, ELicenceKind, LicenceAuthorisation, OutsideService
from gateways.answers import Answer, checked_reference, wrong
from gateways.http import HttpAdapter
from gateways.subjects import is_subject, subject_fields
from identity.numbers import IdType
from identity.subjects import Subject

__all__ = ["HttpELicences"]


class _Holder(Answer, frozen=True):
    name: str
    id_type: IdType
    id_number: str


class _Licence(Answer, frozen=True):
    kind: ELicenceKind
    number: str
    issuer: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    issued_on: date
    expires_on: date | None
    media_type: Literal["application/pdf", "image/png", "image/jpeg"]
    content_base64: str
    sha256: str
    holder: _Holder


class _Fetched(Answer, frozen=True):
    licences: tuple[_Licence, ...]


class HttpELicences(HttpAdapter):
    """:class:`filing.outside.ELicences`."""

    SERVICE = OutsideService.E_LICENCES

    def fetch(self, person: Subject, authorisation: LicenceAuthorisation) -> tuple[ELicence, ...]:
        """Licences of this person, of the kinds authorised; none if there are none."""
        body = {
            **subject_fields(person),
            "kinds": [kind.value for kind in authorisation.kinds],
            "authorisation": {
                "document_sha256": authorisation.document_sha256,
                "authorised_at": authorisation.authorised_at,
                "case_number": authorisation.case_number,
            },
        }
        fetched = self._http.post("fetch", "fetch", body, _Fetched)
        return tuple(self._believed(licence, person, authorisation) for licence in fetched.licences)

    def _believed(self, licence: _Licence, person: Subject, authorisation: LicenceAuthorisation) -> ELicence:
        service = self._http.service
        if not is_subject(person, licence.holder.id_type, licence.holder.id_number):
            raise wrong(service, "other_person")
        if licence.kind not in authorisation.kinds:
            raise wrong(service, "other_kind")
        return ELicence(
            kind=licence.kind,
            number=checked_reference(service, licence.number),
            issuer=licence.issuer,
            issued_on=licence.issued_on,
            media_type=licence.media_type,
            content=self._content(licence),
            expires_on=licence.expires_on,
        )

    def _content(self, licence: _Licence) -> bytes:
        try:
            content = b64decode(licence.content_base64, validate=True)
        except (binascii.Error, ValueError) as error:
            raise wrong(self._http.service, "content") from error
        if hashlib.sha256(content).hexdigest() != licence.sha256:
            raise wrong(self._http.service, "digest")
        return content
