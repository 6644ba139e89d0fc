"""Twenty years of one contract, with the calendar of ``docs/renewal.md`` and a clock that is set, and what goes wrong
without it.

Sealed 2026, renewed whenever it is due, judged in November 2046: by then every certificate that signed it has ended,
the party's a day after signing, the first issuing CA in 2041, and only the root is the same.
"""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pikepdf
import pytest
from cryptography import x509
from cryptography.x509 import ocsp

from signing import der
from signing.errors import SignatureStateError
from signing.keys import renew_issuing, renew_root
from signing.renewal import Renewal, renew, renewal_due
from signing.time.token import parse_token
from signing.validation import TrustAnchors, VerificationReport, verify_pdf
from tests.builders.keyring import NOW, PASSPHRASE
from tests.builders.long_life import SIGNED_FIELDS, YEAR, Operator, sealed, sealed_contract

if TYPE_CHECKING:
    from pathlib import Path

DAY = timedelta(days=1)
IN_TWENTY_YEARS = datetime(2046, 11, 21, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LongLife:
    operator: Operator
    """In 2046."""

    original: bytes
    """As sealed in 2026."""

    renewals: tuple[tuple[datetime, bytes, Renewal], ...]
    """When, what came of it, and what was told."""

    @property
    def final(self) -> bytes:
        return self.renewals[-1][1]


def renewed(operator: Operator, pdf: bytes) -> tuple[bytes, Renewal]:
    sink = io.BytesIO()
    told = renew(io.BytesIO(pdf), sink, operator.desk, operator.now)
    return sink.getvalue(), told


def live_until(operator: Operator, pdf: bytes, end: datetime) -> tuple[tuple[datetime, bytes, Renewal], ...]:
    """Renew whenever the file says that it is due."""
    made: list[tuple[datetime, bytes, Renewal]] = []
    while (due := renewal_due(io.BytesIO(pdf)).due_at) < end:
        operator.wait_until(due)
        pdf, told = renewed(operator, pdf)
        made.append((operator.now, pdf, told))
    operator.wait_until(end)
    return tuple(made)


def examine(pdf: bytes, trust: TrustAnchors, now: datetime) -> VerificationReport:
    return verify_pdf(io.BytesIO(pdf), trust=trust, now=now)


def judged(report: VerificationReport) -> dict[str | None, tuple[str, str | None]]:
    return {item.field: (item.outcome.indication, item.outcome.sub_indication) for item in report.signatures}


def codes(report: VerificationReport) -> set[str]:
    return {finding.code for finding in report.findings}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> LongLife:
    operator = Operator(tmp_path_factory.mktemp("life"), NOW)
    original = sealed_contract(operator)
    return LongLife(operator, original, live_until(operator, original, IN_TWENTY_YEARS))


def test_every_signature_passes_in_twenty_years(life: LongLife) -> None:
    report = examine(life.final, life.operator.trust(IN_TWENTY_YEARS), IN_TWENTY_YEARS)
    assert (report.verdict.value, report.integrity.value, report.findings) == ("passed", "intact", ())
    assert set(judged(report).values()) == {("TOTAL-PASSED", None)}
    assert {item.field: item.level.value for item in report.signatures[:4]} == dict.fromkeys(SIGNED_FIELDS, "B-LTA")
    assert {item.signed_at.proven_at for item in report.signatures[:4]} == {NOW}


def test_by_then_everything_that_signed_it_has_ended(life: LongLife) -> None:
    report = examine(life.final, life.operator.trust(IN_TWENTY_YEARS), IN_TWENTY_YEARS)
    *earlier, last = report.signatures
    ends = [item.signer.not_after for item in earlier if item.signer]
    assert len(ends) == len(SIGNED_FIELDS) + len(life.renewals)
    assert max(ends) < IN_TWENTY_YEARS
    assert max(ends[1:3]) <= NOW + DAY  # the parties' own
    assert last.signer is not None
    assert last.signer.not_after > IN_TWENTY_YEARS
    authorities = life.operator.keys.authorities
    assert len(authorities) > 1
    assert authorities[0].certificate.not_valid_after_utc < IN_TWENTY_YEARS
    # The responders that answered for the signatures in 2026 are gone too.
    assert all(responder.not_valid_after_utc < IN_TWENTY_YEARS for responder in responders(life.original))


def test_each_renewal_told_the_truth(life: LongLife) -> None:
    assert len(life.renewals) == 4
    for made_at, pdf, told in life.renewals:
        assert (told.level.value, told.report.verdict.value) == ("B-LTA", "passed")
        assert told.due.last_archive_timestamp_at == made_at
        assert told.due.expires_at > told.before.expires_at > made_at
        assert told.revision.size_bytes == len(pdf)
        assert told.due == renewal_due(io.BytesIO(pdf))
        # What it says of its end is so: a day before, with that day's lists, everything passes.
        eve = told.due.expires_at - DAY
        if eve < IN_TWENTY_YEARS:
            assert examine(pdf, life.operator.trust(eve), eve).verdict.value == "passed"


def test_on_the_day_of_a_renewal_the_root_alone_will_do(life: LongLife) -> None:
    # Renewal puts the status of the new time-stamp unit into the file as well.
    for made_at, pdf, _ in life.renewals:
        later = made_at + timedelta(hours=20)
        assert examine(pdf, life.operator.trust(), later).verdict.value == "passed"


def test_a_change_of_root_does_not_end_it(tmp_path: Path) -> None:
    operator = Operator(tmp_path, NOW)
    (_, before, _), *_ = live_until(operator, sealed_contract(operator), NOW + 20 * YEAR)[::-1]
    for act in (renew_root, renew_issuing):
        act(operator.folder, PASSPHRASE, operator.now)
    old_root = operator.keys.root
    *_, (_, pdf, _) = live_until(operator, before, NOW + 31 * YEAR)
    assert old_root.not_valid_after_utc < operator.now
    assert examine(pdf, operator.trust(operator.now), operator.now).verdict.value == "passed"
    # Whoever has the new root alone can follow the time-stamps, and none of the signatures of 2026.
    new_only = TrustAnchors(operator.trust_anchors[1:], revocation=operator.crls(operator.now))
    verdicts = judged(examine(pdf, new_only, operator.now))
    assert {verdicts[field] for field in SIGNED_FIELDS} == {("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND")}


def test_signed_bytes_are_never_rewritten(life: LongLife) -> None:
    before = life.original
    for _, pdf, _ in life.renewals:
        assert pdf.startswith(before)
        assert len(pdf) - len(before) < 100_000
        before = pdf


def test_answers_for_each_time_stamp_stand_under_the_next_one(life: LongLife) -> None:
    stamps = archive_stamps(life.final)
    answers = list(ocsp_answers(life.final))
    for (serial, stamped_at, covered), (_, next_at, next_covered) in itertools.pairwise(stamps):
        fresh = [
            answer for offset, answer in answers if answer.serial_number == serial and covered <= offset < next_covered
        ]
        assert fresh, f"no answer about the unit of {stamped_at} under the time-stamp of {next_at}"
        assert all(stamped_at < answer.this_update_utc <= next_at for answer in fresh)
        assert all(answer.certificate_status is ocsp.OCSPCertStatus.GOOD for answer in fresh)


def test_without_renewal_it_is_indeterminate(life: LongLife) -> None:
    report = examine(life.original, life.operator.trust(IN_TWENTY_YEARS), IN_TWENTY_YEARS)
    assert (report.verdict.value, report.integrity.value) == ("indeterminate", "intact")
    assert set(judged(report).values()) == {("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE")}
    assert "certificate.outside_validity" in codes(report)


def test_without_the_last_renewal_it_is_indeterminate(life: LongLife) -> None:
    *_, (_, last_but_one, _), _ = life.renewals
    report = examine(last_but_one, life.operator.trust(IN_TWENTY_YEARS), IN_TWENTY_YEARS)
    assert (report.verdict.value, report.integrity.value) == ("indeterminate", "intact")


def test_with_the_root_alone_the_last_unit_is_judged_as_of_its_stamping(life: LongLife) -> None:
    # A year after the renewal nothing in the file can know whether its newest time-stamp unit was revoked since.
    report = examine(life.final, life.operator.trust(), IN_TWENTY_YEARS)
    assert report.verdict.value == "passed"
    assert [finding.code for finding in report.findings] == ["revocation.as_of_stamping"]


@pytest.mark.parametrize("part", ["token", "answer", "form", "text"])
def test_one_byte_of_one_renewal_flipped_fails(life: LongLife, part: str) -> None:
    altered = flipped(life.final, place_of(life, part))
    report = examine(altered, life.operator.trust(IN_TWENTY_YEARS), IN_TWENTY_YEARS)
    assert (report.verdict.value, report.integrity.value) == ("failed", "altered")
    with pytest.raises(SignatureStateError) as refusal:
        renewed(life.operator, altered)
    assert refusal.value.code == "renew.altered"


@pytest.mark.parametrize("part", ["token", "answer", "form"])
def test_what_was_signed_before_a_flipped_byte_is_not_accused(life: LongLife, part: str) -> None:
    # The renewal of 2031 is spoilt: later time-stamps break, the signatures of 2026 still say what they said.
    altered = flipped(life.final, place_of(life, part))
    report = examine(altered, life.operator.trust(IN_TWENTY_YEARS), IN_TWENTY_YEARS)
    broken = {item.field for item in report.signatures if not item.intact}
    assert broken == {f"archive-timestamp-{number}" for number in range(2, 6)}


@pytest.mark.parametrize(
    ("after_the_end", "verdict"), [(-DAY, "passed"), (DAY, "indeterminate")], ids=["a day before", "a day after"]
)
def test_a_renewal_after_the_unit_expired_comes_too_late(
    tmp_path: Path, after_the_end: timedelta, verdict: str
) -> None:
    operator = Operator(tmp_path, NOW)
    original = sealed_contract(operator)
    operator.wait_until(renewal_due(io.BytesIO(original)).expires_at + after_the_end)
    pdf = sealed(operator, original)  # stamped without asking whether it helps
    report = examine(pdf, operator.trust(operator.now), operator.now)
    assert (report.verdict.value, report.integrity.value) == (verdict, "intact")
    if verdict == "passed":
        assert renewed(operator, original)[1].report.verdict.value == "passed"
        return
    assert judged(report) == {
        **dict.fromkeys((*SIGNED_FIELDS, "archive-timestamp-1"), ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE")),
        "archive-timestamp-2": ("TOTAL-PASSED", None),
    }
    with pytest.raises(SignatureStateError) as refusal:
        renewed(operator, original)
    assert refusal.value.code == "renew.too_late"


def test_a_late_renewal_is_not_healed_by_punctual_ones(tmp_path: Path) -> None:
    operator = Operator(tmp_path, NOW)
    original = sealed_contract(operator)
    operator.wait_until(renewal_due(io.BytesIO(original)).expires_at + DAY)
    late = sealed(operator, original)
    renewals = live_until(operator, late, IN_TWENTY_YEARS)
    report = examine(renewals[-1][1], operator.trust(IN_TWENTY_YEARS), IN_TWENTY_YEARS)
    assert report.verdict.value == "indeterminate"
    assert {told.report.verdict.value for _, _, told in renewals} == {"indeterminate"}
    # The late time-stamp proves that the signatures existed when it was made, which is after their certificates ended.
    assert {told.level.value for _, _, told in renewals} == {"B-T"}


@pytest.mark.parametrize(
    ("revoked_after_signing", "indication", "sub_indication"),
    [(timedelta(days=700), "TOTAL-PASSED", None), (-timedelta(hours=1), "INDETERMINATE", "REVOKED_NO_POE")],
    ids=["after signing", "before signing"],
)
def test_a_revocation_found_out_later_counts_from_its_date(
    tmp_path: Path, revoked_after_signing: timedelta, indication: str, sub_indication: str | None
) -> None:
    operator = Operator(tmp_path, NOW)
    original = sealed_contract(operator)
    operator.wait_until(NOW + timedelta(days=800))
    operator.keys.issuing.revoke(serial_of(original, "seller-1"), NOW + revoked_after_signing)
    *_, (_, pdf, told) = live_until(operator, original, NOW + timedelta(days=3700))
    # It is renewed in either case: a contract in dispute is the last one whose evidence may fade.
    report = examine(pdf, operator.trust(operator.now), operator.now)
    assert report.integrity.value == "intact"
    assert judged(report).pop("seller-1") == (indication, sub_indication)
    others = [verdict for field, verdict in judged(report).items() if field != "seller-1"]
    assert set(others) == {("TOTAL-PASSED", None)}
    assert told.report.verdict is report.verdict
    assert told.level.value == ("B-LTA" if sub_indication is None else "B-T")
    # The news is in the file: whoever trusts the root alone on the day of renewal reads the same.
    on_the_day = examine(pdf, operator.trust(), told.due.last_archive_timestamp_at)
    assert judged(on_the_day)["seller-1"] == (indication, sub_indication)


@pytest.mark.parametrize("renewed_before", [True, False], ids=["renewed before", "not renewed before"])
def test_a_revoked_time_stamp_unit_spoils_only_what_was_not_renewed_in_time(
    tmp_path: Path, *, renewed_before: bool
) -> None:
    operator = Operator(tmp_path, NOW)
    first_unit = operator.keys.timestamp_unit.certificate.serial_number
    pdf = sealed_contract(operator)
    operator.wait_until(NOW + timedelta(days=1500))
    if renewed_before:
        pdf, _ = renewed(operator, pdf)
    operator.wait_until(NOW + timedelta(days=1600))
    operator.keys.issuing.revoke(first_unit, operator.now, x509.ReasonFlags.key_compromise)
    operator.wait_until(NOW + timedelta(days=1700))
    if renewed_before:
        assert renewed(operator, pdf)[1].report.verdict.value == "passed"
        return
    with pytest.raises(SignatureStateError) as refusal:
        renewed(operator, pdf)
    assert refusal.value.code == "renew.timestamp_unusable"
    assert refusal.value.fields["sub_indication"] == "REVOKED_NO_POE"


def archive_stamps(pdf: bytes) -> list[tuple[int, datetime, int]]:
    """(serial number of the unit, genTime, end of what it covers) of each archive time-stamp, oldest first."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for field in opened.Root.AcroForm.Fields:
            if field.V.get("/Type") == "/DocTimeStamp":
                token = parse_token(der.Reader(bytes(field.V.Contents)).take_encoded())
                assert isinstance(token.signer_id, tuple)
                covered = int(field.V.ByteRange[2]) + int(field.V.ByteRange[3])
                found.append((token.signer_id[1], token.info.gen_time, covered))
    return sorted(found, key=lambda stamp: stamp[2])


def ocsp_answers(pdf: bytes) -> list[tuple[int, ocsp.OCSPResponse]]:
    """(offset in the file, response) of each OCSP response in the document security store."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        ders = [bytes(stream.read_raw_bytes()) for stream in opened.Root.DSS.OCSPs]
    return [(pdf.index(der), ocsp.load_der_ocsp_response(der)) for der in ders]


def responders(pdf: bytes) -> list[x509.Certificate]:
    return [certificate for _, answer in ocsp_answers(pdf) for certificate in answer.certificates]


def serial_of(pdf: bytes, field: str) -> int:
    report = verify_pdf(io.BytesIO(pdf), trust=TrustAnchors(()), now=NOW)
    signer = next(item.signer for item in report.signatures if item.field == field)
    assert signer is not None
    return int(signer.serial_number, 16)


def place_of(life: LongLife, part: str) -> int:
    """An offset in the final file: in the text, or in what the first renewal wrote."""
    _, pdf, _ = life.renewals[0]
    start = len(life.original)
    if part == "text":
        return life.final.index(b"/Title") + 1
    if part == "token":
        return pdf.index(b"/Contents <", start) + 400
    if part == "answer":
        return next(offset for offset, _ in ocsp_answers(pdf) if offset > start) + 200
    return pdf.index(b"/SigFlags 3", start) + len(b"/SigFlags ")


def flipped(pdf: bytes, offset: int) -> bytes:
    """Another hex digit or letter in place of the one at ``offset``."""
    other = b"0" if pdf[offset : offset + 1] != b"0" else b"1"
    return pdf[:offset] + other + pdf[offset + 1 :]
