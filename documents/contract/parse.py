"""Data to terms: everything that is wrong is found at once.

1. The data is held against the schema, every error translated.
2. Each section without an error is built, and the rules between fields are applied wherever all the sections they need
   were built. So one bad phone number does not hide a deposit that is too high.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker

from documents.contract.check_house import check_delivery_of_lease, check_house, check_liability, check_performance
from documents.contract.check_money import check_money
from documents.contract.check_parties import (
    check_buyers_hold,
    check_co_owners,
    check_ownership,
    check_parties,
    check_sides,
)
from documents.contract.codec import build_value
from documents.contract.problems import Problem, refusal
from documents.contract.schema import terms_schema
from documents.contract.schema_problems import translate
from documents.contract.shapes import slots_of
from documents.contract.terms import ContractTerms
from documents.errors import TermsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["parse_terms", "parse_terms_json"]

MAX_JSON_BYTES = 2_000_000
"""Far above the largest contract (40 parties and every text full), far below what strains the parser."""

CHECKS: tuple[tuple[tuple[str, ...], Callable[..., Iterator[Problem]]], ...] = (
    (("sellers",), lambda sellers: check_parties("sellers", sellers)),
    (("buyers",), lambda buyers: check_parties("buyers", buyers)),
    (("co_owners",), lambda co_owners: check_parties("co_owners", co_owners)),
    (("sellers", "buyers"), check_sides),
    (("sellers", "co_owners"), check_co_owners),
    (("house",), check_house),
    (("house", "sellers", "co_owners"), check_ownership),
    (("money",), check_money),
    (("performance",), check_performance),
    (("performance", "buyers"), check_buyers_hold),
    (("house", "performance"), check_delivery_of_lease),
    (("liability",), check_liability),
)
"""Which sections each rule needs."""


def parse_terms(data: object) -> ContractTerms:
    """Terms from JSON data (``dict``, ``list``, ``str``…). Raises :class:`TermsError` with every problem.

    Does not check what needs the world or the clock: checksums of numbers, ages, the register.
    """
    problems = list(translate(_terms_validator().iter_errors(data)))
    if not isinstance(data, dict):
        raise refusal(problems)
    broken = {problem.path.split(".")[0] for problem in problems}
    sections = {slot.name: slot for slot in slots_of(ContractTerms) if slot.name not in broken}
    given = {name: build_value(slot.shape, data[name]) for name, slot in sections.items() if name in data}
    present = given | {name: () for name in sections if name not in given}
    for needed, check in CHECKS:
        if all(name in present for name in needed):
            problems += check(*(present[name] for name in needed))
    if problems:
        raise refusal(problems)
    return ContractTerms(**given)


def parse_terms_json(text: bytes) -> ContractTerms:
    """Terms from UTF-8 JSON; repeated keys, not-a-number and files too large are refused as unreadable."""
    if len(text) > MAX_JSON_BYTES:
        raise _unreadable("too large")
    try:
        data = json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _unreadable(str(error)) from error
    return parse_terms(data)


@cache
def _terms_validator() -> Draft202012Validator:
    return Draft202012Validator(terms_schema(), format_checker=FormatChecker(["date"]))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """RFC 8259 § 4 leaves repeated names open; two readers must never see two contracts in one file."""
    held = dict(pairs)
    if len(held) != len(pairs):
        raise ValueError("a name is repeated in an object")
    return held


def _no_constant(name: str) -> Any:  # noqa: ANN401 - never returns
    raise ValueError(f"{name} is not JSON")


def _unreadable(why: str) -> TermsError:
    return TermsError(
        "terms.unreadable", zh="合同条款文件不是可读取的 JSON", en="the terms are not readable JSON", diagnostic=why
    )
