"""The video of an applicant from outside the mainland (ZN-14…16): a sentence drawn for it, then the recording itself.

The upload came in before, outside the case's lock (``/v1/uploads``). It must be of this case, this account and this
very attempt, and begun while its sentence was good.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec
from filing.case.consents import ConsentKind
from filing.case.notary import ScriptPosed, StepTaken, VideoGiven, VideoLook
from filing.lifecycle import State
from filing.profile import Actor
from filing.profile.cancelling import NotaryStep
from notary.applicant.bound import COMMON, done_at_place, my_task, replaced_task, require_place, require_room
from notary.applicant.inputs import ScriptLanguage, ScriptWanted, VideoHandedIn
from notary.applicant.judge_video import judge_video
from notary.applicant.script import script_text
from notary.applicant.who import applicant_person, require_applicant
from notary.errors import NotaryError, NotYourTask, VideoRefused
from notary.matter import has_cancelling
from notary.world import notary_world

if TYPE_CHECKING:
    from documents.video import VideoSeen
    from filing.acts.world import World
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation
    from notary.applicant.bound import Mine
    from notary.applicant.order import Place
    from notary.ports import UploadFacts
    from notary.world import NotaryWorld

__all__ = ["GIVE_VIDEO", "POSE_SCRIPT"]

HAND_IN_WITHIN: Final = timedelta(hours=24)
"""After the sentence was shown: a broken upload may be resumed the next morning."""


@dataclass(frozen=True, slots=True)
class Posed:
    """A sentence that was drawn."""

    attempt: str
    """Its identifier: nobody guesses another's."""

    text: str
    """The words."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording that was looked at, judged and kept."""

    sha256: str
    """In clear."""

    size_bytes: int
    """In clear."""

    facts: VideoSeen
    """What the look showed."""


def _turn(situation: Situation, party: str) -> tuple[Mine, Place]:
    mine = my_task(situation, party)
    return mine, require_place(mine, NotaryStep.VIDEO)


# --- the sentence ----------------------------------------------------------------------------------------------------


def _check_script(situation: Situation, asked: ScriptWanted) -> None:
    require_room(_turn(situation, asked.party)[0])


def _gather_script(situation: Situation, asked: ScriptWanted, _: World) -> Posed:
    party = situation.case.people.party(asked.party)
    own = require_applicant(situation, asked.party)
    principal = None if own is None or party is None else party.identified.name
    name = applicant_person(situation).subject.name
    return Posed(secrets.token_urlsafe(16), script_text(secrets.SystemRandom(), asked.language, name, principal))


def _decide_script(situation: Situation, asked: ScriptWanted, posed: Posed) -> Outcome:
    mine, _ = _turn(situation, asked.party)
    rule = mine.procedure.video
    expires_at = situation.now + timedelta(minutes=rule.script_minutes)
    script = ScriptPosed(posed.attempt, posed.text, situation.now, expires_at)
    return (
        replaced_task(situation, replace(mine.task, script=script))
        .noting("notary.script_posed", party=asked.party, attempt=posed.attempt)
        .answering(
            attempt=posed.attempt,
            text=posed.text,
            expires_at=expires_at.isoformat(),
            target_seconds=rule.target_seconds,
            longest_seconds=rule.longest_seconds,
        )
    )


# --- the video -------------------------------------------------------------------------------------------------------


def _check_video(situation: Situation, asked: VideoHandedIn) -> None:
    _script(situation, _turn(situation, asked.party)[0], asked.attempt)


def _script(situation: Situation, mine: Mine, attempt: str) -> ScriptPosed:
    script = mine.task.script
    if script is None or script.attempt != attempt:
        raise NotaryError(
            "notary.other_attempt",
            zh="该视频不是按最近一次显示的文字录制的，请重新录制",
            en="this is not the newest attempt: ask for a sentence and record it again",
            party=mine.task.party,
        )
    if situation.now - script.posed_at > HAND_IN_WITHIN:
        raise _over(mine)
    return script


def _over(mine: Mine) -> NotaryError:
    return NotaryError(
        "notary.script_expired",
        zh="朗读文字已过期，请重新获取后录制",
        en="the sentence is over: ask for another and record it again",
        party=mine.task.party,
    )


def _gather_video(situation: Situation, asked: VideoHandedIn, world: World) -> Kept:
    mine, _ = _turn(situation, asked.party)
    script = _script(situation, mine, asked.attempt)
    ours = notary_world(world)
    upload = ours.recordings.finished(asked.upload_id)
    _require_own(situation, asked, upload)
    _require_in_time(mine, script, upload)
    _require_new(situation, upload)
    facts = _looked_at(ours, asked.upload_id)
    found = judge_video(facts, mine.procedure.video)
    if found:
        # What it shows will not change: the place is needed for the next attempt.
        ours.recordings.discard(asked.upload_id)
        raise VideoRefused(found, party=asked.party)
    return Kept(ours.recordings.keep(asked.upload_id, facts.media_type), upload.size_bytes, facts)


