"""``docker-compose.yml`` and the files it names, read without a Docker engine: what would start fits together."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from qianshu.settings import load_settings

ROOT = Path(__file__).parents[3]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = ("setup", "api", "worker-1", "worker-2", "beat", "sandbox")
OTHERS = ("postgres", "rabbitmq", "minio")
SETTINGS = tomllib.loads((ROOT / "docker/qianshu.toml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "docker/Dockerfile").read_text(encoding="utf-8")


def secrets_of(name: str) -> list[dict[str, str]]:
    given = SERVICES[name].get("secrets", [])
    named = [{"source": each} if isinstance(each, str) else each for each in given]
    return [{"target": f"/run/secrets/{each['source']}", **each} for each in named]


def test_a_city_is_api_two_workers_one_beat_and_the_services_they_need():
    assert set(SERVICES) == {*OURS, *OTHERS}


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_says_whether_it_is_well(name):
    check = SERVICES[name]["healthcheck"]
    assert check == {"disable": True} if name == "setup" else check["test"][0] in {"CMD", "CMD-SHELL"}


@pytest.mark.parametrize("name", SERVICES)
def test_each_image_is_pinned(name):
    tag = SERVICES[name]["image"].rpartition(":")[2]
    assert re.search(r"\d", tag)
    assert tag != "latest"


@pytest.mark.parametrize("name", OURS)
def test_ours_are_one_image_without_rights(name):
    service = SERVICES[name]
    assert service["image"] == SERVICES["api"]["image"]
    assert service["user"].startswith("${QIANSHU_UID:?")
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", SERVICES)
def test_whatever_is_waited_for_is_there_and_can_come(name):
    for other, how in SERVICES[name].get("depends_on", {}).items():
        awaited = SERVICES[other]
        if how["condition"] == "service_healthy":
            assert awaited["healthcheck"] != {"disable": True}
        else:
            assert awaited["restart"] == "no"


@pytest.mark.parametrize("name", SERVICES)
def test_only_loopback_is_published(name):
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_secrets_are_files_of_their_own_and_each_is_declared():
    used = {each["source"] for name in SERVICES for each in secrets_of(name)}
    assert used == set(COMPOSE["secrets"])
    for name in SERVICES:
        environment = SERVICES[name].get("environment", {})
        assert not [key for key in environment if "PASSWORD" in key and not key.endswith("_FILE")]


@pytest.mark.parametrize("name", OTHERS)
def test_each_file_an_image_is_pointed_to_is_given_to_it(name):
    pointed = [value for key, value in SERVICES[name].get("environment", {}).items() if key.endswith("_FILE")]
    assert set(pointed) <= {each["target"] for each in secrets_of(name)}


def test_each_file_the_settings_name_is_given_to_whoever_reads_them():
    named = {value for value in leaves(SETTINGS) if str(value).startswith("/run/secrets/")}
    assert len(named) == 8
    for name in OURS:
        if "/etc/qianshu/qianshu.toml" in SERVICES[name]["command"]:
            assert named <= {each["target"] for each in secrets_of(name)}


def leaves(table: dict) -> list[object]:
    return [leaf for value in table.values() for leaf in (leaves(value) if isinstance(value, dict) else [value])]


def test_hosts_in_the_settings_are_services():
    assert SETTINGS["objects"]["endpoint"].partition(":")[0] in SERVICES
    outside = SETTINGS["service"]["outside"].values()
    published = {port.rpartition(":")[2] for port in SERVICES["sandbox"]["ports"]}
    assert {urlsplit(each.get("url") or each["issuer"]).port for each in outside} == {8400}
    assert {"8400", str(urlsplit(SETTINGS["service"]["web"]["base_url"]).port)} == published


def test_the_settings_are_those_the_service_reads():
    settings = load_settings(ROOT / "docker/qianshu.toml")
    assert not settings.service.outside.is_sandbox
    assert settings.service.broker.url_file == Path("/run/secrets/broker-url")


def test_whoever_calls_the_sandbox_shares_its_loopback():
    for name in OURS[:-1]:
        assert SERVICES[name]["network_mode"] == "service:sandbox"
        assert not {"ports", "networks"} & set(SERVICES[name])


@pytest.mark.needs("openssl")
def test_preparing_makes_every_secret_once_and_for_the_owner_only(tmp_path):
    place = tmp_path / "docker"
    place.mkdir()
    (place / "prepare.sh").write_bytes((ROOT / "docker/prepare.sh").read_bytes())
    subprocess.run(["sh", place / "prepare.sh"], check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in (place / "secrets").iterdir()}
    declared = {Path(each["file"]).relative_to("docker/secrets").name for each in COMPOSE["secrets"].values()}
    assert declared <= set(made)
    assert (place / "secrets").stat().st_mode & 0o077 == 0
    assert (place / "secrets/passphrase").stat().st_mode & 0o077 == 0
    subprocess.run(["sh", place / "prepare.sh"], check=True, capture_output=True)
    assert {path.name: path.read_bytes() for path in (place / "secrets").iterdir()} == made


@pytest.mark.needs("openssl")
def test_addresses_with_passwords_agree_with_the_passwords(tmp_path):
    place = tmp_path / "docker"
    place.mkdir()
    (place / "prepare.sh").write_bytes((ROOT / "docker/prepare.sh").read_bytes())
    subprocess.run(["sh", place / "prepare.sh"], check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (place / "secrets").iterdir()}
    assert made["postgres-password"] in made["database-url"]
    assert made["rabbitmq-password"] in made["broker-url"]
    assert made["rabbitmq-password"] in made["rabbitmq-account.conf"]


def test_the_image_is_installed_from_hashes_and_runs_without_rights():
    installs = [line for line in DOCKERFILE.splitlines() if "pip install" in line and ".lock" in line]
    assert len(installs) == 4
    assert all("--require-hashes" in line for line in installs)
    assert re.findall("^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert "HEALTHCHECK" in DOCKERFILE
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(set(bases)) == 1
    assert re.search(r":\d+\.\d+\.\d+-", bases[0])


def test_every_room_is_let_into_the_image():
    let_in = set(re.findall("^!(.+)$", (ROOT / "docker/Dockerfile.dockerignore").read_text(), re.MULTILINE))
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"bench", "tests"}
    assert rooms <= let_in
    assert "cities" in let_in


def test_the_image_builds_the_pages_of_the_very_sources(tmp_path):
    """What that stage copies is all that the pages are made of: the same digest."""
    stage = DOCKERFILE.partition(" AS pages")[2].partition("\nFROM ")[0]
    for words in re.findall(r"^COPY (.+)$", stage, re.MULTILINE):
        *sources, where = words.split()
        for what in sources:
            _copied(ROOT / what, tmp_path / where, is_into=where.endswith("/"))
    digests = [
        subprocess.run(
            (sys.executable, "-c", "import build_pages; print(build_pages.sources_digest())"),
            cwd=root / "scripts",
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(root / "scripts")},
        ).stdout
        for root in (ROOT, tmp_path)
    ]
    assert digests[0] == digests[1]
    assert "COPY --from=pages /opt/qianshu/qianshu/built_pages qianshu/built_pages" in DOCKERFILE


def _copied(source: Path, target: Path, *, is_into: bool) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("node_modules", ".generated"))
    else:
        target = target / source.name if is_into else target
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
