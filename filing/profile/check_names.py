"""Names a profile speaks of that nothing declares, and rules that leave somebody out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filing.profile.errors import Problem
from filing.profile.model import Kind
from filing.profile.people import PersonGroup
from filing.profile.signing import SignMethod
from identity.numbers import CERTIFICATE_FORMS
from identity.subjects import PartyKind
from identity.trust_level import FACE_METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filing.profile.marked_yaml import Path
    from filing.profile.model import FlowProfile, Sale

__all__ = ["check_names"]


def check_names(profile: FlowProfile) -> Iterator[Problem]:
    """Every dangling name, every contradiction outside the transitions and the cancel table."""
    if (profile.sale is not None) != (profile.kind is Kind.STOCK_SALE):
        yield _problem(
            ("kind",), "与 sale 部分不一致", "kind and sale contradict: a stock_sale has one, others have none"
        )
    yield from _templates(profile)
    yield from _people(profile)
    yield from _cancel_references(profile)
    if profile.sale is not None:
        yield from _sale(profile.sale)


def _templates(profile: FlowProfile) -> Iterator[Problem]:
    for name, path in _templates_named(profile):
        if name not in profile.templates:
            yield _problem(path, f"未声明模板“{name}”", f"template {name!r} is not declared")


def _templates_named(profile: FlowProfile) -> Iterator[tuple[str, Path]]:
    if profile.sale is not None:
        yield "contract", ("templates",)
        for place, notice in enumerate(profile.sale.entry.notices):
            yield notice.template, ("sale", "entry", "notices", place, "template")
        for place, undertaking in enumerate(profile.sale.preparation.undertakings):
            yield undertaking.template, ("sale", "preparation", "undertakings", place, "template")
    for place, row in enumerate(profile.cancelling.rows):
        for paper in row.demands.papers:
            yield paper, ("cancelling", "rows", place, "demands", "papers")
    for name, procedure in profile.cancelling.notary.items():
        for part, papers in (("read", procedure.read), ("sent", procedure.sent)):
            for paper in papers:
                yield paper, ("cancelling", "notary", name, part)


def _people(profile: FlowProfile) -> Iterator[Problem]:
    people = profile.people
    groups = {way.group for way in people.login}
    if people.organisations != (PersonGroup.ORGANISATION in groups):
        yield _problem(
            ("people", "organisations"), "与机构登录方式不一致", "this and the organisations' login contradict"
        )
    for place, row in enumerate(people.id_types.rows):
        if row.kind is not PartyKind.PERSON and not people.organisations:
            zh, en = "本市不接受机构当事人", "organisations are no parties here"
            yield _problem(("people", "id_types", "rows", place), zh, en)
    for place, check in enumerate(people.checks):
        if FACE_METHODS.issuperset(check.any_of):
            path = ("people", "checks", place, "any_of")
            yield _problem(
                path, "人脸识别不得作为唯一核验方式", "face recognition may not be the only way: offer another"
            )


def _cancel_references(profile: FlowProfile) -> Iterator[Problem]:
    guarded = {each.matter for each in profile.people.guardians}
    mandated = {matter for rule in profile.people.representation for matter in rule.matters}
    for place, row in enumerate(profile.cancelling.rows):
        named = (
            ("notary", row.demands.notary, profile.cancelling.notary),
            ("guardians_matter", row.demands.guardians_matter, guarded),
            ("proxy_matter", row.demands.proxy_matter, mandated),
        )
        for field, name, declared in named:
            if name is not None and name not in declared:
                path = ("cancelling", "rows", place, "demands", field)
                yield _problem(path, f"未声明“{name}”", f"{name!r} is not declared")


def _sale(sale: Sale) -> Iterator[Problem]:
    for form in sale.house.certificate_forms:
        if form not in CERTIFICATE_FORMS:
            path = ("sale", "house", "certificate_forms")
            yield _problem(path, f"不认识的证号格式“{form}”", f"unknown form of certificate number {form!r}")
    steps = sale.signing.steps
    if sale.signing.default not in steps:
        path = ("sale", "signing", "default")
        yield _problem(path, "没有该签署方式的步骤", "the default method has no steps")
    if bool(sale.signing.wet_if_any) != (SignMethod.WET in steps) or sale.signing.default is SignMethod.WET:
        path = ("sale", "signing", "wet_if_any")
        yield _problem(path, "线下签署的条件与步骤不一致", "conditions and steps of signing by hand contradict")
    if sale.signing.wet_extra and SignMethod.WET not in steps:
        yield _problem(("sale", "signing", "wet_extra"), "本市没有线下签署", "there is no signing by hand here")


def _problem(path: Path, zh: str, en: str) -> Problem:
    return Problem(path=path, zh=zh, en=en)
