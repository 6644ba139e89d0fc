"""A ZIP that two readers would read differently is refused, or said, whatever they would read."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from signing.containers import ContainerLimits, read_directory
from signing.errors import ValidationError
from tests.unit.signing.containers.test_verify import rezipped

ENTRIES = {"mimetype": b"application/vnd.etsi.asic-e+zip", "a.txt": b"the first file", "b.txt": b"the second"}
END, CENTRAL, LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"


def read(container: bytes, **limits):
    return read_directory(io.BytesIO(container), ContainerLimits(**limits))


def codes(container: bytes) -> set[str]:
    return {finding.code for finding in read(container).findings}


def refused(container: bytes, **limits) -> str:
    with pytest.raises(ValidationError) as caught:
        read(container, **limits)
    return caught.value.code


def contents(container: bytes) -> dict[str, bytes]:
    directory = read(container)
    return {entry.name: b"".join(directory.pieces(entry)) for entry in directory.entries}


@pytest.fixture(scope="module")
def sound() -> bytes:
    return rezipped(ENTRIES)


def patched(container: bytes, at: int, form: str, *values: object) -> bytes:
    raw = bytearray(container)
    struct.pack_into(form, raw, at, *values)
    return bytes(raw)


def central_of(container: bytes, number: int) -> int:
    at = -1
    for _ in range(number + 1):
        at = container.index(CENTRAL, at + 1)
    return at


def test_a_sound_archive_is_read_without_a_word(sound):
    assert (contents(sound), codes(sound)) == (ENTRIES, set())


# --- others' archives ------------------------------------------------------------------------------------------------


class _Unseekable(io.RawIOBase):
    """Makes zipfile write data descriptors, as streaming writers do."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.content += data
        return len(data)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("seekable", [True, False], ids=["seekable", "streamed"])
def test_archives_by_python_are_read_without_a_word(method, seekable):
    sink = io.BytesIO() if seekable else _Unseekable()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, content in ENTRIES.items():
            archive.writestr(name, content * 1000)
        with archive.open("large.bin", "w", force_zip64=True) as entry:
            entry.write(bytes(10))
    made = sink.getvalue() if seekable else bytes(sink.content)
    assert codes(made) == set()
    assert contents(made)["a.txt"] == ENTRIES["a.txt"] * 1000


def test_a_comment_may_say_the_type_and_nothing_else():
    def commented(comment: bytes) -> bytes:
        sink = io.BytesIO(rezipped(ENTRIES))
        with zipfile.ZipFile(sink, "a") as archive:
            archive.comment = comment
        return sink.getvalue()

    assert codes(commented(b"mimetype=application/vnd.etsi.asic-e+zip")) == set()
    assert codes(commented(b"something else")) == {"container.foreign_bytes"}


# --- bytes that belong to nothing ------------------------------------------------------------------------------------


def before(container: bytes) -> bytes:
    return b"#!/bin/sh\n" + container


def shifted(container: bytes) -> bytes:
    """A polyglot: a script in front, every offset moved along, so that zipfile sees nothing wrong."""
    extra = b"#!/bin/sh\n"
    made = bytearray(extra + container)
    for number in range(len(ENTRIES)):
        at = central_of(bytes(made), number) + 42
        struct.pack_into("<I", made, at, struct.unpack_from("<I", made, at)[0] + len(extra))
    end = made.rindex(END) + 16
    struct.pack_into("<I", made, end, struct.unpack_from("<I", made, end)[0] + len(extra))
    assert zipfile.ZipFile(io.BytesIO(made)).namelist() == list(ENTRIES)
    return bytes(made)


def after(container: bytes) -> bytes:
    return container + b"tail"


def hidden_entry(container: bytes) -> bytes:
    """A local entry that the directory does not list, behind the others: readers from the front see it."""
    hidden = rezipped({"hidden.txt": b"x"})
    hidden = hidden[: hidden.index(CENTRAL)]
    at = container.index(CENTRAL)
    made = container[:at] + hidden + container[at:]
    return patched(made, made.rindex(END) + 16, "<I", at + len(hidden))


def between_directory_and_end(container: bytes) -> bytes:
    at = container.rindex(END)
    return container[:at] + b"gap!" + container[at:]


def test_a_script_in_front_shifts_everything():
    assert refused(before(rezipped(ENTRIES))) == "container.damaged"


@pytest.mark.parametrize("attack", [shifted, after, hidden_entry, between_directory_and_end])
def test_foreign_bytes_are_said(sound, attack):
    assert codes(attack(sound)) == {"container.foreign_bytes"}


# --- two readings ----------------------------------------------------------------------------------------------------


def test_two_archives_one_after_the_other_are_refused(sound):
    """Readers take the last directory, or the first."""
    other = rezipped({"mimetype": ENTRIES["mimetype"], "evil.txt": b"evil"})
    assert refused(sound + other) == "container.damaged"


def test_a_second_directory_in_the_comment_is_refused(sound):
    """Whoever searches from the end finds one archive, whoever searches from the front the other."""
    other = rezipped({"evil.txt": b"evil"})
    made = patched(sound + other, len(sound) - 2, "<H", len(other))
    assert refused(made) == "container.two_directories"


def test_a_comment_with_something_like_an_end_record_is_refused(sound):
    """Whoever does not look at the length of the comment begins there."""
    comment = b"mimetype=" + END + bytes(18) + b"tail"
    made = patched(sound, len(sound) - 2, "<H", len(comment)) + comment
    assert refused(made) == "container.two_directories"


