"""From a desk's screen to the signer's own telephone: a code to scan, which leads to the place where they are to sign.

The code is an invitation, not a key (HS-31): whoever scans it must log in, and only as the signer it was made for. What
was done before stays done, what is done there is seen at the desk: each step is an act of the same task.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from filing.acts.review.submit import require_free_for
from filing.acts.signing.bound import require_text, signers_task
from filing.acts.signing.inputs import OnTask
from filing.acts.spec import ActDoc, ActSpec
from filing.engine.outcome import Outcome
from filing.errors import FilingError
from filing.lifecycle import State
from filing.profile import Actor
from identity.staff import StaffRole

if TYPE_CHECKING:
    from filing.acts.world import HandedOff, World
    from filing.case.signing import SigningTask
    from filing.engine.situation import Situation

__all__ = ["HAND_OFF_SIGNING"]

_TEXT: Final = "9f2c" * 16


def _task(situation: Situation, asked: OnTask) -> SigningTask:
    """The task: of whoever asks, or at the window of anybody who has yet to sign."""
    if situation.who.actor is not Actor.WINDOW_STAFF:
        return signers_task(situation, asked.party, asked.text_sha256)
    require_text(situation.case, asked.text_sha256)
    task = situation.case.signing.task(asked.party)
    if task is None or task.text_sha256 != asked.text_sha256:
        raise FilingError(
            "signing.no_task", zh="没有待签署的任务", en="there is nothing to sign here", party=asked.party
        )
    if task.revision_sha256 is not None:
        raise FilingError(
            "signing.done", zh="该当事人已经完成签署", en="this party has signed already", party=asked.party
        )
    return task


def _check(situation: Situation, asked: OnTask) -> None:
    if situation.who.actor is Actor.WINDOW_STAFF:
        require_free_for(situation, StaffRole.WINDOW_CLERK, "hand-off-signing")
    _task(situation, asked)


def _gather(situation: Situation, asked: OnTask, world: World) -> HandedOff:
    """For the signer alone. Whoever signs as an organisation's handler is known by their own number."""
    at_window = situation.who.actor is Actor.WINDOW_STAFF
    person = _task(situation, asked).signer if at_window else situation.who.key
    if person is None:
        raise FilingError(
            "signing.no_task", zh="没有待签署的任务", en="there is nothing to sign here", party=asked.party
        )
    return world.links.hand_off(asked.party, person, situation, asked.text_sha256)


def _decide(situation: Situation, asked: OnTask, made: HandedOff) -> Outcome:
    noted = Outcome(situation.case).noting("signing.handed_off", party=asked.party, link=made.link_id)
    code = {"path": made.code.path, "modules": made.code.modules}
    return noted.answering(url=made.url, expires_at=made.expires_at.isoformat(), code=code)


HAND_OFF_SIGNING: Final = ActSpec(
    name="hand-off-signing",
    by=frozenset({Actor.SELLER, Actor.BUYER, Actor.DEVELOPER, Actor.WINDOW_STAFF}),
    states=frozenset({State.SIGNING}),
    input=OnTask,
    check=_check,
    gather=_gather,
    decide=_decide,
    doc=ActDoc(
        zh="转到手机签署：生成供签署人本人扫码的链接（15 分钟内有效，扫码后须由本人登录）。`answer.code` 为二维码图形"
        "（SVG 路径及边长）。签署人本人或者窗口人员均可生成。",
        en="Go on signing on a telephone: a link for the signer to scan, good for 15 minutes, behind which the signer"
        " must log in. `answer.code` is the code as an SVG path and the modules it is wide. By the signer, or at the"
        " window for somebody present.",
        example={"party": "buyer-1", "text_sha256": _TEXT},
        errors=("text.other", "signing.no_task", "signing.done", "signing.not_the_signer"),
    ),
    rules=("HS-31", "HS-32"),
)
"""A code for the signer."""
