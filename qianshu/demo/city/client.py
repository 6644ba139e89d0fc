"""One person at the service: logged in, doing acts, reading their messages, showing their face."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any, TypeVar

from qianshu.demo.city.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Client", "until"]

Value = TypeVar("Value")

PATIENCE_SECONDS = 60.0
"""Longer than anything of a sale takes that happens after the answer."""

PAUSE_SECONDS = 0.2
"""Between two looks."""


class Client:
    """A person with a browser."""

    def __init__(self, service_url: str, sandbox_url: str, person: str) -> None:
        """Logs in by the identity platform as ``person`` of the sandbox; ``wang-lei:wechat_realname`` says how."""
        self.person = person.partition(":")[0]
        self.browser = Browser(service_url)
        self.sandbox = Browser(sandbox_url)
        self.me = self.browser.get("/v1/login", hint=person, return_to="/v1/me").json
        self.browser.headers["X-CSRF-Token"] = self.me["csrf_token"]
        self.identity = next(one for one in self._people() if one["id"] == self.person)
        self.phone = self.identity["phone"]

    def open(self, city: str) -> str:
        """Begin a case; its number."""
        return str(self.browser.post("/v1/cases", {"city": city}).json["case"]["case_no"])

    def act(self, case_no: str, act: str, **said: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an act takes
        """Do an act; what came of it."""
        answer: dict[str, Any] = self.browser.post(f"/v1/cases/{case_no}/{act}", said).json
        return answer

    def upload(self, case_no: str, act: str, file: tuple[str, bytes, str], **said: str) -> dict[str, Any]:
        """Do an act with a file."""
        answer: dict[str, Any] = self.browser.upload(f"/v1/cases/{case_no}/{act}", json.dumps(said), file).json
        return answer

    def case(self, case_no: str) -> dict[str, Any]:
        """The case as this person sees it."""
        seen: dict[str, Any] = self.browser.get(f"/v1/cases/{case_no}").json
        return seen

    def paper(self, case_no: str, name: str) -> dict[str, Any]:
        """A notice or warning of the case: its words and their digest."""
        paper: dict[str, Any] = self.browser.get(f"/v1/cases/{case_no}/papers/{name}").json
        return paper

    def choose_card(self, organisation: str) -> None:
        """Act as a handler of this organisation from here on."""
        card = next(card for card in self.me["cards"] if card["name"] == organisation)
        said = {
            "card": "organisation",
            "capacity": "handler",
            "organisation_account_id": card["organisation_account_id"],
        }
        content = json.dumps(said).encode()
        self.me = self.browser.send("PUT", "/v1/me/card", content, Content_Type="application/json").json

    def consent(self, case_no: str, kind: str) -> None:
        """Agree, by itself, to a face check, to photos of the document, or to a film."""
        words = self.browser.get("/v1/consents").json["consents"]
        sha256 = next(one["sha256"] for one in words if one["kind"] == kind)
        self.act(case_no, "give-consent", kind=kind, sha256=sha256)

    def show_face(self, url: str) -> None:
        """Go to the face check's page and pass."""
        reference = url.rpartition("/")[2]
        self.sandbox.post(f"/sandbox/face/{reference}", {"outcome": "passed"})

    def code(self, words: str) -> str:
        """The newest code in a message on this person's telephone that holds ``words``; waits for it."""

        def found() -> str | None:
            for message in self.sandbox.get("/sandbox/sms", phone=self.phone).json["messages"]:
                code = re.search(r"(?<!\d)\d{6}(?!\d)", message["text"])
                if code and words in message["text"]:
                    return code[0]
            return None

        return until(found, f"no code for {self.person}")

    def _people(self) -> list[dict[str, Any]]:
        people: list[dict[str, Any]] = self.sandbox.get("/sandbox/people").json["people"]
        return people


def until(look: Callable[[], Value | None], otherwise: str) -> Value:
    """The first answer that is one; raises ``TimeoutError`` with ``otherwise``."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        value = look()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(PAUSE_SECONDS)
