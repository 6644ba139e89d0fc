"""The one root of every error of the house: a stable code, a sentence in Chinese and in English, typed fields.

Families live in each room's ``errors.py``. Nothing here knows HTTP; ``api/problems.py`` maps codes to statuses.

    QianshuError
    ├── documents.errors.DocumentError
    ├── signing.errors.SigningError
    ├── identity.errors.IdentityError
    ├── filing.errors.FilingError
    └── storage.errors.StorageError
"""

from __future__ import annotations

__all__ = ["QianshuError"]


class QianshuError(Exception):
    """A refusal a person can read and a program can match on.

    ``code`` is stable across releases (dotted lower case, e.g. ``upload.encrypted``); ``zh`` and ``en`` say the
    same thing; ``fields`` are machine-readable facts and never hold personal data in clear.
    """

    def __init__(self, code: str, *, zh: str, en: str, **fields: object) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.zh = zh
        self.en = en
        self.fields: dict[str, object] = dict(fields)

    def to_dict(self) -> dict[str, object]:
        """The error as JSON-ready data: ``{code, zh, en, fields}``."""
        return {"code": self.code, "zh": self.zh, "en": self.en, "fields": self.fields}
