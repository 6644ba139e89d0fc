"""The walk names every way in which an archive can be less than it was."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from storage.canonical import canonical_json
from storage.dossier import Dossier, Role, Severity, Verdict, open_folder_archive, seal_dossier, verify_archive
from storage.dossier.findings import CODES
from storage.journal import Journal
from tests.unit.storage.dossiers import CASE_NO, CONTENTS, NOW, UNTIL, check_seal, seal, sealed_case, stored_items

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.dossier import Archive, ArchiveReport


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


FINAL = digest(CONTENTS[Role.CONTRACT_FINAL, "contract.pdf"])


class Sealed:
    """An archive of one case with two manifests, and its folders."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.archive: Archive = open_folder_archive(root)
        self.case = root / "cases" / CASE_NO
        self.journal = Journal.open(self.case)
        self.journal.append("case.opened", {"case_no": CASE_NO}, NOW)
        sealed_case(self.archive, self.journal.entries())
        self.journal.append("case.filed", {"filing_no": "备案2026-1"}, NOW)
        self.seal_again()
        self.journal.append("case.read", {}, NOW)

    def seal_again(self, **more: bytes) -> None:
        contents = CONTENTS | {(Role.EVIDENCE, name): content for name, content in more.items()}
        items = stored_items(self.archive, contents)
        seal_dossier(self.archive, Dossier(CASE_NO, items, self.journal.entries(), UNTIL), seal, NOW)

    def object(self, sha256: str) -> Path:
        return self.root / "objects" / sha256[:2] / sha256[2:4] / sha256

    def facts(self, sha256: str) -> Path:
        return self.object(sha256).with_name(f"{sha256}.json")

    def manifest(self, number: int) -> Path:
        return self.case / f"manifest-{number:04d}.json"

    def rewrite(self, number: int, change: Callable[[dict[str, Any]], object]) -> None:
        """A manifest changed by somebody who holds the key: only what it says can give it away."""
        path = self.manifest(number)
        read = json.loads(path.read_bytes())
        change(read)
        overwrite(path, canonical_json(read))
        overwrite(path.with_name(f"{path.name}.p7s"), seal(canonical_json(read)))

    def verify(self) -> ArchiveReport:
        return verify_archive(open_folder_archive(self.root), check_seal, NOW)

    def journal_copy(self, number: int) -> str:
        read = json.loads(self.manifest(number).read_bytes())
        return next(item["sha256"] for item in read["objects"] if item["role"] == "journal")


def overwrite(path: Path, content: bytes) -> None:
    if path.exists():
        path.chmod(0o600)
    path.write_bytes(content)


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    return Sealed(tmp_path / "archive")


def _item(read: dict[str, Any], name: str = "contract.pdf") -> dict[str, Any]:
    return next(item for item in read["objects"] if item["name"] == name)


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def _shortened_facts(sealed: Sealed) -> None:
    facts = json.loads(sealed.facts(FINAL).read_bytes())
    overwrite(sealed.facts(FINAL), canonical_json({**facts, "retain_until": "2020-01-01T00:00:00Z"}))


def _retyped_facts(sealed: Sealed) -> None:
    facts = json.loads(sealed.facts(FINAL).read_bytes())
    overwrite(sealed.facts(FINAL), canonical_json({**facts, "media_type": "text/html"}))


def _another_journal(sealed: Sealed) -> None:
    (sealed.case / "journal.jsonl").unlink()
    other = Journal.open(sealed.case)
    for number in range(3):
        other.append("case.invented", {"number": number}, NOW)


def _planted_object(sealed: Sealed) -> None:
    sealed.archive.objects.put(b"planted", media_type="text/plain", retain_until=UNTIL)


def _mentioned_object(sealed: Sealed) -> None:
    ref = sealed.archive.objects.put(b"signed a moment ago", media_type="text/plain", retain_until=UNTIL)
    sealed.journal.append("act.done", {"sha256": ref.sha256}, NOW)


def _mentioned_in_a_broken_journal(sealed: Sealed) -> None:
    _mentioned_object(sealed)
    lines = _lines(sealed.case / "journal.jsonl")
    overwrite(sealed.case / "journal.jsonl", b"".join([lines[0].replace(b"opened", b"closed"), *lines[1:]]))


M1, M2, SEAL2 = "manifest-0001.json", "manifest-0002.json", "manifest-0002.json.p7s"
PLANTED, MENTIONED = digest(b"planted"), digest(b"signed a moment ago")

