# ruff: noqa: PLR0913, PLR0917 - parameters of an operation are what it is asked with
"""Outside services, renewals and checks of the archive, for operators. Nothing here names a person."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api.callers import Api, Now, OnlyPerson, guarded
from api.documented import both, problems
from api.errors import ApiError, NotFound
from api.operators import cities_of_operator
from api.ports import ArchiveCheck, OutsideState, RenewalLine
from api.rates import Rate
from api.routes.cases import Cursor, Limit
from api.routes.files import Digest
from api.routes.operator_work import Before
from api.views.base import At, View
from storage.dossier.report import Severity, Verdict

__all__ = ["router"]

router = APIRouter(prefix="/operations", tags=["operations"], dependencies=[guarded(Rate.READ)])


class OutsideServiceView(View):
    """An outside service."""

    service: str
    """Its constant name."""
    zh: str
    """In Chinese."""
    en: str
    """In English."""
    address: str | None
    """Where it is asked; none where it is part of this service."""
    state: OutsideState
    """What is known; `unknown` and `quiet` say that nothing is."""
    answered_at: At | None
    """The last usable answer."""
    took_ms: int | None
    """How long it took, in milliseconds."""
    failed_at: At | None
    """The last try without one."""
    failure: str | None
    """How that ended."""
    failing_since_at: At | None
    """Since when no try succeeded."""


class OutsideServicesView(View):
    """Every outside service."""

    services: tuple[OutsideServiceView, ...]
    """In the order of the settings."""


class CertificateView(View):
    """A certificate of ours."""

    city: str
    """Whose keys."""
    role: str
    """`root`, `issuing`, `tsu`, `service`, `filing`, `ocsp`; `root_crl` is the root's list."""
    algorithm: str
    """Of its key."""
    not_before: At
    """From when."""
    not_after: At
    """Until when."""
    renew_from: At | None
    """From when a ceremony should replace it."""


class RenewalView(View):
    """A sealed file."""

    case_no: str
    """Of which case."""
    city: str
    """Where."""
    sha256: str
    """Which file."""
    stamped_at: At | None
    """Its newest archive time-stamp."""
    expires_at: At | None
    """Until when it proves itself."""
    due_at: At | None
    """From when on it should be renewed."""
    is_due: bool
    """That time has come."""
    renewing: str | None = None
    """Where the work that renews it stands: `pending`, `running` or `failed`; none where nobody asked for it."""
    error_code: str | None
    """Why nothing can be said of it."""


class RenewalsView(View):
    """How long sealed files hold."""

    looked: int
    """Files looked at."""
    due: int
    """To be renewed now."""
    soon: int
    """To be renewed within a year."""
    unreadable: int
    """Of which nothing can be said."""
    unlooked: int
    """Not looked at yet."""
    first_due_at: At | None
    """When the first is due."""
    files: tuple[RenewalView, ...]
    """A page of them, the soonest due first."""
    next_cursor: str | None
    """For the next page; none on the last."""
    certificates: tuple[CertificateView, ...]
    """Certificates in use, the soonest to be renewed first."""


class ArchiveFindingView(View):
    """One thing found."""

    code: str
    """Stable, dotted."""
    severity: Severity
    """How much it weighs."""
    case_no: str | None
    """In which case."""
    subject: str | None
    """Which object or record."""
    name: str | None
    """What the manifest calls it."""
    zh: str
    """In Chinese."""
    en: str
    """In English."""


class ArchiveCheckView(View):
    """A walk through the archive."""

    check_id: int
    """Number."""
    asked_at: At
    """When it was asked for."""
    asked_by: str
    """Account that asked, or the command line."""
    begun_at: At | None
    """When it began."""
    finished_at: At | None
    """When it ended."""
    verdict: Verdict | None
    """The worst of the findings; none while it is not done."""
    case_count: int | None = None
    """Cases walked."""
    manifest_count: int | None = None
    """Manifests read."""
    object_count: int | None = None
    """Objects read to their end."""
    size_bytes: int | None = None
    """Their bytes."""
    finding_count: int | None = None
    """How many findings."""


class ArchiveCheckReportView(ArchiveCheckView):
    """A walk with what it found."""

    findings: tuple[ArchiveFindingView, ...]
    """The worst first; at most five hundred."""


class ArchiveChecksView(View):
    """Walks through the archive."""

    checks: tuple[ArchiveCheckView, ...]
    """The newest first."""


@router.get(
    "/outside",
    summary="外部服务",
    description=both(
        "各外部服务最近一次成功与失败。状态不明即为不明，不作正常。",
        "How each outside service answered last. What is not known is said to be unknown, not good.",
    ),
    responses=problems("auth.role"),
)
def outside_services(api: Api, person: OnlyPerson, now: Now) -> OutsideServicesView:
    """Outside services."""
    cities_of_operator(api, person)
    found = api.services.operations.desk.outside(now)
    return OutsideServicesView(services=tuple(OutsideServiceView.model_validate(one) for one in found))