def test_an_end_record_that_claims_a_longer_comment_is_said(sound):
    made = patched(sound, len(sound) - 2, "<H", 5)
    assert codes(made) == {"container.foreign_bytes"}


HEADERS = {"version flags": (6, "<H", 0x800), "crc": (14, "<I", 1), "size": (22, "<I", 13), "name": (30, "<B", 66)}


@pytest.mark.parametrize("field", HEADERS)
def test_a_local_header_that_says_something_else_is_said(sound, field):
    offset, form, value = HEADERS[field]
    at = sound.index(LOCAL, 10) + offset
    assert codes(patched(sound, at, form, value)) == {"container.headers_differ"}


def test_a_data_descriptor_that_lies_is_said():
    sink = _Unseekable()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("a.txt", b"hello")
    made = bytes(sink.content)
    lying = patched(made, made.index(b"PK\x07\x08") + 4, "<I", 1)
    assert (codes(made), codes(lying)) == (set(), {"container.foreign_bytes"})


def test_entries_that_share_bytes_are_refused(sound):
    """The better zip bomb: many entries of one kernel of data."""
    first = struct.unpack_from("<I", sound, central_of(sound, 0) + 42)[0]
    assert refused(patched(sound, central_of(sound, 1) + 42, "<I", first)) == "container.damaged"


def test_an_encrypted_entry_is_refused(sound):
    assert refused(patched(sound, central_of(sound, 1) + 8, "<H", 1)) == "container.encrypted"


def test_an_unknown_method_is_refused(sound):
    assert refused(patched(sound, central_of(sound, 1) + 10, "<H", 12)) == "container.method"


def test_a_directory_outside_the_file_is_refused(sound):
    assert refused(patched(sound, sound.rindex(END) + 16, "<I", len(sound))) == "container.damaged"


def test_fewer_entries_than_announced_are_refused(sound):
    assert refused(patched(sound, sound.rindex(END) + 8, "<2H", 2, 2)) == "container.damaged"


def test_a_unicode_path_is_a_second_name():
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        second = b"evil.txt"
        info.extra = struct.pack("<2HBI", 0x7075, 5 + len(second), 1, zlib.crc32(b"a.txt")) + second
        archive.writestr(info, b"x")
    assert codes(sink.getvalue()) == {"container.extra_field"}


def test_a_link_is_said():
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, b"/etc/passwd")
    assert codes(sink.getvalue()) == {"container.link"}


NAMES = ["../../etc/passwd", "/etc/passwd", "C:/x", "a\\b", "folder/", "a/../b", "x\x01y", "con.", "nul\x7f"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_unpacks_elsewhere_is_said(name):
    assert codes(rezipped({name: b""})) == {"container.name"}


@pytest.mark.parametrize("second", ["a.txt", "A.TXT", "ａ.txt"])
def test_a_name_twice_is_said_however_systems_spell_it(second):
    found = codes(rezipped([("a.txt", b"1"), (second, b"2")]))
    assert found == (set() if second == "ａ.txt" else {"container.name_twice"})


def test_a_name_in_no_known_spelling_is_refused():
    made = rezipped({"aé.txt": b""})
    plain = made.replace(struct.pack("<H", 0x800), struct.pack("<H", 0))
    assert refused(plain) == "container.damaged"


# --- bombs -----------------------------------------------------------------------------------------------------------


def deflated(content: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.bin", content)
    return sink.getvalue()


def test_what_claims_too_much_is_not_unpacked():
    assert refused(deflated(bytes(1 << 20)), unpacked_bytes=1 << 19) == "container.limit"


def test_what_claims_little_and_expands_further_is_stopped_there():
    bomb = deflated(bytes(8 << 20))
    for at in (bomb.index(LOCAL) + 22, bomb.index(CENTRAL) + 24):
        bomb = patched(bomb, at, "<I", 100)
    directory = read(bomb)
    with pytest.raises(ValidationError) as caught:
        next(directory.pieces(directory.entries[0]))  # not even a first piece
    assert caught.value.code == "container.entry_damaged"


@pytest.mark.parametrize("damage", [b"\xff" * 8, b""], ids=["garbage", "cut short"])
def test_a_stream_that_cannot_be_unpacked_is_damaged(damage):
    good = deflated(bytes(range(256)) * 50)
    at = good.index(LOCAL) + 30 + len("a.bin")
    bad = good[:at] + (damage or b"\x4b\x04\x00\x00\x00\x00\x00\x00")[:8] + good[at + 8 :]
    directory = read(bad)
    with pytest.raises(ValidationError) as caught:
        list(directory.pieces(directory.entries[0]))
    assert caught.value.code == "container.entry_damaged"


def what_is_said(container: bytes) -> set[str]:
    """Codes of everything that is wrong; any other exception is a failure of the reader."""
    try:
        directory = read(container)
        for entry in directory.entries:
            list(directory.pieces(entry))
    except ValidationError as error:
        return {error.code}
    return {finding.code for finding in directory.findings}


def test_every_cut_is_refused_or_said(sound):
    assert all(what_is_said(sound[:size]) for size in range(len(sound)))


def test_no_single_byte_leads_to_another_exception(sound):
    for at in range(len(sound)):
        for value in (0x00, 0x50, 0xFF):
            altered = patched(sound, at, "<B", value)
            assert all(code.startswith("container.") for code in what_is_said(altered))
