"""Cases: created, changed under their lock, refused, read; each write one commit with all that follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from filing.engine.outcome import FeedItem, Task
from filing.lifecycle import State
from signing.errors import KeyStoreError
from storage.errors import CaseChanged, CaseExists, CaseMissing, FilingNumberTaken, JournalBroken, PropertyTaken
from storage.records import CaseRecords, Database, NewEntry
from storage.records.outbox import Outbox
from storage.records.tables import case_people, cases, journal, outbox
from tests.builders.cases import SELLER, key_of
from tests.builders.keyring import NOW
from tests.builders.records import case_no, done, house_case, means_of, moved, new_case


def test_a_case_comes_back_as_it_went_in(records: CaseRecords) -> None:
    case = house_case()
    assert records.create(case, [done("case.opened")]) == 1

    found = records.find(case.case_no)
    assert found is not None
    assert (found.case, found.version) == (case, 1)
    assert records.find("2026112199999") is None


def test_several_are_read_at_once_and_those_missing_are_left_out(records: CaseRecords) -> None:
    for number in (1, 2, 3):
        records.create(new_case(number), [done("case.opened")])
    found = records.find_many([case_no(3), case_no(1), "2026112199999"])
    assert {number: one.case for number, one in found.items()} == {case_no(n): new_case(n) for n in (1, 3)}
    assert records.find_many([]) == {}


def test_a_number_is_given_once(records: CaseRecords) -> None:
    records.create(new_case(), [done()])
    with pytest.raises(CaseExists):
        records.create(house_case(), [done()])

    assert [entry.seq for entry in records.journal_of(case_no(1))] == [1]


def test_a_commit_writes_case_journal_outbox_and_feed(records: CaseRecords, database: Database) -> None:
    records.create(new_case(), [done("case.opened")])
    after = moved(house_case(), State.FILED)
    with records.exclusive(case_no(1)) as unit:
        version = unit.commit(
            after,
            [done("review.approved"), done("case.moved", to="filed")],
            [Task("push", {"case_no": case_no(1)}), Task("notify", {}, not_before=NOW + timedelta(days=1))],
            feed=[FeedItem("filed", "a" * 64, {"filing_number": "F-1"})],
        )
        assert (version, unit.version, unit.case) == (2, 2, after)

    assert records.find(case_no(1)).case == after
    journal = records.journal_of(case_no(1))
    assert [entry.event for entry in journal] == ["case.opened", "review.approved", "case.moved", "feed.published"]
    due = Outbox(database).claim_many(9, NOW, 60)
    assert [(task.kind, task.case_no, dict(task.payload)) for task in due] == [
        ("push", case_no(1), {"case_no": case_no(1)})
    ]
    (line,) = records.feed_after(["huangshi"], 0, 9)
    assert (line.position, line.case_no, line.kind, line.sha256) == (1, case_no(1), "filed", "a" * 64)
    assert records.statistics("huangshi") == {State.FILED: 1}


def test_a_commit_that_is_refused_writes_nothing(records: CaseRecords, database: Database) -> None:
    records.create(house_case(1, "house-1"), [done()])
    records.create(new_case(2), [done()])
    with records.exclusive(case_no(2)) as unit:
        with pytest.raises(PropertyTaken):
            unit.commit(house_case(2, "house-1"), [done()], [Task("push", {})], feed=[FeedItem("filed", None, {})])
        assert (unit.version, unit.case) == (1, new_case(2))
        unit.commit(house_case(2, "house-2"), [done()])

    assert [entry.seq for entry in records.journal_of(case_no(2))] == [1, 2]
    assert Outbox(database).due(NOW, 9) == ()
    assert records.newest_position() == 0


@pytest.mark.rule("H-48")
def test_a_house_has_one_live_case(records: CaseRecords) -> None:
    records.create(house_case(1, "house-1"), [done()])
    with pytest.raises(PropertyTaken):
        records.create(house_case(2, "house-1"), [done()])
    with records.exclusive(case_no(1)) as unit:
        unit.commit(moved(unit.case, State.VOID), [done()])

    records.create(house_case(2, "house-1"), [done()])


def test_a_filing_number_is_given_once(records: CaseRecords) -> None:
    first, second = (replace(new_case(number), filing=replace(new_case().filing, number="F-1")) for number in (1, 2))
    records.create(first, [done()])
    with pytest.raises(FilingNumberTaken):
        records.create(second, [done()])

    assert records.by_filing_number("F-1").case == first
    assert records.by_filing_number("F-2") is None


def test_no_change_without_an_entry(records: CaseRecords) -> None:
    with pytest.raises(ValueError, match="entry"):
        records.create(new_case(), [])
    records.create(new_case(), [done()])
    with records.exclusive(case_no(1)) as unit, pytest.raises(ValueError, match="journal"):
        unit.commit(new_case(), [])


def test_a_commit_changes_its_own_case_only(records: CaseRecords) -> None:
    records.create(new_case(1), [done()])
    records.create(new_case(2), [done()])
    with records.exclusive(case_no(1)) as unit, pytest.raises(ValueError, match="its own case"):
        unit.commit(new_case(2), [done()])


def test_a_refused_act_is_journalled_and_changes_nothing(records: CaseRecords) -> None:
    records.create(new_case(), [done()])
    with records.exclusive(case_no(1)) as unit:
        unit.refuse(done("act.refused", code="act.not_yours"))
        assert [entry.event for entry in unit.entries()] == ["case.moved", "act.refused"]

    assert records.find(case_no(1)).version == 1
    assert records.journal_of(case_no(1))[-1].data == {"code": "act.not_yours"}


def test_leaving_by_an_error_keeps_what_was_committed_before_it(records: CaseRecords) -> None:
    records.create(new_case(), [done()])

    def crash() -> None:
        with records.exclusive(case_no(1)) as unit:
            unit.commit(moved(unit.case, State.VOID), [done()])
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        crash()
    assert records.find(case_no(1)).version == 2


def test_a_unit_is_of_no_use_once_left(records: CaseRecords) -> None:
    records.create(new_case(), [done()])
    with records.exclusive(case_no(1)) as unit:
        assert records.held(case_no(1)) is unit
    for use in (lambda: unit.commit(new_case(), [done()]), lambda: unit.refuse(done()), unit.entries):
        with pytest.raises(RuntimeError, match="let go"):
            use()
    with pytest.raises(RuntimeError, match="does not hold"):
        records.held(case_no(1))


def test_there_is_nothing_to_lock_without_a_case(records: CaseRecords) -> None:
    with pytest.raises(CaseMissing), records.exclusive(case_no(1)):
        pass


def test_a_writer_who_lost_the_lock_unknowingly_is_refused(records: CaseRecords, database: Database) -> None:
    """The lock's connection may break without its holder hearing of it: the version says so."""
    records.create(new_case(), [done()])
    with records.exclusive(case_no(1)) as unit:
        with database.writing() as connection:  # as another holder would
            connection.execute(update(cases).values(version=2))
        with pytest.raises(CaseChanged):
            unit.commit(moved(unit.case, State.VOID), [done()])


