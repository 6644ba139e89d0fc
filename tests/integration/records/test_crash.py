"""Killed at every commit of a named request that signs: nothing lost, nothing doubled, one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from filing.contract import ContractCase, perform_once, read_acts
from filing.contract.perform import Produced
from filing.engine.outcome import FeedItem, Task
from filing.lifecycle import State
from storage.errors import CaseExists
from storage.objects import FolderObjectStore
from storage.records import Answer, CaseRecords
from storage.records.answers import ABANDONED_AFTER, Answers
from storage.records.outbox import Outbox
from storage.records.values import NamedRequest
from tests.builders.commits import boundaries_of, killed_child
from tests.builders.databases import copied, open_database
from tests.builders.keyring import NOW
from tests.builders.records import case_no, done, means_of, moved, new_case

OPENING, SIGNING = NamedRequest("open", "a", "1" * 64), NamedRequest("sign", "a", "2" * 64)
LONG_AFTER = NOW + ABANDONED_AFTER


@dataclass(frozen=True)
class Service:
    url: str
    folder: Path

    def sale(self, now=NOW) -> None:
        """Two named requests, as a client sends them, again and again until each is answered."""
        with open_database(self.url) as database:
            means = means_of(database)
            answers, records = Answers(means), CaseRecords(means)
            if answers.begin(OPENING, now) is None:
                self._open(records, answers)
            if answers.begin(SIGNING, now) is None:
                self._sign(records, answers)

    def _open(self, records: CaseRecords, answers: Answers) -> None:
        answer = Answer(OPENING, 201, {}, b"opened")
        try:
            records.create(new_case(), [done("case.opened")], [Task("notify", {})], answer=answer)
        except CaseExists:
            answers.keep(Answer(OPENING, 409, {}, b"exists"))

    def _sign(self, records: CaseRecords, answers: Answers) -> None:
        archive = FolderObjectStore(self.folder / "objects")
        with records.exclusive(case_no(1)) as unit:
            if unit.case.position.state is State.FILED:
                answers.keep(Answer(SIGNING, 409, {}, b"was filed"))
                return
            contract = ContractCase(case_no(1), unit.journal(1), archive, lambda: NOW, NOW + timedelta(days=365 * 30))
            produced = Produced(b"%PDF signed", "application/pdf", {"revision": True})
            act = perform_once(contract, "sign:seller-1", lambda _: lambda: produced)
            unit.commit(
                moved(unit.case, State.FILED),
                [done("case.moved")],
                [Task("seal", {}, dedupe_key="seal/1")],
                feed=[FeedItem("filed", act.sha256, {})],
                answer=Answer(SIGNING, 200, {}, b"signed"),
            )

    def look(self) -> None:
        with open_database(self.url) as database:
            means = means_of(database)
            answers, records = Answers(means), CaseRecords(means)
            assert (answers.begin(OPENING, NOW).body, answers.begin(SIGNING, NOW).body) == (b"opened", b"signed")
            found = records.find(case_no(1))
            assert (found.version, found.case.position.state) == (2, State.FILED)
            events = [entry.event for entry in records.journal_of(case_no(1))]
            assert [events.count(name) for name in ("case.opened", "act.done", "case.moved")] == [1, 1, 1]
            assert read_acts(records.journal_of(case_no(1))).head_sha256 is not None
            assert [line.position for line in records.feed_after(["huangshi"], 0, 9)] == [1]
            assert [task.kind for task in Outbox(database).claim_many(9, NOW, 1)] == ["notify", "seal"]
            assert records.statistics("huangshi") == {State.FILED: 1}
        assert len(list(FolderObjectStore(self.folder / "objects").iterate())) == 1


def test_killed_at_any_commit_no_act_is_lost_and_none_doubled(kind: str, request, tmp_path: Path) -> None:
    template = request.getfixturevalue(f"{kind}_records_template")

    with copied(template, tmp_path) as url:
        undisturbed = Service(url, tmp_path / "undisturbed")
        boundaries = boundaries_of(undisturbed.sale)
        undisturbed.look()
    assert len(boundaries) == 14  # seven commits: two keys, two acts with their answers, three entries of one act

    for number, boundary in enumerate(boundaries):
        with copied(template, tmp_path) as url:
            service = Service(url, tmp_path / str(number))
            killed_child(service.sale, boundary)
            service.sale(LONG_AFTER)
            service.look()
