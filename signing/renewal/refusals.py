"""Every refusal of a renewal, each with one stable code and the same sentence in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signing.errors import SignatureStateError

if TYPE_CHECKING:
    from datetime import datetime

__all__: list[str] = []


def not_sealed() -> SignatureStateError:
    return SignatureStateError(
        "renew.not_sealed",
        zh="文件没有归档时间戳, 尚未封存, 不能续期",
        en="the file carries no archive time-stamp: it is not sealed, so there is nothing to renew",
    )


def unreadable(code: str) -> SignatureStateError:
    return SignatureStateError(
        "renew.unreadable", zh="文件无法读取, 不能续期", en="the file cannot be examined, so not renewed", finding=code
    )


def altered(findings: list[str]) -> SignatureStateError:
    return SignatureStateError(
        "renew.altered",
        zh="文件与签署时不一致, 不能续期",
        en="the file is not what was signed, so it is not renewed",
        findings=findings,
    )


def foreign(fields: list[str]) -> SignatureStateError:
    return SignatureStateError(
        "renew.foreign",
        zh="文件中有本机构以外签发的证书, 无法取得其吊销状态, 不能续期",
        en="the file carries certificates of others, for whose status nobody here can answer",
        fields=fields,
    )


def too_late(expired_at: datetime) -> SignatureStateError:
    return SignatureStateError(
        "renew.too_late",
        zh=f"最后一个归档时间戳的证书已于 {expired_at:%Y-%m-%d} 到期, 续期已无法证明任何事",
        en=f"the certificate of the last archive time-stamp ended on {expired_at:%Y-%m-%d}: "
        "a new one would prove nothing",
        expired_at=expired_at.isoformat(),
    )


def timestamp_unusable(sub_indication: str | None) -> SignatureStateError:
    return SignatureStateError(
        "renew.timestamp_unusable",
        zh="最后一个归档时间戳不能采信, 续期已无法证明任何事",
        en="the last archive time-stamp cannot be relied on: a new one would prove nothing",
        sub_indication=sub_indication,
    )


def timestamp_unreadable(reason: str) -> SignatureStateError:
    return SignatureStateError(
        "renew.timestamp_unreadable",
        zh="归档时间戳无法解析",
        en="the archive time-stamp cannot be read",
        reason=reason,
    )
