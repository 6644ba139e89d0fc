"""Make ``docs/images/pages-*.png`` from the pictures that ``make browser`` left in ``out/screenshots``."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

SHOTS = Path("out/screenshots")
TARGETS = Path("docs/images")
WIDTH, HEIGHT, GAP = 420, 880, 24

PHONES = {
    "pages-phone.png": ("case-drafting-zh", "clauses-zh", "sign-1-read-zh"),
    "pages-verify.png": ("usual-dark-verify-zh", "verify-passed-phone-zh", "filing-in-force-zh"),
}
"""Picture → what is side by side in it: the top of each page, as wide as a telephone."""


def main() -> None:
    TARGETS.mkdir(parents=True, exist_ok=True)
    for name, shots in PHONES.items():
        board = Image.new("RGB", (len(shots) * (WIDTH + GAP) + GAP, HEIGHT + 2 * GAP), (214, 221, 230))
        for place, shot in enumerate(shots):
            board.paste(_top(SHOTS / f"{shot}.png"), (GAP + place * (WIDTH + GAP), GAP))
        target = TARGETS / name
        board.convert("P", palette=Image.Palette.ADAPTIVE, colors=96).save(target, optimize=True)
        print(f"{target}: {target.stat().st_size} bytes")


def _top(file: Path) -> Image.Image:
    shot = Image.open(file).convert("RGB")
    shown = shot.resize((WIDTH, round(shot.height * WIDTH / shot.width)), Image.Resampling.LANCZOS)
    top = Image.new("RGB", (WIDTH, HEIGHT), (244, 246, 249))
    top.paste(shown.crop((0, 0, WIDTH, min(HEIGHT, shown.height))))
    return top


main()
