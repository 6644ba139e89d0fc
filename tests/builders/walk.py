"""Cases driven by their people through acts, in every city, to every state a case can reach there.

A *way* is a city and how the contract is signed there. :func:`walked` walks all of them once and keeps, for each
state, the town as it stood when the case came there first; whoever wants to go on from there forks it.
"""

from __future__ import annotations

import atexit
import io
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import pikepdf

from documents.photos import take_photo
from documents.scans import check_scan_guarded
from documents.scans.guard import CheckedScan, PrintedText
from documents.scans.report import ScannedPage, ScanProblem, ScanReport
from documents.uploads import TakenIn, take_in
from filing.case import Case, CaseHead
from filing.contract import ContractCase, print_text, read_acts
from filing.engine.roles import parties_of
from filing.guards.consents import CONSENT_WORDS
from filing.lifecycle import State
from filing.outside import OutsideService, OutsideUnavailable
from filing.outside.house import Restriction, UseCategory
from filing.profile.cancelling import CancelScope, Channel, NotaryStep
from filing.profile.people import CheckPurpose
from identity.acting import Machine, MachineKind
from identity.staff import StaffRole
from identity.trust_level import CheckMethod, Login, LoginCapacity
from notary.applicant.order import applicant_view
from notary.certificates import take_in_bundle, verify_change
from notary.every_act import EVERY_ACT
from tests.builders.cases import (
    AGENT,
    BUYER,
    CERTIFICATE,
    CHILD,
    COMPANY,
    FOREIGNER,
    OFFICIAL,
    OFFICIAL_2,
    SELLER,
    acting,
    profile,
    registered,
    resident,
    staff,
    standing,
)
from tests.builders.consents import is_consented
from tests.builders.entry import buyers_form, lookup_of
from tests.builders.house import cheap_guessing, lay_keys, no_time, opened
from tests.builders.notary_world import OFFICE_ID
from tests.builders.said import said_by
from tests.builders.town import Town

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from filing.acts.perform import Performed
    from filing.contract import SigningDesk
    from identity.acting import ActingPerson

__all__ = [
    "BY_CERTIFICATE",
    "CLERK",
    "OPERATOR",
    "WAYS",
    "Cast",
    "Snapshot",
    "Walk",
    "cast_of",
    "moves_in",
    "quick_uploads",
    "walked",
    "walked_abroad",
    "walked_on",
]

CLERK = resident("冯窗口", 17, "13900000021", "19780506")
OPERATOR = resident("卫经办", 19, "13900000022", "19820607")
"""The developer's handler."""


@dataclass(frozen=True)
class Cast:
    """Everybody who may act in a case of one city."""

    seller: ActingPerson
    buyer: ActingPerson
    agent: ActingPerson
    reviewer: ActingPerson
    sealer: ActingPerson
    clerk: ActingPerson
    registry: Machine
    notary: Machine


def cast_of(city: str) -> Cast:
    imported = profile(city).sale is None
    return Cast(
        seller=acting(OPERATOR, city, handles=COMPANY) if imported else acting(SELLER, city),
        buyer=acting(BUYER, city),
        agent=acting(AGENT, city),
        reviewer=staff(StaffRole.REVIEWER, city, OFFICIAL),
        sealer=staff(StaffRole.SEALING_OFFICER, city, OFFICIAL_2),
        clerk=staff(StaffRole.WINDOW_CLERK, city, CLERK),
        registry=Machine(f"registry-of-{city}", MachineKind.REGISTRY, (city,), ("registry",)),
        notary=Machine(f"notary-of-{city}", MachineKind.NOTARY, (city,), ("notary",), office=OFFICE_ID),
    )


@dataclass(frozen=True)
class Snapshot:
    """A case where it came to a state, and the town around it. Fork the town before acting in it."""

    way: str
    name: str
    """Name of the state, or of a turn of the way."""

    town: Town
    case_no: str

    @property
    def case(self) -> Case:
        return self.town.case(self.case_no)

    @property
    def city(self) -> str:
        return self.case.head.city

    @property
    def state(self) -> State:
        return self.town.state(self.case_no)

    def __str__(self) -> str:
        return f"{self.way}/{self.name}"


