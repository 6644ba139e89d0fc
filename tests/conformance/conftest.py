"""One throwaway PKI and one set of samples for the whole run: making them costs more than judging them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.conformance import samples
from tests.conformance.throwaway_pki import ThrowawayPki, make_pki, revoked_signer_crl
from tests.conformance.validators import DssTrust

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Samples:
    folder: Path
    """Where they lie."""

    pki: ThrowawayPki
    """Who signed them."""

    root_pem: Path
    """The trust anchor."""

    stranger_pem: Path
    """The trust anchor of somebody else."""

    def __getitem__(self, name: str) -> Path:
        return self.folder / f"{name}.pdf"

    def write(self, name: str, pdf: bytes) -> Path:
        self[name].write_bytes(pdf)
        return self[name]

    @property
    def trust(self) -> DssTrust:
        """The root, and the CRLs that a B-T signature has yet to carry."""
        return DssTrust(roots=(self.root_pem,), crls=tuple(sorted(self.folder.glob("good-*.crl"))))

    @property
    def trust_after_revocation(self) -> DssTrust:
        return DssTrust(roots=(self.root_pem,), crls=(self.folder / "good-0.crl", self.folder / "revoked.crl"))


@pytest.fixture(scope="session")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    folder = tmp_path_factory.mktemp("conformance")
    pki = make_pki("Harness")
    root = pki.root.write_pem(folder / "root.pem")
    stranger = make_pki("Stranger").root.write_pem(folder / "stranger.pem")
    for number, crl in enumerate(pki.crls_der):
        (folder / f"good-{number}.crl").write_bytes(crl)
    (folder / "revoked.crl").write_bytes(revoked_signer_crl(pki))
    made = Samples(folder, pki, root, stranger)
    text = samples.pdf_a_3a()
    b_t = samples.signed_b_t(text, pki)
    made.write("text", text)
    made.write("claims-nothing", samples.plain_pdf())
    made.write("b-t", b_t)
    made.write("b-lta", samples.signed_b_lta(text, pki))
    made.write("one-byte-changed", samples.one_byte_changed(b_t))
    made.write("note-added", samples.note_added(b_t))
    made.write("cut-short", b_t[: len(b_t) // 2])
    return made
