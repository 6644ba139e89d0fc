"""The buyer's qualification and its code: applied for, settled, voided, used, released (SZ-61…64, H-17, H-18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from filing.acts.papers.inputs import OfOffice
from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.calendar import beijing_day
from filing.case.papers import Qualification
from filing.effects.signing import REPORT_QUALIFICATION
from filing.effects.telling import tell
from filing.engine.outcome import Outcome, Task
from filing.engine.roles import subject_of
from filing.errors import FilingError, NotYours
from filing.guards.preparation import qualification_ruling
from filing.lifecycle import State
from filing.messages.keys import MessageKey
from filing.outside import QualificationApplication
from filing.profile import Actor, Answer, QualificationState
from identity.subjects import Side

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.case import Case
    from filing.case.people import CaseParty
    from filing.engine.situation import Situation
    from filing.outside import Qualification as OfficeAnswer

__all__ = ["APPLY_QUALIFICATION", "REPORT", "SETTLE_QUALIFICATION", "VOID_QUALIFICATION_CODE", "application_of"]

ASK_AGAIN: Final = timedelta(minutes=10)
"""Between two looks at an application; the office takes hours, a buyer who waits may ask in between."""

_OPEN: Final = frozenset({QualificationState.NONE, QualificationState.REFUSED, QualificationState.VOIDED})

_LIVE: Final = frozenset({QualificationState.APPLIED, QualificationState.PASSED})

_BEFORE_FILED: Final[frozenset[State | None]] = frozenset(
    {State.DRAFTING, State.TEXT_READY, State.SIGNING, State.SIGNED, State.IN_REVIEW}
)


def application_of(situation: Situation, party: CaseParty) -> QualificationApplication:
    """What the office is asked about: the buyer and the house."""
    checked = situation.case.house.checked
    if checked is None:
        raise FilingError("house.not_checked", zh="房屋尚未核验", en="the house has not been checked")
    return QualificationApplication(
        city=situation.profile.city.name,
        case_number=situation.case.case_no,
        buyer=subject_of(party.identified, beijing_day(situation.now)),
        certificate_number=checked.record.certificate_number,
    )


def _applicant(situation: Situation) -> CaseParty:
    """The buyer who acts, for themselves or another buyer they stand for."""
    for party in situation.case.people.of_side(situation.sale.preparation.qualification.applicant):
        if party.key in situation.who.parties:
            return party
    raise NotYours("qualification.not_yours", zh="须由买方本人申请", en="only a buyer may apply")


def _who_applied(case: Case) -> CaseParty:
    party = case.people.party(case.papers.qualification.party or "")
    if party is None or case.papers.qualification.code is None:
        raise FilingError("qualification.none", zh="没有购房资格申请", en="no qualification was applied for")
    return party


def _check_apply(situation: Situation, _: NoInput) -> None:
    _applicant(situation)
    ruling, state = qualification_ruling(situation), situation.case.papers.qualification.state
    if ruling.answer is Answer.UNDECIDED:
        raise FilingError(
            "qualification.undecided",
            zh="房屋用途或限购情况尚未核定，暂不能申请",
            en="use or restriction of the house is not decided yet",
        )
    if ruling.answer is Answer.NO:
        raise FilingError(
            "qualification.not_needed",
            zh="该房屋不属于限购范围内的住宅，无需申请购房资格",
            en="no qualification is needed: the house is not residential, or not restricted",
        )
    if state not in _OPEN:
        raise FilingError(
            "qualification.applied",
            zh="已申请购房资格，作废资格码后方可重新申请",
            en="a code exists: it must be voided before another is applied for",
            state=state.value,
        )


def _gather_apply(situation: Situation, _: NoInput, world: World) -> OfficeAnswer:
    return world.outside.qualification.apply(application_of(situation, _applicant(situation)))


def _decide_apply(situation: Situation, _: NoInput, answer: OfficeAnswer) -> Outcome:
    party = _applicant(situation)
    applied = Qualification(QualificationState.APPLIED, code=answer.code, party=party.key, applied_at=situation.now)
    noted = _with(Outcome(situation.case), applied).noting("qualification.applied", party=party.key, code=answer.code)
    return _settled(situation, noted, answer).answering(code=answer.code)


def _check_settle(situation: Situation, _: NoInput) -> None:
    _who_applied(situation.case)
    state = situation.case.papers.qualification.state
    if state is not QualificationState.APPLIED:
        raise FilingError(
            "qualification.settled", zh="该申请已有结果", en="the application is settled already", state=state.value
        )


def _gather_settle(situation: Situation, _: NoInput, world: World) -> OfficeAnswer:
    case = situation.case
    application = application_of(situation, _who_applied(case))
    return world.outside.qualification.state(str(case.papers.qualification.code), application)


def _decide_settle(situation: Situation, _: NoInput, answer: OfficeAnswer) -> Outcome:
    return _settled(situation, Outcome(situation.case), answer)


def _settled(situation: Situation, outcome: Outcome, answer: OfficeAnswer) -> Outcome:
    """Passed or refused is recorded and told (SZ-63); anything else is looked at again later."""
    now, case_no = situation.now, outcome.case.case_no
    state = QualificationState(answer.state.value)
    if state is QualificationState.APPLIED:
        later = Task(
            SETTLE_QUALIFICATION.name,
            {"case_no": case_no},
            not_before=now + ASK_AGAIN,
            dedupe_key=f"{SETTLE_QUALIFICATION.name}:{case_no}:{answer.code}:{now.isoformat()}",
        )
        return outcome.then(later).answering(state=state.value)
    decided = replace(
        outcome.case.papers.qualification,
        state=state,
        reason=answer.reason,
        decided_at=answer.decided_at or now,
    )
    noted = _with(outcome, decided).noting("qualification.settled", state=state.value, code=answer.code)
    return _told(situation, noted, decided).answering(state=state.value)


def _told(situation: Situation, outcome: Outcome, decided: Qualification) -> Outcome:
    messages = {
        QualificationState.PASSED: MessageKey.QUALIFICATION_PASSED,
        QualificationState.REFUSED: MessageKey.QUALIFICATION_REFUSED,
    }
    message = messages.get(decided.state)
    if message is None:
        return outcome
    sides = situation.sale.preparation.qualification.tell or (Side.BUYER,)
    recipients = [party.key for party in outcome.case.people.parties if party.side in sides]
    return tell(outcome, message, recipients, f"qualification:{decided.code}")


def _check_void(situation: Situation, _: NoInput) -> None:
    """The buyer's alone, and only until it is used (SZ-64, H-18)."""
    party = _who_applied(situation.case)
    if party.key not in situation.who.parties:
        raise NotYours(
            "qualification.not_yours", zh="须由申请人作废资格码", en="only the buyer who applied may void it"
        )
    state = situation.case.papers.qualification.state
    if state not in _LIVE:
        raise FilingError(
            "qualification.not_voidable",
            zh="该资格码已使用或已作废，不能作废",
            en="this code is used or void already",
            state=state.value,
        )