@dataclass
class Walk:
    """One case on its way."""

    way: str
    city: str
    town: Town
    case_no: str = ""
    seen: dict[str, Snapshot] = field(default_factory=dict)
    done: set[tuple[str, str, str | None]] = field(default_factory=set)
    """Act, city and state before, of everything that was ever done."""

    moves: set[tuple[str | None, str]] = field(default_factory=set)
    """State and event of every move."""

    @property
    def cast(self) -> Cast:
        return cast_of(self.city)

    @property
    def case(self) -> Case:
        return self.town.case(self.case_no)

    def open(self, act: str = "open", **said: Any) -> None:
        person = self.cast.seller
        nothing = Case(CaseHead("", self.city, 1, self.town.now, "", ""))
        performed = self.town.open(self.city, person, act, **(said or said_by(self.town, nothing, act, person)))
        self.case_no = performed.case.case_no
        self._been(act, None)

    def do(self, act: str, caller: Any = None, **changes: Any) -> Performed:
        """Perform an act as whoever means well would, with ``changes``."""
        needed = EVERY_ACT[act].consent
        if needed is not None and not is_consented(self.case, needed, caller):
            self.do("give-consent", caller, kind=needed, sha256=CONSENT_WORDS[needed].sha256)
        before = self.town.state(self.case_no).value
        said = {**said_by(self.town, self.case, act, caller), **changes}
        performed = self.town.do(self.case_no, act, caller, **said)
        self._been(act, before)
        return performed

    def _been(self, act: str, before: str | None) -> None:
        self.done.add((act, self.city, before))
        self.moves |= moves_in(self.town, self.case_no)
        self.mark(self.town.state(self.case_no).value)

    def mark(self, name: str) -> None:
        """Remember this point, if it is the first of its name."""
        if name not in self.seen:
            self.seen[name] = Snapshot(self.way, name, self.town.fork(), self.case_no)

    def branch(self, name: str | State) -> Walk:
        """Another walk from a point that was remembered."""
        return replace(self, town=self.seen[str(name)].town.fork())

    def later(self, **time: float) -> None:
        self.town.now += timedelta(**time)

    def work_off(self, *kinds: str) -> None:
        """Whatever the acts have left to do, as the service's own acts."""
        before, state = len(self.town.book.journals[self.case_no]), self.town.state(self.case_no).value
        self.town.work_off(*kinds)
        told = {entry.event for entry in self.town.book.journals[self.case_no][before:]}
        self.done |= {(act, self.city, state) for event, act in _OF_SERVICE.items() if event in told}


BY_CERTIFICATE: Final = frozenset({"confirm-notarised-paper", "hand-in-mandate"})
"""Acts that a notary's certificate comes with, outside any matter: ``tests/unit/filing/acts`` and
``tests/unit/notary/certificates`` do them.
"""


def moves_in(town: Town, case_no: str) -> set[tuple[str | None, str]]:
    """State and event of every move of a case, as its journal tells."""
    moved = [entry.data for entry in town.book.journals[case_no] if entry.event == "case.moved"]
    return {(each["from"], str(each["event"])) for each in moved}  # type: ignore[misc]


_OF_SERVICE: Final = {
    "filing.sealed": "record-sealed",
    "dossier.closed": "record-archived",
    "registry.pushed": "record-pushed",
    "qualification.reported": "report-qualification",
    "qualification.settled": "settle-qualification",
    "notary.package_sealed": "record-notary-package",
    "notary.overdue": "tell-notary-overdue",
}
"""Facts by which acts of the service are known."""


# --- entry -----------------------------------------------------------------------------------------------------------


def _opened(walk: Walk, *, by_window: bool = False) -> None:
    walk.town.land.check_codes = {CERTIFICATE[walk.city]: "A1B2"}
    walk.open()
    seller, rules = walk.cast.seller, profile(walk.city)
    assert rules.sale is not None
    if any(one.before.value == "verify_property" for one in rules.sale.entry.notices):
        walk.do("read-notice", seller)
    if any(check.purpose is CheckPurpose.OPEN for check in rules.people.checks):
        if by_window:
            walk.do("check-at-window", walk.cast.clerk)
        else:
            walk.do("start-face-check", seller)
            walk.town.looked_at()
            walk.do("finish-face-check", seller)


