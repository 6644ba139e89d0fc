"""What the service says to people: names of messages, the cities' words for them, and what is filled in."""

from __future__ import annotations

from filing.messages.book import Language, MessageBook, Words, language_for
from filing.messages.keys import CodeKey, MessageKey
from filing.messages.load import load_messages, parse_messages

__all__ = [
    "CodeKey",
    "Language",
    "MessageBook",
    "MessageKey",
    "Words",
    "language_for",
    "load_messages",
    "parse_messages",
]