def test_a_unit_whose_entry_was_overtaken_is_refused_and_looks_again(records: CaseRecords, database: Database) -> None:
    """It does not believe what it knew: the commit may have arrived and only its answer not."""
    records.create(new_case(), [done()])
    with records.exclusive(case_no(1)) as unit:
        unit.refuse(done("act.refused"))
        assert len(unit.entries()) == 2
        copied = "INSERT INTO journal SELECT case_no, 3, at, event, actor, data, sealed, sha256, sha256 FROM journal"
        with database.writing() as connection:
            connection.execute(text(f"{copied} WHERE seq = 2"))
        with pytest.raises(CaseChanged):
            unit.refuse(done("act.refused"))
        unit.refuse(done("act.refused"))

    assert [entry.seq for entry in records.journal_after(case_no(1), 0, 9)] == [1, 2, 3, 4]


def test_acts_on_a_text_see_their_own_entries_only(records: CaseRecords) -> None:
    records.create(new_case(), [done()])
    with records.exclusive(case_no(1)) as unit:
        first, second = unit.journal(1), unit.journal(2, "account-9")
        first.append("act.intended", {"act": "text"}, NOW)
        second.append("act.intended", {"act": "text"}, NOW)
        with second.exclusive():
            assert [(entry.seq, entry.actor) for entry in second.entries()] == [(3, "account-9")]
        assert [(entry.seq, entry.actor) for entry in first.entries()] == [(2, "service")]
        assert len(unit.entries()) == 3


