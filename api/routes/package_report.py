"""What examining a package finds: each seal and each file with its verdict, for the desk of its office."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path

from api.callers import AnyCaller, Api, Now, guarded
from api.documented import OF_CASE, both, problems
from api.rates import Rate
from api.routes.notary_files import built_package
from api.routes.parameters import CaseNo
from api.views.base import At, Sha256, View

__all__ = ["router"]

router = APIRouter(tags=["notary"], dependencies=[guarded(Rate.PUBLIC)])


class ReportVerdict(StrEnum):
    """What came of it."""

    PASSED = "passed"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"
    UNREADABLE = "unreadable"


class SealSignerView(View):
    """Whom the certificate of a seal names."""

    common_name: str | None
    """`CN` of the subject."""
    subject: str
    """Whole subject (RFC 4514)."""
    issuer: str
    """Whole issuer."""


class PackageSealView(View):
    """A signature over the list of files, or an archive time-stamp."""

    name: str
    """File that holds it."""
    manifest: str
    """List it stands for."""
    signer: SealSignerView | None
    """Who; none where it cannot be read."""
    level: str
    """CAdES baseline level; `none` for an archive time-stamp."""
    proven_at: At | None
    """The earliest time proven for it."""
    verdict: ReportVerdict
    """What was found."""
    sub_indication: str | None
    """ETSI EN 319 102-1, where it did not pass."""


class PackageMemberView(View):
    """A file in the package."""

    name: str
    """Its path."""
    size_bytes: int
    """Unpacked."""
    sha256: Sha256 | None
    """Of what came out; none where it could not be read."""
    media_type: str | None
    """As the list says."""
    covered: bool
    """A seal stands for it: it is listed, with this digest."""


class PackageFindingView(View):
    """A fact worth saying."""

    code: str
    """Stable."""
    severity: str
    """`info`, `warning`, `error` or `fatal`."""
    zh: str
    """In Chinese."""
    en: str
    """In English."""


class PackageReportView(View):
    """What examining a package found."""

    verdict: ReportVerdict
    """The worst of everything."""
    verified_at: datetime
    """As of when."""
    sha256: Sha256 | None
    """Of the whole file."""
    is_the_one: bool
    """That is the digest the matter names for this package."""
    size_bytes: int
    """Of the whole file."""
    seals: tuple[PackageSealView, ...]
    """Signatures, then archive time-stamps."""
    members: tuple[PackageMemberView, ...]
    """In the order they lie in it."""
    findings: tuple[PackageFindingView, ...]
    """Worst first."""


@router.get(
    "/notary/packages/{case_no}/{number}/report",
    summary="核验公证材料包",
    description=both(
        "逐一解包、计算摘要并核验签章与归档时间戳，以本服务各主管部门的根证书为准；结果与 `qianshu verify` 一致。"
        "机构系统也可以自行核验。",
        "Unpacks and hashes every file and judges every seal and time-stamp, by the roots of the authorities served;"
        " the same as `qianshu verify` says. Whoever trusts nobody verifies with a validator of their own.",
    ),
    responses=problems(
        *OF_CASE,
        "auth.scope",
        "auth.office",
        "package.unknown",
        "package.withdrawn",
        "package.not_built",
        "storage.unavailable",
    ),
)
def package_report(
    api: Api,
    caller: AnyCaller,
    now: Now,
    case_no: CaseNo,
    number: Annotated[int, Path(ge=1, le=10_000, description="Number of the package.")],
) -> PackageReportView:
    """What is in a package."""
    _, _, sha256 = built_package(api, caller, case_no, number)
    found = api.services.notary.packages.examine(case_no, sha256, now)
    return PackageReportView.model_validate({**found, "is_the_one": found["sha256"] == sha256})
