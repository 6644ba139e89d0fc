"""The contract's whole way with its archive in MinIO, connections cut on the way, and the walk at the end."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from filing.contract import sign_contract
from qianshu.bootstrap import open_house
from qianshu.cli import main
from qianshu.demo.sale import sale_steps
from qianshu.manifest import check_archive, close_dossier
from qianshu.settings import ObjectSettings, Settings
from signing.keys.private_files import write_private
from storage.buckets import BucketSettings
from storage.dossier import read_cases
from storage.errors import StorageUnavailable
from tests.builders.house import CASE_NO, certified_case, cheap_guessing, demo_signings, lay_keys, opened
from tests.builders.keyring import NOW
from tests.integration.test_minio import raw_client
from tests.integration.test_minio_faults import CuttingProxy, free_port

if TYPE_CHECKING:
    from qianshu.bootstrap import House

pytestmark = pytest.mark.needs("QIANSHU_MINIO_ENDPOINT")


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """A service whose objects and manifests go into a bucket of their own."""
    write_private(tmp_path / "access", os.environ["QIANSHU_MINIO_ACCESS_KEY"].encode())
    write_private(tmp_path / "secret", os.environ["QIANSHU_MINIO_SECRET_KEY"].encode())
    objects = ObjectSettings(
        store="minio",
        endpoint=os.environ["QIANSHU_MINIO_ENDPOINT"],
        bucket=f"qianshu-test-{secrets.token_hex(8)}",
        access_key_file=tmp_path / "access",
        secret_key_file=tmp_path / "secret",
        transport="http",
    )
    with cheap_guessing():
        yield replace(lay_keys(tmp_path / "data"), objects=objects)


def walked(house: House) -> tuple[str, list[tuple[str, str | None]]]:
    report = check_archive(house.archive, [house.desk.keys], NOW)
    return report.verdict.value, [(finding.code, finding.subject) for finding in report.findings]


def finished(house: House, out: Path) -> None:
    for step in sale_steps(house, house.case(CASE_NO), out):
        step.run()


def test_a_whole_sale_is_archived_in_the_bucket(settings: Settings, tmp_path: Path) -> None:
    house = opened(settings)
    finished(house, tmp_path)
    assert walked(opened(settings)) == ("passed", [])
    assert not (settings.archive_folder / "objects").exists()
    assert house.archive.shelf.names(CASE_NO) == ("journal.jsonl", "manifest-0001.json", "manifest-0001.json.p7s")
    (record,) = read_cases(house.archive)
    assert record.manifest is not None
    assert len(record.manifest.objects) == len(list(house.archive.objects.iterate())) == 12
    finished(opened(settings), tmp_path)
    assert house.archive.shelf.names(CASE_NO)[-1] == "manifest-0001.json.p7s"


def test_the_walk_knows_objects_in_progress_from_strangers(settings: Settings) -> None:
    house = opened(settings)
    case = certified_case(house)
    verdict, findings = walked(house)
    assert (verdict, {code for code, _ in findings}) == ("passed", {"archive.case_open", "archive.object_in_progress"})
    stranger = house.archive.objects.put(b"?", media_type="text/plain", retain_until=case.retain_until)
    assert ("archive.object_unlisted", stranger.sha256) in walked(house)[1]


def test_the_walk_names_a_manifest_without_its_seal(settings: Settings) -> None:
    house = opened(settings)
    close_dossier(house, certified_case(house))
    where = BucketSettings(
        settings.objects.endpoint,
        os.environ["QIANSHU_MINIO_ACCESS_KEY"],
        os.environ["QIANSHU_MINIO_SECRET_KEY"],
        settings.objects.bucket,
        secure=False,
    )
    raw_client(where).put_object(where.bucket, f"cases/{CASE_NO}/manifest-0002.json", io.BytesIO(b"{}"), 2)
    verdict, findings = walked(house)
    assert verdict == "failed"
    assert ("archive.seal_missing", "manifest-0002.json") in findings


@pytest.mark.parametrize("cut_bytes", [0, 70_000], ids=["at once", "in the middle of the upload"])
def test_a_connection_cut_in_the_middle_of_an_act_is_said_and_the_retry_succeeds(
    settings: Settings, tmp_path: Path, cut_bytes: int
) -> None:
    certified_case(opened(settings))
    proxy = CuttingProxy(settings.objects.endpoint)
    cut_off = replace(settings, objects=replace(settings.objects, endpoint=proxy.endpoint))
    stamp = opened(cut_off).desk.timestamper

    def and_then_it_is_cut(digest: bytes) -> object:
        proxy.cut_to_server = cut_bytes
        return stamp(digest)

    going = opened(cut_off, timestamper=and_then_it_is_cut)
    try:
        with pytest.raises(StorageUnavailable, match=r"storage\.unavailable"):
            sign_contract(going.case(CASE_NO), going.desk, demo_signings()["seller-1"])
    finally:
        proxy.close()
    house = opened(settings)
    finished(house, tmp_path)
    assert walked(house) == ("passed", [])


def test_the_command_walks_the_bucket_that_its_settings_name(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    objects = settings.objects
    settings = replace(lay_keys(tmp_path / "today", datetime.now(UTC)), objects=objects)  # the command has a real clock
    house = open_house(settings, lambda: datetime.now(UTC))
    close_dossier(house, certified_case(house))
    file = tmp_path / "settings.toml"
    file.write_text(
        f"""
        data_folder = "{settings.data_folder}"
        [objects]
        store = "minio"
        endpoint = "{objects.endpoint}"
        bucket = "{objects.bucket}"
        access_key_file = "{objects.access_key_file}"
        secret_key_file = "{objects.secret_key_file}"
        transport = "http"
        """
    )
    with pytest.raises(SystemExit) as ended:
        main(["archive", "verify", "--settings", str(file)])
    assert (ended.value.code, capsys.readouterr().out[:40]) == (0, "passed: 1 cases, 1 manifests, 3 objects,")


def test_a_server_that_is_not_there_stops_the_start(settings: Settings) -> None:
    gone = replace(settings, objects=replace(settings.objects, endpoint=f"127.0.0.1:{free_port()}"))
    with pytest.raises(StorageUnavailable, match=r"storage\.unavailable"):
        opened(gone)
