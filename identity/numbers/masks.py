"""How personal data looks in lists, messages and public answers (``field.md`` § 16).

Masks hide: whatever is given, something of it is never shown. They do not check what they are given.
"""

from __future__ import annotations

__all__ = ["mask_name", "mask_number", "mask_phone"]

SURNAMES = (
    "欧阳 司马 上官 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 东方 西门 南宫 独孤 轩辕 长孙 宇文 司徒 司空 端木 "
    "百里 东郭 南郭 呼延 鲜于 闾丘 太史 公羊 澹台 淳于 单于 申屠 仲孙 钟离 赫连 拓跋 完颜 纳兰 万俟 濮阳 "
    "歐陽 諸葛 東方 獨孤 軒轅 長孫 鮮于 東郭"
)
COMPOUND_SURNAMES = frozenset(SURNAMES.split())
"""Two-character surnames, simplified and traditional. One that is missing costs a character, nothing more."""

LONG = 12
"""From here on, four characters at each end leave at least four hidden."""

SHORT = 6


def mask_number(text: str) -> str:
    """First and last four of a number; two, or one, of a shorter one (a passport shown 4 + 4 would be shown whole)."""
    shown = 4 if len(text) >= LONG else 2 if len(text) >= SHORT else 1 if len(text) > 2 else 0
    if not shown:
        return "*" * len(text)
    return text[:shown] + "*" * (len(text) - 2 * shown) + text[-shown:]


def mask_phone(text: str) -> str:
    """138****1234; other numbers show their last four digits, or two if they are short."""
    if len(text) == 11 and text.isdigit():
        return f"{text[:3]}****{text[7:]}"
    shown = 4 if len(text) >= 8 else 2 if len(text) >= 5 else 0
    return "*" * (len(text) - shown) + text[len(text) - shown :]


def mask_name(text: str) -> str:
    """张三丰 → 张*, 欧阳修 → 欧阳*, 阿迪力·买买提 → 阿*, John Smith → J*. The star never tells how long the rest is.

    For persons only: an organisation's name is public.
    """
    name = text.strip()
    if not name:
        return ""
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        return f"{name[:2]}*"
    return f"{name[0]}*" if len(name) > 1 else "*"
