"""Whether somebody has allowed what is about to be done with their face, document or voice; the words they are shown.

个人信息保护法 art. 14…17, 29, 30; 人脸识别技术应用安全管理办法: purpose and what is kept are told before, saying
no costs nothing, and another way is named.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from filing.case.consents import ConsentKind
from filing.errors import FilingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.case import Case
    from filing.case.consents import SeparateConsent
    from filing.engine.situation import Situation

__all__ = ["CONSENT_WORDS", "ConsentWords", "consent_in_force", "require_consent"]


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """What is consented to, and what else there is."""

    kind: ConsentKind
    """Which."""

    zh: str
    """The sentence itself: purpose, what is done, what is kept. The Chinese one counts."""

    en: str
    """The same in English."""

    instead_zh: str
    """For whoever says no."""

    instead_en: str
    """The same in English."""

    @property
    def sha256(self) -> str:
        """Names the sentence in what is recorded."""
        return hashlib.sha256(self.zh.encode()).hexdigest()


CONSENT_WORDS: Final[Mapping[ConsentKind, ConsentWords]] = {
    words.kind: words
    for words in (
        ConsentWords(
            ConsentKind.FACE,
            zh="人脸信息属于敏感个人信息。我同意为本次办理进行人脸核验：由核身服务比对是否本人，本系统不接收人脸图像，"
            "只保存核验结果、时间和编号。",
            en="Faces are sensitive personal information. I agree that mine is checked for this matter: the face check"
            " service compares it; this system receives no picture, and keeps the result, its time and its number.",
            instead_zh="不同意的，不影响办理：可以改用本市提供的其他核验方式，或者带身份证件到窗口（公证事项到公证处）办理。",
            instead_en="If you would rather not, nothing is lost: use another way this city offers, or come to the"
            " window (for a notarisation, to the notary office) with your identity document.",
        ),
        ConsentWords(
            ConsentKind.ID_PHOTO,
            zh="身份证件照片属于敏感个人信息。我同意为本次公证提交本人证件照片（需要手持证件照的，一并提交）："
            "由公证处核对身份，并随公证卷宗保存。",
            en="Photos of identity documents are sensitive personal information. I agree to send mine for this"
            " notarisation (one of me holding it too, where asked for): the notary office compares them and keeps them"
            " with the file.",
            instead_zh="不同意的，不影响办理：可以带证件原件到公证处当面核对。",
            instead_en="If you would rather not, nothing is lost: bring the document itself to the notary office.",
        ),
        ConsentWords(
            ConsentKind.VIDEO,
            zh="人脸和声音属于敏感个人信息。我同意为本次公证录制视频并提交：由公证处审核，加密保存，随公证卷宗归档。",
            en="Face and voice are sensitive personal information. I agree that a video is recorded and sent in for"
            " this notarisation: the notary office looks at it; it is kept encrypted, with the file.",
            instead_zh="不同意的，不影响办理：可以到公证处当面办理。",
            instead_en="If you would rather not, nothing is lost: do it in person at the notary office.",
        ),
    )
}
"""By kind; a changed sentence has another digest, and is asked for anew."""


def consent_in_force(case: Case, person_key: str | None, kind: ConsentKind) -> SeparateConsent | None:
    """The person's consent, given to the words as they are now and not taken back."""
    for one in reversed(case.people.consents):
        if (one.person_key, one.kind) == (person_key, kind):
            stands = one.withdrawn_at is None and one.sha256 == CONSENT_WORDS[kind].sha256
            return one if stands else None
    return None


def require_consent(situation: Situation, kind: ConsentKind) -> None:
    """Raises ``FilingError`` (``consent.missing``)."""
    if consent_in_force(situation.case, situation.who.key, kind) is None:
        words = CONSENT_WORDS[kind]
        raise FilingError(
            "consent.missing",
            zh=f"尚未取得您的单独同意。{words.instead_zh}",
            en=f"you have not agreed to this by itself. {words.instead_en}",
            kind=kind.value,
        )
