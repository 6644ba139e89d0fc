"""Errors of the ways in themselves; what stands behind them raises its own.

ApiError
├── Unauthenticated   nobody is logged in, or the token is not taken (carries the challenge, RFC 9110 § 11.6.1)
├── Forbidden         logged in, and still not allowed: another role, another scope, another site
├── NotFound          no such thing, or none that this caller may know of
├── BadRequest        the request cannot be read: a cursor, a header, a range
├── TooMany           more often than allowed (carries when to come back)
├── RequestClash      a named request is under way, or its name was used for another
└── OAuthRefused      the token endpoint says no, in RFC 6749's own words
"""

from __future__ import annotations

from errors import QianshuError

__all__ = [
    "ApiError",
    "BadRequest",
    "Forbidden",
    "NotFound",
    "OAuthRefused",
    "RequestClash",
    "TooMany",
    "Unauthenticated",
    "case_unknown",
]


class ApiError(QianshuError):
    """Anything a way in says no to by itself."""


class Unauthenticated(ApiError):  # noqa: N818 - the family name says error
    """Nobody known is asking."""

    def __init__(self, code: str, *, zh: str, en: str, challenge: str = "Bearer") -> None:
        super().__init__(code, zh=zh, en=en)
        self.challenge = challenge


class Forbidden(ApiError):  # noqa: N818
    """Known, and not allowed."""


class NotFound(ApiError):  # noqa: N818
    """Nothing there for this caller."""


class BadRequest(ApiError):  # noqa: N818
    """Not readable as a request."""


class TooMany(ApiError):  # noqa: N818
    """Too often."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(
            "rate.limited",
            zh="请求过于频繁，请稍后再试",
            en="too many requests: come back later",
            retry_after_seconds=retry_after_seconds,
        )


class RequestClash(ApiError):  # noqa: N818
    """A named request that cannot be answered now, or not at all."""

    @classmethod
    def mismatch(cls) -> RequestClash:
        """The name was used for another request."""
        return cls(
            "idempotency.mismatch",
            zh="该 Idempotency-Key 已用于另一请求",
            en="this Idempotency-Key was used for another request",
        )

    @classmethod
    def in_progress(cls) -> RequestClash:
        """The same request is being answered now."""
        return cls(
            "idempotency.in_progress",
            zh="相同请求正在处理中，请稍后重试",
            en="the same request is being answered: try again shortly",
        )


class OAuthRefused(ApiError):  # noqa: N818
    """RFC 6749 § 5.2: ``error`` is one of its words."""

    def __init__(self, error: str, *, zh: str, en: str) -> None:
        super().__init__(f"oauth.{error}", zh=zh, en=en)
        self.error = error


def case_unknown() -> NotFound:
    """The one answer for a case that is not there and for one that is none of the caller's business."""
    return NotFound("case.unknown", zh="案件不存在，或者您无权查看", en="no such case, or none of yours")
