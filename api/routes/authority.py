"""Who acts for whom outside cases: accounts linked in a city, handlers of organisations, agents bound to a house."""

from fastapi import APIRouter
from pydantic import AwareDatetime, Base64Bytes, Field
from starlette.responses import Response

from api.callers import Api, Now, OnlyPerson, guarded
from api.documented import both, problems
from api.errors import NotFound
from api.inputs import ReadInput
from api.once import Repeatable
from api.ports import AgentAsked, HandlerAsked, Somebody
from api.rates import Rate
from api.routes.login import CodeInput, CodeSentView
from api.routes.parameters import CityName, Key
from api.state import ApiState
from api.views.base import At, View
from identity.numbers import IdType
from identity.representation import Attestation

__all__ = ["SomebodyInput", "require_city", "router"]

router = APIRouter(tags=["accounts"], dependencies=[guarded(Rate.READ)])


class LinkView(View):
    """How far your account is linked in a city (用户关联)."""

    city: str
    """Which city."""
    linked: bool
    """Whether it can be used there."""
    old_account: bool
    """There was an account before: link it, so that its business is kept."""
    kind: str | None
    """`individual`, `linked` or `agency`; none until linked."""
    agency_asked: bool
    """An agency's right was asked for and is not opened yet."""


class LinksView(View):
    """Your account in every city served."""

    links: tuple[LinkView, ...]
    """By city."""


class LinkInput(ReadInput):
    """The account there was, if any (ZS-17)."""

    certificate_number: str | None = Field(None, max_length=64, description="证件号码 of the old account.")
    password: str | None = Field(None, max_length=256, description="Its password.")


class SomebodyInput(ReadInput):
    """Name and number of somebody."""

    name: str = Field(max_length=100, description="As in the identity document.", examples=["周明远"])
    id_type: IdType = Field(description="Which document.", examples=["resident_id"])
    id_number: str = Field(max_length=64, description="Its number.", examples=["420200198812120039"])

    def to_core(self) -> Somebody:
        """As the core takes it."""
        return Somebody(self.name, self.id_type.value, self.id_number)


class HandlerInput(ReadInput):
    """A handler to be appointed (SZ-02, SZ-10)."""

    city: str = Field(max_length=64, description="Whose rules on trust levels apply.", examples=["shenzhen"])
    handler: SomebodyInput = Field(description="Who is to act.")
    starts_at: AwareDatetime = Field(description="Authorised from.", examples=["2026-12-01T00:00:00+08:00"])
    ends_at: AwareDatetime | None = Field(None, description="Authorised until.", examples=["2027-12-01T00:00:00+08:00"])


class HandlerBindingView(View):
    """A handler bound to an organisation."""

    binding_id: str
    """Identifier."""
    organisation: str
    """Name of the legal person."""
    credit_code: str
    """Its unified social credit code."""
    handler_name: str
    """Masked."""
    state: str
    """`awaiting_consent`, `bound` or `unbound`."""
    starts_at: At
    """Authorised from."""
    ends_at: At | None
    """Authorised until."""


class HandlersView(View):
    """Your handlers, or the organisations you handle."""

    handlers: tuple[HandlerBindingView, ...]
    """Every binding."""


class AgentInput(ReadInput):
    """What a clerk enters from the papers on the desk (SZ-14, SZ-15)."""

    agent: SomebodyInput = Field(description="Who came.")
    principal: SomebodyInput = Field(description="The owner who gave the mandate.")
    certificate_number: str = Field(max_length=100, description="The title's number as printed.")
    mandate_number: str = Field(max_length=100, description="Number of the notarial certificate.")
    scope: str = Field(max_length=4000, description="Words of the mandate.")
    matters: tuple[str, ...] = Field(max_length=20, description="Matters it names.", examples=[["check_property"]])
    attestation: Attestation = Field(description="Who vouches for it.", examples=["notarised"])
    papers: tuple[str, ...] = Field((), max_length=20, description="Papers seen in the original.")
    mandate_pdf: Base64Bytes | None = Field(
        None,
        max_length=8 << 20,
        description="The mandate as an electronic certificate, base64: verified; its number and words count.",
    )