def _require_in_time(mine: Mine, script: ScriptPosed, upload: UploadFacts) -> None:
    posed_at = script.posed_at.replace(microsecond=0)  # an upload knows its beginning to the second
    if upload.begun_at is not None and not posed_at <= upload.begun_at <= script.expires_at:
        raise _over(mine)


def _looked_at(world: NotaryWorld, upload_id: str) -> VideoSeen:
    with world.recordings.open_upload(upload_id) as recording:
        return world.video.look(recording)


def _require_own(situation: Situation, asked: VideoHandedIn, upload: UploadFacts) -> None:
    said = (upload.metadata.get("party"), upload.metadata.get("attempt"))
    whose = (upload.case_no, upload.owner)
    if whose != (situation.case.case_no, situation.who.account_id) or said != (asked.party, asked.attempt):
        raise NotYourTask(
            "notary.not_your_upload",
            zh="该上传文件不属于本次录制",
            en="this upload is not of this attempt",
            party=asked.party,
        )


def _require_new(situation: Situation, upload: UploadFacts) -> None:
    """Bytes that served another attempt were recorded before this one's sentence was drawn."""
    notary = situation.case.notary
    matters = (*notary.past, *(() if notary.current is None else (notary.current,)))
    given = {video.sha256 for matter in matters for task in matter.tasks for video in task.videos}
    if upload.sha256 in given:
        raise NotaryError(
            "notary.video_used", zh="该视频已提交过，请重新录制", en="this video was handed in before: record another"
        )


def _decide_video(situation: Situation, asked: VideoHandedIn, kept: Kept) -> Outcome:
    mine, place = _turn(situation, asked.party)
    script = _script(situation, mine, asked.attempt)
    video = VideoGiven(
        attempt=script.attempt,
        text=script.text,
        sha256=kept.sha256,
        size_bytes=kept.size_bytes,
        media_type=kept.facts.media_type,
        duration_ms=kept.facts.duration_ms,
        taken_at=situation.now,
        look=_look_kept(kept.facts),
    )
    done = done_at_place(mine, place, StepTaken(NotaryStep.VIDEO, situation.now, "video", kept.sha256))
    task = replace(done, script=None, videos=(*done.videos, video))
    return replaced_task(situation, task).noting(
        "notary.video_given",
        party=asked.party,
        attempt=script.attempt,
        sha256=kept.sha256,
        size_bytes=kept.size_bytes,
        duration_ms=kept.facts.duration_ms,
    )


def _look_kept(facts: VideoSeen) -> VideoLook:
    codecs = {track.kind: track.codec for track in facts.tracks}
    return VideoLook(
        width=facts.width,
        height=facts.height,
        picture=codecs.get("video", ""),
        sound=codecs.get("audio", ""),
        loudest_db=round(facts.loudest_db),
        brightest=facts.brightest,
    )


POSE_SCRIPT: Final = ActSpec(
    name="notary-video-script",
    by=frozenset({Actor.BUYER}),
    states=frozenset({State.CANCELLING}),
    input=ScriptWanted,
    check=_check_script,
    gather=_gather_script,
    decide=_decide_script,
    consent=ConsentKind.VIDEO,
    fits=has_cancelling,
    doc=ActDoc(
        zh="获取录制视频时需要朗读的文字：每次随机生成，只用于本次录制。",
        en="Ask for the sentence to read aloud: drawn at random, good for one recording.",
        example={"party": "buyer-2", "language": ScriptLanguage.ZH.value},
        errors=(*COMMON, "consent.missing", "notary.too_many_tries"),
    ),
    rules=("ZN-15", "H-39"),
)
"""屏幕下方的文字."""

GIVE_VIDEO: Final = ActSpec(
    name="notary-give-video",
    by=frozenset({Actor.BUYER}),
    states=frozenset({State.CANCELLING}),
    input=VideoHandedIn,
    check=_check_video,
    gather=_gather_video,
    decide=_decide_video,
    consent=ConsentKind.VIDEO,
    fits=has_cancelling,
    doc=ActDoc(
        zh="提交视频：先上传至 /v1/uploads，再提交；时长、画面、声音不符合要求的，逐项说明后不予接收。",
        en="Hand in a video that was uploaded to /v1/uploads. What is wrong with it is said all at once.",
        example={"party": "buyer-2", "attempt": "mVq0rT4cXw8Zb2nLk6sPyA", "upload_id": "5f0c1d2e3b4a5968"},
        errors=(
            *COMMON,
            "consent.missing",
            *("notary.other_attempt", "notary.script_expired", "notary.not_your_upload", "notary.video_used"),
            *("upload.unknown", "upload.unfinished", "video.refused", "video.unreadable", "video.too_heavy"),
        ),
    ),
    rules=("ZN-14", "ZN-15", "ZN-16", "H-39"),
)
"""提交视频."""