def _entered(walk: Walk) -> None:
    """Everything up to the text, each side its own part."""
    seller, buyer = walk.cast.seller, walk.cast.buyer
    entry = profile(walk.city).sale.entry
    walk.do("set-sellers", seller)
    walk.do("save-clauses", seller)
    for _ in entry.forms:
        walk.do("save-form", seller)
    if entry.buyers.by.value == "seller":
        walk.do("set-buyers", seller)
        return
    for _ in range(2):
        walk.do("upload-material", seller)
    walk.do("join", buyer)
    walk.do("start-face-check", buyer)
    walk.town.looked_at()
    walk.do("finish-face-check", buyer)
    walk.do("set-buyers", buyer)
    walk.do("upload-material", buyer)
    walk.do("remove-material", buyer)
    walk.do("upload-material", buyer)


def _registered(walk: Walk) -> None:
    """From the filed (or signed) contract to the registry's last word; rejected once on the way."""
    registry = walk.cast.registry
    walk.do("registry-accept", registry)
    walk.branch(State.REGISTERING).do("registry-reject", registry)
    walk.work_off()
    if walk.case.filing.sealed is not None:
        walk.do("acknowledge-contract", registry)
    walk.do("registry-done", registry)
    walk.work_off()


def _reviewed(walk: Walk) -> None:
    """Reviewed by one, sealed by another; let go, returned for text and for papers on the way."""
    reviewer = walk.cast.reviewer
    walk.do("claim-review", reviewer)
    walk.mark("in_review-claimed")
    walk.branch("in_review-claimed").do("release-review", reviewer)
    walk.branch("in_review-claimed").do("return-text", reviewer)
    walk.branch("in_review-claimed").do("return-materials", reviewer)
    walk.do("approve-review", reviewer)
    walk.mark("in_review-approved")
    walk.do("seal-filing", walk.cast.sealer)
    walk.work_off()
    walk.mark("filed-sealed")


def _dropped_begun(walk: Walk) -> None:
    """The seller drops what is only begun."""
    side = walk.branch(State.DRAFTING)
    side.do("request-cancel", side.cast.seller)
    assert side.town.state(side.case_no) is State.VOID
    side.work_off()


# --- Huangshi --------------------------------------------------------------------------------------------------------


def _huangshi(walk: Walk) -> None:
    walk.town.land.houses = (registered(walk.city),)
    seller, buyer = walk.cast.seller, walk.cast.buyer
    _opened(walk)
    _opened(replace(walk, town=walk.town.fork()), by_window=True)
    _waited(walk.branch(State.OPENED))
    walk.do("check-property", seller)
    _dropped_begun(walk)
    _entered(walk)
    walk.do("generate-text", buyer)
    walk.branch(State.TEXT_READY).do("reopen-text", buyer)
    walk.do("confirm-text", buyer)
    walk.do("start-signing", seller)
    walk.do("resend-invitation", seller)
    walk.do("hand-off-signing", seller)
    walk.do("note-pages-read", seller)
    for signer in (buyer, seller):
        walk.do("preview-contract", signer)
        if signer is buyer:
            walk.do("attest-signer", walk.cast.clerk, party="buyer-1")
        else:
            _checked(walk, signer)
        walk.do("sign", signer)
        walk.do("confirm-signing", signer)
        walk.mark("signing-half")
    walk.do("submit-filing", seller)
    _reviewed(walk)
    walk.branch("signing-half").do("withdraw-consent", seller)
    _cancelled_half_signed(walk.branch("signing-half"))
    _cancelled_at_window(walk.branch("filed-sealed"))
    _registered(walk)


def _checked(walk: Walk, signer: ActingPerson) -> None:
    walk.do("begin-signer-check", signer)
    walk.town.looked_at()
    walk.do("finish-signer-check", signer)


