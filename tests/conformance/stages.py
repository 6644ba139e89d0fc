"""One contract through its whole life, kept as a file after each signature, with the authority that signed it."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

import qianshu
from documents.contract import parse_terms_json, render_contract
from documents.fonts import default_fonts
from signing.appearance import FilingMark, PartyMark, filing_stamp_appearance, load_typeface, party_appearance
from signing.ink import parse_handwriting
from signing.keys import PartySubject, one_time_signer
from signing.pades import CERTIFICATION_FIELD, FieldSignature, archive_timestamp, certify, sign_field
from signing.revocation import KeyRingRevocation
from signing.time import LocalTransport, TimeStampAuthority, TimeStampClient, TimeStampTrust
from tests.builders.keyring import NAMES, make_keyring
from tests.conformance.validators import DssTrust

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from documents.contract import ContractTerms
    from documents.fonts import FontSet
    from signing.appearance import Appearance
    from signing.keys import KeyRing
    from signing.ports import TimeStampToken

CASE_NO = "HS-2026-000123"
POLICY = "2.25.183164013115775903716615750672045416708.2"
ARCHIVE_FIELD = "archive-timestamp-1"
FILING_FIELD = "filing-stamp"
PARTIES = (
    ("seller-1", "4202**********0034", "出卖人"),
    ("seller-2", "4202**********0026", "出卖人"),
    ("buyer-1", "4403**********0028", "买受人"),
)
DEMO = Path(qianshu.__file__).parent / "demo_data"
"""The sale of ``make demo``: two sellers, one buyer, and the strokes each of them drew."""

# What was signed when each stage was kept, in order of signing.
STAGES = {
    "text": (),
    "certified": (CERTIFICATION_FIELD,),
    "seller-1": (CERTIFICATION_FIELD, "seller-1"),
    "seller-2": (CERTIFICATION_FIELD, "seller-1", "seller-2"),
    "buyer-1": (CERTIFICATION_FIELD, "seller-1", "seller-2", "buyer-1"),
    "stamped": (CERTIFICATION_FIELD, "seller-1", "seller-2", "buyer-1", FILING_FIELD),
    "sealed": (CERTIFICATION_FIELD, "seller-1", "seller-2", "buyer-1", FILING_FIELD),
}
SIGNED_STAGES = tuple(stage for stage, fields in STAGES.items() if fields)
OPEN_STAGES = tuple(stage for stage in SIGNED_STAGES if stage != "sealed")


@dataclass(frozen=True, slots=True)
class Contract:
    folder: Path
    """One PDF per stage."""

    root_pem: Path
    """The authority's root."""

    crls: tuple[Path, ...]
    """The root's and the issuing CA's, as of the end of the last stage."""

    def __getitem__(self, stage: str) -> Path:
        return self.folder / f"{stage}.pdf"

    @property
    def trust(self) -> DssTrust:
        """The root alone: a sealed contract carries everything else."""
        return DssTrust((self.root_pem,))

    @property
    def trust_with_crls(self) -> DssTrust:
        """The root and today's CRLs, for what is not sealed yet."""
        return DssTrust((self.root_pem,), self.crls)


def make_contract(folder: Path) -> Contract:
    """Sign a contract at the present time with a new authority: validators judge by the clock of the machine."""
    keys = make_keyring(folder, _now())
    life = _Life(folder, keys)
    life.go()
    root = folder / "root.pem"
    root.write_bytes(keys.root.public_bytes(Encoding.PEM))
    crls = []
    for number, crl in enumerate((*keys.root_crls, keys.issuing.crl(_now()))):
        crls.append(folder / f"{number}.crl")
        crls[-1].write_bytes(crl)
    return Contract(folder, root, tuple(crls))


class _Life:
    def __init__(self, folder: Path, keys: KeyRing) -> None:
        self.folder = folder
        self.keys = keys
        fonts = default_fonts()
        self.typeface = load_typeface(fonts.body, fonts.rare)
        authority = TimeStampAuthority(keys.timestamp_unit, POLICY)
        self.client = TimeStampClient([LocalTransport(authority, _now)], TimeStampTrust(keys.trust_anchors))
        self.terms = _with_rare_name(parse_terms_json((DEMO / "terms.json").read_bytes()), fonts)
        self.text = render_contract(self.terms, case_no=CASE_NO, made_at=_now())
        self.newest = b""

    def go(self) -> None:
        self._keep("text", lambda _, sink: sink.write(self.text.pdf))
        seal = FieldSignature(CERTIFICATION_FIELD, self.keys.service_seal, _now(), "固定文本", None)
        self._keep("certified", lambda base, sink: certify(base, sink, self.text.boxes, seal, self._stamp))
        people = (*self.terms.sellers, *self.terms.buyers)
        for (field, reference, role), person in zip(PARTIES, people, strict=True):
            self._party(field, PartySubject(person.name, reference, CASE_NO), role)
        stamp = FieldSignature(FILING_FIELD, self.keys.filing_seal, _now(), "备案", self._filing_appearance())
        self._keep("stamped", lambda base, sink: sign_field(base, sink, stamp, self._stamp))
        revocation = KeyRingRevocation(self.keys, _now)
        self._keep("sealed", lambda base, sink: archive_timestamp(base, sink, revocation, self._stamp))

    def _party(self, field: str, subject: PartySubject, role: str) -> None:
        now = _now()
        handwriting = parse_handwriting((DEMO / "strokes" / f"{field}.json").read_bytes())
        mark = PartyMark(subject.name, role, now, handwriting)
        appearance = party_appearance(mark, *self._size(field), self.typeface)
        with one_time_signer(self.keys.issuing, subject, now) as signer:
            signature = FieldSignature(field, signer, now, f"作为{role}签署本合同", appearance)
            self._keep(field, lambda base, sink: sign_field(base, sink, signature, self._stamp))

    def _filing_appearance(self) -> Appearance:
        address = f"https://verify.example/{CASE_NO}"
        mark = FilingMark(NAMES.filing_organization, CASE_NO, date(2026, 11, 21), address, "4202000000123")
        return filing_stamp_appearance(mark, *self._size(FILING_FIELD), self.typeface)

    def _size(self, field: str) -> tuple[float, float]:
        x0, y0, x1, y1 = next(box.rect for box in self.text.boxes if box.name == field)
        return x1 - x0, y1 - y0

    def _keep(self, stage: str, act: Callable[[BinaryIO, BinaryIO], object]) -> None:
        sink = io.BytesIO()
        act(io.BytesIO(self.newest), sink)
        self.newest = sink.getvalue()
        (self.folder / f"{stage}.pdf").write_bytes(self.newest)

    def _stamp(self, digest: bytes) -> TimeStampToken:
        return self.client.stamp(digest, _now())


def _with_rare_name(terms: ContractTerms, fonts: FontSet) -> ContractTerms:
    """A seller whose name needs the face for rare characters: in the text, in an appearance, in a certificate."""
    if fonts.rare is None:  # the pages' packages were not installed; CI has them
        return terms
    first, *others = terms.sellers
    return replace(terms, sellers=(replace(first, name=f"{first.name}𪚥"), *others))


def _now() -> datetime:
    return datetime.now(UTC)
