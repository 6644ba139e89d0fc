"""Names for values of libraries that carry no types, so that signatures still say what is meant."""

from __future__ import annotations

from typing import Any, TypeAlias

__all__ = ["Asn1Value", "PdfValue"]

PdfValue: TypeAlias = Any
"""An object of pyHanko's or qpdf's PDF model: dictionary, array, stream, name, string, number, reference."""

Asn1Value: TypeAlias = Any
"""An asn1crypto value: certificate, SignedData, SignerInfo, attribute."""
