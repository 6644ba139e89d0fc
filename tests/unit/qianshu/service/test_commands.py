"""``qianshu staff``, ``machines`` and ``outbox`` on an embedded service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.client_secrets import is_secret
from errors import QianshuError
from identity.staff import StaffRole, grants_at
from qianshu.cli import _LazyGroup
from qianshu.service.machines import Machines
from qianshu.service.people_stores import open_people
from qianshu.service.records import Records, open_records
from qianshu.settings import settings_in
from signing.keys.private_files import make_private_folder, write_private
from tests.builders.house import cheap_guessing
from tests.unit.identity.somebody import NOW, SECRET, SELLER_NUMBER, claims, person


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """The data folder of a service that was set up."""
    folder = tmp_path / "data"
    folder.mkdir()
    make_private_folder(folder / "private")
    write_private(folder / "private" / "passphrase", b"a passphrase of this test")
    with cheap_guessing():
        yield folder


@pytest.fixture
def records(data: Path) -> Iterator[Records]:
    opened = open_records(settings_in(data), lambda: NOW)
    yield opened
    opened.database.close()


def run(data: Path, *arguments: str) -> Result:
    group = _LazyGroup("qianshu")
    return CliRunner().invoke(group, [*arguments, "--data", str(data)])


def refusal(result: Result) -> str:
    assert isinstance(result.exception, QianshuError), result.output
    return result.exception.code


def log_in(records: Records, **changes: object) -> str:
    from identity.accounts import account_from_login  # noqa: PLC0415 - of this helper alone

    account = account_from_login(SECRET, None, claims(**changes), person(), NOW)
    open_people(records.database, records.key, records.secret).accounts.save(account)
    return account.account_id


def test_the_first_administrator_is_made_by_number_or_account(data: Path, records: Records) -> None:
    account_id = log_in(records)
    role = ("--role", "admin", "--city", "huangshi")
    made = run(data, "staff", "grant", "--person", SELLER_NUMBER, *role)
    again = run(data, "staff", "grant", "--account", account_id, *role)

    assert made.exit_code == 0, made.output
    assert made.output == again.output
    assert SELLER_NUMBER not in made.output
    people = open_people(records.database, records.key, records.secret)
    (grant,) = people.staff.of_account(account_id)
    assert (grant.role, grant.city, grant.granted_by) == (StaffRole.ADMIN, "huangshi", "bootstrap")
    assert grants_at((grant,), grant.granted_at) == (grant,)
    assert grant.grant_id in run(data, "staff", "list", "--city", "huangshi").output


def test_nobody_gets_a_role_before_they_have_logged_in(data: Path, records: Records) -> None:
    role = ("--role", "admin", "--city", "huangshi")
    assert refusal(run(data, "staff", "grant", "--person", SELLER_NUMBER, *role)) == "staff.no_account"
    assert refusal(run(data, "staff", "grant", "--account", "nobody", *role)) == "account.unknown"
    assert refusal(run(data, "staff", "grant", "--person", "123", *role)) == "number.format"
    assert run(data, "staff", "grant", *role).exit_code == 2


def test_of_two_accounts_of_one_person_the_operator_says_which(data: Path, records: Records) -> None:
    accounts = {log_in(records), log_in(records, subject="sub-2")}
    result = run(data, "staff", "grant", "--person", SELLER_NUMBER, "--role", "admin", "--city", "huangshi")

    assert refusal(result) == "staff.several_accounts"
    assert set(result.exception.fields["accounts"]) == accounts


def test_a_program_is_registered_its_secret_shown_once_and_ended(data: Path, records: Records) -> None:
    asked = ("--kind", "registry", "--city", "huangshi", "--scope", "feed:read", "--scope", "cases:act")
    secret = run(data, "machines", "add", "land-registry", *asked).output.strip()
    book = Machines(records.database, records.key)
    assert is_secret("land-registry", secret, book.load("land-registry").secret_hashes)
    assert book.load("land-registry").machine.scopes == ("feed:read", "cases:act")
    assert refusal(run(data, "machines", "add", "land-registry", *asked)) == "machine.exists"

    renewed = run(data, "machines", "renew-secret", "land-registry").output.strip()
    assert is_secret("land-registry", renewed, book.load("land-registry").secret_hashes)
    listed = run(data, "machines", "list").output
    assert "land-registry  registry  huangshi  feed:read,cases:act  2 secret(s)" in listed
    assert secret not in listed
    assert renewed not in listed

    assert run(data, "machines", "end", "land-registry").exit_code == 0
    assert book.load("land-registry").ended_at is not None
    assert "ended" in run(data, "machines", "list").output
    assert refusal(run(data, "machines", "end", "land-registry")) == "machine.unknown"


def test_a_misspelt_scope_is_refused_and_keys_take_the_place_of_a_secret(data: Path, tmp_path: Path) -> None:
    asked = ("--kind", "registry", "--city", "huangshi", "--scope")
    assert run(data, "machines", "add", "one", *asked, "feed:raed").exit_code == 2
    keys = tmp_path / "keys.json"
    keys.write_text('{"keys": []}', encoding="utf-8")
    assert refusal(run(data, "machines", "add", "one", *asked, "feed:read", "--keys", str(keys))) == "machine.keys"


def test_a_misspelt_city_is_refused(data: Path) -> None:
    grant = run(data, "staff", "grant", "--account", "a", "--role", "admin", "--city", "huangshe")
    program = run(data, "machines", "add", "one", "--kind", "registry", "--city", "huangshe", "--scope", "feed:read")
    assert (grant.exit_code, program.exit_code) == (2, 2)
    assert "huangshi" in grant.output


def test_failed_work_is_listed_and_tried_again(data: Path, records: Records) -> None:
    for number in range(3):
        task_id = records.outbox.add("sms", f"sms:{number}", NOW, {})
        records.outbox.fail(records.outbox.claim(task_id, NOW, 60), NOW, "outside.refused")
    listed = run(data, "outbox", "failed").output.splitlines()
    assert listed == [f"{number}  sms  -  1  outside.refused" for number in (1, 2, 3)]

    assert run(data, "outbox", "requeue", "1", "3").exit_code == 0
    assert run(data, "outbox", "failed").output.splitlines() == ["2  sms  -  1  outside.refused"]
    assert refusal(run(data, "outbox", "requeue", "1", "2")) == "outbox.not_failed"
    assert run(data, "outbox", "failed").output == ""
