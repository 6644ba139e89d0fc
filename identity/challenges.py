"""A captcha (WH-41): five characters in a picture, or a small sum in words for whoever cannot see or read the picture.

It keeps programs from having codes sent by the thousand, and proves nothing about anybody: the code to the reserved
telephone does that. Either answer is taken. Kept are a salt and the hash of both answers; one answer may be tried, and
a wrong one costs a new challenge.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import secrets
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont

from identity.numbers import folded

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

__all__ = ["CHALLENGE_LIFE", "Challenge", "PosedHash", "draw_challenge", "is_answer", "picture_of"]

CHALLENGE_LIFE: Final = timedelta(minutes=5)
"""How long it may be answered."""

ALPHABET: Final = "ACDEFHJKLMNPRTUVWXY34679"
"""Capitals and digits that are not taken for one another (no 0/O, 1/I, 2/Z, 5/S, 8/B, G/6, Q/O)."""

LENGTH: Final = 5

_DIGITS_ZH: Final = "零一二三四五六七八九"

_SIZE: Final = (220, 72)
"""Pixels."""

_STROKES: Final = 6
"""Lines through the letters: enough against a naive cut, few enough to be read."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge as it is shown. The letters leave the process in the picture only."""

    letters: str
    """What the picture shows."""

    first: int
    """One summand of the sum in words, 1 to 9."""

    second: int
    """The other."""

    salt: str
    """Drawn anew for each."""

    expires_at: datetime
    """When it is worthless; aware."""

    def __repr__(self) -> str:
        return "Challenge(…)"

    @property
    def question_zh(self) -> str:
        """The sum, to be read aloud."""
        return f"{_DIGITS_ZH[self.first]}加{_DIGITS_ZH[self.second]}等于几？请用数字回答。"

    @property
    def question_en(self) -> str:
        """The same in English."""
        return f"What is {self.first} plus {self.second}? Answer in figures."

    def to_kept(self) -> PosedHash:
        """What is kept of it."""
        hashes = (_hash(self.salt, self.letters), _hash(self.salt, str(self.first + self.second)))
        return PosedHash(self.salt, ":".join(hashes), self.expires_at)


@dataclass(frozen=True, slots=True)
class PosedHash:
    """A challenge as it is kept."""

    salt: str
    """Its salt."""

    answer_hash: str
    """Hashes of both answers, hex, with a colon between."""

    expires_at: datetime
    """End of its life."""


def draw_challenge(now: datetime, draw: Random | None = None) -> Challenge:
    """A fresh challenge; ``draw`` takes the place of the system's own chance."""
    chance = SystemRandom() if draw is None else draw
    letters = "".join(chance.choice(ALPHABET) for _ in range(LENGTH))
    return Challenge(letters, chance.randint(1, 9), chance.randint(1, 9), secrets.token_hex(16), now + CHALLENGE_LIFE)


def is_answer(kept: PosedHash, typed: str, now: datetime) -> bool:
    """Whether ``typed`` answers it in time; width, blanks and case are folded."""
    given = _hash(kept.salt, folded(typed).upper())
    matched = [hmac.compare_digest(given, each) for each in kept.answer_hash.split(":")]
    return now < kept.expires_at and any(matched)


def picture_of(challenge: Challenge, draw: Random | None = None) -> bytes:
    """The letters as PNG, each turned a little, with lines across."""
    chance = SystemRandom() if draw is None else draw
    picture = Image.new("L", _SIZE, 255)
    font = ImageFont.load_default(44)
    for place, letter in enumerate(challenge.letters):
        tile = Image.new("L", (52, 64), 0)
        ImageDraw.Draw(tile).text((10, 4), letter, fill=255, font=font)
        turned = tile.rotate(chance.uniform(-24, 24), resample=Image.Resampling.BICUBIC)
        picture.paste(0, (8 + place * 40, chance.randint(0, 8)), turned)
    pen = ImageDraw.Draw(picture)
    for _ in range(_STROKES):
        ends = [(chance.randint(0, _SIZE[0]), chance.randint(0, _SIZE[1])) for _ in range(2)]
        pen.line(ends, fill=90, width=2)
    sink = io.BytesIO()
    picture.save(sink, "PNG", optimize=False)
    return sink.getvalue()


def _hash(salt: str, answer: str) -> str:
    return hashlib.sha256(f"{salt}:{answer}".encode()).hexdigest()