@router.get(
    "/renewals",
    summary="归档时间戳续期",
    description=both(
        "已封存合同的归档时间戳何时应续期（由文件自身读出），以及本服务证书的期限。",
        "When archive time-stamps of sealed contracts are to be renewed, as the files themselves say, and how long our"
        " certificates last.",
    ),
    responses=problems("auth.role", "cursor.refused"),
)
def renewals(
    api: Api,
    person: OnlyPerson,
    now: Now,
    unreadable: Annotated[bool, Query(description="Those of which nothing can be said.")] = False,  # noqa: FBT002
    cursor: Cursor = None,
    limit: Limit = 50,
) -> RenewalsView:
    """Sealed files."""
    cities, desk = cities_of_operator(api, person), api.services.operations.desk
    purpose = f"renewals:{unreadable}"
    after = api.cursors.read_place(cursor, purpose, person.account_id)
    found = desk.due_files(cities, after, limit + 1, unreadable=unreadable)
    shown, totals = found[:limit], desk.renewals(cities, now)
    last = shown[-1] if len(found) > limit else None
    place = None if last is None else (last.due_at or now, last.line.position)
    states = desk.renewing([one.line.sha256 for one in shown])
    return RenewalsView(
        looked=totals.looked,
        due=totals.due,
        soon=totals.soon,
        unreadable=totals.unreadable,
        unlooked=totals.unlooked,
        first_due_at=totals.first_due_at,
        files=tuple(
            RenewalView.model_validate(
                _file(one)
                | {"is_due": one.due_at is not None and one.due_at <= now, "renewing": states.get(one.line.sha256)}
            )
            for one in shown
        ),
        next_cursor=None if place is None else api.cursors.sign_place(place, purpose, person.account_id),
        certificates=tuple(CertificateView.model_validate(one) for one in desk.certificates_of(cities)),
    )


def _file(one: RenewalLine) -> dict[str, Any]:
    line = one.line
    return {
        "case_no": line.case_no,
        "city": line.city,
        "sha256": line.sha256,
        "stamped_at": one.stamped_at,
        "expires_at": one.expires_at,
        "due_at": one.due_at,
        "error_code": one.error_code,
    }


@router.post(
    "/renewals/{sha256}",
    status_code=202,
    response_class=Response,
    summary="续加归档时间戳",
    description=both(
        "在后台为封存文件补充吊销信息并续加归档时间戳：已备案的文件不变，续期后的文件作为新版本归入案卷。可安全重复。"
        "记入操作日志。",
        "Have fresh revocation data and a further archive time-stamp added in the background: the filed file stays, the"
        " renewed one is kept in the dossier as a further revision. Harmless twice. Journalled.",
    ),
    responses=problems("auth.role", "renewal.unknown", "csrf.refused"),
)
def renew(api: Api, person: OnlyPerson, now: Now, sha256: Digest) -> Response:
    """Renew a file."""
    cities = cities_of_operator(api, person)
    if not api.services.operations.desk.renew(cities, sha256, person.account_id, now):
        raise NotFound(
            "renewal.unknown", zh="没有该封存文件，或者已经续期", en="no such sealed file, or it was renewed"
        )
    return Response(status_code=202)


@router.get(
    "/archive-checks",
    summary="档案核对记录",
    description=both("档案核对记录，最新的在前。", "Walks through the archive, the newest first."),
    responses=problems("auth.role"),
)
def archive_checks(api: Api, person: OnlyPerson, before: Before = None, limit: Limit = 20) -> ArchiveChecksView:
    """Walks."""
    cities_of_operator(api, person)
    found = api.services.operations.desk.archive_checks(before, limit)
    return ArchiveChecksView(checks=tuple(ArchiveCheckView.model_validate(_check(one)) for one in found))


@router.post(
    "/archive-checks",
    status_code=202,
    response_model=ArchiveCheckView,
    summary="核对档案",
    description=both(
        "在后台逐一核对全部案卷与对象；同时只进行一次。记入操作日志。",
        "Have every case and every object of the archive walked through in the background, one walk at a time."
        " Journalled.",
    ),
    responses=problems("auth.role", "operations.check_open", "csrf.refused"),
)
def check_archive(api: Api, person: OnlyPerson, now: Now) -> Any:  # noqa: ANN401 - response_model says it
    """Walk through the archive."""
    cities_of_operator(api, person)
    made = api.services.operations.desk.check_archive(person.account_id, now)
    if made is None:
        raise ApiError("operations.check_open", zh="已有一次核对正在进行", en="another walk has not ended yet")
    return ArchiveCheckView.model_validate(_check(made))


@router.get(
    "/archive-checks/{check_id}",
    summary="档案核对结果",
    description=both("一次档案核对的结果，最严重的在前。", "What a walk found, the worst first."),
    responses=problems("auth.role", "request.not_found"),
)
def archive_check(
    api: Api, person: OnlyPerson, check_id: Annotated[int, Path(ge=1, le=2**62)]
) -> ArchiveCheckReportView:
    """One walk."""
    cities_of_operator(api, person)
    found = api.services.operations.desk.archive_check(check_id)
    if found is None:
        raise NotFound("request.not_found", zh="没有该次核对", en="no such walk")
    findings = () if found.report is None else found.report["findings"]
    return ArchiveCheckReportView.model_validate({**_check(found), "findings": tuple(findings)})


def _check(one: ArchiveCheck) -> dict[str, Any]:
    facts = {name: getattr(one, name) for name in ("check_id", "asked_at", "asked_by", "begun_at", "finished_at")}
    counted = ("case_count", "manifest_count", "object_count", "size_bytes", "finding_count")
    report = one.report or {}
    return {**facts, "verdict": one.verdict, **{name: report.get(name) for name in counted}}
