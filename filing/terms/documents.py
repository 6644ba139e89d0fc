"""Identity documents as ``identity`` tells them apart, and as the model text names them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from documents.contract.parties import IdentityDocument
from identity.numbers import IdType, Region

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["document_of"]

_DOCUMENTS: Final[Mapping[IdType, IdentityDocument]] = MappingProxyType(
    {
        IdType.RESIDENT_ID: IdentityDocument.RESIDENT_ID,
        IdType.RESIDENT_ID_15: IdentityDocument.RESIDENT_ID,
        IdType.OFFICER_ID: IdentityDocument.OFFICER_ID,
        IdType.POLICE_ID: IdentityDocument.POLICE_ID,
        IdType.HM_PERMIT: IdentityDocument.HK_MACAU_PERMIT,
        IdType.TW_PERMIT: IdentityDocument.TAIWAN_PERMIT,
        IdType.PASSPORT: IdentityDocument.PASSPORT,
        IdType.HMT_RESIDENCE: IdentityDocument.HMT_RESIDENCE_PERMIT,
        IdType.FOREIGN_PR: IdentityDocument.FOREIGN_RESIDENCE,
        IdType.USCC: IdentityDocument.CREDIT_CODE,
    }
)


def document_of(id_type: IdType, region: Region) -> IdentityDocument:
    """The document's name in the contract; a 港澳居民身份证 (SZ-59) is one of two, by where its holder belongs."""
    if id_type is IdType.HM_ID_CARD:
        return IdentityDocument.MACAU_ID if region is Region.MO else IdentityDocument.HK_ID
    return _DOCUMENTS[id_type]