def _waited(walk: Walk) -> None:
    """The land register is down, and comes back."""
    walk.do("read-notice", walk.cast.seller)
    walk.do("start-face-check", walk.cast.seller)
    walk.town.looked_at()
    walk.do("finish-face-check", walk.cast.seller)
    walk.town.land.down = OutsideUnavailable(OutsideService.LAND_REGISTER, "unreachable")
    walk.do("check-property", walk.cast.seller)
    walk.mark("opened-waiting")
    walk.town.land.down = None
    walk.do("retry-register")


def _cancelled_half_signed(walk: Walk) -> None:
    """One side asks, the other agrees; or refuses."""
    walk.do("request-cancel", walk.cast.buyer)
    walk.branch(State.CANCELLING).do("drop-cancel", walk.cast.seller)
    walk.do("consent-cancel", walk.cast.seller)
    assert walk.town.state(walk.case_no) is State.VOID


def _cancelled_at_window(walk: Walk) -> None:
    """After filing, at the window: everybody comes, with the form."""
    walk.do("request-cancel", walk.cast.seller, channel=Channel.WINDOW)
    walk.mark("cancelling-window")
    for _ in walk.case.people.parties:
        if walk.case.cancelling.current is not None:
            walk.do("attend-cancel", walk.cast.clerk)
    for party in walk.case.people.parties:
        if walk.case.cancelling.current is not None:
            walk.do("upload-cancel-paper", walk.cast.clerk, party=party.key)
    assert walk.town.state(walk.case_no) is State.VOID


# --- Shenzhen --------------------------------------------------------------------------------------------------------


def _shenzhen(walk: Walk) -> None:
    restricted = standing(restriction=Restriction.RESTRICTED, use=UseCategory.UNCLEAR)
    walk.town.land.houses = (registered(walk.city, standing=restricted),)
    seller, buyer, clerk = walk.cast.seller, walk.cast.buyer, walk.cast.clerk
    _opened(walk)
    walk.do("check-property", seller)
    _dropped_begun(walk)
    _of_child(walk.branch(State.DRAFTING))
    _decided(walk)
    _entered(walk)
    walk.do("generate-text", seller)
    walk.do("join", buyer)
    walk.do("apply-qualification", buyer)
    walk.mark("text_ready-applied")
    walk.branch("text_ready-applied").do("void-qualification-code", buyer)
    walk.town.qualification.decide(walk.case.papers.qualification.code, "passed")
    walk.do("settle-qualification", buyer)
    walk.do("download-undertaking", seller)
    walk.do("upload-undertaking", seller)
    walk.do("start-signing", seller)
    for signer in (seller, buyer):
        _signed_in_shenzhen(walk, signer)
        walk.mark("signing-half")
    walk.branch(State.SIGNED).do("upload-material", clerk)
    for signer in (seller, buyer):
        walk.do("authorise-licences", signer)
    walk.mark("signed-authorised")
    walk.do("fetch-licences", seller)
    for _ in range(2):
        walk.do("upload-material", seller)
    walk.do("submit-filing", seller)
    _reviewed(walk)
    _cancelled_online(walk.branch("filed-sealed"), CancelScope.NET_SIGN)
    _cancelled_online(walk.branch("filed-sealed"), CancelScope.FILING)
    _booked(walk.branch("filed-sealed"))
    _registered(walk)


def _decided(walk: Walk) -> None:
    """The office decides on use and restriction."""
    reference = walk.case.house.assessment.reference
    walk.town.use_office.decide(reference, use_category=UseCategory.RESIDENTIAL, restriction=Restriction.RESTRICTED)
    walk.do("settle-assessment", walk.cast.seller)


def _of_child(walk: Walk) -> None:
    """A child buys; a parent is named, and taken out again."""
    walk.do("set-buyers", walk.cast.seller, **buyers_form(CHILD))
    walk.do("set-representation", walk.cast.seller, party="buyer-1")
    walk.mark("drafting-guardian")
    walk.do("drop-representation", walk.cast.seller)


