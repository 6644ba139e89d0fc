"""A certificate's subject in words a clerk reads; what they do not cover is shown as it stands."""

from __future__ import annotations

import re

from cryptography import x509
from cryptography.x509.oid import NameOID

__all__ = ["subject_words"]

_MASKED = re.compile(r"[0-9A-Za-z]{1,8}\.{2,}[0-9A-Za-z]{1,8}")
"""A masked number as our party certificates hold it: a PrintableString has no asterisk (X.680 § 41.4)."""

_LABELS = {
    NameOID.COMMON_NAME: "名称",
    NameOID.ORGANIZATION_NAME: "单位",
    NameOID.ORGANIZATION_IDENTIFIER: "单位标识",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "部门",
    NameOID.SERIAL_NUMBER: "编号",
    NameOID.COUNTRY_NAME: "国家或地区",
    NameOID.STATE_OR_PROVINCE_NAME: "省级行政区",
    NameOID.LOCALITY_NAME: "地点",
}

_PARTY_LABELS = {
    NameOID.COMMON_NAME: "姓名",
    NameOID.SERIAL_NUMBER: "证件（掩码）",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "案件",
}
"""In the one-time certificate of a party (``signing.keys``)."""

_OTHER_LABELS = {oid: text for oid, text in _LABELS.items() if oid not in _PARTY_LABELS}


def subject_words(rfc4514: str) -> tuple[tuple[str, str], ...]:
    """Label and value of each attribute, name first; the whole text under one label when it does not parse.

    The country goes without saying where it is this one.
    """
    try:
        attributes = list(x509.Name.from_rfc4514_string(rfc4514))
    except ValueError:
        return (("主体", rfc4514),)
    if not attributes:  # allowed where a subjectAltName is critical (RFC 5280 § 4.1.2.6)
        return (("主体", "（空）"),)
    shown = [a for a in attributes if (a.oid, a.value) != (NameOID.COUNTRY_NAME, "CN")] or attributes
    is_party = any(a.oid == NameOID.SERIAL_NUMBER and _MASKED.fullmatch(str(a.value)) for a in shown)
    labels = _PARTY_LABELS | _OTHER_LABELS if is_party else _LABELS
    order = list(labels)
    known = sorted((a for a in shown if a.oid in labels), key=lambda a: order.index(a.oid))
    others = [a for a in shown if a.oid not in labels]
    return tuple((labels.get(a.oid, a.oid.dotted_string), _value(a, is_party=is_party)) for a in (*known, *others))


def _value(attribute: x509.NameAttribute[str | bytes], *, is_party: bool) -> str:
    text = str(attribute.value)
    return text.replace(".", "*") if is_party and attribute.oid == NameOID.SERIAL_NUMBER else text
