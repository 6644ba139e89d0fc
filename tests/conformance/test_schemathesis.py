"""Others' requests: schemathesis makes them from our own document and looks whether the answers keep to it; no 5xx.

Bounded: a few requests for each operation, fitting the document and not, and the same ones each time, so that CI is
neither slow nor a lottery. What longer runs found stands as tests of its own in ``tests/unit/api``.
"""

from __future__ import annotations

from dataclasses import replace

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from filing.case.notary import NotaryState
from filing.lifecycle import State
from identity.staff import StaffRole
from notary.offices import NotaryOffice
from tests.builders.api import serving
from tests.builders.cases import SELLER, acting, in_state
from tests.builders.cases import staff as staff_of
from tests.builders.notary_matters import (
    CERTIFICATE_PDF,
    CONTAINER,
    CONTAINER_SHA,
    SHIQI,
    before_notary,
    certified,
    matter,
    sha,
)
from tests.fakes.api import World

EXAMPLES = 3
"""For each operation and each way of making requests."""

SHARDS = 6
"""Tests, so that one that fails does not hide the others."""

CASE = "2026112100001"
BEFORE_NOTARY = "2026112100002"

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)

CALM = hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.generate],
)


@pytest.fixture(scope="module")
def world():
    world = World()
    everything = (StaffRole.REVIEWER, StaffRole.WINDOW_CLERK, StaffRole.ADMIN, StaffRole.OPERATOR)
    grants = tuple(grant for role in everything for grant in staff_of(role, someone=SELLER).staff)
    world.know(replace(acting(SELLER), staff=grants, offices=(SHIQI.office_id,)))
    world.register()
    world.keep(in_state("huangshi", State.DRAFTING))
    case = before_notary(matter(NotaryState.ISSUED, exchange=certified()))
    world.keep(replace(case, head=replace(case.head, case_no=BEFORE_NOTARY)))
    world.tell_office(f"office:{SHIQI.office_id}", BEFORE_NOTARY, sha256=CONTAINER_SHA, matter=1, number=1)
    world.files = {CONTAINER_SHA: CONTAINER, sha(CERTIFICATE_PDF): CERTIFICATE_PDF}
    world.offices[SHIQI.office_id] = NotaryOffice(SHIQI.office_id, SHIQI.name, SHIQI.code, ("420200",))
    return world


@pytest.fixture(scope="module")
def served(world):
    with serving(world, limits_scale=10_000) as served:
        yield served


@pytest.fixture(scope="module")
def callers(served):
    return served.client().log_in(SELLER.account), served.client().come_as_program()


@pytest.fixture(scope="module")
def operations(served):
    document = schemathesis.openapi.from_dict(served.app.openapi())
    return [found.ok() for found in document.get_all_operations()]


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.name)
def test_answers_keep_to_the_document(served, operations, callers, mode, shard):
    for operation in operations[shard::SHARDS]:

        @CALM
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def answers(case):
            response = send(case, served.url, callers)
            case.validate_response(response, checks=CHECKS[1:] if outside_is_down(response) else CHECKS)

        try:
            answers()
        except hypothesis.errors.Unsatisfiable:
            # Nothing can be said to it that does not fit.
            continue


def send(case, url, callers):
    person, program = callers
    secured = case.operation.definition.raw.get("security", [])
    caller = program if secured == [{"machine": []}] else person
    if case.query:
        case.query.pop("wait", None)
    if case.path_parameters and "case_no" in case.path_parameters:
        # Half of them to a case that is there.
        there = BEFORE_NOTARY if "/notary/" in case.operation.path else CASE
        case.path_parameters["case_no"] = there if len(case.operation.label) % 2 else case.path_parameters["case_no"]
    headers = {name: caller.headers[name] for name in ("x-csrf-token", "authorization") if name in caller.headers}
    return case.call(base_url=url, headers=headers, cookies=dict(caller.cookies), allow_redirects=False)


def outside_is_down(response):
    """Here it always is, and whether a request comes so far is for whoever makes them: the document says 503 then."""
    return response.status_code == 503 and response.json()["code"] == "outside.unavailable"


def test_every_operation_is_looked_at(operations):
    assert len(operations) > 100
