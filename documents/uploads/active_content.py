"""What a PDF would do, start, fetch or play: looked for in every object of the file, reachable or not.

qpdf writes an object back in one canonical form, names unescaped, one space between tokens, whether it stood in the
clear, behind #xx escapes or inside a compressed object stream. A search over that text picks the few objects that may
matter; only those are walked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Name, Object, Stream, String

from documents.uploads.errors import refusal
from documents.uploads.filters import Allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_NODES", "Suspects", "dictionaries_in"]

# Actions by their /S (ISO 32000-2 table 201). Jumps inside the document and page turning are the harmless rest.
_ACTIONS = {
    "/JavaScript": "upload.javascript",
    "/JS": "upload.javascript",  # a requirement handler's type (§ 12.11.3)
    "/ECMAScript": "upload.javascript",
    "/Launch": "upload.launch_action",
    "/URI": "upload.uri_action",
    "/SubmitForm": "upload.submit_action",
    "/ImportData": "upload.import_action",
    "/GoToR": "upload.remote_goto_action",
    "/GoToE": "upload.remote_goto_action",
    "/Rendition": "upload.multimedia",
    "/Movie": "upload.multimedia",
    "/Sound": "upload.multimedia",
    "/RichMediaExecute": "upload.multimedia",
    "/GoTo3DView": "upload.multimedia",
}
_HARMLESS_ACTIONS = frozenset({"/GoTo", "/GoToDp", "/Named", "/Hide", "/SetOCGState", "/Trans", "/ResetForm"})
_MEDIA_ANNOTATIONS = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_EXTERNAL_KEYS = ("/F", "/FFilter", "/Ref", "/OPI")  # of streams: § 7.3.8.2, 8.10.4; OPI of PDF 1.3
_ACTION_SLOTS = frozenset({"/A", "/OpenAction", "/Next", "/PA"})
_TELLING_KEYS = _ACTION_SLOTS | frozenset(
    {"/S", "/JavaScript", "/JS", "/AA", "/Subtype", "/Type", "/XFA", "/NeedsRendering", "/EF", "/ByteRange", "/FT"}
)

_WORTH_A_LOOK = re.compile(
    rb"/(?:JavaScript|JS|ECMAScript|Launch|URI|SubmitForm|ImportData|GoToR|GoToE|Rendition|Movie|Sound|RichMedia\w*"
    rb"|GoTo3DView|3D|Screen|XFA|NeedsRendering|EF|OpenAction|AA|A|Next|PA|ByteRange|FT|DocTimeStamp)"
    rb"(?=[ /\[<(])|/S \d|/Subtype \d|/Type /Sig "
)

# Dictionaries and arrays looked into, over the whole file, at about 15 µs each. A 1000-page tagged text has some
# 100 000 structure elements with attributes, which is what the search over the text lets through most.
MAX_NODES = 300_000


class Suspects:
    """Collects, object by object, what decides over a file: signatures and embedded files; refuses the rest."""

    def __init__(self) -> None:
        self.byte_ranges = 0
        self.filled_fields = 0
        self.unreadable = 0
        self.file_specifications: list[Dictionary] = []
        self._nodes = Allowance(MAX_NODES, "upload.too_many_objects")

    def take(self, obj: Object | None) -> None:
        """Look at one indirect object; ``None`` is one that is null or could not be read."""
        if obj is None:
            self.unreadable += 1
            return
        if isinstance(obj, Stream):
            if any(key in obj for key in _EXTERNAL_KEYS):
                raise refusal("upload.external_content")
            text = obj.stream_dict.unparse(resolved=True)
        else:
            text = obj.unparse(resolved=True)
        if _WORTH_A_LOOK.search(text):
            for dictionary in dictionaries_in(obj, self._nodes):
                self._judge(dictionary)

    def _judge(self, dictionary: Dictionary | Stream) -> None:
        keys = _TELLING_KEYS.intersection(dictionary.keys())
        if keys:
            _refuse_actions(dictionary, keys)
            _refuse_media_and_forms(dictionary, keys)
            self._count(dictionary, keys)

    def _count(self, dictionary: Dictionary | Stream, keys: frozenset[str]) -> None:
        if "/EF" in keys and isinstance(dictionary.get("/EF"), Dictionary):
            self.file_specifications.append(dictionary)
        if "/ByteRange" in keys or _text(dictionary.get("/Type")) in ("/Sig", "/DocTimeStamp"):
            self.byte_ranges += 1
        elif "/FT" in keys and _text(dictionary.get("/FT")) == "/Sig" and "/V" in dictionary:
            self.filled_fields += 1

    @property
    def signature_count(self) -> int:
        """Signature dictionaries, or filled signature fields where there are more of those."""
        return max(self.byte_ranges, self.filled_fields)


def dictionaries_in(obj: Object, nodes: Allowance) -> Iterator[Dictionary | Stream]:
    """Every dictionary that is part of this object itself, references not followed; each node is charged."""
    waiting = [obj]
    while waiting:
        node = waiting.pop()
        nodes.spend(1)
        if isinstance(node, (Dictionary, Stream)):
            yield node
            children = [node.get_raw(key) for key in node.keys()]  # noqa: SIM118 - pikepdf iterates keys only so
        elif isinstance(node, Array):
            children = list(node.as_list())
        else:
            continue
        waiting += [child for child in children if isinstance(child, (Dictionary, Array)) and not child.is_indirect]


def _refuse_actions(dictionary: Dictionary | Stream, keys: frozenset[str]) -> None:
    if "/S" in keys:
        action = _text(dictionary.get("/S"))
        if action in _ACTIONS:
            raise refusal(_ACTIONS[action])
    if "/JavaScript" in keys:
        raise refusal("upload.javascript")  # the name tree of document scripts (§ 7.7.4), even an empty one
    if "/JS" in keys and isinstance(dictionary.get("/JS"), (String, Stream)):
        raise refusal("upload.javascript")
    slots = [dictionary.get(key) for key in keys & _ACTION_SLOTS]
    additional = dictionary.get("/AA") if "/AA" in keys else None
    if isinstance(additional, Dictionary):
        slots += [additional.get(key) for key in additional.keys()]  # noqa: SIM118 - as above
    for slot in slots:
        for candidate in slot.as_list() if isinstance(slot, Array) else (slot,):
            _refuse_unknown_action(candidate)


def _refuse_unknown_action(action: object) -> None:
    """Refuse what stands where an action belongs and is none that this house knows."""
    name = _text(action.get("/S")) if isinstance(action, Dictionary) else ""
    if not isinstance(action, Dictionary) or not name:
        return  # A destination, an attribute object of a structure element, an outline item.
    if name in _ACTIONS:
        raise refusal(_ACTIONS[name])
    if name == "/Thread":
        if "/F" in action:
            raise refusal("upload.remote_goto_action")
    elif name not in _HARMLESS_ACTIONS:
        raise refusal("upload.unknown_action", action=name.lstrip("/")[:40])


def _refuse_media_and_forms(dictionary: Dictionary | Stream, keys: frozenset[str]) -> None:
    if "/Subtype" in keys and _text(dictionary.get("/Subtype")) in _MEDIA_ANNOTATIONS:
        raise refusal("upload.multimedia")
    if "/Type" in keys and _text(dictionary.get("/Type")) == "/3D":
        raise refusal("upload.multimedia")
    if "/XFA" in keys and isinstance(dictionary.get("/XFA"), (Array, Stream)):
        raise refusal("upload.xfa")
    rendering = dictionary.get("/NeedsRendering") if "/NeedsRendering" in keys else None
    if isinstance(rendering, Object) and rendering.as_bool(default=False):
        raise refusal("upload.xfa")  # § 7.7.2, PDF 1.7: the catalog entry of a dynamic XFA form


def _text(value: Object | None) -> str:
    """A name with its solidus; empty for anything else."""
    return str(value) if isinstance(value, Name) else ""
