"""Drawing up, sealing, reading and rebuilding dossiers in a folder archive."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from storage.canonical import canonical_json
from storage.dossier import (
    Dossier,
    Item,
    Role,
    manifest_from_json,
    open_folder_archive,
    read_cases,
    seal_dossier,
    verify_archive,
)
from storage.dossier.manifest import check_case_no
from storage.errors import DossierError, ObjectMissing
from storage.journal import Journal
from tests.unit.storage.dossiers import CASE_NO, CONTENTS, NOW, UNTIL, check_seal, seal, sealed_case, stored_items

if TYPE_CHECKING:
    from storage.dossier import Archive

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "schemas" / "dossier.schema.json").read_text())


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return open_folder_archive(tmp_path / "archive")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    journal = Journal.open(tmp_path / "archive" / "cases" / CASE_NO)
    journal.append("case.opened", {"case_no": CASE_NO}, NOW)
    journal.append(
        "text.fixed", {"sha256": hashlib.sha256(CONTENTS[Role.CONTRACT_TEXT, "contract-text.pdf"]).hexdigest()}, NOW
    )
    return journal


def test_manifest_lists_every_object_by_two_digests(archive: Archive, journal: Journal) -> None:
    made = sealed_case(archive, journal.entries())
    listed = {(item.role, item.name): item for item in made.manifest.objects}
    assert listed.keys() == {*CONTENTS, (Role.JOURNAL, "journal.jsonl")}
    for (role, name), content in CONTENTS.items():
        item = listed[role, name]
        assert item.sha256 == hashlib.sha256(content).hexdigest()
        assert (item.size_bytes, item.media_type, item.retain_until) == (len(content), "application/pdf", UNTIL)
    head = journal.entries()[-1]
    assert made.manifest.journal is not None
    assert (made.manifest.journal.seq, made.manifest.journal.sha256) == (head.seq, head.sha256)
    assert list(check_seal(made.content, made.seal)) == []


@pytest.mark.needs("openssl")
def test_sm3_is_what_openssl_says(archive: Archive, tmp_path: Path) -> None:
    made = sealed_case(archive, ())
    for item in made.manifest.objects:
        (tmp_path / "object").write_bytes(CONTENTS[item.role, item.name])
        said = subprocess.run(
            ["openssl", "dgst", "-sm3", "-r", tmp_path / "object"], capture_output=True, text=True, check=True
        )
        assert said.stdout.split()[0] == item.sm3


def test_manifest_obeys_the_published_schema(archive: Archive, journal: Journal) -> None:
    for made in (sealed_case(archive, ()), sealed_case(archive, journal.entries())):
        jsonschema.validate(json.loads(made.content), SCHEMA)
    assert {role.value for role in Role} == set(SCHEMA["$defs"]["object"]["properties"]["role"]["enum"])


def test_manifest_reads_back_as_written(archive: Archive, journal: Journal) -> None:
    made = sealed_case(archive, journal.entries())
    assert manifest_from_json(made.content) == made.manifest
    assert archive.shelf.names(CASE_NO) == ("journal.jsonl", "manifest-0001.json", "manifest-0001.json.p7s")


def test_sealing_twice_changes_nothing(archive: Archive, journal: Journal) -> None:
    first = sealed_case(archive, journal.entries())
    again = sealed_case(archive, journal.entries())
    assert again == first
    assert len(archive.shelf.names(CASE_NO)) == 3


def test_next_manifest_repeats_all_and_names_the_one_before(archive: Archive, journal: Journal) -> None:
    first = sealed_case(archive, journal.entries())
    journal.append("dossier.sealed", {"number": 1}, NOW)
    items = stored_items(archive, {**CONTENTS, (Role.CONTRACT_RENEWED, "renewed.pdf"): b"%PDF-1.7 renewed"})
    second = seal_dossier(archive, Dossier(CASE_NO, items, journal.entries(), UNTIL), seal, NOW)
    assert second.manifest.number == 2
    assert second.manifest.previous is not None
    assert second.manifest.previous.sha256 == hashlib.sha256(first.content).hexdigest()
    assert verify_archive(archive, check_seal, NOW).findings == ()


def test_longer_retention_of_the_case_reaches_every_object(archive: Archive, journal: Journal) -> None:
    items = stored_items(archive)
    longer = UNTIL + timedelta(days=365)
    made = seal_dossier(archive, Dossier(CASE_NO, items, journal.entries(), longer), seal, NOW)
    assert {item.retain_until for item in made.manifest.objects} == {longer}
    assert {archive.objects.stat(item.sha256).retain_until for item in made.manifest.objects} == {longer}


def test_longer_retention_of_a_sealed_case_is_a_new_manifest(archive: Archive, journal: Journal) -> None:
    dossier = Dossier(CASE_NO, stored_items(archive), journal.entries(), UNTIL)
    seal_dossier(archive, dossier, seal, NOW)
    longer = replace(dossier, retain_until=UNTIL + timedelta(days=365))
    assert seal_dossier(archive, longer, seal, NOW).manifest.number == 2
    assert verify_archive(archive, check_seal, NOW).findings == ()


def test_missing_object_stops_the_sealing_and_leaves_nothing(archive: Archive) -> None:
    items = (*stored_items(archive), Item(Role.EVIDENCE, "lost.json", "0" * 64))
    with pytest.raises(ObjectMissing):
        seal_dossier(archive, Dossier(CASE_NO, items, (), UNTIL), seal, NOW)
    assert archive.shelf.names(CASE_NO) == ()


class TimeStampDown(Exception):  # noqa: N818 - what happens, not what class it is
    """The seal cannot be had."""


def unavailable(_: bytes) -> bytes:
    raise TimeStampDown


def test_manifest_left_without_seal_is_sealed_on_the_next_try(archive: Archive, journal: Journal) -> None:
    dossier = Dossier(CASE_NO, stored_items(archive), journal.entries(), UNTIL)
    with pytest.raises(TimeStampDown):
        seal_dossier(archive, dossier, unavailable, NOW)
    assert [one.code for one in verify_archive(archive, check_seal, NOW).findings] == ["archive.seal_missing"]
    left = archive.shelf.read(CASE_NO, "manifest-0001.json")
    made = seal_dossier(archive, dossier, seal, NOW + timedelta(days=1))
    assert made.content == left
    assert verify_archive(archive, check_seal, NOW).findings == ()


def test_journal_that_went_on_meanwhile_makes_a_second_manifest(archive: Archive, journal: Journal) -> None:
    dossier = Dossier(CASE_NO, stored_items(archive), journal.entries(), UNTIL)
    with pytest.raises(TimeStampDown):
        seal_dossier(archive, dossier, unavailable, NOW)
    journal.append("service.restarted", {}, NOW)
    made = seal_dossier(archive, replace(dossier, journal=journal.entries()), seal, NOW)
    assert made.manifest.number == 2
    assert verify_archive(archive, check_seal, NOW).findings == ()


def _planted(archive: Archive, journal: Journal, change: str) -> bytes:
    """A manifest somebody else laid on the shelf, hoping it gets sealed."""
    other = open_folder_archive(Path(str(archive.shelf._root.parent)) / "elsewhere")  # type: ignore[attr-defined]
    read = json.loads(sealed_case(other, journal.entries()).content)
    archive.objects.put(b"".join(e.to_line() for e in journal.entries()), media_type="a/b", retain_until=UNTIL)
    item = read["objects"][1]
    if change == "object added":
        forged = archive.objects.put(b"forged", media_type="application/pdf", retain_until=UNTIL).sha256
        read["objects"].append({**item, "role": "verification", "name": "z", "sha256": forged, "size_bytes": 6})
    elif change == "object renamed":
        item["name"] = "contract-x.pdf"
    elif change == "false SM3":
        item["sm3"] = "0" * 64
    elif change == "false size":
        item["size_bytes"] += 1
    elif change == "another journal":
        read["journal"]["sha256"] = "0" * 64
    elif change == "another series":
        read["previous"] = {"number": 1, "sha256": "0" * 64}
    elif change == "another case":
        read["case_no"] = "another"
    return canonical_json(read)


@pytest.mark.parametrize(
    "change",
    ["object added", "object renamed", "false SM3", "false size", "another journal", "another series", "another case"],
)
def test_a_planted_manifest_is_not_sealed(archive: Archive, journal: Journal, change: str) -> None:
    items = stored_items(archive)
    archive.shelf.create(CASE_NO, "manifest-0001.json", _planted(archive, journal, change), UNTIL)
    with pytest.raises(DossierError) as refusal:
        seal_dossier(archive, Dossier(CASE_NO, items, journal.entries(), UNTIL), seal, NOW)
    assert refusal.value.code == "dossier.left_over_differs"
    assert archive.shelf.read(CASE_NO, "manifest-0001.json.p7s") is None


def test_two_who_seal_at_once_leave_one_good_series(archive: Archive, journal: Journal) -> None:
    dossier = Dossier(CASE_NO, stored_items(archive), journal.entries(), UNTIL)

    def attempt(_: int) -> str:
        try:
            return str(seal_dossier(archive, dossier, seal, NOW).manifest.number)
        except DossierError as conflict:
            return conflict.code

    with ThreadPoolExecutor(8) as pool:
        outcomes = set(pool.map(attempt, range(8)))
    assert outcomes <= {"1", "dossier.conflict"}
    assert "1" in outcomes
    assert verify_archive(archive, check_seal, NOW).findings == ()


GOOD: dict[str, Any] = {
    "format": "qianshu.dossier/1",
    "case_no": "case-1",
    "number": 2,
    "created_at": "2026-11-21T03:04:05Z",
    "previous": {"number": 1, "sha256": "1" * 64},
    "journal": {"seq": 1, "sha256": "2" * 64},
    "objects": [
        {
            "role": "attachment",
            "name": name,
            "sha256": "3" * 64,
            "sm3": "4" * 64,
            "size_bytes": 5,
            "media_type": "text/plain",
            "retain_until": "2056-11-21T00:00:00Z",
        }
        for name in ("a", "b")
    ],
}

MALFORMED: dict[str, Any] = {
    "another format": lambda read: read.update(format="qianshu.dossier/2"),
    "no case number": lambda read: read.pop("case_no"),
    "case number climbs": lambda read: read.update(case_no="../x"),
    "number zero": lambda read: read.update(number=0),
    "number true": lambda read: read.update(number=True),
    "number as text": lambda read: read.update(number="2"),
    "local time": lambda read: read.update(created_at="2026-11-21T03:04:05"),
    "other time zone": lambda read: read.update(created_at="2026-11-21T11:04:05+08:00"),
    "unknown key": lambda read: read.update(extra=1),
    "digest in capitals": lambda read: read["journal"].update(sha256="A" * 64),
    "digest short": lambda read: read["previous"].update(sha256="1" * 63),
    "unknown role": lambda read: read["objects"][0].update(role="secret"),
    "size negative": lambda read: read["objects"][0].update(size_bytes=-1),
    "size as text": lambda read: read["objects"][0].update(size_bytes="5"),
    "name empty": lambda read: read["objects"][0].update(name=""),
    "objects no list": lambda read: read.update(objects={}),
    "object no object": lambda read: read.update(objects=["x"]),
}


def test_good_manifest_is_accepted() -> None:
    assert manifest_from_json(canonical_json(GOOD)).case_no == "case-1"
    jsonschema.validate(GOOD, SCHEMA)


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_manifest_is_refused_by_code_and_by_schema(name: str) -> None:
    read = json.loads(json.dumps(GOOD))
    MALFORMED[name](read)
    with pytest.raises(DossierError) as refusal:
        manifest_from_json(canonical_json(read))
    assert refusal.value.code == "dossier.malformed"
    if name != "case number climbs":  # a schema cannot say it in ASCII
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(read, SCHEMA)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        canonical_json(GOOD) + b"\n",
        canonical_json(GOOD).replace(b'"number":2', b'"number":2,"number":2'),
        canonical_json(GOOD).replace(b'"number":2', b'"number": 2'),
        canonical_json({**GOOD, "objects": GOOD["objects"][::-1]}),
        canonical_json({**GOOD, "objects": [GOOD["objects"][0]] * 2}),
    ],
)
def test_anything_but_the_canonical_bytes_is_refused(content: bytes) -> None:
    with pytest.raises(DossierError):
        manifest_from_json(content)


@pytest.mark.parametrize("case_no", ["HS-2026-0001", "黄房网签字〔2026〕第0001号", "（2026）鄂证字第1号", "a.b"])
def test_case_numbers_of_the_trade_name_folders(case_no: str) -> None:
    assert check_case_no(case_no) == case_no


@pytest.mark.parametrize(
    "case_no", ["", ".", "..", "../x", "a/b", "a\0", "-x", "a b", "号" * 67, "e\u0301", "\u2126", "a\n"]
)
def test_case_numbers_that_could_leave_their_folder_are_refused(case_no: str) -> None:
    with pytest.raises(ValueError, match="case number"):
        check_case_no(case_no)


def test_everything_can_be_rebuilt_from_the_archive_alone(archive: Archive, journal: Journal, tmp_path: Path) -> None:
    sealed_case(archive, journal.entries())
    journal.append("case.filed", {"filing_no": "备案2026-1"}, NOW)
    Journal.open(tmp_path / "archive" / "cases" / "another").append("case.opened", {}, NOW)
    entries = journal.entries()
    moved = tmp_path / "restored"
    shutil.copytree(tmp_path / "archive", moved)
    shutil.rmtree(tmp_path / "archive")
    again = open_folder_archive(moved)
    records = {record.case_no: record for record in read_cases(again)}
    assert list(records) == sorted([CASE_NO, "another"])
    assert records[CASE_NO].entries == entries
    assert records["another"].manifest is None
    manifest = records[CASE_NO].manifest
    assert manifest is not None
    for item in manifest.objects:
        if item.role is not Role.JOURNAL:
            with again.objects.open(item.sha256) as stream:
                assert stream.read() == CONTENTS[item.role, item.name]
