"""Every finding of ``archive verify``: its code, its weight, and what it says in two languages.

``docs`` and programs rely on the codes; they are never renamed.
"""

from __future__ import annotations

from storage.dossier.report import ArchiveFinding, Severity

__all__ = ["CODES", "finding"]

_F, _I, _N = Severity.FAILED, Severity.INDETERMINATE, Severity.NOTE

CODES: dict[str, tuple[Severity, str, str]] = {
    # objects
    "archive.object_missing": (_F, "清单所列对象缺失", "an object the manifest lists is missing"),
    "archive.object_altered": (_F, "对象内容已被改动或损坏", "an object was altered or damaged"),
    "archive.object_facts_altered": (
        _F,
        "对象的保管信息已被改动或损坏",
        "the facts kept beside an object were altered",
    ),
    "archive.object_unreadable": (_I, "对象读取失败, 无法判断", "an object cannot be read, nothing can be said of it"),
    "archive.object_differs": (
        _F,
        "对象与清单所列的大小、类型或 SM3 摘要不符",
        "an object has another size, media type or SM3 than the manifest says",
    ),
    "archive.retention_short": (
        _F,
        "对象的保管期限短于清单所列",
        "an object is kept for less time than the manifest says",
    ),
    "archive.object_unlisted": (_I, "对象不属于任何案卷", "an object belongs to no case"),
    "archive.object_in_progress": (
        _N,
        "对象见于日志, 尚未列入清单",
        "an object is named by a journal and not yet listed",
    ),
    "archive.unfinished": (
        _I,
        "时限已到, 其余案卷与对象未核对",
        "time was up: the cases and objects that are left were not walked",
    ),
    "archive.stray": (_I, "归档中有来历不明的文件", "something in the archive was not put there by this service"),
    # manifests
    "archive.case_misnamed": (_I, "案卷目录名不是案号", "a case folder is not named by a case number"),
    "archive.case_open": (_N, "案卷尚无清单", "the case has no manifest yet"),
    "archive.manifest_malformed": (_F, "清单格式不符或已损坏", "a manifest is damaged or not one of this service"),
    "archive.manifest_misplaced": (_F, "清单的案号或编号与所在位置不符", "a manifest is of another case or number"),
    "archive.manifest_missing": (_F, "清单编号不连续, 有清单缺失", "a manifest of the series is missing"),
    "archive.manifest_chain_broken": (
        _F,
        "清单所记上一清单的摘要不符",
        "a manifest does not follow from the one before it",
    ),
    "archive.object_dropped": (_F, "后一清单漏列前一清单的对象", "a manifest leaves out what the one before listed"),
    # seals
    "archive.seal_missing": (_F, "清单没有封存签名", "a manifest has no seal"),
    "archive.seal_without_manifest": (_F, "封存签名没有对应的清单", "a seal stands without its manifest"),
    # journals
    "archive.journal_missing": (_F, "案卷日志缺失", "the journal of a case is missing"),
    "archive.journal_broken": (_F, "案卷日志的散列链断裂", "the hash chain of a journal is broken"),
    "archive.journal_shortened": (_F, "案卷日志短于清单所记", "a journal is shorter than a manifest says"),
    "archive.journal_differs": (_F, "案卷日志与清单所记不一致", "a journal is not the one a manifest names"),
    "archive.journal_torn": (
        _N,
        "日志末行未写完, 从未确认",
        "the last line of a journal was torn and never acknowledged",
    ),
}


def finding(
    code: str, case_no: str | None = None, subject: str | None = None, name: str | None = None
) -> ArchiveFinding:
    """The finding ``code`` about ``subject``, called ``name``, of a case."""
    severity, zh, en = CODES[code]
    return ArchiveFinding(code, severity, zh, en, case_no, subject, name)
