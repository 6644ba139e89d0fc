"""Make ``docs/images/signed-page.png`` from ``out/demo/contract.pdf``: the upper part of the signature page."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PIL import Image

SOURCE = Path("out/demo/contract.pdf")
TARGET = Path("docs/images/signed-page.png")
SCALE = 1.7
SHOWN = 0.66  # of the page's height; below it is white


def main() -> None:
    pdf = pypdfium2.PdfDocument(SOURCE)
    pdf.init_forms()
    page = pdf[len(pdf) - 1].render(scale=SCALE, may_draw_forms=True).to_pil()
    shown = page.crop((0, 0, page.width, int(page.height * SHOWN)))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    shown.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(TARGET, optimize=True)
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


main()
