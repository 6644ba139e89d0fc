"""Every refusal of the key store, each with one stable code and the same sentence in both languages.

File names are given without their folder; no message carries a passphrase, a PIN, a key or a person's data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from signing.errors import KeyStoreError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

__all__: list[str] = []


def store_exists(folder: Path) -> KeyStoreError:
    return KeyStoreError(
        "key.store_exists",
        zh=f"密钥目录已存在，不会覆盖：{folder.name}",
        en=f"the key folder exists and is never overwritten: {folder.name}",
        folder=folder.name,
    )


def store_missing(folder: Path) -> KeyStoreError:
    return KeyStoreError(
        "key.store_missing",
        zh=f"找不到密钥目录：{folder.name}，请先执行 qianshu keys init",
        en=f"there is no key folder {folder.name}: run `qianshu keys init` first",
        folder=folder.name,
    )


def store_incomplete(missing: str) -> KeyStoreError:
    return KeyStoreError(
        "key.store_incomplete",
        zh=f"密钥目录不完整，缺少 {missing}",
        en=f"the key folder is incomplete: {missing} is missing",
        missing=missing,
    )


def store_busy(folder: Path) -> KeyStoreError:
    return KeyStoreError(
        "key.store_busy",
        zh=f"另一个进程正在修改密钥目录：{folder.name}",
        en=f"another process is changing the key folder {folder.name}",
        folder=folder.name,
    )


def file_unreadable(path: Path, reason: str) -> KeyStoreError:
    return KeyStoreError(
        "key.file_unreadable",
        zh=f"文件无法读取：{path.name}",
        en=f"cannot read {path.name}: {reason}",
        file=path.name,
    )


def file_unwritable(path: Path, reason: str) -> KeyStoreError:
    return KeyStoreError(
        "key.file_unwritable",
        zh=f"文件无法写入：{path.name}",
        en=f"cannot write {path.name}: {reason}",
        file=path.name,
    )


def file_exposed(path: Path, mode: int) -> KeyStoreError:
    return KeyStoreError(
        "key.file_exposed",
        zh=f"{path.name} 的权限为 {mode:04o}，其他用户可以访问，拒绝使用（文件应为 0600，目录应为 0700）",
        en=f"{path.name} has mode {mode:04o}: others can reach it, so it is not used (files 0600, folders 0700)",
        file=path.name,
        mode=f"{mode:04o}",
    )


def file_damaged(path_name: str) -> KeyStoreError:
    return KeyStoreError(
        "key.file_damaged",
        zh=f"文件内容已损坏：{path_name}",
        en=f"the content of {path_name} is damaged",
        file=path_name,
    )


def passphrase_missing(path: Path) -> KeyStoreError:
    return KeyStoreError(
        "key.passphrase_missing",
        zh=f"找不到口令文件：{path.name}。口令没有默认值",
        en=f"there is no passphrase file {path.name}; a passphrase has no default",
        file=path.name,
    )


def passphrase_empty() -> KeyStoreError:
    return KeyStoreError("key.passphrase_empty", zh="口令为空", en="the passphrase is empty")


def passphrase_weak(least_bytes: int) -> KeyStoreError:
    return KeyStoreError(
        "key.passphrase_weak",
        zh=f"口令过弱：至少 {least_bytes} 个字节，且不得只由少数几个字符重复而成",
        en=f"the passphrase is weak: at least {least_bytes} bytes, and not a few characters repeated",
        least_bytes=least_bytes,
    )


def wrong_passphrase(file_name: str) -> KeyStoreError:
    return KeyStoreError(
        "key.wrong_passphrase",
        zh=f"口令不正确，无法解开 {file_name}",
        en=f"the passphrase does not open {file_name}",
        file=file_name,
    )


def key_mismatch(file_name: str) -> KeyStoreError:
    return KeyStoreError(
        "key.mismatch",
        zh=f"私钥与证书不匹配：{file_name}",
        en=f"the private key and the certificate of {file_name} do not belong together",
        file=file_name,
    )


def already_used() -> KeyStoreError:
    return KeyStoreError(
        "key.already_used",
        zh="一次性密钥已使用过，不能再次签名",
        en="a one-time key signs once; this one has signed",
    )


def abandoned() -> KeyStoreError:
    return KeyStoreError(
        "key.abandoned",
        zh="一次性密钥已放弃，不能签名",
        en="this one-time key was abandoned and cannot sign",
    )


def never_leaves() -> KeyStoreError:
    return KeyStoreError(
        "key.never_leaves",
        zh="密钥对象不能复制、序列化或传给其他进程",
        en="a key is never copied, pickled or handed to another process",
    )


def subject_refused(attribute: str, reason_zh: str, reason_en: str) -> KeyStoreError:
    return KeyStoreError(
        "key.subject_refused",
        zh=f"证书主体的 {attribute} 不可用：{reason_zh}",
        en=f"{attribute} cannot stand in a certificate: {reason_en}",
        attribute=attribute,
    )


def authority_expiring(not_after: datetime) -> KeyStoreError:
    return KeyStoreError(
        "key.authority_expiring",
        zh=f"上级证书将于 {not_after:%Y-%m-%d} 到期，不足以签发新证书，请先更新上级证书",
        en=f"the issuing certificate ends on {not_after:%Y-%m-%d}, too soon for a new certificate: renew it first",
        not_after=not_after.isoformat(),
    )


def not_in_force(subject: str, not_before: datetime, not_after: datetime) -> KeyStoreError:
    return KeyStoreError(
        "key.not_in_force",
        zh=f"证书不在使用期内：{subject}（{not_before:%Y-%m-%d} 至 {not_after:%Y-%m-%d}）",
        en=f"the key of {subject} may only be used from {not_before:%Y-%m-%d} to {not_after:%Y-%m-%d}",
        not_before=not_before.isoformat(),
        not_after=not_after.isoformat(),
    )


def not_issued_here() -> KeyStoreError:
    return KeyStoreError(
        "key.not_issued_here",
        zh="该证书不是由本机构签发的",
        en="this certificate was not issued by this authority",
    )


def serial_unknown(serial: int) -> KeyStoreError:
    return KeyStoreError(
        "key.serial_unknown",
        zh=f"签发记录中没有序列号 {serial:x}",
        en=f"no certificate with serial {serial:x} was issued here",
        serial=f"{serial:x}",
    )


def time_without_zone() -> KeyStoreError:
    return KeyStoreError("key.time_without_zone", zh="时间必须带时区", en="a time must carry its zone")


def pkcs11_uri_refused(reason: str) -> KeyStoreError:
    return KeyStoreError(
        "key.pkcs11_uri_refused",
        zh=f"PKCS#11 URI 不可用：{reason}",
        en=f"the PKCS #11 URI cannot be used: {reason}",
    )


def pin_refused(token_label: str) -> KeyStoreError:
    return KeyStoreError(
        "key.pin_refused",
        zh=f"密码机 {token_label} 拒绝了 PIN，不会自动重试",
        en=f"the token {token_label} refused the PIN; it is not tried again by itself",
        token=token_label,
    )


def token_unavailable(token_label: str, reason: str) -> KeyStoreError:
    return KeyStoreError(
        "key.token_unavailable",
        zh=f"密码机 {token_label} 不可用（{reason}）",
        en=f"the token {token_label} cannot be used ({reason})",
        token=token_label,
        reason=reason,
    )


def token_key_missing(token_label: str, key_label: str) -> KeyStoreError:
    return KeyStoreError(
        "key.token_key_missing",
        zh=f"密码机 {token_label} 中没有唯一的密钥 {key_label}",
        en=f"the token {token_label} does not hold exactly one key {key_label}",
        token=token_label,
        key=key_label,
    )