# name → (what is done, the findings expected: (code, subject))
TAMPERING: dict[str, tuple[Callable[[Sealed], object], list[tuple[str, str]]]] = {
    "nothing": (lambda _: None, []),
    "object removed": (
        lambda s: (s.object(FINAL).unlink(), s.facts(FINAL).unlink()),
        [("archive.object_missing", FINAL)],
    ),
    "object altered": (lambda s: overwrite(s.object(FINAL), b"%PDF forged"), [("archive.object_altered", FINAL)]),
    "object emptied": (lambda s: overwrite(s.object(FINAL), b""), [("archive.object_altered", FINAL)]),
    "object replaced by a link": (
        lambda s: (s.object(FINAL).unlink(), s.object(FINAL).symlink_to("/dev/null")),
        [("archive.object_unreadable", FINAL)],
    ),
    "facts removed": (lambda s: s.facts(FINAL).unlink(), [("archive.object_facts_altered", FINAL)]),
    "facts damaged": (lambda s: overwrite(s.facts(FINAL), b"{}"), [("archive.object_facts_altered", FINAL)]),
    "retention shortened": (_shortened_facts, [("archive.retention_short", FINAL)]),
    "media type changed": (_retyped_facts, [("archive.object_differs", FINAL)]),
    "object planted": (_planted_object, [("archive.object_unlisted", PLANTED)]),
    "planted object is altered too": (
        lambda s: (_planted_object(s), overwrite(s.object(PLANTED), b"x")),
        [("archive.object_unlisted", PLANTED), ("archive.object_altered", PLANTED)],
    ),
    "object of a case in progress": (_mentioned_object, [("archive.object_in_progress", MENTIONED)]),
    "a broken journal vouches for nothing": (
        _mentioned_in_a_broken_journal,
        [
            ("archive.journal_broken", "journal.jsonl:1"),
            ("archive.object_unlisted", MENTIONED),
        ],
    ),
    "stray file": (lambda s: overwrite(s.root / "objects" / "note", b""), [("archive.stray", "note")]),
    "seal removed": (lambda s: (s.case / SEAL2).unlink(), [("archive.seal_missing", M2)]),
    "seal forged": (lambda s: overwrite(s.case / SEAL2, bytes(64)), [("archive.seal_broken", SEAL2)]),
    "manifest altered": (
        lambda s: overwrite(s.manifest(2), s.manifest(2).read_bytes().replace(b"contract.pdf", b"contract.PDF")),
        [("archive.seal_broken", SEAL2)],
    ),
    "manifest damaged": (
        lambda s: overwrite(s.manifest(2), b"{"),
        [
            ("archive.seal_broken", SEAL2),
            ("archive.manifest_malformed", M2),
            ("archive.object_unlisted", "copy 2"),
        ],
    ),
    "newest manifest removed": (
        lambda s: s.manifest(2).unlink(),
        [("archive.seal_without_manifest", SEAL2), ("archive.object_unlisted", "copy 2")],
    ),
    "older manifest removed with its seal": (
        lambda s: (s.manifest(1).unlink(), (s.case / f"{M1}.p7s").unlink()),
        [("archive.manifest_missing", M1), ("archive.object_unlisted", "copy 1")],
    ),
    "older manifest rewritten": (
        lambda s: s.rewrite(1, lambda read: read.update(created_at="2026-11-20T00:00:00Z")),
        [("archive.manifest_chain_broken", M2)],
    ),
    "first manifest claims one before": (
        lambda s: s.rewrite(1, lambda read: read.update(previous={"number": 1, "sha256": "0" * 64})),
        [("archive.manifest_chain_broken", M1), ("archive.manifest_chain_broken", M2)],
    ),
    "object dropped from the newer manifest": (
        lambda s: s.rewrite(2, lambda read: read["objects"].remove(_item(read))),
        [("archive.object_dropped", FINAL)],
    ),
    "manifest of another case": (
        lambda s: s.rewrite(2, lambda read: read.update(case_no="another")),
        [("archive.manifest_misplaced", M2), ("archive.object_unlisted", "copy 2")],
    ),
    "manifest says another SM3": (
        lambda s: s.rewrite(2, lambda read: _item(read).update(sm3="0" * 64)),
        [("archive.object_differs", FINAL)],
    ),
    "manifest lists what never was": (
        lambda s: s.rewrite(
            2, lambda read: read["objects"].append({**_item(read), "role": "terms", "sha256": "0" * 64, "name": "x"})
        ),
        [("archive.object_missing", "0" * 64)],
    ),
    "manifest without its copy of the journal": (
        lambda s: s.rewrite(2, lambda read: read["objects"].remove(_item(read, "journal.jsonl"))),
        [("archive.journal_missing", M2), ("archive.object_unlisted", "copy 2")],
    ),
    "manifest names another head": (
        lambda s: s.rewrite(2, lambda read: read["journal"].update(sha256="0" * 64)),
        [("archive.journal_differs", "copy 2:2"), ("archive.journal_differs", "journal.jsonl:2")],
    ),
    "manifest names a later head": (
        lambda s: s.rewrite(2, lambda read: read["journal"].update(seq=3)),
        [("archive.journal_shortened", "copy 2:3"), ("archive.journal_differs", "journal.jsonl:3")],
    ),
    "journal removed": (lambda s: (s.case / "journal.jsonl").unlink(), [("archive.journal_missing", "journal.jsonl")]),
    "journal altered": (
        lambda s: overwrite(
            s.case / "journal.jsonl", (s.case / "journal.jsonl").read_bytes().replace(b"read", b"seen")
        ),
        [("archive.journal_broken", "journal.jsonl:3")],
    ),
    "journal shortened": (
        lambda s: overwrite(s.case / "journal.jsonl", _lines(s.case / "journal.jsonl")[0]),
        [("archive.journal_shortened", "journal.jsonl:2")],
    ),
    "journal replaced by a well-chained one": (
        _another_journal,
        [("archive.journal_differs", "journal.jsonl:1"), ("archive.journal_differs", "journal.jsonl:2")],
    ),
    "journal torn at the end": (
        lambda s: overwrite(s.case / "journal.jsonl", (s.case / "journal.jsonl").read_bytes() + b'{"at":'),
        [("archive.journal_torn", "journal.jsonl")],
    ),
    "case removed": (
        lambda s: shutil.rmtree(s.case),
        [("archive.object_unlisted", sha256) for sha256 in ("copy 1", "copy 2", *map(digest, CONTENTS.values()))],
    ),
    "case folder of no case number": (
        lambda s: (s.root / "cases" / "-x").mkdir(),
        [("archive.case_misnamed", None)],
    ),
    "case without manifest": (
        lambda s: Journal.open(s.root / "cases" / "another").append("case.opened", {}, NOW),
        [("archive.case_open", None)],
    ),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_walk_names_exactly_what_was_done(sealed: Sealed, name: str) -> None:
    copies = {f"copy {number}": sealed.journal_copy(number) for number in (1, 2)}
    tamper, expected = TAMPERING[name]
    tamper(sealed)
    report = sealed.verify()

    def spelled(subject: str | None) -> str | None:
        for copy, sha256 in copies.items():
            subject = subject and subject.replace(copy, sha256)
        return subject

    found = [(finding.code, finding.subject) for finding in report.findings]
    assert sorted(found, key=str) == sorted([(code, spelled(subject)) for code, subject in expected], key=str)
    severities = {finding.severity for finding in report.findings}
    worst = next((one for one in (Severity.FAILED, Severity.INDETERMINATE) if one in severities), None)
    assert report.verdict.value == (worst.value if worst else "passed")


def test_every_code_is_reached_by_some_tampering() -> None:
    reached = {code for _, expected in TAMPERING.values() for code, _ in expected}
    # Not tampering: time was up (below).
    assert reached >= CODES.keys() - {"archive.unfinished"}


def test_findings_name_case_and_object_for_people(sealed: Sealed) -> None:
    overwrite(sealed.object(FINAL), b"forged")
    (finding,) = sealed.verify().findings
    assert (finding.case_no, finding.subject, finding.name) == (CASE_NO, FINAL, "contract.pdf")
    assert "改动" in finding.zh
    assert "altered" in finding.en


def test_an_object_of_two_cases_is_named_for_both(sealed: Sealed) -> None:
    sealed_case(sealed.archive, (), "another")
    sealed.object(FINAL).unlink()
    found = [(finding.code, finding.case_no) for finding in sealed.verify().findings]
    assert sorted(found) == [("archive.object_missing", "another"), ("archive.object_missing", CASE_NO)]


def test_report_counts_and_goes_to_json(sealed: Sealed) -> None:
    report = sealed.verify()
    assert report.verdict is Verdict.PASSED
    assert (report.case_count, report.manifest_count, report.object_count) == (1, 2, len(CONTENTS) + 2)
    read = json.loads(json.dumps(report.to_json()))
    assert read["verdict"] == "passed"
    assert read["checked_at"] == "2026-11-21T03:04:05Z"
    assert read["size_bytes"] == report.size_bytes > 0


def test_empty_archive_passes(tmp_path: Path) -> None:
    report = verify_archive(open_folder_archive(tmp_path), check_seal, NOW)
    assert (report.verdict, report.findings, report.case_count) == (Verdict.PASSED, (), 0)


def test_a_walk_that_is_told_to_stop_says_what_it_does_not_know(sealed: Sealed) -> None:
    turns = iter([True, True, True])
    report = verify_archive(open_folder_archive(sealed.root), check_seal, NOW, lambda: next(turns, False))
    assert [one.code for one in report.findings][-1] == "archive.unfinished"
    assert (report.verdict.value, report.case_count, report.object_count) == ("indeterminate", 1, 2)
    # What was not reached is not said to be missing.
    assert not any(one.code == "archive.object_missing" for one in report.findings)


def test_a_walk_without_any_time_knows_nothing(sealed: Sealed) -> None:
    report = verify_archive(open_folder_archive(sealed.root), check_seal, NOW, lambda: False)
    assert [one.code for one in report.findings] == ["archive.unfinished"]