class AgentView(View):
    """An agent's account bound to a house."""

    binding_id: str
    """Identifier."""
    city: str
    """Where."""
    agent_account_id: str
    """Whose account; empty before their first login."""
    certificate_number: str
    """Which house."""
    bound_at: At
    """When."""
    ended_at: At | None
    """When it was ended."""


@router.get(
    "/me/links",
    summary="用户关联情况",
    description=both("本人账号在各城市的关联情况（ZS-11）。", "How far your account is linked in each city."),
    responses=problems(),
)
def links(api: Api, person: OnlyPerson) -> LinksView:
    """How far the account is linked."""
    found = api.services.people.login.links(person.account_id)
    return LinksView(links=tuple(LinkView.model_validate(link) for link in found))


@router.put(
    "/me/links/{city}",
    dependencies=[guarded(Rate.CODE)],
    summary="用户关联",
    description=both(
        "关联原账号（证件号码和密码），或者自动创建个人网签账号（ZS-13、ZS-14）。忘记密码的到窗口办理（ZS-18）。",
        "Link the account there was, by its certificate number and password; without them an account is made.",
    ),
    responses=problems(
        "link.refused", "link.locked", "link.taken", "link.other_person", "link.old_account", "csrf.refused"
    ),
)
def link(api: Api, person: OnlyPerson, now: Now, city: CityName, said: LinkInput) -> LinkView:
    """Link the account in a city."""
    require_city(api, city)
    old = None
    if said.certificate_number is not None and said.password is not None:
        old = (said.certificate_number, said.password)
    return LinkView.model_validate(api.services.people.login.link(person.account_id, city, old, now))


@router.post(
    "/me/links/{city}/agency",
    summary="申请中介账号权限",
    description=both("申请开通中介账号权限，由管理部门确认（ZS-15）。", "Ask for an agency's right."),
    responses=problems("csrf.refused"),
)
def ask_agency(api: Api, person: OnlyPerson, now: Now, city: CityName) -> LinkView:
    """Ask for an agency's right."""
    require_city(api, city)
    return LinkView.model_validate(api.services.people.login.ask_agency(person.account_id, city, now))


@router.get(
    "/me/handlers",
    summary="我的经办人 / 我经办的法人",
    description=both(
        "法人账户：我的经办人；个人账户：我经办的法人。", "A legal person's handlers; or the organisations you handle."
    ),
    responses=problems(),
)
def handlers(api: Api, person: OnlyPerson) -> HandlersView:
    """Handlers, or organisations handled."""
    found = api.services.people.authority.handlers_of(person)
    return HandlersView(handlers=tuple(HandlerBindingView.model_validate(one) for one in found))


@router.post(
    "/me/handlers",
    status_code=201,
    response_model=HandlerBindingView,
    summary="添加经办人",
    description=both(
        "法人添加经办人并填写授权时间（SZ-02、SZ-08、SZ-10）；经办人本人确认后生效。",
        "A legal person appoints a handler for a period; in force once the handler agrees.",
    ),
    responses=problems(
        "organisation.not_one", "handler.period_over", "number.checksum", "request.not_found", "csrf.refused"
    ),
)
def appoint(api: Api, person: OnlyPerson, once: Repeatable, said: HandlerInput) -> Response:
    """Appoint a handler."""
    require_city(api, said.city)
    asked = HandlerAsked(said.handler.to_core(), said.starts_at, said.ends_at)
    appointed = api.services.people.authority.appoint
    return once.make(said, lambda: HandlerBindingView.model_validate(appointed(person, said.city, asked, once.now)))


@router.post(
    "/me/handlers/{binding_id}/code",
    status_code=202,
    dependencies=[guarded(Rate.CODE)],
    summary="发送经办人确认验证码",
    description=both("向经办人登记的手机号发送确认验证码（SZ-09）。", "Sends the handler the code to agree with."),
    responses=problems("authority.unknown", "code.too_soon", "code.too_many", "account.no_phone", "csrf.refused"),
)
def ask_consent(api: Api, person: OnlyPerson, now: Now, binding_id: Key) -> CodeSentView:
    """Send the handler's code."""
    return CodeSentView(sent=dict(api.services.people.authority.ask_consent(person, binding_id, now)))


