"""Every way a time-stamp can fail, with its stable code and its sentence in both languages."""

from __future__ import annotations

from typing import Final

from signing.errors import TimeStampError

__all__ = ["FAULTS", "fault"]

FAULTS: Final[dict[str, tuple[str, str]]] = {
    # The way there.
    "time.refused": ("时间戳服务拒绝连接", "the time-stamp authority refused the connection"),
    "time.unreachable": ("无法连接时间戳服务", "the time-stamp authority cannot be reached"),
    "time.slow": ("时间戳服务未在限定时间内答复", "the time-stamp authority did not answer in time"),
    "time.not_asked": (
        "总时限已到，未再询问该时间戳服务",
        "the total time was used up before this authority was asked",
    ),
    # The answer's form.
    "time.bad_response": ("时间戳服务的答复无法识别", "the answer is not a time-stamp response"),
    "time.status_rejected": ("时间戳服务拒绝了请求", "the time-stamp authority rejected the request"),
    # What the token says.
    "time.nonce_mismatch": ("时间戳的随机数与请求不符", "the token does not carry the nonce of the request"),
    "time.imprint_mismatch": ("时间戳所盖的摘要与请求不符", "the token is over another digest"),
    "time.policy_mismatch": ("时间戳的策略不被接受", "the token was issued under a policy that is not accepted"),
    "time.skewed": ("时间戳的时间与本机时钟相差过大", "the token's time is too far from our clock"),
    # Who says it.
    "time.certificate_missing": ("时间戳未附签发证书", "the token does not carry its signer's certificate"),
    "time.certificate_mismatch": (
        "时间戳绑定的证书与签发证书不符",
        "the token is not bound to its signer's certificate by signingCertificateV2",
    ),
    "time.certificate_expired": ("签发时间戳的证书不在有效期内", "the signer's certificate was not current at genTime"),
    "time.wrong_usage": ("证书不可用于签发时间戳", "the certificate is not one for time-stamping only"),
    "time.untrusted": ("签发时间戳的证书不受信任", "the signer's certificate does not chain to a pinned issuer"),
    "time.digest_mismatch": ("时间戳内容的摘要不符", "the token's content is not what was signed"),
    "time.algorithm": ("时间戳所用算法不被接受", "the token uses an algorithm that is not accepted"),
    "time.bad_signature": ("时间戳的签名不正确", "the token's signature is wrong"),
    # All of them.
    "time.unavailable": (
        "所有时间戳服务均不可用，签署未完成，可稍后重试",
        "no time-stamp could be had from any source; nothing was signed, try again later",
    ),
}


def fault(code: str, **fields: object) -> TimeStampError:
    """The error for ``code``, ready to raise."""
    zh, en = FAULTS[code]
    return TimeStampError(code, zh=zh, en=en, **fields)
