"""``qianshu notary`` on an embedded service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from identity.acting import Machine, MachineKind
from qianshu.service.machines import Machines
from qianshu.service.people_stores import open_people
from tests.unit.api.test_mutual_tls import certificate
from tests.unit.identity.somebody import NOW
from tests.unit.qianshu.service.test_commands import data, log_in, records, refusal, run

if TYPE_CHECKING:
    from pathlib import Path

    from qianshu.service.records import Records

__all__ = ["data", "records"]

SHIQI = ("粤中石岐", "--name", "广东省中山市石岐公证处", "--region", "442000")


@pytest.fixture
def office_id(data: Path) -> str:
    return run(data, "notary", "office", "add", *SHIQI).output.strip()


def test_an_office_is_entered_listed_and_ended(data: Path, office_id: str) -> None:
    assert refusal(run(data, "notary", "office", "add", *SHIQI)) == "notary.office_taken"
    assert run(data, "notary", "office", "add", "x", "--name", "x", "--region", "4420").exit_code == 2
    assert f"{office_id}  粤中石岐  广东省中山市石岐公证处  442000" in run(data, "notary", "office", "list").output

    assert run(data, "notary", "office", "end", office_id).exit_code == 0
    assert refusal(run(data, "notary", "office", "end", office_id)) == "notary.office_unknown"
    assert "ended" in run(data, "notary", "office", "list").output


def test_a_certificate_is_entered_once_and_withdrawn(data: Path, office_id: str, tmp_path: Path) -> None:
    pem = tmp_path / "office.pem"
    pem.write_bytes(certificate("office").public_bytes(Encoding.PEM))
    asked = ("--certificate", str(pem), "--issuers", str(pem))
    digest = run(data, "notary", "certificate", "add", office_id, *asked).output.strip()
    assert f"certificate  {digest}  1 issuer(s)" in run(data, "notary", "office", "list").output
    assert refusal(run(data, "notary", "certificate", "add", office_id, *asked)) == "notary.certificate_taken"
    assert refusal(run(data, "notary", "certificate", "add", "nobody", *asked)) == "notary.office_unknown"

    assert run(data, "notary", "certificate", "withdraw", office_id, digest).exit_code == 0
    assert refusal(run(data, "notary", "certificate", "withdraw", office_id, digest)) == "notary.certificate_unknown"
    assert "withdrawn" in run(data, "notary", "office", "list").output
    pem.write_text("nothing", encoding="utf-8")
    assert refusal(run(data, "notary", "certificate", "add", office_id, *asked)) == "notary.certificate_unreadable"


def test_a_program_and_a_notary_work_for_an_office(data: Path, records: Records, office_id: str) -> None:
    account_id = log_in(records)
    book = Machines(records.database, records.key)
    book.add(Machine("shiqi-program", MachineKind.NOTARY, ("zhongshan-notary",), ("notary:read",)), NOW)
    book.add(Machine("registry", MachineKind.REGISTRY, ("zhongshan-notary",), ("feed:read",)), NOW)
    assert run(data, "notary", "member", "add", office_id, "--account", account_id).exit_code == 0
    assert run(data, "notary", "member", "add", office_id, "--client", "shiqi-program").exit_code == 0

    people = open_people(records.database, records.key, records.secret)
    assert book.load("shiqi-program").machine.office == office_id
    assert people.offices_of(account_id) == (office_id,)
    add = ("notary", "member", "add", office_id)
    assert refusal(run(data, *add, "--client", "shiqi-program")) == "notary.member_taken"
    for unknown in (("--client", "registry"), ("--client", "nobody"), ("--account", "nobody")):
        assert refusal(run(data, *add, *unknown)) == "notary.member_unknown"
    assert run(data, *add).exit_code == 2

    assert run(data, "notary", "member", "remove", office_id, "--client", "shiqi-program").exit_code == 0
    assert book.load("shiqi-program").machine.office is None
    remove = ("notary", "member", "remove", office_id, "--client", "shiqi-program")
    assert refusal(run(data, *remove)) == "notary.member_unknown"
    assert "bootstrap" in run(data, "notary", "office", "list").output


def test_a_program_is_registered_with_its_certificate(data: Path, records: Records, tmp_path: Path) -> None:
    pem = tmp_path / "client.pem"
    pem.write_bytes(certificate("client").public_bytes(Encoding.PEM))
    asked = ("--kind", "notary", "--city", "zhongshan-notary", "--scope", "notary:read")
    assert run(data, "machines", "add", "shiqi-program", *asked, "--certificate", str(pem)).output == ""
    kept = Machines(records.database, records.key).load("shiqi-program")
    assert '"x5c"' in str(kept.public_keys)
    assert kept.secret_hashes == ()
    both = ("--certificate", str(pem), "--keys", str(pem))
    assert run(data, "machines", "add", "another", *asked, *both).exit_code == 2
