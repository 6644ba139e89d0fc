"""The price under supervision of a bank, if the parties choose (ZS-35…37)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.calendar import beijing_day
from filing.case.filing import Supervision
from filing.engine.outcome import Outcome
from filing.engine.roles import subject_of
from filing.errors import FilingError
from filing.lifecycle import State
from filing.outside import SupervisionRequest, SupervisionState
from filing.profile import Actor
from identity.subjects import Side

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.engine.situation import Situation
    from filing.outside import SupervisionAccount
    from identity.subjects import Subject

__all__ = ["CHOOSE_SUPERVISION", "OPEN_SUPERVISION", "SETTLE_SUPERVISION", "ChooseInput", "OpenInput"]

_PARTIES: Final = frozenset({Actor.SELLER, Actor.BUYER})

_UNTIL_TRANSFER: Final[frozenset[State | None]] = frozenset(
    {
        State.DRAFTING,
        State.TEXT_READY,
        State.SIGNING,
        State.SIGNED,
        State.IN_REVIEW,
        State.FILED,
        State.REGISTERING,
    }
)

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True, slots=True)
class ChooseInput:
    """是否选择监管交易资金."""

    bank: str | None = None
    """The bank by its usual short name, e.g. ``CCB``; left out: no supervision."""


@dataclass(frozen=True, slots=True)
class OpenInput:
    """Where the bank sends the browser back to."""

    return_url: str = ""
    """An https address; not needed where it is done at a branch."""


def _banks(situation: Situation) -> frozenset[str]:
    rule = situation.profile.filing.fund_supervision
    if rule is None:
        raise FilingError("supervision.not_here", zh="本市系统不办理资金监管", en="money is not supervised here")
    return frozenset(rule.banks)


def _chosen(situation: Situation) -> Supervision:
    supervision = situation.case.filing.supervision
    if supervision is None:
        raise FilingError("supervision.not_chosen", zh="未选择资金监管", en="supervision was not chosen")
    return supervision


def _check_choose(situation: Situation, said: ChooseInput) -> None:
    banks = _banks(situation)
    if said.bank is not None and said.bank not in banks:
        raise FilingError("supervision.unknown_bank", zh="没有该监管银行", en="there is no such bank")
    supervision = situation.case.filing.supervision
    if supervision is not None and supervision.opened_at is not None:
        raise FilingError("supervision.opened", zh="监管账户已开立，不能更改", en="the account is open already")


def _choose(situation: Situation, said: ChooseInput, _: None) -> Outcome:
    chosen = None if said.bank is None else Supervision(said.bank)
    filing = replace(situation.case.filing, supervision=chosen)
    return Outcome(situation.case).with_case(filing=filing).noting("supervision.chosen", bank=said.bank)


def _check_open(situation: Situation, said: OpenInput) -> None:
    _chosen(situation)
    _amount(situation)
    address = urlsplit(said.return_url)
    if said.return_url and address.scheme != "https" and address.hostname not in _LOOPBACK:
        raise FilingError("supervision.return_url", zh="返回地址须为 https", en="the way back must be https")


def _gather_open(situation: Situation, said: OpenInput, world: World) -> SupervisionAccount:
    return world.outside.bank.open(_request(situation, said.return_url))


def _open(situation: Situation, _: OpenInput, account: SupervisionAccount) -> Outcome:
    told = _with_answer(situation, account)
    return told.answering(
        state=account.state.value, way=account.way.value, url=account.url, branches=list(account.branches)
    )


def _check_settle(situation: Situation, _: NoInput) -> None:
    if _chosen(situation).reference is None:
        raise FilingError("supervision.not_opened", zh="尚未向银行申请", en="the bank has not been asked yet")


def _gather_settle(situation: Situation, _: NoInput, world: World) -> SupervisionAccount:
    return world.outside.bank.state(str(_chosen(situation).reference), _request(situation, ""))


def _settle(situation: Situation, _: NoInput, account: SupervisionAccount) -> Outcome:
    """That the browser came back says nothing: only the bank's own answer counts."""
    return _with_answer(situation, account).answering(state=account.state.value)


def _with_answer(situation: Situation, account: SupervisionAccount) -> Outcome:
    opened_at = account.opened_at if account.state is SupervisionState.OPENED else None
    known = replace(_chosen(situation), reference=account.ref, opened_at=opened_at)
    filing = replace(situation.case.filing, supervision=known)
    facts = {"bank": known.bank, "reference": account.ref, "state": account.state.value}
    return Outcome(situation.case).with_case(filing=filing).noting("supervision.answered", **facts)


def _request(situation: Situation, return_url: str) -> SupervisionRequest:
    return SupervisionRequest(
        city=situation.case.head.city,
        bank=_chosen(situation).bank,
        case_number=situation.case.case_no,
        amount=_amount(situation),
        sellers=_subjects(situation, Side.SELLER),
        buyers=_subjects(situation, Side.BUYER),
        return_url=return_url,
    )


def _amount(situation: Situation) -> Decimal:
    money: Any = situation.case.text.clauses.get("money", {})
    try:
        return Decimal(str(money["price"]))
    except (KeyError, TypeError, InvalidOperation) as cause:
        raise FilingError("supervision.no_price", zh="请先填写成交价格", en="enter the price first") from cause


def _subjects(situation: Situation, side: Side) -> tuple[Subject, ...]:
    today = beijing_day(situation.now)
    return tuple(subject_of(party.identified, today) for party in situation.case.people.of_side(side))


CHOOSE_SUPERVISION: Final = ActSpec(
    name="choose-supervision",
    by=frozenset({Actor.SELLER}),
    states=_UNTIL_TRANSFER,
    input=ChooseInput,
    check=_check_choose,
    decide=_choose,
    doc=ActDoc(
        zh="选择是否监管交易资金及监管银行（自愿，建议选择）。",
        en="Choose a bank that supervises the money, or none; optional and recommended.",
        example={"bank": "CCB"},
        errors=("supervision.not_here", "supervision.unknown_bank", "supervision.opened"),
    ),
    rules=("ZS-35",),
)
"""Choose."""

OPEN_SUPERVISION: Final = ActSpec(
    name="open-supervision",
    by=_PARTIES,
    states=_UNTIL_TRANSFER,
    input=OpenInput,
    check=_check_open,
    gather=_gather_open,
    decide=_open,
    doc=ActDoc(
        zh="向监管银行申请：建设银行跳转“龙存管”全线上办理；农村商业银行到线下支行办理。",
        en="Ask the bank: either the browser goes there and everything is done online, or a branch is named.",
        example={"return_url": "https://example.org/back"},
        errors=("supervision.not_chosen", "supervision.no_price", "supervision.return_url", "outside.unavailable"),
    ),
    rules=("ZS-36", "ZS-37"),
)
"""Ask the bank."""

SETTLE_SUPERVISION: Final = ActSpec(
    name="settle-supervision",
    by=_PARTIES | {Actor.SYSTEM},
    states=_UNTIL_TRANSFER,
    input=NoInput,
    check=_check_settle,
    gather=_gather_settle,
    decide=_settle,
    doc=ActDoc(
        zh="向银行查询监管账户是否已开立。",
        en="Ask the bank whether the account is open.",
        example={},
        errors=("supervision.not_opened", "outside.unavailable"),
    ),
    rules=("ZS-36",),
)
"""What the bank says."""
