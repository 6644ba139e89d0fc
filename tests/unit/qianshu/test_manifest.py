"""Closing a dossier and walking the archive: what is listed, what is sealed, and what each damage is called."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from filing.contract import Produced, perform_once, read_acts
from qianshu.manifest import LISTING, check_archive, close_dossier
from storage.dossier import Role, manifest_from_json
from storage.journal import Journal
from tests.builders.house import CASE_NO
from tests.builders.keyring import NOW, make_keyring

if TYPE_CHECKING:
    from pathlib import Path

    from qianshu.bootstrap import House


def walk(house: House) -> tuple[str, list[tuple[str, str | None]]]:
    report = check_archive(house.archive, [house.desk.keys], NOW)
    return report.verdict.value, [(finding.code, finding.name or finding.subject) for finding in report.findings]


def object_path(house: House, name: str) -> Path:
    manifest = manifest_from_json(house.archive.shelf.read(CASE_NO, "manifest-0001.json") or b"")
    sha256 = next(item.sha256 for item in manifest.objects if item.name == name)
    return house.settings.archive_folder / "objects" / sha256[:2] / sha256[2:4] / sha256


def case_file(house: House, name: str) -> Path:
    return house.settings.archive_folder / "cases" / CASE_NO / name


def rewrite(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def note(house: House, name: str = "note") -> None:
    """One more act of the case."""
    perform_once(house.case(CASE_NO), name, lambda _: lambda: Produced(name.encode(), "text/plain", {}))


def test_an_intact_archive_passes_without_a_word(house: House) -> None:
    assert walk(house) == ("passed", [])


def test_every_object_is_listed_once_by_role_and_name(house: House) -> None:
    manifest = close_dossier(house, house.case(CASE_NO)).manifest
    acts = read_acts(house.journal(CASE_NO).entries()).by_name
    listed = {item.sha256: item for item in manifest.objects}
    assert {act.sha256 for act in acts.values()} == {s for s, item in listed.items() if item.role is not Role.JOURNAL}
    assert listed[acts["seal"].sha256].name == "contract.pdf"
    assert listed[acts["sign:buyer-1"].sha256].name == "contract-sign-buyer-1.pdf"
    assert [item.role for item in manifest.objects].count(Role.STROKES) == 3
    assert len({item.name for item in manifest.objects}) == len(manifest.objects) == 12


def test_closing_again_changes_nothing(house: House) -> None:
    before = house.journal(CASE_NO).entries()
    again = close_dossier(house, house.case(CASE_NO))
    assert again.manifest.number == 1
    assert house.journal(CASE_NO).entries() == before


def test_a_later_act_is_listed_by_the_next_manifest(house: House) -> None:
    note(house)
    assert walk(house) == ("passed", [("archive.object_in_progress", hashlib.sha256(b"note").hexdigest())])
    sealed = close_dossier(house, house.case(CASE_NO))
    assert sealed.manifest.number == 2
    assert walk(house) == ("passed", [])


def test_closing_adopts_what_a_killed_act_left(house: House) -> None:
    case = house.case(CASE_NO)
    sha256 = case.archive.put(b"late", media_type="text/plain", retain_until=case.retain_until).sha256
    case.journal.append("act.prepared", {"act": "note", "sha256": sha256, "facts": {}}, NOW)
    assert sha256 in {item.sha256 for item in close_dossier(house, case).manifest.objects}
    assert walk(house) == ("passed", [])


def test_the_copy_of_the_journal_is_announced_before_it_is_stored(house: House) -> None:
    """Else a kill between copy and manifest, then one more act, leave an object of nobody under retention."""
    note(house)
    entries = house.journal(CASE_NO).entries()
    copy = b"".join(entry.to_line() for entry in entries)
    seen: list[str] = []

    class Dying(BaseException):
        pass

    put = house.archive.objects.put

    def put_and_die(data: bytes, **how: object) -> None:
        seen.extend(entry.event for entry in house.journal(CASE_NO).entries()[len(entries) :])
        put(data, **how)
        raise Dying

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(house.archive.objects), "put", lambda _, data, **how: put_and_die(data, **how))
        with pytest.raises(Dying):
            close_dossier(house, house.case(CASE_NO))
    assert seen == [LISTING]
    assert house.journal(CASE_NO).entries()[-1].data["journal_sha256"] == hashlib.sha256(copy).hexdigest()
    note(house, "another")
    close_dossier(house, house.case(CASE_NO))
    verdict, findings = walk(house)
    assert (verdict, {code for code, _ in findings}) == ("passed", {"archive.object_in_progress"})


def test_names_a_missing_object(house: House) -> None:
    object_path(house, "contract-stamp.pdf").unlink()
    assert walk(house) == ("failed", [("archive.object_missing", "contract-stamp.pdf")])


def test_names_an_altered_object(house: House) -> None:
    path = object_path(house, "evidence-report.pdf")
    rewrite(path, path.read_bytes()[:-1] + b"?")
    assert walk(house) == ("failed", [("archive.object_altered", "evidence-report.pdf")])


def test_names_an_object_of_no_case(house: House) -> None:
    stranger = house.archive.objects.put(b"?", media_type="text/plain", retain_until=NOW + timedelta(days=36500))
    assert walk(house) == ("indeterminate", [("archive.object_unlisted", stranger.sha256)])


def test_names_a_manifest_that_was_rewritten(house: House) -> None:
    path = case_file(house, "manifest-0001.json")
    manifest = json.loads(path.read_bytes())
    manifest["objects"] = [item for item in manifest["objects"] if item["name"] != "contract.pdf"]
    rewrite(path, json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
    verdict, findings = walk(house)
    assert verdict == "failed"
    assert any(
        code.startswith("archive.seal_") and subject == "manifest-0001.json.p7s" for code, subject in findings
    ), findings


def test_names_a_seal_that_is_none(house: House) -> None:
    rewrite(case_file(house, "manifest-0001.json.p7s"), b"garbage")
    assert walk(house)[0] == "failed"


def test_names_a_shortened_journal(house: House) -> None:
    path = case_file(house, "journal.jsonl")
    rewrite(path, b"".join(path.read_bytes().splitlines(keepends=True)[:-5]))
    assert [code for code, _ in walk(house)[1]] == ["archive.journal_shortened"]


def test_a_seal_of_another_authority_is_not_taken(house: House, tmp_path: Path) -> None:
    report = check_archive(house.archive, [make_keyring(tmp_path / "others")], NOW)
    assert report.verdict.value != "passed"


def test_a_journal_in_use_waits_for_no_reader(house: House) -> None:
    with Journal.open(house.settings.archive_folder / "cases" / CASE_NO).exclusive():
        assert walk(house) == ("passed", [])