def test_people_are_found_by_key_as_the_case_has_them_now(records: CaseRecords, database: Database) -> None:
    records.create(new_case(), [done()])
    with records.exclusive(case_no(1)) as unit:
        unit.commit(house_case(), [done()])
        unit.commit(replace(house_case(), people=replace(house_case().people, parties=())), [done()])

    with database.reading() as connection:
        rows = connection.execute(select(case_people.c.person_key, case_people.c.role)).all()
    assert rows == [(SELLER.key, "entrant")]


def test_nothing_personal_is_in_clear_anywhere(records: CaseRecords, database: Database) -> None:
    case = house_case()
    records.create(case, [done()])
    people = [one.identified for one in case.people.parties]
    secrets = [word.encode() for person in people for word in (person.name, person.id_number)]
    assert len(secrets) == 4

    with database.reading() as connection:
        stored = b"".join(
            value if isinstance(value, bytes) else str(value).encode()
            for table in (cases, journal, case_people, outbox)
            for row in connection.execute(select(table))
            for value in row
        )
    assert not [secret for secret in secrets if secret in stored]
    assert key_of(people[0].id_type, people[0].id_number).encode() in stored


def test_the_body_of_another_case_does_not_open(records: CaseRecords, database: Database) -> None:
    records.create(new_case(1), [done()])
    records.create(new_case(2), [done()])
    with database.writing() as connection:
        other = select(cases.c.body).where(cases.c.case_no == case_no(2)).scalar_subquery()
        connection.execute(update(cases).where(cases.c.case_no == case_no(1)).values(body=other))
    with pytest.raises(KeyStoreError):
        records.find(case_no(1))


def test_an_older_body_put_back_does_not_open(records: CaseRecords, database: Database) -> None:
    records.create(new_case(), [done()])
    with database.reading() as connection:
        old = connection.execute(select(cases.c.body)).scalar_one()
    with records.exclusive(case_no(1)) as unit:
        unit.commit(moved(unit.case, State.VOID), [done()])
    with database.writing() as connection:
        connection.execute(update(cases).values(body=old))
    with pytest.raises(KeyStoreError):
        records.find(case_no(1))


def test_an_altered_journal_is_not_read(records: CaseRecords, database: Database) -> None:
    """By somebody who could switch the triggers off: the chain still tells."""
    records.create(new_case(), [done(), done("case.moved", to="filed")])
    switch_off = "DROP TRIGGER journal_no_update" if database.is_sqlite else "ALTER TABLE journal DISABLE TRIGGER ALL"
    with database.writing() as connection:
        connection.execute(text(switch_off))
        connection.execute(update(journal).where(journal.c.seq == 2).values(actor="account-2"))
    with pytest.raises(JournalBroken) as broken:
        records.journal_of(case_no(1))
    assert broken.value.fields["seq"] == 2


@pytest.mark.parametrize("facts", [{"actor": "me"}, {"case_no": "1"}, {"sealed_sha256": None}, {"price": 1.5}])
def test_facts_may_not_pass_for_the_chain_nor_hold_floats(records: CaseRecords, facts: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        records.create(new_case(), [NewEntry(NOW, "case.opened", "account-1", facts)])
    assert records.find(case_no(1)) is None


def test_two_services_share_one_database(database: Database, records: CaseRecords) -> None:
    records.create(new_case(), [done()])
    other = CaseRecords(means_of(database))
    with other.exclusive(case_no(1)) as unit:
        unit.commit(moved(unit.case, State.VOID), [done()])

    assert records.find(case_no(1)).version == 2


def test_a_task_with_a_key_is_left_once(records: CaseRecords, database: Database) -> None:
    records.create(new_case(), [done()], [Task("stamp", {}, dedupe_key="stamp/1"), Task("notify", {})])
    with records.exclusive(case_no(1)) as unit:
        unit.commit(unit.case, [done()], [Task("stamp", {}, dedupe_key="stamp/1"), Task("notify", {})])

    with database.reading() as connection:
        kinds = connection.execute(select(outbox.c.kind).order_by(outbox.c.id)).scalars().all()
    assert kinds == ["stamp", "notify", "notify"]
