"""Reading: what an attacker does to a container of ours is said, whatever else still holds."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
import zlib
from datetime import timedelta

import pytest

from signing.containers import ContainerLimits, ContainerSealer, container_report_to_dict, open_container
from signing.containers.manifest import Manifest, Reference, manifest_to_xml
from signing.containers.zip_writer import ZipWriter
from signing.pades import sign_detached
from signing.validation import Level, TrustAnchors, Verdict
from tests.builders.containers import packed
from tests.builders.small_pki import SoftSigner
from tests.builders.validation_pki import BIRTH, DAY, shared_pki
from tests.unit.signing.containers.conftest import FILES

MANIFEST, SIGNATURE = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"
ARCHIVE, STAMP = "META-INF/ASiCArchiveManifest.xml", "META-INF/timestamp001.tst"


def entries_of(container: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(container))
    return {info.filename: archive.read(info) for info in archive.infolist()}


def rezipped(entries) -> bytes:
    """A sound ZIP of these entries; ``entries`` maps names or is pairs."""
    writer, made = ZipWriter(), bytearray()
    for name, content in entries.items() if isinstance(entries, dict) else entries:
        made += b"".join(writer.entry(name, zlib.crc32(content), len(content), [content]))
    return bytes(made) + b"".join(writer.directory())


def examined(container: bytes, bureau, *, later: timedelta = timedelta(0), trust: TrustAnchors | None = None, **kwargs):
    return open_container(io.BytesIO(container), trust=trust or bureau.trust, now=bureau.now + later, **kwargs)


def codes(report) -> set[str]:
    return {finding.code for finding in report.findings}


def signed_manifest(bureau, entries, number: str, *, signer=None) -> dict[str, bytes]:
    """A manifest over ``entries`` and a B-T signature over it."""
    names = f"META-INF/ASiCManifest{number}.xml", f"META-INF/signature{number}.p7s"
    references = tuple(Reference(name, hashlib.sha256(content).hexdigest()) for name, content in entries.items())
    manifest = manifest_to_xml(Manifest(names[1], "application/x-pkcs7-signature", references))
    signature = sign_detached(manifest, signer or bureau.keys.service_seal, bureau.stamp, bureau.now)
    return {names[0]: manifest, names[1]: signature}


def changed(entries):
    return {**entries, "package.json": b'{"schema": "y"}'}


def added(entries):
    return {**entries, "extra.txt": b"nobody signed this"}


def added_in_meta_inf(entries):
    return {**entries, "META-INF/extra.xml": b"<x/>"}


def removed(entries):
    return {name: content for name, content in entries.items() if name != "empty.bin"}


def renamed(entries):
    return {("full.bin" if name == "empty.bin" else name): content for name, content in entries.items()}


def swapped(entries):
    """Contents of two members exchanged."""
    return {**entries, "package.json": entries["empty.bin"], "empty.bin": entries["package.json"]}


def manifest_of_another(entries):
    """The manifest of other files, which the signature does not know."""
    lying = manifest_to_xml(
        Manifest(
            SIGNATURE,
            "application/x-pkcs7-signature",
            (Reference("evil.txt", hashlib.sha256(b"evil").hexdigest()),),
        )
    )
    kept = {name: content for name, content in entries.items() if name not in FILES}
    return {**kept, "evil.txt": b"evil", MANIFEST: lying}


def no_signature(entries):
    return {name: content for name, content in entries.items() if name != SIGNATURE}


def no_manifest(entries):
    return {name: content for name, content in entries.items() if name != MANIFEST}


def broken_manifest(entries):
    return {**entries, MANIFEST: b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}


def stray_signature(entries):
    return {**entries, "META-INF/signature002.p7s": entries[SIGNATURE]}


def stamp_as_signature(entries):
    """A trusted time-stamp over the attacker's own manifest, under a signature's name: nobody's word."""
    archive = entries[ARCHIVE].replace(b"timestamp001.tst", b"signature002.p7s")
    return {**entries, "META-INF/ASiCManifest002.xml": archive, "META-INF/signature002.p7s": entries[STAMP]}


