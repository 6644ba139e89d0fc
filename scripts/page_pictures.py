"""Make ``docs/images/pages-*.png`` from the pictures that ``make browser`` left in ``out/screenshots``."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

SHOTS = Path("out/screenshots")
TARGETS = Path("docs/images")
WIDTH, HEIGHT, GAP = 420, 880, 24

PHONES = {
    "pages-phone.png": ("case-drafting-zh", "clauses-zh", "sign-1-read-zh"),
    "pages-verify.png": ("dark-verify-zh", "verify-passed-phone-zh", "filing-in-force-zh"),
    "pages-everyone.png": ("large-cases-zh", "dark-cases-zh", "names-case-en"),
}
"""Picture → what is side by side in it: the top of each page, as wide as a telephone."""

DESK, DESK_WIDTH = "desk-dossier-data-zh", 1100


def main() -> None:
    TARGETS.mkdir(parents=True, exist_ok=True)
    for name, shots in PHONES.items():
        board = Image.new("RGB", (len(shots) * (WIDTH + GAP) + GAP, HEIGHT + 2 * GAP), (214, 221, 230))
        for place, shot in enumerate(shots):
            board.paste(_top(SHOTS / f"{shot}.png"), (GAP + place * (WIDTH + GAP), GAP))
        _save(board, name)
    desk = Image.open(SHOTS / f"{DESK}.png").convert("RGB")
    _save(
        desk.resize((DESK_WIDTH, round(desk.height * DESK_WIDTH / desk.width)), Image.Resampling.LANCZOS),
        "pages-desk.png",
    )


def _save(picture: Image.Image, name: str) -> None:
    target = TARGETS / name
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=96).save(target, optimize=True)
    print(f"{target}: {target.stat().st_size} bytes")


def _top(file: Path) -> Image.Image:
    shot = Image.open(file).convert("RGB")
    shown = shot.resize((WIDTH, round(shot.height * WIDTH / shot.width)), Image.Resampling.LANCZOS)
    top = Image.new("RGB", (WIDTH, HEIGHT), (244, 246, 249))
    top.paste(shown.crop((0, 0, WIDTH, min(HEIGHT, shown.height))))
    return top


main()
