"""XMP metadata (ISO 16684-1) as a set of properties, so that a rewritten packet with equal content is no change."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from pyhanko.pdf_utils import generic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from signing.validation.foreign import PdfValue

__all__ = ["lasting_properties"]

_MAX_BYTES = 256 * 1024
"""Metadata of a contract are some 2 kB."""

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_VOLATILE = frozenset(
    {
        f"{_XMP}ModifyDate",
        f"{_XMP}MetadataDate",
        "{http://ns.adobe.com/xap/1.0/mm/}InstanceID",
        "{http://ns.adobe.com/pdf/1.3/}Producer",
    }
)
"""What any writer may update with a revision."""


def lasting_properties(stream: PdfValue) -> frozenset[str] | None:
    """Properties of an XMP packet that a signature should hold fast; ``None`` if it cannot be read."""
    if not isinstance(stream, generic.StreamObject):
        return None
    data = bytes(stream.data)
    # Entities are never needed in XMP; without a document type (looked for in UTF-8 only) there are none to expand.
    if len(data) > _MAX_BYTES or b"<!DOCTYPE" in data or b"\x00" in data:
        return None
    try:
        root = ET.fromstring(data)  # noqa: S314 - no document type, bounded size
    except ET.ParseError:
        return None
    return frozenset(line for description in root.iter(f"{_RDF}Description") for line in _properties(description))


def _properties(description: ET.Element) -> Iterator[str]:
    for name, value in description.attrib.items():
        if name not in _VOLATILE and not name.startswith(_RDF):
            yield f"{name}={value}"
    for child in description:
        if child.tag not in _VOLATILE:
            yield f"{child.tag}={_value(child)}"


def _value(element: ET.Element) -> str:
    """Text alone, as an attribute would say it, or the values of whatever array or structure is inside."""
    text = (element.text or "").strip()
    inner = [_value(child) for child in element]
    marks = [f"{name}:{value}" for name, value in sorted(element.attrib.items()) if not name.startswith(_RDF)]
    return f"{text}[{','.join(inner)}]{','.join(marks)}" if inner or marks else text
