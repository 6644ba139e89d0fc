"""Every finding about a container: stable code, severity, the sentence in two languages.

Findings about the signatures inside keep the codes of ``signing.validation.codes``.
"""

from __future__ import annotations

from signing.validation.codes import CODES, CodeText
from signing.validation.report import Finding, Severity

__all__ = ["CONTAINER_CODES", "container_finding"]

_WARN, _ERROR, _FATAL = Severity.WARNING, Severity.ERROR, Severity.FATAL

CONTAINER_CODES: dict[str, CodeText] = {
    # The ZIP
    "container.not_zip": CodeText(_FATAL, "不是容器文件", "not a container"),
    "container.damaged": CodeText(_FATAL, "容器结构损坏", "the structure of the container is broken"),
    "container.two_directories": CodeText(
        _FATAL, "容器中有多个目录, 不同软件所见不同", "more than one directory: readers differ", alters=True
    ),
    "container.foreign_bytes": CodeText(
        _ERROR, "容器中有不属于任何文件的数据", "bytes that belong to no file of the container", alters=True
    ),
    "container.headers_differ": CodeText(
        _ERROR, "文件头与目录不一致", "a local header is not what the directory says", alters=True
    ),
    "container.extra_field": CodeText(_ERROR, "文件头含有不允许的附加内容", "an extra field that nobody needs"),
    "container.encrypted": CodeText(_FATAL, "容器已加密", "the container is encrypted"),
    "container.method": CodeText(_FATAL, "不支持的压缩方法", "a compression method that is not supported"),
    "container.name": CodeText(_ERROR, "文件名不安全", "a name that would unpack to somewhere else"),
    "container.name_twice": CodeText(_ERROR, "文件名重复", "a name stands twice"),
    "container.link": CodeText(_ERROR, "容器中有链接", "an entry that is a link, not a file"),
    "container.limit": CodeText(_FATAL, "容器超过允许的大小或文件数", "the container is larger than allowed"),
    "container.entry_damaged": CodeText(_ERROR, "文件无法解出", "a file cannot be unpacked", alters=True),
    # ASiC
    "container.mimetype": CodeText(
        _ERROR, "mimetype 缺失、不在首位或不符", "mimetype is missing, not first and stored, or says something else"
    ),
    "container.manifest_unreadable": CodeText(_ERROR, "容器清单无法读取", "a manifest cannot be read"),
    "container.no_signature": CodeText(_WARN, "容器没有签名", "the container carries no signature"),
    "container.stray_signature": CodeText(_ERROR, "签名没有对应的清单", "a signature that no manifest names"),
    "container.unsigned_manifest": CodeText(_ERROR, "清单没有对应的签名", "a manifest whose signature is missing"),
    "container.missing_file": CodeText(_ERROR, "清单所列文件缺失", "a file that was signed is gone", alters=True),
    "container.digest_mismatch": CodeText(_ERROR, "文件与清单不符", "a file is not what was signed", alters=True),
    "container.unlisted_file": CodeText(_ERROR, "文件未被任何签名覆盖", "a file that nobody signed", alters=True),
    "container.partial_signature": CodeText(
        _WARN, "签名未覆盖全部文件", "a signature does not stand for every file of the container"
    ),
    "container.archive_incomplete": CodeText(
        _WARN, "归档时间戳未覆盖全部签名", "an archive time-stamp does not stand for every signature"
    ),
}


def container_finding(code: str, **details: str | int) -> Finding:
    """The finding ``code``, about a container or a signature in it."""
    text = CONTAINER_CODES.get(code) or CODES[code]
    return Finding(code, text.severity, text.zh, text.en, details=tuple(sorted(details.items())))
