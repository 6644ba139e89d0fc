"""Manifests are written in one form and read from anybody, as long as they say one thing."""

from __future__ import annotations

import pytest

from signing.containers.manifest import MAX_BYTES, Manifest, Reference, manifest_from_xml, manifest_to_xml
from signing.errors import ValidationError

MANIFEST = Manifest(
    "META-INF/signature001.p7s",
    "application/x-pkcs7-signature",
    (
        Reference("package.json", "ab" * 32, media_type="application/json", is_root=True),
        Reference("照片/身份证 正面 & <背面>\"'.jpg", "cd" * 32, media_type='image/jpeg; q="1"'),
        Reference("100%.txt", "ef" * 32),
    ),
)
XML = manifest_to_xml(MANIFEST)
REFERENCE = XML[XML.index(b"<asic:DataObjectReference") : XML.index(b"</asic:DataObjectReference>") + 27]
SIG = XML[XML.index(b"<asic:SigReference") : XML.index(b"/>") + 2]


def test_what_is_written_is_read_again():
    assert manifest_from_xml(XML) == MANIFEST


def test_names_are_percent_encoded_utf_8():
    assert b'URI="%E7%85%A7%E7%89%87/' in XML
    assert b'URI="100%25.txt"' in XML


def test_another_prefix_and_spaces_say_the_same():
    theirs = XML.replace(b"xmlns:asic=", b"xmlns=").replace(b"asic:", b"")
    theirs = theirs.replace(b"<ds:DigestValue>", b"<ds:DigestValue>\n ")
    assert manifest_from_xml(theirs) == MANIFEST


BROKEN = {
    "no xml": b"PK\x03\x04",
    "another element": XML.replace(b"ASiCManifest", b"Manifest"),
    "another namespace": XML.replace(b"/02918/", b"/12918/"),
    "a document type": XML.replace(b"?>\n", b"?>\n<!DOCTYPE asic:ASiCManifest>\n", 1),
    "utf-16": XML.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "not utf-8": XML.replace(b"package.json", b"package\xff.json"),
    "an encoding nobody knows": XML.replace(b"UTF-8", b"UTF-7"),
    "no signature named": XML.replace(SIG, b""),
    "two signatures named": XML.replace(SIG, SIG + SIG),
    "a file twice": XML.replace(REFERENCE, REFERENCE + REFERENCE),
    "no files": b"".join([XML[: XML.index(REFERENCE)], b"</asic:ASiCManifest>"]),
    "a weak digest": XML.replace(b"http://www.w3.org/2001/04/xmlenc#sha256", b"http://www.w3.org/2000/09/xmldsig#sha1"),
    "no digest": XML.replace(b"<ds:DigestValue>", b"<ds:Value>").replace(b"</ds:DigestValue>", b"</ds:Value>"),
    "a digest that is none": XML.replace(b"<ds:DigestValue>", b"<ds:DigestValue>!"),
    "no name": XML.replace(b'URI="package.json"', b""),
    "a name that is no text": XML.replace(b"100%25", b"%FF"),
    "too large": XML + b" " * MAX_BYTES,
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_anything_else_is_refused(broken):
    with pytest.raises(ValidationError) as caught:
        manifest_from_xml(broken)
    assert caught.value.code == "container.manifest_unreadable"