def _gather_void(situation: Situation, _: NoInput, world: World) -> OfficeAnswer:
    case = situation.case
    application = application_of(situation, _who_applied(case))
    return world.outside.qualification.void(str(case.papers.qualification.code), application)


def _decide_void(situation: Situation, _: NoInput, answer: OfficeAnswer) -> Outcome:
    voided = replace(situation.case.papers.qualification, state=QualificationState.VOIDED, decided_at=situation.now)
    return _with(Outcome(situation.case), voided).noting("qualification.voided", code=answer.code)


def _check_report(situation: Situation, asked: OfOffice) -> None:
    _who_applied(situation.case)
    if asked.action not in _REPORTS:
        raise FilingError("qualification.no_such_report", zh="没有该项操作", en="the office is told no such thing")


def _gather_report(situation: Situation, asked: OfOffice, world: World) -> OfficeAnswer:
    case, office = situation.case, world.outside.qualification
    code, application = str(case.papers.qualification.code), application_of(situation, _who_applied(case))
    return office.use(code, application) if asked.action == "use" else office.release(code, application)


def _decide_report(situation: Situation, asked: OfOffice, answer: OfficeAnswer) -> Outcome:
    return Outcome(situation.case).noting(
        "qualification.reported", action=asked.action, code=answer.code, state=answer.state.value
    )


def _with(outcome: Outcome, qualification: Qualification) -> Outcome:
    return outcome.with_case(papers=replace(outcome.case.papers, qualification=qualification))


_REPORTS: Final = frozenset({"use", "release"})

APPLY_QUALIFICATION: Final = ActSpec(
    name="apply-qualification",
    by=frozenset({Actor.BUYER}),
    states=frozenset({State.TEXT_READY}),
    input=NoInput,
    check=_check_apply,
    gather=_gather_apply,
    decide=_decide_apply,
    doc=ActDoc(
        zh="申请购房资格审查：由买方本人登录申请；限购范围内的住宅须通过审查方可签署。",
        en="The buyer asks whether they may buy. Only for residential houses within the restriction policy.",
        example={},
        errors=(
            *("qualification.not_needed", "qualification.undecided", "qualification.applied"),
            *("outside.unavailable", "outside.refused"),
        ),
    ),
    rules=("SZ-61", "SZ-62", "SZ-64", "H-17", "H-18"),
)
"""After the model text, before the undertaking (SZ-40)."""

SETTLE_QUALIFICATION: Final = ActSpec(
    name="settle-qualification",
    by=frozenset({Actor.BUYER, Actor.SELLER, Actor.SYSTEM}),
    states=_BEFORE_FILED,
    input=NoInput,
    check=_check_settle,
    gather=_gather_settle,
    decide=_decide_settle,
    doc=ActDoc(
        zh="查询购房资格审查结果：通过或不予通过的，以短信告知买卖双方。",
        en="Ask the office how the application stands; both sides are told when it is settled.",
        example={},
        errors=("qualification.none", "qualification.settled", "outside.unavailable"),
    ),
    rules=("SZ-63",),
)
"""Also a task of the service's own."""

VOID_QUALIFICATION_CODE: Final = ActSpec(
    name="void-qualification-code",
    by=frozenset({Actor.BUYER}),
    states=_BEFORE_FILED,
    input=NoInput,
    check=_check_void,
    gather=_gather_void,
    decide=_decide_void,
    doc=ActDoc(
        zh="作废购房资格码：由申请的买方办理；使用之后不能作废。",
        en="The buyer who applied voids the code; possible until it is used at filing.",
        example={},
        errors=("qualification.none", "qualification.not_voidable", "qualification.not_yours", "outside.refused"),
    ),
    rules=("SZ-64", "SZ-89", "H-18"),
)
"""Before the net-sign can be cancelled (SZ-89)."""

REPORT: Final = ActSpec(
    name=REPORT_QUALIFICATION,
    by=frozenset({Actor.SYSTEM}),
    states=frozenset(State),
    input=OfOffice,
    check=_check_report,
    gather=_gather_report,
    decide=_decide_report,
    doc=ActDoc(
        zh="向购房资格审查系统报送资格码的使用或释放（由系统办理）。",
        en="Tell the office that the code is used, or given back. The service's own task.",
        example={"action": "use"},
        errors=("qualification.none", "qualification.no_such_report", "outside.unavailable"),
    ),
    rules=("H-18",),
)
"""After the commit of a filing or a cancellation; harmless twice."""
