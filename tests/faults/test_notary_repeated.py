"""A cancellation by notary in which every act comes twice, one after the other or both at once: one effect each."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from qianshu.demo.notary.cast import WITH_OVERSEAS
from tests.builders.house import cheap_guessing
from tests.builders.notary_story import CITY, cancellation, exchange_visitors, office_of
from tests.builders.service import Visitor, city_service, open_work, until, visitors, walked
from tests.faults.test_repeated import Stutterer, TwoHands, is_act

if TYPE_CHECKING:
    import urllib.request
    from pathlib import Path

    from qianshu.demo.city.browser import Answer

EFFECTS = {
    "import-filed": "contract.imported",
    "request-cancel": "cancel.requested",
    "push-to-notary": "notary.pushed",
    "notary-receive": "notary.received",
    "notary-claim": "notary.claimed",
    "notary-face-begin": "notary.face_begun",
    "notary-face-finish": "notary.face_checked",
    "notary-read-page": "notary.page_read",
    "notary-agree": "notary.agreed",
    "notary-upload-photo": "notary.photo_added",
    "notary-give-signature": "notary.signature_drawn",
    "notary-enter-id": "notary.document_entered",
    "notary-video-script": "notary.script_posed",
    "notary-give-video": "notary.video_given",
    "notary-submit": "notary.handed_in",
    "notary-supplement": "notary.supplement_wanted",
    "notary-accept": "notary.accepted",
    "notary-issue": "notary.issued",
    "decide-cancel": "cancel.passed",
    "give-consent": "consent.given",
}
"""What is journalled of each act, once."""

ASKED: Counter[str] = Counter()


class Counted:
    """Counts what is asked for, before it is sent twice."""

    def _send(self, request: urllib.request.Request) -> Answer:
        if is_act(request):
            ASKED[request.full_url.rpartition("/")[2]] += 1
        answer: Answer = super()._send(request)  # type: ignore[misc]
        return answer


class OneAfterTheOther(Counted, Stutterer):
    pass


class BothAtOnce(Counted, TwoHands):
    pass


@pytest.mark.rule("ZN-17")
@pytest.mark.needs("ffmpeg", "ffprobe")
@pytest.mark.timeout(300)
def test_a_cancellation_in_which_everything_comes_twice_is_done_once(tmp_path: Path) -> None:
    with cheap_guessing(), city_service(tmp_path, (CITY,)) as city:
        city.lay_cheap_keys()
        with city.serving() as service:
            with visitors():
                city.admit((CITY,))
            ASKED.clear()
            kinds = itertools.cycle((OneAfterTheOther, BothAtOnce, BothAtOnce))  # a person has two browsers

            def somebody(*given: Any) -> Visitor:
                return next(kinds)(*given)

            with exchange_visitors(somebody):  # type: ignore[arg-type]
                story = cancellation(city, office_of(city), WITH_OVERSEAS)
                walked(story.steps())
                assert story.state == "void"
            until(lambda: not open_work(service.records), "work is left")
            entries = service.records.cases.journal_of(story.case_no)
            events = Counter(entry.event for entry in entries)
            # Given for the second face check again, which is noted under a name of its own.
            events["consent.given"] += events["consent.repeated"]
            done = Counter(str(entry.data["act"]) for entry in entries if entry.event == "act.done")
    assert {act: events[EFFECTS[act]] for act in EFFECTS} == ASKED
    assert {name: done[name] for name in ("sign:seller-1", "sign:buyer-1", "sign:buyer-2")} == dict.fromkeys(
        ("sign:seller-1", "sign:buyer-1", "sign:buyer-2"), 1
    )
    assert events["notary.package_sealed"] == 3
