"""Drafts as one types: what is there is kept, what is still wrong is said and never lost (ZS-25, SZ-60, WH-35)."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - read at run time by the ways in
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from documents.contract.codec import canonical_json
from filing.acts.entry.identify import refuse, require_shown
from filing.acts.spec import ActDoc, ActSpec
from filing.engine.outcome import Outcome
from filing.errors import InputRefused
from filing.guards.text import locked_findings
from filing.lifecycle import State
from filing.profile import Actor
from filing.terms import find_problems
from filing.terms.build import CLAUSES

if TYPE_CHECKING:
    from filing.engine.situation import Situation

__all__ = ["SAVE_CLAUSES", "SAVE_FORM", "ClausesInput", "FormInput"]

MAX_DRAFT_BYTES: Final = 200_000
"""Far above the longest contract, far below what strains a record."""

MAX_FORM_FIELDS: Final = 30
"""A form beside the contract is short."""

MAX_FORM_TEXT: Final = 500
"""Characters of one answer."""

FUND_SUPERVISION: Final = "fund_supervision"
"""The form in which supervision of the money is chosen, or not (ZS-35)."""


@dataclass(frozen=True, slots=True)
class ClausesInput:
    """Sections of the contract, in the data format of the terms (``docs/schemas/contract.schema.json``)."""

    clauses: Mapping[str, Any]
    """Sections to put in place of what was saved: ``house`` (what the register does not tell), ``money``,
    ``performance``, ``liability``, ``annexes``, ``other_agreements``; ``null`` takes one out."""


@dataclass(frozen=True, slots=True)
class FormInput:
    """A form beside the contract."""

    form: str
    """Which, as the city's profile names it."""

    answers: Mapping[str, str | int | bool | None]
    """What was filled in."""


def _merged(situation: Situation, typed: ClausesInput) -> dict[str, Any]:
    together = {**situation.case.text.clauses, **typed.clauses}
    return {name: section for name, section in together.items() if section is not None}


def _check(situation: Situation, typed: ClausesInput) -> None:
    for name in typed.clauses:
        if name not in CLAUSES:
            raise refuse(
                "field.locked",
                "该部分不在合同条款中填写（当事人、房屋登记信息、备案信息不可在此修改）",
                "this is not entered among the clauses: people, registered facts and filing have their own place",
                name,
            )
    merged = _merged(situation, typed)
    _require_plain(merged)
    found = locked_findings(situation, merged)
    if found:
        raise InputRefused(found)


def _require_plain(data: Mapping[str, Any]) -> None:
    try:
        size = len(canonical_json(data))
    except (TypeError, ValueError, RecursionError) as error:
        raise refuse("clauses.not_json", "条款数据无法保存", "this is not JSON data", "clauses") from error
    if size > MAX_DRAFT_BYTES:
        raise refuse("clauses.too_large", "条款内容过长", "the clauses are too long", "clauses")
    if _has_float(data):
        raise refuse(
            "clauses.float",
            '金额、面积请以字符串填写，如"1286500.00"',
            "write amounts as text with two places",
            "clauses",
        )
    _require_shown(data, "")


def _require_shown(value: object, path: str) -> None:
    if isinstance(value, str):
        require_shown(value, path)
    elif isinstance(value, dict):
        for name, item in value.items():
            _require_shown(item, f"{path}.{name}".lstrip("."))
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value):
            _require_shown(item, f"{path}.{place}")


def _has_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_float, value.values()))
    return isinstance(value, float) or (isinstance(value, (list, tuple)) and any(map(_has_float, value)))


def _decide(situation: Situation, typed: ClausesInput, _: None) -> Outcome:
    case = situation.case
    after = replace(case, text=replace(case.text, clauses=_merged(situation, typed)))
    problems = [problem.to_dict() for problem in find_problems(after, situation.profile)]
    return (
        Outcome(after)
        .noting("clauses.saved", sections=sorted(typed.clauses), problems=len(problems))
        .answering(problems=problems)
    )


# --- forms beside the contract (ZS-34) -------------------------------------------------------------------------------


def _check_form(situation: Situation, typed: FormInput) -> None:
    names = [form.name for form in situation.sale.entry.forms]
    if typed.form not in names:
        raise refuse("form.unknown", "本市没有该表单", "this city has no such form", "form")
    _require_order(situation, typed.form)
    if len(typed.answers) > MAX_FORM_FIELDS or any(
        isinstance(answer, str) and len(answer) > MAX_FORM_TEXT for answer in typed.answers.values()
    ):
        raise refuse("form.too_large", "表单内容过长", "the answers are too long", "answers")
    if typed.form == FUND_SUPERVISION:
        _require_bank(situation, typed.answers)


def _require_order(situation: Situation, name: str) -> None:
    """按顺序填写: a form that is needed comes before those after it (ZS-34)."""
    for form in situation.sale.entry.forms:
        if form.name == name:
            return
        if form.required and not situation.case.text.forms.get(form.name):
            raise refuse("form.order", "请按顺序填写表单", "fill the forms in their order", form.name)


def _require_bank(situation: Situation, answers: Mapping[str, object]) -> None:
    """Chosen or not; a bank of the city's if chosen (ZS-35…37)."""
    chosen, rule = answers.get("chosen"), situation.profile.filing.fund_supervision
    if not isinstance(chosen, bool):
        raise refuse("form.supervision", "请选择是否监管交易资金", "say whether the money is supervised", "chosen")
    if rule is not None and not rule.optional and not chosen:
        raise refuse("form.supervision", "本市须监管交易资金", "the money is always supervised here", "chosen")
    if chosen and (rule is None or answers.get("bank") not in rule.banks):
        raise refuse("form.bank", "请选择本市的监管银行", "choose one of this city's banks", "bank")


def _decide_form(situation: Situation, typed: FormInput, _: None) -> Outcome:
    case = situation.case
    filled: dict[str, Mapping[str, object]] = {**case.text.forms, typed.form: dict(typed.answers)}
    return Outcome(replace(case, text=replace(case.text, forms=filled))).noting("form.saved", form=typed.form)


SAVE_CLAUSES: Final = ActSpec(
    name="save-clauses",
    by=frozenset({Actor.SELLER}),
    states=frozenset({State.DRAFTING}),
    input=ClausesInput,
    check=_check,
    decide=_decide,
    doc=ActDoc(
        zh="保存合同条款：未填完的也可保存；返回尚需改正的各项。当事人和房屋登记信息不在此修改。",
        en="Save clauses as far as they are written; the answer lists what is still missing or wrong.",
        example={"clauses": {"other_agreements": ["房屋内家具随房屋一并转让。"]}},
        errors=("input.refused",),
    ),
    rules=("ZS-25", "SZ-56", "WH-27", "WH-29", "WH-30", "WH-31", "WH-33", "WH-35"),
)
"""What the parties agree, as far as it is written."""

SAVE_FORM: Final = ActSpec(
    name="save-form",
    by=frozenset({Actor.SELLER}),
    states=frozenset({State.DRAFTING, State.TEXT_READY}),
    input=FormInput,
    check=_check_form,
    decide=_decide_form,
    fits=lambda profile, _: profile.sale is not None and bool(profile.sale.entry.forms),
    doc=ActDoc(
        zh="填写合同之外的表单（申请人信息、好差评、资金监管），按顺序填写。",
        en="Fill a form beside the contract, in the city's order.",
        example={"form": "fund_supervision", "answers": {"chosen": True, "bank": "CCB"}},
        errors=("input.refused",),
    ),
    rules=("ZS-34", "ZS-35", "ZS-36", "ZS-37", "H-12"),
)
"""A form beside the contract."""
