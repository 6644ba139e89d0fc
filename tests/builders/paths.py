"""Content streams of appearances, looked at: where they paint, what they say, how they render."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2

if TYPE_CHECKING:
    from PIL.Image import Image

# Paths, colours of the device spaces, state and marks: nothing that names a resource, nothing transparent.
PLAIN_OPERATORS = frozenset(
    {"q", "Q", "cm", "m", "l", "c", "h", "re", "f", "f*", "B", "w", "j", "g", "rg", "RG", "BDC", "BMC", "EMC"}
)


def operators(content: bytes) -> list[tuple[list[object], str]]:
    """Operators with plain operands: numbers as floats, names as text with their slash, property lists as dicts."""
    pdf = pikepdf.new()  # named, so that it outlives the objects read from it
    instructions = pikepdf.parse_content_stream(pdf.make_stream(content))
    return [([_plain(value) for value in i.operands], str(i.operator)) for i in instructions]


def _plain(value: object) -> object:
    if isinstance(value, pikepdf.Dictionary):
        return {key: str(value[key]) for key in value.keys()}  # noqa: SIM118 - a pikepdf dictionary is no mapping
    return str(value) if isinstance(value, pikepdf.Name) else float(value)


def painted_points(content: bytes) -> list[tuple[float, float]]:
    """Points on everything the paths go through, curves in eight steps."""
    matrix, stack = pikepdf.Matrix(), []
    points: list[tuple[float, float]] = []
    for operands, operator in operators(content):
        numbers = [value for value in operands if isinstance(value, float)]
        if operator == "q":
            stack.append(matrix)
        elif operator == "Q":
            matrix = stack.pop()
        elif operator == "cm":
            matrix = pikepdf.Matrix(*numbers) @ matrix
        elif operator in {"m", "l"}:
            here = (numbers[0], numbers[1])
            points.append(matrix.transform(here))
        elif operator == "c":
            points += [matrix.transform(_cubic(here, numbers, step / 8)) for step in range(1, 9)]
            here = (numbers[4], numbers[5])
        elif operator == "re":
            x, y, width, height = numbers
            points += [matrix.transform(p) for p in ((x, y), (x + width, y + height))]
    assert not stack
    return points


def _cubic(start: tuple[float, float], numbers: list[float], t: float) -> tuple[float, float]:
    u = 1 - t
    weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
    xs, ys = (start[0], *numbers[0::2]), (start[1], *numbers[1::2])
    return sum(w * x for w, x in zip(weights, xs, strict=True)), sum(w * y for w, y in zip(weights, ys, strict=True))


def said(content: bytes, key: str = "/ActualText") -> list[str]:
    """Every text marked in the content, in order."""
    marks = [operands[1] for operands, operator in operators(content) if operator == "BDC"]
    return [mark[key] for mark in marks if key in mark]


def rendered(content: bytes, width: float, height: float, dots_per_point: float = 4.0) -> Image:
    """The content as a form XObject without resources alone on a page, in grey or colour."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(width, height))
    form = pdf.make_stream(content)
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox, form.Resources = pikepdf.Array([0, 0, width, height]), pikepdf.Dictionary()
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Seen=form))
    page.Contents = pdf.make_stream(b"/Seen Do")
    saved = io.BytesIO()
    pdf.save(saved)
    with pypdfium2.PdfDocument(saved.getvalue()) as document:
        return document[0].render(scale=dots_per_point).to_pil().convert("RGB")
