"""From plan to sealed container, and back."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest

from notary.package import build_package, package_stream
from signing.containers import open_container
from signing.errors import SignatureStateError
from signing.validation import Level, Verdict
from tests.builders.notary_package import JOURNAL, kept_by, planned


@pytest.fixture(scope="module")
def built(bureau, complete):
    sink = io.BytesIO()
    return build_package(planned(complete, 2), kept_by(complete), bureau.sealer, sink), sink


@pytest.mark.rule("ZN-05")
def test_the_package_is_sealed_by_the_bureau_and_proves_itself(bureau, built):
    facts, sink = built
    report = open_container(sink, trust=bureau.trust, now=bureau.now)
    assert (report.verdict, report.findings) == (Verdict.PASSED, ())
    assert report.seals[0].level is Level.B_LTA
    assert report.seals[0].proven_at == facts.sealed_at == bureau.now
    assert (report.sha256, report.size_bytes) == (facts.sha256, facts.size_bytes)


def test_it_holds_what_was_planned_and_the_description_first(built, complete):
    archive = zipfile.ZipFile(built[1])
    plan = planned(complete, 2)
    assert archive.namelist()[: len(plan.files) + 1] == ["mimetype", *(file.name for file in plan.files)]
    said = json.loads(archive.read("package.json"))
    for file in said["files"]:
        assert hashlib.sha256(archive.read(file["file"])).hexdigest() == file["sha256"]
    assert archive.read("journal/journal.jsonl") == JOURNAL


def test_every_file_is_covered_with_the_type_the_description_says(bureau, built):
    report = open_container(built[1], trust=bureau.trust, now=bureau.now)
    said = json.loads(zipfile.ZipFile(built[1]).read("package.json"))
    for file in said["files"]:
        member = report.member(file["file"])
        assert (member.covered, member.media_type, member.sha256) == (True, file["media_type"], file["sha256"])


def test_files_are_closed_after_they_were_copied(bureau, complete):
    kept, plan = kept_by(complete), planned(complete, 2)
    build_package(plan, kept, bureau.sealer_b_t(), io.BytesIO())
    assert kept.closed == sum(file.content is None for file in plan.files)


def test_a_file_that_was_altered_where_it_is_kept_stops_the_package(bureau, complete):
    kept = kept_by(complete)
    video = complete.task("buyer-2").videos[-1].sha256
    kept.contents[video] = b"another one"
    with pytest.raises(SignatureStateError) as caught:
        build_package(planned(complete, 2), kept, bureau.sealer, io.BytesIO())
    assert caught.value.code == "container.file_differs"
    assert caught.value.fields["name"] == "applicants/buyer-2/video.mp4"


def test_it_can_be_pulled_by_a_store(bureau, pushed):
    with package_stream(planned(pushed, 1), kept_by(pushed), bureau.sealer) as stream:
        content = io.BufferedReader(stream).read()
        assert stream.sealed_at == bureau.now
    assert open_container(io.BytesIO(content), trust=bureau.trust, now=bureau.now).verdict is Verdict.PASSED
