"""Journals exported into a locked bucket, and the database made again from there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.buckets import Bucket
from storage.dossier.bucket_shelf import BucketShelf
from storage.records import CaseRecords
from storage.records.export import JournalExport
from storage.records.rebuild import rebuild_records
from tests.builders.databases import copied, open_database
from tests.builders.records import case_no, done, house_case, means_of, new_case
from tests.integration.test_minio import settings

pytestmark = pytest.mark.needs("minio")


def test_a_bucket_gives_back_the_database(sqlite_records_template: str, tmp_path: Path) -> None:
    shelf = BucketShelf(Bucket(settings()))
    now = datetime.now(UTC)  # the bucket's retention begins by its own clock
    with (
        copied(sqlite_records_template, tmp_path) as first,
        copied(sqlite_records_template, tmp_path) as second,
        open_database(first) as lost,
        open_database(second) as fresh,
    ):
        records = CaseRecords(means_of(lost))
        records.create(new_case(), [done("case.opened")])
        export = JournalExport(lost, shelf, timedelta(days=1))
        assert export.sweep(now) == 1
        with records.exclusive(case_no(1)) as unit:
            unit.commit(house_case(), [done()])
        assert (export.sweep(now), export.sweep(now)) == (1, 0)

        assert rebuild_records(means_of(fresh), shelf).refused == ()
        rebuilt = CaseRecords(means_of(fresh))
        assert rebuilt.find(case_no(1)) == records.find(case_no(1))
        assert rebuilt.journal_of(case_no(1)) == records.journal_of(case_no(1))