def signature_with_a_tail(entries):
    return {**entries, SIGNATURE: entries[SIGNATURE] + b"\0"}


def mimetype_says_something_else(entries):
    return {**entries, "mimetype": b"application/vnd.etsi.asic-s+zip"}


ATTACKS = {
    changed: {"container.digest_mismatch"},
    added: {"container.unlisted_file", "container.partial_signature"},
    added_in_meta_inf: {"container.unlisted_file"},
    removed: {"container.missing_file"},
    renamed: {"container.missing_file", "container.unlisted_file"},
    swapped: {"container.digest_mismatch"},
    manifest_of_another: {"signature.hash_mismatch", "container.missing_file"},
    no_signature: {"container.unsigned_manifest", "container.no_signature", "container.unlisted_file"},
    no_manifest: {"container.stray_signature", "container.no_signature"},
    broken_manifest: {"container.manifest_unreadable", "container.stray_signature"},
    stray_signature: {"container.stray_signature"},
    stamp_as_signature: {"signature.unreadable"},
    signature_with_a_tail: {"signature.unreadable", "container.digest_mismatch"},
    mimetype_says_something_else: {"container.mimetype"},
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_altered_container_fails(bureau, container, attack):
    report = examined(rezipped(attack(entries_of(container))), bureau)
    assert report.verdict is Verdict.FAILED
    assert codes(report) >= ATTACKS[attack]


def test_an_untouched_container_zipped_anew_passes(bureau, container):
    """What the attacks rest on: zipping alone breaks nothing."""
    assert examined(rezipped(entries_of(container)), bureau).verdict is Verdict.PASSED


def test_a_member_that_was_changed_is_covered_by_nobody(bureau, container):
    report = examined(rezipped(changed(entries_of(container))), bureau)
    assert [member.name for member in report.members if member.name in FILES and not member.covered] == ["package.json"]


def test_mimetype_anywhere_but_first_fails(bureau, container):
    entries = list(entries_of(container).items())
    report = examined(rezipped([*entries[1:], entries[0]]), bureau)
    assert (report.verdict, codes(report)) == (Verdict.FAILED, {"container.mimetype"})


def test_time_stamps_alone_are_no_signature(bureau):
    """A container of ours, every file listed by the archive manifest, its signature and manifest taken out."""
    data = {"mimetype": b"application/vnd.etsi.asic-e+zip", "a.txt": b"a"}
    archive = manifest_to_xml(Manifest(STAMP, "", (Reference("a.txt", hashlib.sha256(b"a").hexdigest()),)))
    token = bureau.stamp(hashlib.sha256(archive).digest()).token_der
    report = examined(rezipped({**data, ARCHIVE: archive, STAMP: token}), bureau, trust=bureau.trust_with_crls)
    assert report.verdict is Verdict.FAILED
    assert {"container.no_signature", "container.unlisted_file"} <= codes(report)


# --- several signatures ----------------------------------------------------------------------------------------------


def data_of(container: bytes) -> dict[str, bytes]:
    return {name: content for name, content in entries_of(container).items() if name in FILES}


def test_two_signatures_over_all_files_both_count(bureau, container_b_t):
    entries = entries_of(container_b_t)
    both = {**entries, **signed_manifest(bureau, data_of(container_b_t), "002")}
    report = examined(rezipped(both), bureau, trust=bureau.trust_with_crls)
    assert (report.verdict, [seal.level for seal in report.seals]) == (Verdict.PASSED, [Level.B_T, Level.B_T])


def test_a_good_second_signature_does_not_hide_a_bad_first(bureau, container_b_t):
    entries = entries_of(container_b_t)
    forged = bytearray(entries[SIGNATURE])
    forged[forged.index(hashlib.sha256(entries[MANIFEST]).digest())] ^= 1
    both = {**entries, SIGNATURE: bytes(forged), **signed_manifest(bureau, data_of(container_b_t), "002")}
    report = examined(rezipped(both), bureau, trust=bureau.trust_with_crls)
    assert [seal.verdict for seal in report.seals] == [Verdict.FAILED, Verdict.PASSED]
    assert report.verdict is Verdict.FAILED


def test_a_signature_over_some_of_the_files_is_said(bureau, container_b_t):
    entries = entries_of(container_b_t)
    some = {"package.json": FILES["package.json"]}
    report = examined(
        rezipped({**entries, **signed_manifest(bureau, some, "002")}), bureau, trust=bureau.trust_with_crls
    )
    assert (report.verdict, codes(report)) == (Verdict.INDETERMINATE, {"container.partial_signature"})


def test_one_signature_for_two_manifests_is_a_manifest_without_one(bureau, container_b_t):
    entries = entries_of(container_b_t)
    twice = {**entries, "META-INF/ASiCManifest002.xml": entries[MANIFEST]}
    report = examined(rezipped(twice), bureau, trust=bureau.trust_with_crls)
    assert "container.unsigned_manifest" in codes(report)
    assert report.verdict is Verdict.FAILED


# --- who sealed ------------------------------------------------------------------------------------------------------


def test_a_seal_by_a_key_nobody_trusts_is_indeterminate(bureau, other_bureau, container):
    """Files, manifest and mimetype as they were, sealed anew by somebody else."""
    files = [packed(name, content) for name, content in FILES.items()]
    report = examined(other_bureau.build(*files), bureau)
    # The other authority bears the same names: its signatures do not fit our root's key.
    assert (report.verdict, report.seals[0].sub_indication) == (Verdict.INDETERMINATE, "CHAIN_CONSTRAINTS_FAILURE")
    assert report.seals[0].signer.sha256 != examined(container, bureau).seals[0].signer.sha256


def test_our_seal_over_somebody_elses_manifest_fails(bureau, other_bureau, container):
    entries = entries_of(container)
    theirs = entries_of(other_bureau.build(packed("evil.txt", b"evil")))
    report = examined(rezipped({**theirs, SIGNATURE: entries[SIGNATURE]}), bureau)
    assert (report.verdict, report.seals[0].sub_indication) == (Verdict.FAILED, "HASH_FAILURE")


def sealed_by(bureau, holder) -> bytes:
    """B-T by a seal of another authority, time-stamped by the bureau's unit."""
    signer = SoftSigner(holder.key, holder.certificate, (shared_pki().issuing.certificate,))
    return bureau.build(
        *(packed(name, content) for name, content in FILES.items()),
        sealer=ContainerSealer(signer, bureau.stamp, bureau.clock),
    )


def trust_in_both(bureau, *revoked, later: timedelta = timedelta(0)) -> TrustAnchors:
    pki = shared_pki()
    crls = pki.crls(bureau.now + later, *revoked)
    return TrustAnchors((*bureau.trust.certificates, pki.root.der), revocation=(*crls, *bureau.crls))


def test_a_certificate_that_had_ended_cannot_seal(bureau):
    holder = shared_pki().party("Ended", life=5 * DAY)
    assert bureau.now > BIRTH + 5 * DAY
    report = examined(sealed_by(bureau, holder), bureau, trust=trust_in_both(bureau))
    assert (report.verdict, codes(report)) == (Verdict.INDETERMINATE, {"certificate.outside_validity"})


def test_a_certificate_that_ends_after_the_seal_is_good_by_the_time_stamp(bureau):
    holder = shared_pki().party("Ending", life=bureau.now - BIRTH + DAY)
    report = examined(
        sealed_by(bureau, holder), bureau, later=3 * DAY, trust=trust_in_both(bureau, later=timedelta(hours=1))
    )
    assert (report.verdict, report.seals[0].proven_at) == (Verdict.PASSED, bureau.now)


def test_a_certificate_revoked_before_the_seal_cannot_seal(bureau):
    holder = shared_pki().party("Revoked")
    trust = trust_in_both(bureau, (holder, bureau.now - DAY))
    report = examined(sealed_by(bureau, holder), bureau, trust=trust)
    assert (report.verdict, codes(report)) == (Verdict.INDETERMINATE, {"certificate.revoked"})


def test_a_certificate_revoked_after_the_seal_was_good(bureau):
    holder = shared_pki().party("Revoked later")
    revoked = (holder, bureau.now + timedelta(hours=1))
    trust = trust_in_both(bureau, revoked, later=timedelta(hours=2))
    assert examined(sealed_by(bureau, holder), bureau, later=timedelta(hours=2), trust=trust).verdict is Verdict.PASSED


def test_without_revocation_answers_nobody_can_say(bureau, container_b_t):
    report = examined(container_b_t, bureau)
    assert (report.verdict, report.seals[0].sub_indication) == (Verdict.INDETERMINATE, "TRY_LATER")


def test_two_years_later_the_container_still_proves_itself(bureau, container):
    """Answers inside, their existence proven by the archive time-stamp; of that one's unit, as of its stamping."""
    report = examined(container, bureau, later=timedelta(days=730))
    assert (report.verdict, codes(report)) == (Verdict.PASSED, {"revocation.as_of_stamping"})
    assert report.seals[0].level is Level.B_LTA


def test_an_archive_time_stamp_that_leaves_the_signature_out_proves_nothing_of_it(bureau, container):
    entries = entries_of(container)
    some = (Reference("package.json", hashlib.sha256(FILES["package.json"]).hexdigest()),)
    archive = manifest_to_xml(Manifest(STAMP, "", some))
    token = bureau.stamp(hashlib.sha256(archive).digest()).token_der
    report = examined(rezipped({**entries, ARCHIVE: archive, STAMP: token}), bureau)
    assert "container.archive_incomplete" in codes(report)
    assert report.verdict is Verdict.INDETERMINATE
    assert report.seals[0].level is Level.B_LT


def test_references_in_other_digests_are_read(bureau, container):
    """DSS writes SHA-512 by default."""
    content = FILES["package.json"]
    manifest = manifest_to_xml(
        Manifest(SIGNATURE, "", (Reference("package.json", hashlib.sha256(content).hexdigest()),))
    )
    theirs = manifest.replace(
        b"http://www.w3.org/2001/04/xmlenc#sha256", b"http://www.w3.org/2001/04/xmlenc#sha512"
    ).replace(base64.b64encode(hashlib.sha256(content).digest()), base64.b64encode(hashlib.sha512(content).digest()))
    signature = sign_detached(theirs, bureau.keys.service_seal, bureau.stamp, bureau.now)
    entries = {"mimetype": entries_of(container)["mimetype"], "package.json": content}
    sound = rezipped({**entries, MANIFEST: theirs, SIGNATURE: signature})
    assert examined(sound, bureau, trust=bureau.trust_with_crls).verdict is Verdict.PASSED


# --- limits and reports ----------------------------------------------------------------------------------------------


def test_what_is_no_container_is_unreadable(bureau):
    for content in (b"", b"%PDF-1.7", b"PK\x03\x04", bytes(1000)):
        report = examined(content, bureau)
        assert report.verdict is Verdict.UNREADABLE


@pytest.mark.parametrize("limits", [{"file_bytes": 100}, {"unpacked_bytes": 100}, {"entries": 3}])
def test_more_than_allowed_is_not_looked_at(bureau, container, limits):
    report = examined(container, bureau, limits=ContainerLimits(**limits))
    assert (report.verdict, codes(report)) == (Verdict.UNREADABLE, {"container.limit"})


def test_a_manifest_too_large_to_hold_is_said(bureau, container):
    report = examined(container, bureau, limits=ContainerLimits(small_bytes=100))
    assert report.verdict is Verdict.UNREADABLE


def test_the_report_is_plain_data(bureau, container):
    plain = container_report_to_dict(examined(container, bureau))
    assert plain["verdict"] == "passed"
    assert plain["seals"][0]["level"] == "B-LTA"
    assert plain["verified_at"] == bureau.now.isoformat()
