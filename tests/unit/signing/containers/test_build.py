"""Writing: the entries an ASiC-E container has, and what stops the making of one."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
import zipfile
import zlib
from contextlib import closing, nullcontext

import pytest

from errors import QianshuError
from signing.containers import MEDIA_TYPE, ContainerSealer, ContainerStream, build_container, open_container
from signing.containers.manifest import manifest_from_xml
from signing.errors import SignatureStateError, SigningError, TimeStampError
from signing.validation import Level, Verdict
from tests.builders.containers import opening, packed
from tests.unit.signing.containers.conftest import FILES

ADDED = [
    "META-INF/ASiCManifest001.xml",
    "META-INF/signature001.p7s",
    "META-INF/ASiCArchiveManifest.xml",
    "META-INF/timestamp001.tst",
]


def test_mimetype_is_first_stored_and_where_magic_numbers_are_looked_for(container):
    """EN 319 162-1 § A.1: at octet 30 the name, at octet 38 the type, no extra field."""
    assert container[:4] == b"PK\x03\x04"
    assert container[30:38] == b"mimetype"
    assert container[38 : 38 + len(MEDIA_TYPE)] == MEDIA_TYPE.encode()


def test_everything_lies_in_order_stored_with_its_name_in_utf_8(container):
    archive = zipfile.ZipFile(io.BytesIO(container))
    assert archive.namelist() == ["mimetype", *FILES, *ADDED]
    assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    assert {info.flag_bits & 0x8 for info in archive.infolist()} == {0}  # no data descriptors
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in FILES} == FILES


def test_manifest_lists_every_file_by_digest_and_says_where_to_begin(container):
    manifest = manifest_from_xml(zipfile.ZipFile(io.BytesIO(container)).read(ADDED[0]))
    assert manifest.signature == ADDED[1]
    assert {reference.name: reference.digest for reference in manifest.references} == {
        name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()
    }
    assert [reference.name for reference in manifest.references if reference.is_root] == ["package.json"]


def test_archive_manifest_lists_files_manifest_and_signature(container):
    manifest = manifest_from_xml(zipfile.ZipFile(io.BytesIO(container)).read(ADDED[2]))
    assert manifest.signature == ADDED[3]
    assert {reference.name for reference in manifest.references} == {*FILES, *ADDED[:2]}


def test_without_revocation_answers_it_ends_at_b_t(bureau, files):
    sink = io.BytesIO()
    built = build_container(files, bureau.sealer_b_t(), sink)
    assert built.level is Level.B_T
    assert zipfile.ZipFile(sink).namelist() == ["mimetype", *FILES, *ADDED[:2]]


def test_what_was_built_is_what_is_said_of_it(bureau, files):
    sink = io.BytesIO()
    built = build_container(files, bureau.sealer, sink)
    assert built.size_bytes == len(sink.getvalue())
    assert built.sha256 == hashlib.sha256(sink.getvalue()).hexdigest()
    assert built.sealed_at == bureau.now
    assert built.level is Level.B_LTA


def test_equal_files_give_equal_bytes_up_to_the_signature(container, container_b_t):
    """No clock in it: only the signature and its time-stamp differ."""
    upto = container.index(b"META-INF/signature001.p7s")
    assert container[:upto] == container_b_t[:upto]


DIFFERENT = {
    "longer": {"open": opening(b"hello, world!!")},
    "shorter": {"open": opening(b"hello")},
    "other bytes": {"open": opening(b"hello, WORLD!")},
    "other digest": {"sha256": "0" * 64},
    "other crc": {"crc32": zlib.crc32(b"x")},
    "other size": {"size_bytes": 12},
}


@pytest.mark.parametrize("changes", DIFFERENT.values(), ids=DIFFERENT)
def test_a_file_that_is_not_what_was_announced_is_never_sealed(bureau, changes):
    def no_stamp(_: bytes) -> None:
        raise AssertionError("nothing may be signed")

    sealer = ContainerSealer(bureau.keys.service_seal, no_stamp, bureau.clock)
    with pytest.raises(SignatureStateError) as caught:
        build_container([packed("a.bin", b"hello, world!", **changes)], sealer, io.BytesIO())
    assert caught.value.code == "container.file_differs"


NAMES = ("../up", "/root", "a//b", "a/./b", "c:\\x", "mimetype", "META-INF/x.xml", "", "a\x00b", "dot.", "x" * 300)


@pytest.mark.parametrize("name", NAMES)
def test_refuses_names_that_unpack_elsewhere_or_are_taken(bureau, name):
    with pytest.raises(SigningError) as caught:
        bureau.build(packed(name, b"x"))
    assert caught.value.code == "container.name"


def test_refuses_one_name_twice_in_any_case(bureau):
    with pytest.raises(SigningError) as caught:
        bureau.build(packed("a.txt", b"x"), packed("A.TXT", b"y"))
    assert caught.value.code == "container.name_twice"


def test_refuses_an_empty_container_and_two_beginnings(bureau):
    for files in ((), (packed("a", b"x", is_root=True), packed("b", b"x", is_root=True))):
        with pytest.raises(QianshuError) as caught:
            bureau.build(*files)
        assert caught.value.code == "container.root"


def test_no_time_stamp_no_container(bureau):
    def down(_: bytes) -> None:
        raise TimeStampError("timestamp.unavailable", zh="时间戳不可用", en="no time-stamp")

    with pytest.raises(TimeStampError):
        build_container(
            [packed("a", b"x")], ContainerSealer(bureau.keys.service_seal, down, bureau.clock), io.BytesIO()
        )


def test_it_can_be_pulled_as_a_stream_in_reads_of_any_size(bureau, files):
    stream = ContainerStream(files, bureau.sealer_b_t())
    with pytest.raises(ValueError, match="not read to its end"):
        _ = stream.sealed_at
    pulled = b"".join(iter(lambda: stream.read(7777), b""))
    assert (stream.sealed_at, stream.level) == (bureau.now, Level.B_T)
    assert open_container(io.BytesIO(pulled), trust=bureau.trust_with_crls, now=bureau.now).verdict is Verdict.PASSED


def test_a_stream_that_is_given_up_closes_the_file_it_was_copying(bureau):
    opened = io.BytesIO(bytes(5 << 20))
    large = packed("large.bin", opened.getvalue(), open=lambda: closing(opened))
    with ContainerStream([large], bureau.sealer) as stream:
        while not opened.tell():
            stream.read(1000)
        assert not opened.closed
    assert opened.closed


class _Zeros(io.RawIOBase):
    """So many zeros, made as they are read."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        taken = min(size, self.left)
        self.left -= taken
        return bytes(taken)


class _Nowhere:
    def write(self, data: bytes) -> None:
        pass


def test_memory_does_not_grow_with_the_files(bureau):
    size = 48 << 20
    zeros = bytes(1 << 20)
    digest, crc32 = hashlib.sha256(), 0
    for _ in range(size >> 20):
        digest.update(zeros)
        crc32 = zlib.crc32(zeros, crc32)
    large = packed(
        "video.mp4",
        b"",
        sha256=digest.hexdigest(),
        crc32=crc32,
        size_bytes=size,
        open=lambda: nullcontext(_Zeros(size)),
    )
    tracemalloc.start()
    try:
        build_container([large], bureau.sealer, _Nowhere())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20


def test_a_container_of_ours_passes_with_the_root_alone(bureau, container):
    report = open_container(io.BytesIO(container), trust=bureau.trust, now=bureau.now)
    assert report.verdict is Verdict.PASSED
    assert report.findings == ()
    assert [seal.level for seal in report.seals] == [Level.B_LTA, Level.NONE]
    assert report.sha256 == hashlib.sha256(container).hexdigest()
    assert [member.name for member in report.members if member.covered] == list(FILES)
    assert report.member("package.json").media_type == "application/octet-stream"
