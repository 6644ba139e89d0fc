"""Errors of storage: everything that stops an object, a journal or a dossier from being kept or read back.

StorageError
├── ObjectMissing       no object under that digest
├── ObjectAltered       bytes, or the facts beside them, are no longer what was stored
├── DigestMismatch      what was handed in is not what the caller announced
├── RetentionHeld       WORM: not before the retention ends, and never shorter
├── StorageUnavailable  the backend cannot be reached or refuses; nothing was stored
├── StorageFull         no room left; nothing was stored
├── JournalBroken       the hash chain of a journal does not hold
├── DossierError        a manifest cannot be read, or cannot be written now
├── UploadStopped       an upload that is not there, not whole, over, or in other hands
└── RecordsError        the records database refuses
    ├── CaseMissing        no case of that number
    ├── CaseExists         the number is taken
    ├── CaseChanged        somebody else wrote the case since it was read
    ├── CaseBusy           another act on the case does not come to its end
    ├── PropertyTaken      another live case holds the house
    ├── FilingNumberTaken  another case has the filing number
    ├── RequestMismatch    an idempotency key was used for another request
    ├── RequestInProgress  a request with this key has no answer yet, or just got one
    ├── DatabaseNotEmpty   only an empty database is rebuilt
    ├── CursorRefused      a cursor this house did not give
    └── SchemaBehind       the database is not at the schema this code was written for
"""

from __future__ import annotations

from errors import QianshuError

__all__ = [
    "CaseBusy",
    "CaseChanged",
    "CaseExists",
    "CaseMissing",
    "CursorRefused",
    "DatabaseNotEmpty",
    "DigestMismatch",
    "DossierError",
    "FilingNumberTaken",
    "JournalBroken",
    "ObjectAltered",
    "ObjectMissing",
    "PropertyTaken",
    "RecordsError",
    "RequestInProgress",
    "RequestMismatch",
    "RetentionHeld",
    "SchemaBehind",
    "StorageError",
    "StorageFull",
    "StorageUnavailable",
    "UploadStopped",
]


class StorageError(QianshuError):
    """Anything that stops an object from being kept or read back."""


class ObjectMissing(StorageError):  # noqa: N818 - the family name says error
    """No object under that digest."""


class ObjectAltered(StorageError):  # noqa: N818
    """The bytes under a digest no longer have that digest."""


class DigestMismatch(StorageError):  # noqa: N818
    """The bytes handed in do not have the digest announced for them; nothing was stored."""


class RetentionHeld(StorageError):  # noqa: N818
    """The object is kept until its retention ends; retention can grow and never shrink."""


class StorageUnavailable(StorageError):  # noqa: N818
    """The backend cannot be reached; nothing was stored."""


class StorageFull(StorageError):  # noqa: N818
    """No room left; nothing was stored."""


class JournalBroken(StorageError):  # noqa: N818
    """An entry of a journal is not what its hash, or its successor, says it is."""


class DossierError(StorageError):
    """A manifest cannot be read, or another one took its place meanwhile."""


class UploadStopped(StorageError):  # noqa: N818
    """An upload that is not there, not whole, over, or in other hands."""


class RecordsError(StorageError):
    """The records database refuses."""


class CaseMissing(RecordsError):  # noqa: N818
    """No case of that number."""

    def __init__(self, case_no: str) -> None:
        super().__init__("case.missing", zh="案件不存在", en="there is no case of that number", case_no=case_no)


class CaseExists(RecordsError):  # noqa: N818
    """The case number is taken."""

    def __init__(self) -> None:
        super().__init__("case.exists", zh="业务编号已被使用", en="the case number is taken")


class CaseChanged(RecordsError):  # noqa: N818
    """Somebody else wrote the case since it was read; read it again and decide again."""

    def __init__(self, case_no: str) -> None:
        super().__init__(
            "case.changed",
            zh="案件已被他人更新, 请刷新后重试",
            en="the case was changed meanwhile; read it again",
            case_no=case_no,
        )


class CaseBusy(RecordsError):  # noqa: N818
    """Another act on the case does not come to its end; try later."""

    def __init__(self, case_no: str) -> None:
        super().__init__(
            "case.busy",
            zh="案件正在办理其他事项, 请稍后再试",
            en="another act on the case is under way",
            case_no=case_no,
        )


class PropertyTaken(RecordsError):  # noqa: N818
    """Another live case holds the house (invariant c, H-48)."""

    def __init__(self) -> None:
        super().__init__("case.property_taken", zh="该房屋已有在办的网签案件", en="another live case holds this house")


class FilingNumberTaken(RecordsError):  # noqa: N818
    """Another case has the filing number."""

    def __init__(self) -> None:
        super().__init__("case.filing_number_taken", zh="备案编号已被使用", en="the filing number is taken")


class RequestMismatch(RecordsError):  # noqa: N818
    """An idempotency key was used for another request."""

    def __init__(self) -> None:
        super().__init__(
            "idempotency.mismatch",
            zh="该幂等键已用于另一个请求",
            en="this idempotency key was used for another request",
        )


class RequestInProgress(RecordsError):  # noqa: N818
    """A request with this key is being worked on, or was just answered: ask again."""

    def __init__(self) -> None:
        super().__init__(
            "idempotency.in_progress",
            zh="相同的请求正在处理, 请稍后重试",
            en="the same request is being worked on; try again",
        )


class DatabaseNotEmpty(RecordsError):  # noqa: N818
    """Only an empty database is rebuilt: nothing there is ever overwritten."""

    def __init__(self) -> None:
        super().__init__(
            "records.not_empty",
            zh="数据库中已有案件, 不能重建",
            en="there are cases in the database; it is not rebuilt",
        )


class CursorRefused(RecordsError):  # noqa: N818
    """A cursor this house did not give."""

    def __init__(self) -> None:
        super().__init__("records.cursor", zh="翻页标记无效", en="this is no cursor of ours")


class SchemaBehind(RecordsError):  # noqa: N818
    """The database is not at the schema this code was written for."""

    def __init__(self, found: str | None, expected: str) -> None:
        super().__init__(
            "records.schema",
            zh="数据库结构版本与程序不符, 请先执行迁移",
            en="the database is not at this program's schema; migrate it first",
            found=found,
            expected=expected,
        )