@router.put(
    "/me/handlers/{binding_id}/consent",
    dependencies=[guarded(Rate.CODE)],
    summary="经办人确认绑定",
    description=both("经办人输入验证码，确认绑定（SZ-09）。", "The handler agrees with the code."),
    responses=problems("authority.unknown", "authority.ended", "code.wrong", "code.none", "csrf.refused"),
)
def consent(api: Api, person: OnlyPerson, now: Now, binding_id: Key, said: CodeInput) -> HandlerBindingView:
    """Agree to be the handler."""
    return HandlerBindingView.model_validate(api.services.people.authority.consent(person, binding_id, said.code, now))


@router.delete(
    "/me/handlers/{binding_id}",
    summary="解绑经办人",
    description=both("法人或者经办人解除绑定（SZ-11）。", "Ended by either side; the record is kept."),
    responses=problems("authority.unknown", "csrf.refused"),
)
def unbind(api: Api, person: OnlyPerson, now: Now, binding_id: Key) -> HandlerBindingView:
    """End a binding."""
    return HandlerBindingView.model_validate(api.services.people.authority.unbind(person, binding_id, now))


@router.post(
    "/desk/{city}/agents",
    tags=["desk"],
    status_code=201,
    response_model=AgentView,
    summary="关联代理人账号与房产",
    description=both(
        "窗口人员核验公证委托书原件后，将代理人账号与房产关联（SZ-13…15）。",
        "A clerk binds an agent's account to a house, with the notarised mandate on the desk.",
    ),
    responses=problems(
        "agent.not_clerk",
        "mandate.attestation",
        "mandate.paper_missing",
        "number.checksum",
        "certificate.refused",
        "csrf.refused",
    ),
)
def bind_agent_account(api: Api, person: OnlyPerson, once: Repeatable, city: CityName, said: AgentInput) -> Response:
    """Bind an agent."""
    require_city(api, city)
    asked = AgentAsked(
        said.agent.to_core(),
        said.principal.to_core(),
        said.certificate_number,
        said.mandate_number,
        said.scope,
        said.matters,
        said.attestation.value,
        said.papers,
        said.mandate_pdf,
    )
    bound = api.services.people.authority.bind_agent
    return once.make(said, lambda: AgentView.model_validate(bound(person, city, asked, once.now)))


@router.delete(
    "/desk/{city}/agents/{binding_id}",
    tags=["desk"],
    summary="解除代理人关联",
    description=both("解除代理人账号与房产的关联。", "A clerk ends a binding; the record is kept."),
    responses=problems("authority.unknown", "csrf.refused"),
)
def unbind_agent_account(api: Api, person: OnlyPerson, now: Now, city: CityName, binding_id: Key) -> AgentView:
    """End an agent's binding."""
    require_city(api, city)
    return AgentView.model_validate(api.services.people.authority.unbind_agent(person, city, binding_id, now))


@router.put(
    "/desk/{city}/agencies/{account_id}",
    tags=["desk"],
    summary="开通中介账号权限",
    description=both("管理部门确认并开通中介账号权限（ZS-15）。", "The authority opens an agency's right."),
    responses=problems("agency.not_officer", "agency.self", "authority.unknown", "csrf.refused"),
)
def confirm_agency(api: Api, person: OnlyPerson, now: Now, city: CityName, account_id: Key) -> LinkView:
    """Open an agency's right."""
    require_city(api, city)
    return LinkView.model_validate(api.services.people.authority.confirm_agency(person, city, account_id, now))


def require_city(api: ApiState, city: str) -> None:
    """Raises ``request.not_found`` for a city that is not served."""
    if city not in api.services.cities.profiles:
        raise NotFound("request.not_found", zh="没有该城市", en="no such city is served here")
