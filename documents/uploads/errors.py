"""Every way an upload is refused: one table of stable codes, each with its sentence in Chinese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.errors import UploadError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["REFUSALS", "refusal"]

_EXPORT_ZH = "请在原软件中打印为新的PDF后重新上传。"
_EXPORT_EN = "Print it to a new PDF and upload that."

REFUSALS: Mapping[str, tuple[str, str]] = {
    # The file as a whole
    "upload.empty": ("文件为空。", "The file is empty."),
    "upload.too_large": ("文件超过{limit}字节的上限。", "The file is larger than {limit} bytes."),
    "upload.unknown_type": ("只接受PDF、JPEG或PNG文件。", "Only PDF, JPEG and PNG files are taken."),
    "upload.leading_data": (
        "PDF文件头之前有其他内容。",
        "Something stands before the PDF header.",
    ),
    "upload.trailing_data": (
        "文件结尾之后还有其他内容({looks_like})。",
        "Something follows the end of the file ({looks_like}).",
    ),
    "upload.hidden_archive": (
        "文件同时是{looks_like}格式,可能夹带其他文件。",
        "The file is also a {looks_like} and may carry other files.",
    ),
    "upload.truncated": ("文件不完整,请重新上传。", "The file is cut short; upload it again."),
    "upload.malformed": (
        "文件已损坏,无法修复({reason})。",
        "The file is damaged beyond repair ({reason}).",
    ),
    # PDF: what it does
    "upload.encrypted": (
        "文件已加密或设有密码,请去除加密后上传。",
        "The file is encrypted or has a password; remove it first.",
    ),
    "upload.javascript": (f"文件含有JavaScript脚本。{_EXPORT_ZH}", f"The file contains JavaScript. {_EXPORT_EN}"),
    "upload.launch_action": (f"文件会启动其他程序。{_EXPORT_ZH}", f"The file starts another program. {_EXPORT_EN}"),
    "upload.uri_action": (f"文件含有网址链接。{_EXPORT_ZH}", f"The file links to an Internet address. {_EXPORT_EN}"),
    "upload.submit_action": (f"文件会向外提交数据。{_EXPORT_ZH}", f"The file submits data elsewhere. {_EXPORT_EN}"),
    "upload.import_action": (f"文件会读入外部数据。{_EXPORT_ZH}", f"The file imports outside data. {_EXPORT_EN}"),
    "upload.remote_goto_action": (
        f"文件会跳转到其他文件。{_EXPORT_ZH}",
        f"The file jumps into another file. {_EXPORT_EN}",
    ),
    "upload.multimedia": (
        f"文件含有音视频或三维内容。{_EXPORT_ZH}",
        f"The file contains sound, video or 3D content. {_EXPORT_EN}",
    ),
    "upload.unknown_action": (
        f"文件含有无法识别的动作({{action}})。{_EXPORT_ZH}",
        f"The file contains an action nobody knows ({{action}}). {_EXPORT_EN}",
    ),
    "upload.xfa": (f"文件是XFA动态表单。{_EXPORT_ZH}", f"The file is a dynamic XFA form. {_EXPORT_EN}"),
    "upload.external_content": (
        f"文件的内容存放在别处。{_EXPORT_ZH}",
        f"Part of the file's content is kept elsewhere. {_EXPORT_EN}",
    ),
    "upload.embedded_executable": (
        "文件内嵌可执行程序或脚本({looks_like})。",
        "The file carries a program or a script ({looks_like}).",
    ),
    "upload.embedded_file": (
        "文件内嵌其他文件({looks_like}),请单独上传。",
        "The file carries another file ({looks_like}); upload that one by itself.",
    ),
    # PDF: bombs
    "upload.too_many_pages": ("页数超过{limit}页。", "More than {limit} pages."),
    "upload.too_many_objects": ("文件对象数超过{limit}。", "More than {limit} objects."),
    "upload.decompression_bomb": (
        "解压后的内容超过{limit}字节。",
        "Decompressed, the content exceeds {limit} bytes.",
    ),
    "upload.stream_too_large": ("单个数据流超过{limit}字节。", "One stream is larger than {limit} bytes."),
    "upload.structure_too_large": ("文件结构数据超过{limit}字节。", "The file's structure exceeds {limit} bytes."),
    "upload.too_many_pixels": ("图像超过{limit}像素。", "An image has more than {limit} pixels."),
    "upload.drawing_bomb": (
        "页面内容嵌套重复超过{limit}次。",
        "A page repeats nested content more than {limit} times.",
    ),
    "upload.page_tree_too_deep": ("页面树超过{limit}层。", "The page tree is deeper than {limit} levels."),
    "upload.page_tree_cycle": ("页面树自我引用。", "The page tree refers to itself."),
    "upload.forbidden_filter": (
        f"文件使用了不接受的压缩方式({{filter}})。{_EXPORT_ZH}",
        f"The file uses a filter that is not taken ({{filter}}). {_EXPORT_EN}",
    ),
    # PDF: pages
    "upload.no_pages": ("文件没有任何页面。", "The file has no pages."),
    "upload.page_size": ("第{page}页的页面尺寸无效。", "Page {page} has an impossible size."),
    # Images
    "upload.animated": ("不接受动态图片。", "Animated pictures are not taken."),
    "upload.image_kind": (
        "不接受此类图像编码({kind}),请另存为普通RGB图片。",
        "This kind of picture is not taken ({kind}); save it as ordinary RGB.",
    ),
    # The process that reads it
    "upload.reader_time": ("文件处理超时,请另存后重新上传。", "Reading the file took too long; save it anew."),
    "upload.reader_memory": ("文件占用内存过多。", "Reading the file took too much memory."),
    "upload.reader_crash": ("文件无法读取,请另存后重新上传。", "The file could not be read; save it anew."),
    # Normalising
    "upload.signed_not_rewritten": (
        "文件已有电子签名,不得改写。",
        "The file is signed and is never rewritten.",
    ),
    "upload.form_without_appearance": (
        f"表单内容没有固定外观。{_EXPORT_ZH}",
        f"A form field has a value but no fixed appearance. {_EXPORT_EN}",
    ),
}


def refusal(code: str, **fields: object) -> UploadError:
    """The refusal of that code, its sentences filled from the fields (facts of the file, never personal data)."""
    zh, en = REFUSALS[code]
    return UploadError(code, zh=zh.format(**fields), en=en.format(**fields), **fields)
