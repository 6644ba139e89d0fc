"""Every act, by everybody whose business it is not: all of them told the same, none of them changing anything.

Generated from the act table: an act that is added is attacked at once.
"""

from __future__ import annotations

import json

import pytest

from api.routes.acts import served_acts
from filing.acts.spec import FileInput
from filing.lifecycle import State
from identity.staff import StaffRole
from tests.builders.cases import OFFICIAL, STRANGER, in_state, staff

CASE = "2026112100001"
NOWHERE = "2026112199999"
ON_CASES = [act for act in served_acts() if None not in act.states]
WRONG = ("nobody of the case", "reviewer of another city", "operator", "registry of another city", "nobody at all")


def send(client, case_no, act):
    place, example = f"/v1/cases/{case_no}/{act.name}", dict(act.doc.example)
    if act.newcomer is not None:
        # The example knows the keys, and whoever knows them is no stranger.
        example = {name: "x" if isinstance(value, str) else value for name, value in example.items()}
    if act.file is FileInput.ONE:
        return client.post(place, data={"input": json.dumps(example)}, files={"file": ("a.pdf", b"%PDF-1.7")})
    return client.post(place, json=example)


@pytest.fixture(scope="module")
def callers(running):
    """Logged in once: there are many acts."""
    world, served = running
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr("api.failures.STEP_SECONDS", 0.001)  # hundreds of unknown cases
    world.__init__()
    world.know(staff(StaffRole.REVIEWER, "wuhan"), staff(StaffRole.OPERATOR, someone=STRANGER))
    world.register("wuhan-registry", "wuhan")
    made = {
        "reviewer of another city": served.client().log_in(OFFICIAL.account),
        "operator": served.client().log_in(STRANGER.account),
        "registry of another city": served.client().come_as_program("wuhan-registry"),
        "nobody at all": served.client(),
    }
    made["nobody of the case"] = made["operator"]
    yield world, made
    monkeypatch.undo()


@pytest.mark.parametrize("who", WRONG)
@pytest.mark.parametrize("act", ON_CASES, ids=lambda act: act.name)
def test_wrong_caller_learns_and_changes_nothing(callers, act, who):
    world, clients = callers
    state = next(state for state in State if state in act.states)
    world.keep(in_state("huangshi", state), 3)
    before = world.cases[CASE].case
    there, nowhere = (send(clients[who], number, act) for number in (CASE, NOWHERE))
    expected = 401 if who == "nobody at all" else 404
    assert (there.status_code, nowhere.status_code) == (expected, expected), there.text
    assert there.json()["code"] in {"auth.required", "case.unknown"}
    assert there.json()["detail"] == nowhere.json()["detail"]
    assert (world.cases[CASE].case, world.cases[CASE].version) == (before, 3)
