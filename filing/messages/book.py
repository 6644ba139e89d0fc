"""The words of messages as data: ``cities/<city>/messages.yaml`` over the house's own, checked when they are read.

A city says what it wants to say in its own words; what it leaves out is said in the house's. Every text has a Chinese
and an English form: whoever comes from elsewhere than China, Hong Kong, Macau or Taiwan is written to in English.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - city data is built from its types
from dataclasses import dataclass, field
from enum import StrEnum
from string import Formatter
from typing import TYPE_CHECKING, Final

from filing.messages.keys import CodeKey, MessageKey
from identity.codes import CodePurpose, CodeText
from identity.numbers import Region

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LONGEST_TEXT", "Language", "MessageBook", "Words", "WordsFile", "language_for", "names_in", "wrong_names"]

LONGEST_TEXT: Final = 300
"""Characters before values are filled in: five parts of a Chinese text message."""

_OF_CASE: Final = frozenset({"case_no", "house", "price", "number", "reason"})
"""What a message about a case may name; who is told has a right to it, and a telephone lent shows no one's name."""

_OF_CODES: Final[Mapping[CodeKey, frozenset[str]]] = {
    **dict.fromkeys((CodeKey.SIGN, CodeKey.CONFIRM, CodeKey.AMEND), frozenset({"code", "case_no", "house", "price"})),
    **dict.fromkeys((CodeKey.CANCEL, CodeKey.REVOKE), frozenset({"code", "case_no", "house"})),
    **dict.fromkeys((CodeKey.LOGIN, CodeKey.BIND_HANDLER), frozenset({"code"})),
}
"""What a code's message may name: whatever the act that sends it has at hand."""


class Language(StrEnum):
    """Of a recipient."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """One text."""

    zh: str
    """In Chinese."""

    en: str
    """In English."""

    def of(self, language: Language) -> str:
        """The text in a language."""
        return self.zh if language is Language.ZH else self.en


@dataclass(frozen=True, slots=True)
class WordsFile:
    """``messages.yaml`` as it is written."""

    signature: Words
    """Who writes, as carriers want it before the text, e.g. 【黄石房管】."""

    codes: Mapping[CodeKey, Words] = field(default_factory=dict)
    """Messages with a one-time code."""

    texts: Mapping[MessageKey, Words] = field(default_factory=dict)
    """All others."""


@dataclass(frozen=True, slots=True)
class MessageBook:
    """Every message of a city."""

    signature: Words
    """Who writes."""

    codes: Mapping[CodeKey, Words]
    """One for each purpose."""

    texts: Mapping[MessageKey, Words]
    """One for each key."""

    def text(self, key: MessageKey, language: Language) -> str:
        """A message with its signature, ``{name}`` where values go."""
        return self.signature.of(language) + self.texts[key].of(language)

    def code_text(self, purpose: CodePurpose, language: Language = Language.ZH) -> CodeText:
        """The registered text of a code."""
        words = self.codes[CodeKey(purpose.value)]
        return CodeText(purpose, self.signature.of(language) + words.of(language))


def language_for(region: Region) -> Language:
    """Which language somebody from there is written to in."""
    return Language.EN if region is Region.OTHER else Language.ZH


def names_in(text: str) -> frozenset[str]:
    """The values a text has places for."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def wrong_names(key: CodeKey | MessageKey, text: str) -> Iterator[str]:
    """What is wrong with the places of a text: names nobody fills in, or names that must be there and are not."""
    allowed = _OF_CODES[key] if isinstance(key, CodeKey) else _OF_CASE | ({"link"} if _has_link(key) else set())
    found = names_in(text)
    yield from sorted(f"{{{name}}}" for name in found - allowed)
    yield from sorted(f"without {{{name}}}" for name in _needed(key) - found)


def _needed(key: CodeKey | MessageKey) -> frozenset[str]:
    if isinstance(key, CodeKey):
        # House and price, so that the telephone's holder knows what the code agrees to (H-43): as CodeText demands.
        about_sale = key in (CodeKey.SIGN, CodeKey.CONFIRM, CodeKey.AMEND)
        return frozenset({"code", "house", "price"} if about_sale else {"code"})
    return frozenset({"link"}) if _has_link(key) else frozenset()


def _has_link(key: MessageKey) -> bool:
    return key in (MessageKey.SIGN_LINK, MessageKey.NOTARY_CODE)
