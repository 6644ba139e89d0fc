"""One authority for all tests of containers; its clock stands still, so containers come out alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.containers import bureau_in, packed

if TYPE_CHECKING:
    from signing.containers import ContainerFile
    from tests.builders.containers import Bureau

FILES = {
    "package.json": b'{"schema": "x"}',
    "papers/a paper.pdf": b"%PDF-1.7 " + bytes(range(256)) * 40,
    "applicants/buyer-1/照片.jpg": b"\xff\xd8" + bytes(5000),
    "empty.bin": b"",
}


@pytest.fixture(scope="session")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    return bureau_in(tmp_path_factory.mktemp("bureau"))


@pytest.fixture(scope="session")
def other_bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Somebody else, whom nobody here trusts."""
    return bureau_in(tmp_path_factory.mktemp("other-bureau"))


@pytest.fixture(scope="session")
def files() -> tuple[ContainerFile, ...]:
    return tuple(packed(name, content, is_root=name == "package.json") for name, content in FILES.items())


@pytest.fixture(scope="session")
def container(bureau: Bureau, files: tuple[ContainerFile, ...]) -> bytes:
    """B-LTA."""
    return bureau.build(*files)


@pytest.fixture(scope="session")
def container_b_t(bureau: Bureau, files: tuple[ContainerFile, ...]) -> bytes:
    return bureau.build(*files, sealer=bureau.sealer_b_t())