def _signed_in_shenzhen(walk: Walk, signer: ActingPerson) -> None:
    walk.do("preview-contract", signer)
    walk.do("preview-risk", signer)
    if walk.way == "shenzhen" and signer.account_id == walk.cast.seller.account_id:
        signer = replace(signer, login=Login(LoginCapacity.OWNER, (CheckMethod.CA_CERT,)))
        walk.do("check-by-certificate", signer)
    else:
        _checked(walk, signer)
    walk.do("request-sign-code", signer)
    walk.do("sign", signer)
    walk.do("confirm-signing", signer)


def _cancelled_online(walk: Walk, scope: CancelScope) -> None:
    """Everybody agrees, hands in papers, and the reviewer passes it."""
    walk.do("request-cancel", walk.cast.seller, scope=scope)
    for who in (walk.cast.seller, walk.cast.buyer):
        for _ in range(4):
            walk.do("upload-cancel-paper", who)
    walk.do("consent-cancel", walk.cast.buyer)
    walk.do("submit-cancel-review", walk.cast.buyer)
    walk.mark(f"cancelling-submitted-{scope.value}")
    walk.do("decide-cancel", walk.cast.reviewer)
    walk.mark(f"cancelled-{scope.value}")
    walk.work_off()


def _booked(walk: Walk) -> None:
    """By appointment at the window."""
    walk.do("request-cancel", walk.cast.seller, channel=Channel.WINDOW)
    walk.do("book-cancel-appointment", walk.cast.seller)
    walk.mark("cancelling-booked")
    walk.later(days=3)
    walk.do("attend-cancel", walk.cast.clerk)


def _shenzhen_wet(walk: Walk) -> None:
    """An agent sells for the owner: then everybody signs by hand (SZ-48)."""
    _begun_by_agent(walk)
    _from_abroad(replace(walk.branch(State.DRAFTING), seen={}))
    _entered(walk)
    walk.do("generate-text", walk.cast.seller)
    walk.do("upload-undertaking", walk.cast.seller)
    walk.do("start-signing", walk.cast.seller)
    walk.do("download-text", walk.cast.agent)
    walk.mark("signing-printed")
    for _ in range(2):
        walk.do("add-scan-page", walk.cast.seller)
        walk.mark("signing-scanned")
    walk.do("drop-scan-pages", walk.cast.seller)
    walk.branch("signing-scanned").do("hand-in-scan-pages", walk.cast.agent)
    walk.do("upload-signed-scan", walk.cast.clerk)


def _begun_by_agent(walk: Walk) -> None:
    walk.town.land.houses = (registered(walk.city),)
    walk.open()
    walk.do("bind-agent", walk.cast.clerk)
    walk.do("check-property", walk.cast.seller)


def _from_abroad(walk: Walk) -> None:
    """A buyer from abroad brings the contract notarised; or an office is sent it, and certifies it (SZ-80)."""
    seller = walk.cast.seller
    walk.do("set-sellers", seller)
    walk.do("save-clauses", seller)
    walk.do("set-buyers", seller, **buyers_form(FOREIGNER))
    walk.do("generate-text", seller)
    walk.do("upload-undertaking", seller)
    walk.do("start-signing", seller)
    walk.mark("signing-unscanned")
    walk.branch("signing-unscanned").do("upload-extra-paper", seller)
    walk.do("download-text", seller)
    walk.do("upload-signed-scan", seller)
    walk.mark("signing-scanned")
    _certified(walk)
    for _ in range(2):
        walk.do("upload-material", seller)
    walk.do("submit-filing", seller)
    walk.do("claim-review", walk.cast.reviewer)
    walk.mark("in_review-claimed")


def _certified(walk: Walk) -> None:
    """Sent to an office at the place, which takes it on and certifies it."""
    offices, notary = walk.town.offices, walk.cast.notary
    offices.book[OFFICE_ID] = replace(offices.book[OFFICE_ID], region_codes=("440300",))
    walk.mark("signing-office")
    walk.do("send-to-notary", walk.cast.seller)
    walk.mark("signing-sent")
    walk.work_off()
    walk.mark("signing-pushed")
    walk.do("notary-receive", notary)
    walk.mark("signing-received")
    walk.do("notary-accept", notary)
    walk.mark("signing-accepted")
    walk.do("notary-issue", notary)


