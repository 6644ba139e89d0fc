"""PDF/A-3b for what was uploaded: declared only after pikepdf's validator approved exactly what will be written.

The validator is imported when something is written: with its fonts and schemas it takes a tenth of a second, and most
children that read a stranger's file write nothing.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, String
from PIL import ImageCms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikepdf import Pdf

__all__ = ["declare_pdfa", "save_options"]

_CHOICES: dict[str, Any] = {
    "object_stream_mode": ObjectStreamMode.disable,
    "linearize": False,
    "deterministic_id": True,
    "force_version": "1.7",
}
"""Classic cross-reference table, no linearisation: incremental updates go on top of it, and every reader follows."""

# ISO 19005-3 § 6.6.4: part and conformance; no dates and no producer, so that equal uploads give equal bytes.
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


@cache
def save_options() -> Mapping[str, Any]:
    """How every PDF made of uploads is written."""
    from pikepdf import pdfa  # noqa: PLC0415 - see above

    options: dict[str, Any] = pdfa.resolve_save_kwargs("3b", **_CHOICES)
    return MappingProxyType(options)


def declare_pdfa(pdf: Pdf) -> bool:
    """Declare PDF/A-3b if the document, saved with :func:`save_options`, is; otherwise leave it undeclared."""
    from pikepdf import pdfa  # noqa: PLC0415 - see above

    keeps_intents = _has_profile(pdf)
    if not keeps_intents:
        pdf.Root.OutputIntents = Array([_srgb_intent(pdf)])
    pdf.Root.Metadata = pdf.make_stream(_XMP.encode(), Type=Name.Metadata, Subtype=Name.XML)
    if pdfa.check(pdf, "3b", **_CHOICES).passed:
        return True
    del pdf.Root.Metadata
    if not keeps_intents:
        del pdf.Root.OutputIntents
    return False


def _has_profile(pdf: Pdf) -> bool:
    intents = pdf.Root.get("/OutputIntents")
    return isinstance(intents, Array) and any(
        isinstance(intent, Dictionary) and "/DestOutputProfile" in intent for intent in intents.as_list()
    )


def _srgb_intent(pdf: Pdf) -> Dictionary:
    """ISO 19005-3 § 6.2.3."""
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=pdf.make_stream(_srgb_profile(), N=3),
    )


@cache
def _srgb_profile() -> bytes:
    """LittleCMS's sRGB profile with the moment of its making (bytes 24 to 35) set to 2026-01-01, always the same."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made_at = bytes.fromhex("07ea00010001000000000000")
    return profile[:24] + made_at + profile[36:]
