"""Every finding there is: stable code, severity, whether it speaks against integrity, the sentence in two languages.

The table is the contract with whoever matches on codes; a code is never reused for another meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

from signing.validation.report import Finding, Severity

__all__ = ["CODES", "CodeText", "finding"]


@dataclass(frozen=True, slots=True)
class CodeText:
    """What a code stands for."""

    severity: Severity
    """What it does to the verdict."""

    zh: str
    """Sentence in Chinese."""

    en: str
    """Sentence in English."""

    alters: bool = False
    """Whether it is evidence that the file is not what was signed."""


_INFO, _WARN, _ERROR, _FATAL = Severity.INFO, Severity.WARNING, Severity.ERROR, Severity.FATAL

CODES: dict[str, CodeText] = {
    # The file
    "file.not_pdf": CodeText(_FATAL, "不是 PDF 文件", "not a PDF file"),
    "file.encrypted": CodeText(_FATAL, "文件已加密, 无法验证", "the file is encrypted and cannot be examined"),
    "file.unreadable": CodeText(_FATAL, "文件结构损坏, 无法验证", "the structure is broken and cannot be examined"),
    "limit.file_size": CodeText(_FATAL, "文件超过允许的大小", "the file is larger than allowed"),
    "limit.pages": CodeText(_FATAL, "页数超过上限", "more pages than allowed"),
    "limit.objects": CodeText(_FATAL, "对象数超过上限", "more objects than allowed"),
    "limit.revisions": CodeText(_FATAL, "修订数超过上限", "more revisions than allowed"),
    "limit.signatures": CodeText(_FATAL, "签名数超过上限", "more signatures than allowed"),
    "limit.expansion": CodeText(_FATAL, "压缩数据展开后超过上限", "compressed data expand beyond the limit"),
    "limit.time": CodeText(_FATAL, "验证超时, 已中止", "the verification took too long and was stopped"),
    "limit.memory": CodeText(_FATAL, "超出内存上限, 已中止", "the verification needed too much memory"),
    "limit.crash": CodeText(_FATAL, "验证进程异常中止", "the verifying process ended abnormally"),
    "examiner.error": CodeText(_FATAL, "验证程序出错, 未能完成", "the verification itself failed and is not complete"),
    # Structure
    "structure.header_offset": CodeText(_FATAL, "文件头之前有多余数据, 位置无从确定", "bytes stand before the header"),
    "structure.damaged": CodeText(_WARN, "文件需修复后才能读取", "the file had to be repaired to be read"),
    "structure.xref_anomaly": CodeText(_WARN, "交叉引用表次序异常", "cross-reference sections are out of order"),
    "structure.hybrid_xref": CodeText(
        _WARN, "使用混合交叉引用, 不同软件所见可能不同", "hybrid cross-references: readers differ"
    ),
    "structure.duplicate_object": CodeText(
        _INFO, "同一修订内对象号重复", "an object number is written twice within one revision"
    ),
    "structure.hidden_revision": CodeText(
        _WARN, "存在未被引用的修订", "the file holds a revision that no reader is led to"
    ),
    "structure.parser_differential": CodeText(
        _ERROR, "不同解析器读出的内容不一致", "two parsers read different documents from the file", alters=True
    ),
    # Signatures as objects
    "signature.none": CodeText(_WARN, "文件中没有签名", "the file carries no signature"),
    "signature.unlisted": CodeText(
        _ERROR, "存在未列入表单的签名", "a signature stands in the file that no form field lists"
    ),
    "signature.unreadable": CodeText(_ERROR, "签名数据无法解析", "the signature data cannot be parsed"),
    "signature.subfilter_unknown": CodeText(_WARN, "不支持的签名格式", "the signature format is not supported"),
    "signature.shared": CodeText(_ERROR, "多个签名域共用一个签名", "several fields share one signature", alters=True),
    "field.unsigned": CodeText(_INFO, "签名域尚未签署", "the signature field is not signed yet"),
    "byte_range.missing": CodeText(_ERROR, "签名没有 ByteRange", "the signature has no /ByteRange"),
    "byte_range.malformed": CodeText(
        _ERROR, "ByteRange 不符合规定", "/ByteRange is not one gap in an otherwise whole range", alters=True
    ),
    "byte_range.gap": CodeText(
        _ERROR, "签名范围的空隙不等于签名数据", "the gap in /ByteRange is not exactly /Contents", alters=True
    ),
    "byte_range.beyond_file": CodeText(
        _ERROR, "签名范围超出文件", "/ByteRange reaches beyond the end of the file", alters=True
    ),
    "byte_range.not_revision_end": CodeText(
        _ERROR, "签名未覆盖完整修订", "the signature does not end where a revision ends", alters=True
    ),
    "contents.missing": CodeText(_ERROR, "签名没有 Contents", "the signature has no /Contents"),
    "contents.mismatch": CodeText(
        _ERROR, "签名数据与文件位置不符", "/Contents is not what stands at its place", alters=True
    ),
    "contents.trailing_data": CodeText(
        _ERROR, "签名数据之后有多余字节", "bytes other than padding follow the signature data"
    ),
    "bytes_after_last_signature": CodeText(
        _ERROR, "最后一个签名之后还有数据", "data follow the last signature", alters=True
    ),
    "white_space_after_last_signature": CodeText(
        _INFO, "最后一个签名之后只有空白字符", "only white space follows the last signature"
    ),
    "validation_data_after_last_signature": CodeText(
        _INFO, "最后一个签名之后只追加了验证数据", "only validation data follow the last signature"
    ),
    # Cryptography and trust
    "signature.hash_mismatch": CodeText(_ERROR, "签名后内容被改动", "the signed bytes were altered", alters=True),
    "signature.forged": CodeText(_ERROR, "签名值不正确", "the signature value is wrong", alters=True),
    "timestamp.unusable": CodeText(_WARN, "时间戳不能采信", "a time-stamp cannot be relied on"),
    "algorithm.weak": CodeText(_WARN, "使用了已不安全的算法", "an algorithm is used that is no longer safe"),
    "trust.no_chain": CodeText(_WARN, "证书不通向任何信任根", "the certificate leads to no trust anchor"),
    "trust.constraints": CodeText(_WARN, "证书用途或约束不符", "the certificate may not be used for this"),
    "certificate.outside_validity": CodeText(
        _WARN, "无法证明签名时证书在有效期内", "no proof that the certificate was in its validity period"
    ),
    "certificate.revoked": CodeText(
        _WARN, "证书已吊销, 无法证明签名在先", "the certificate was revoked and no proof puts the signature before"
    ),
    "revocation.unknown": CodeText(_WARN, "吊销状态未知", "the revocation status is unknown"),
    "revocation.as_of_stamping": CodeText(
        _INFO,
        "归档时间戳单元的吊销状态只核对到加盖之时; 如需核对至今, 请提供最新吊销列表",
        "the newest time-stamp unit is known unrevoked as of its stamping only; give fresh lists to know more",
    ),
    "revocation.stale": CodeText(_WARN, "吊销信息已过时", "the revocation data are out of date"),
    "time.unproven": CodeText(_INFO, "签名时间未经时间戳证明", "no time-stamp proves the signing time"),
    "time.claim_differs": CodeText(
        _INFO, "声明的签名时间与时间戳相差较大", "the claimed signing time is far from the time-stamp"
    ),
    # Later changes
    "change.signature_field_added": CodeText(
        _WARN, "首次签名之后新增了可见签名域", "a visible signature field was added after the first signature"
    ),
    "change.invisible_field_added": CodeText(
        _INFO, "首次签名之后新增了不可见签名域", "an invisible signature field was added after the first signature"
    ),
    "change.signature_field_on_certified": CodeText(
        _ERROR, "认证后新增了签名域", "a signature field was added to a certified document", alters=True
    ),
    "change.annotation": CodeText(
        _ERROR, "签名后批注被增删改", "annotations were added or changed after signing", alters=True
    ),
    "change.form_field": CodeText(_ERROR, "签名后表单域被改动", "a form field was changed after signing", alters=True),
    "change.signed_field": CodeText(
        _ERROR, "已签署的签名域被改动", "a field that was already signed was changed", alters=True
    ),
    "change.page_content": CodeText(
        _ERROR, "签名后页面内容被改动", "page content was changed after signing", alters=True
    ),
    "change.page_tree": CodeText(_ERROR, "签名后页面结构被改动", "pages were changed after signing", alters=True),
    "change.catalog": CodeText(
        _ERROR, "签名后文档目录被改动", "the document catalog was changed after signing", alters=True
    ),
    "change.trailer": CodeText(_ERROR, "签名后文件尾被改动", "the trailer was changed after signing", alters=True),
    "change.metadata": CodeText(_WARN, "签名后元数据被改动", "metadata were changed after signing"),
    "change.validation_data": CodeText(_WARN, "验证数据被删改", "validation data were removed or rewritten"),
    "change.freed": CodeText(_ERROR, "签名后有对象被删除", "objects were deleted after signing", alters=True),
    "change.other": CodeText(_ERROR, "签名后有对象被改动", "objects were changed after signing", alters=True),
    "rendering.changed": CodeText(
        _ERROR, "页面外观与签名时不同", "the page looks different from when it was signed", alters=True
    ),
    "rendering.covers_text": CodeText(
        _ERROR, "后加的签名外观遮盖了原有内容", "a later signature's appearance hides what was signed", alters=True
    ),
    "rendering.failed": CodeText(
        _WARN, "页面无法绘制, 外观未比较", "a page cannot be drawn, so its look was not compared"
    ),
    "annotation.over_content": CodeText(
        _ERROR, "签名后添加的批注遮盖了内容", "an annotation added after signing lies over content", alters=True
    ),
    "annotation.over_signature": CodeText(_WARN, "批注与签名外观重叠", "an annotation lies over a signature"),
    # Permissions
    "docmdp.violated": CodeText(
        _ERROR, "改动超出认证签名允许的范围", "changes go beyond what the certification permits", alters=True
    ),
    "docmdp.not_first": CodeText(_ERROR, "认证签名不是第一个签名", "the certification is not the first signature"),
    "docmdp.mismatch": CodeText(_ERROR, "认证信息与目录 Perms 不一致", "certification and /Perms do not agree"),
    "docmdp.several": CodeText(_ERROR, "存在多个认证签名", "there is more than one certification"),
    "fieldmdp.violated": CodeText(
        _ERROR, "被锁定的域在锁定后被改动", "a field was changed after a signature locked it", alters=True
    ),
}


def finding(code: str, *, field: str | None = None, page: int | None = None, **details: str | int) -> Finding:
    """The finding ``code`` about ``field`` and ``page``."""
    text = CODES[code]
    return Finding(code, text.severity, text.zh, text.en, field, page, tuple(sorted(details.items())))