def _shenzhen_unfiled(walk: Walk) -> None:
    """An industrial house needs no filing: straight to the registry (SZ-67)."""
    walk.town.land.houses = (registered(walk.city, standing=standing(use=UseCategory.INDUSTRIAL)),)
    walk.open()
    walk.do("check-property", walk.cast.seller)
    _entered(walk)
    walk.do("generate-text", walk.cast.seller)
    _registered(walk)


# --- cities of codes -------------------------------------------------------------------------------------------------


def _by_codes(walk: Walk) -> None:
    seller = walk.cast.seller
    walk.do("preview-contract", seller)
    for _ in range(2):
        walk.do("request-side-code", seller)
        walk.do("verify-side-code", seller)
        walk.mark("signing-half")


def _late_signatures(walk: Walk) -> None:
    """No time-stamp is to be had when the last code comes back; the signatures are made later."""
    desk = walk.town.desk
    walk.do("request-side-code", walk.cast.seller)
    walk.town.desk = replace(desk, timestamper=no_time)
    walk.do("verify-side-code", walk.cast.seller)
    walk.mark("signing-postponed")
    walk.town.desk = desk
    walk.do("sign-by-codes", walk.cast.seller)


def _wuhan(walk: Walk) -> None:
    walk.town.land.houses = (registered(walk.city),)
    seller = walk.cast.seller
    _opened(walk)
    walk.do("ask-own-titles", seller)
    walk.later(minutes=2)
    said = dict.fromkeys(lookup_of(walk.city))
    walk.do("check-property", seller, **said, query_no=walk.case.house.query_no)
    _dropped_begun(walk)
    _entered(walk)
    walk.do("generate-text", seller)
    walk.do("start-signing", seller)
    _by_codes(walk)
    _late_signatures(walk.branch("signing-half"))
    _revoked_alone(walk.branch(State.SIGNED))
    _registered(walk)


def _revoked_alone(walk: Walk) -> None:
    buyer = walk.cast.buyer
    walk.do("request-cancel", buyer)
    walk.do("show-captcha", buyer)
    walk.mark("cancelling-captcha")
    walk.do("send-cancel-code", buyer)
    walk.mark("cancelling-code-sent")
    walk.do("give-cancel-proof", buyer)
    assert walk.town.state(walk.case_no) is State.VOID


def _zhongshan(walk: Walk) -> None:
    walk.town.land.houses = (registered(walk.city),)
    seller = walk.cast.seller
    _opened(walk)
    walk.do("check-property", seller)
    _dropped_begun(walk)
    _entered(walk)
    walk.do("generate-text", seller)
    _expired(walk.branch(State.TEXT_READY))
    walk.do("read-notice", seller)
    walk.do("start-signing", seller)
    _by_codes(walk)
    walk.work_off()
    walk.mark("filed-sealed")
    _supervised(walk.branch("filed-sealed"))
    _amended(walk.branch("filed-sealed"))
    _cancelled_at_window(walk.branch("filed-sealed"))
    _registered(walk)


def _expired(walk: Walk) -> None:
    walk.later(hours=25)
    walk.do("expire")
    walk.work_off()


def _supervised(walk: Walk) -> None:
    walk.do("choose-supervision", walk.cast.seller)
    walk.do("open-supervision", walk.cast.buyer)
    walk.town.bank.decide(walk.case.filing.supervision.reference, "opened")
    walk.do("settle-supervision", walk.cast.buyer)


def _amended(walk: Walk) -> None:
    seller, desk = walk.cast.seller, walk.town.desk
    walk.do("propose-amendment", seller)
    walk.mark("filed-amending")
    walk.branch("filed-amending").do("drop-amendment", walk.cast.buyer)
    walk.do("send-amend-code", seller)
    walk.do("give-amend-code", seller)
    walk.mark("filed-half-agreed")
    walk.do("send-amend-code", seller)
    walk.town.desk = replace(desk, timestamper=no_time)
    walk.do("give-amend-code", seller)
    walk.town.desk = desk
    walk.do("sign-amendment")
    walk.work_off()
    walk.mark("filed-amended")


