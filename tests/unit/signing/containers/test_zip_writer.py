"""ZIP64: written only where 32 bits do not do, and read by others."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from signing.containers import ContainerLimits, read_directory
from signing.containers.zip_writer import ZipWriter
from signing.errors import ValidationError

GIB = 1 << 30


class _Sparse:
    """A file in which zeros take no room."""

    def __init__(self, path) -> None:
        self.file = path.open("w+b")
        self.size = 0

    def write(self, data: bytes) -> None:
        if any(data[:1]) or len(data) < 1 << 20:
            self.file.seek(self.size)
            self.file.write(data)
        self.size += len(data)


def write(sink, pieces) -> None:
    for piece in pieces:
        sink.write(piece)


def test_small_archives_have_no_zip64(container):
    assert struct.pack("<2H", 1, 16) not in container[:200]
    assert b"PK\x06\x06" not in container


@pytest.mark.parametrize("size", [(4 * GIB) - 1, 4 * GIB, 4 * GIB + 5])
def test_a_file_of_four_gibibytes_is_found_by_others(tmp_path, size):
    sink = _Sparse(tmp_path / "large.zip")
    writer = ZipWriter()
    zeros = bytes(64 << 20)
    whole, rest = divmod(size, len(zeros))
    large = (zeros[: len(zeros) if i < whole else rest] for i in range(whole + 1))
    write(sink, writer.entry("large.bin", 0, size, large))
    write(sink, writer.entry("after.txt", 0x3610A686, 5, [b"hello"]))
    write(sink, writer.directory())
    with sink.file, zipfile.ZipFile(sink.file) as archive:
        assert [info.file_size for info in archive.infolist()] == [size, 5]
        assert archive.read("after.txt") == b"hello"
        directory = read_directory(sink.file, ContainerLimits())
        assert directory.findings == ()
        assert [entry.size_bytes for entry in directory.entries] == [size, 5]
        assert b"".join(directory.pieces(directory.entries[1])) == b"hello"


def test_more_than_65535_entries_are_found_by_others():
    sink = io.BytesIO()
    writer = ZipWriter()
    for number in range(65_536):
        write(sink, writer.entry(f"{number}", 0, 0, ()))
    write(sink, writer.directory())
    assert len(zipfile.ZipFile(sink).namelist()) == 65_536
    directory = read_directory(sink, ContainerLimits(entries=70_000, directory_bytes=16 << 20))
    assert (len(directory.entries), directory.findings) == (65_536, ())
    # The narrow record may say "too many for me", never another number than the wide one.
    lying = bytearray(sink.getvalue())
    struct.pack_into("<2H", lying, len(lying) - 22 + 8, 5, 5)
    with pytest.raises(ValidationError) as caught:
        read_directory(io.BytesIO(lying), ContainerLimits(entries=70_000, directory_bytes=16 << 20))
    assert caught.value.code == "container.damaged"


def test_pieces_that_are_not_what_was_announced_are_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="announced"):
        list(ZipWriter().entry("a", 0, 3, [b"four"]))