def _notary(walk: Walk) -> None:
    developer, office, reviewer = walk.cast.seller, walk.cast.notary, walk.cast.reviewer
    walk.open("import-filed")
    _registered(walk.branch(State.FILED))
    walk.do("request-cancel", developer)
    walk.branch(State.CANCELLING).do("drop-cancel", developer)
    walk.do("correct-purchaser", developer)
    walk.do("push-to-notary", developer)
    walk.mark("cancelling-ordered")
    walk.work_off("notary-package")
    walk.mark("cancelling-pushed")
    walk.branch("cancelling-pushed").do("withdraw-from-notary", developer)
    walk.do("notary-receive", office)
    walk.mark("cancelling-called")
    walk.branch("cancelling-called").do("notary-refuse", office)
    walk.do("reissue-notary-codes", developer)
    _applied(walk, acting(FOREIGNER, walk.city))
    walk.mark("cancelling-verifying")
    _applied(walk, walk.cast.buyer)
    walk.mark("cancelling-submitted")
    walk.work_off("notary-package")
    walk.do("notary-accept", office)
    walk.mark("cancelling-accepted")
    walk.branch("cancelling-accepted").do("notary-let-go", office)
    _overdue(walk.branch("cancelling-accepted"))
    _supplemented(walk)
    walk.do("notary-issue", office)
    walk.mark("cancelling-issued")
    _revoked_early(walk.branch("cancelling-issued"))
    walk.do("decide-cancel", reviewer)
    walk.work_off()
    walk.do("notary-change-certificate", office)
    walk.mark("void-revoked")
    walk.branch("void-revoked").do("decide-certificate-change", reviewer)


def _applied(walk: Walk, purchaser: ActingPerson) -> None:
    """A purchaser's part, or what of it the office wants again, as their telephone would do it."""
    while (step := _next_step(walk, purchaser)) is not None:
        for act in _ACTS_OF_STEP[step]:
            walk.do(act, purchaser)
            walk.town.looked_at()
    walk.do("notary-submit", purchaser)


def _next_step(walk: Walk, purchaser: ActingPerson) -> NotaryStep | None:
    matter = walk.case.notary.current
    assert matter is not None
    (party,) = parties_of(profile(walk.city), walk.case, purchaser, walk.town.now)
    task = matter.task(party)
    assert task is not None
    view = applicant_view(profile(walk.city), matter, task, walk.town.now)
    if view.next_step is NotaryStep.READ_ALL and view.unread:
        walk.do("notary-read-page", purchaser)
        return _next_step(walk, purchaser)
    return view.next_step


_ACTS_OF_STEP: Final = {
    NotaryStep.SELECT_SELF: ("notary-claim",),
    NotaryStep.FACE: ("notary-face-begin", "notary-face-finish"),
    NotaryStep.ENTER_ID_DOCUMENT: ("notary-enter-id",),
    NotaryStep.READ_ALL: ("notary-agree",),
    NotaryStep.UPLOAD_ID_PHOTOS: ("notary-upload-photo", "notary-upload-photo"),
    NotaryStep.UPLOAD_ID_IN_HAND: ("notary-upload-photo",),
    NotaryStep.UPLOAD_SIGNATURE_IMAGE: ("notary-give-signature",),
    NotaryStep.VIDEO: ("notary-video-script", "notary-give-video"),
}


def _supplemented(walk: Walk) -> None:
    """The office wants a purchaser's photos again, and a paper of the developer."""
    walk.do("notary-supplement", walk.cast.notary)
    walk.mark("cancelling-supplement")
    walk.do("add-notary-paper", walk.cast.seller)
    walk.do("answer-supplement", walk.cast.seller)
    _applied(walk, walk.cast.buyer)
    walk.work_off("notary-package")


def _overdue(walk: Walk) -> None:
    walk.later(days=40)
    walk.work_off("tell-notary-overdue")


def _revoked_early(walk: Walk) -> None:
    """Before anybody confirmed: the filing simply stands."""
    walk.do("notary-change-certificate", walk.cast.notary)
    walk.do("decide-certificate-change", walk.cast.reviewer)
    assert walk.town.state(walk.case_no) is State.FILED


WAYS: Final[dict[str, tuple[str, Callable[[Walk], None]]]] = {
    "huangshi": ("huangshi", _huangshi),
    "shenzhen": ("shenzhen", _shenzhen),
    "shenzhen-wet": ("shenzhen", _shenzhen_wet),
    "shenzhen-unfiled": ("shenzhen", _shenzhen_unfiled),
    "wuhan": ("wuhan", _wuhan),
    "zhongshan": ("zhongshan", _zhongshan),
    "zhongshan-notary": ("zhongshan-notary", _notary),
}
"""By name: the city, and how a case goes there."""


@cache
def _desk() -> SigningDesk:
    folder = TemporaryDirectory(prefix="walk-")
    # Certificates are issued, and logged there, as long as anybody goes on from a snapshot.
    atexit.register(folder.cleanup)
    with cheap_guessing():
        return opened(lay_keys(Path(folder.name))).desk


@cache
def walked_on(way: str) -> Walk:
    """One way walked, with real keys: what was seen and done on it. Once for all tests of a process."""
    city, go = WAYS[way]
    walk = Walk(way, city, Town(_desk()))
    with quick_uploads():
        go(walk)
    return walk


@cache
def walked_abroad() -> Walk:
    """A sale of Shenzhen to a buyer from abroad, from the first act to the review."""
    walk = Walk("shenzhen-abroad", "shenzhen", Town(_desk()))
    with quick_uploads():
        _begun_by_agent(walk)
        _from_abroad(walk)
    return walk


def walked() -> dict[str, Walk]:
    """Every way walked."""
    return {way: walked_on(way) for way in WAYS}


@contextmanager
def quick_uploads() -> Iterator[None]:
    """Files are not read in processes of their own, scans not page by page, prints not made twice: all have tests of
    their own.
    """
    quick = {
        "take_in": _take_in_once,
        "check_scan_guarded": _count_pages,
        "print_text": _print_once,
        "take_photo": cache(take_photo),
        "take_in_bundle": cache(take_in_bundle),
        "verify_change": cache(verify_change),
    }
    real = {
        "take_in": take_in,
        "check_scan_guarded": check_scan_guarded,
        "print_text": print_text,
        "take_photo": take_photo,
        "take_in_bundle": take_in_bundle,
        "verify_change": verify_change,
    }
    users = [
        (module, name)
        for path, module in sorted(sys.modules.items())
        for name, function in real.items()
        if path.startswith(("filing.", "notary.")) and getattr(module, name, None) is function
    ]
    for module, name in users:
        setattr(module, name, quick[name])
    try:
        yield
    finally:
        for module, name in users:
            setattr(module, name, real[name])


_TAKEN: Final[dict[tuple[bytes, ...], TakenIn]] = {}


def _take_in_once(contents: list[bytes]) -> TakenIn:
    if tuple(contents) not in _TAKEN:
        _TAKEN[tuple(contents)] = take_in(contents)
    return _TAKEN[tuple(contents)]


_PRINTED: Final[dict[tuple[str, object], PrintedText]] = {}


def _print_once(case: ContractCase, version: int) -> PrintedText:
    certified = read_acts(case.journal.entries()).done("certify")
    key = (case.case_no, None if certified is None else certified.sha256)
    if key not in _PRINTED:
        _PRINTED[key] = print_text(case, version)
    return _PRINTED[key]


def _count_pages(contents: list[bytes], printed: PrintedText) -> CheckedScan:
    """Whatever has as many pages as the text is a scan of it."""
    with pikepdf.open(io.BytesIO(contents[0])) as scan:
        there, wanted = len(scan.pages), printed.first.page_count
    pages = tuple(ScannedPage(number + 1, number) for number in range(min(there, wanted)))
    problems = () if there >= wanted else (ScanProblem("scan.page_missing", there + 1),)
    return CheckedScan(ScanReport(pages, problems), contents[0], None if problems else printed.print_copy)
