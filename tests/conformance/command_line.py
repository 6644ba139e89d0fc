"""Validators that are programs: poppler's pdfsig, OpenSSL, qpdf. Each answer is a frozen report in the program's words.

None of them is asked over the network: pdfsig runs without OCSP, OpenSSL never fetches.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conformance.embedded import EmbeddedSignature, embedded_signatures, signature_time_stamps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

TIMEOUT_SECONDS = 60
NO_SIGNATURES = 2
"""pdfsig's exit code for a file without signatures."""

__all__ = [
    "OpensslAnswer",
    "PdfsigAnswer",
    "QpdfAnswer",
    "openssl_cms_verify",
    "openssl_ts_verify",
    "pdfsig",
    "qpdf_check",
]


@dataclass(frozen=True, slots=True)
class PdfsigAnswer:
    field: str
    """Name of the signature field."""

    signer: str
    """Common name of the signing certificate."""

    signature_type: str
    """SubFilter; ``unknown`` for what poppler cannot read (document time-stamps, as of 22.12)."""

    signature: str
    """E.g. ``Signature is Valid.`` or ``Digest Mismatch.``"""

    certificate: str
    """E.g. ``Certificate is Trusted.``; empty when trust was not asked for or the signature is not intact."""

    covers_whole_file: bool
    """Poppler's "Total document signed"."""

    @property
    def is_intact(self) -> bool:
        return self.signature == "Signature is Valid."

    @property
    def is_trusted(self) -> bool:
        return self.certificate == "Certificate is Trusted."

    @property
    def is_beyond_poppler(self) -> bool:
        """Poppler did not look at it, which says nothing for or against it."""
        return self.signature_type == "unknown"


@dataclass(frozen=True, slots=True)
class OpensslAnswer:
    what: str
    """Field name, or field name and ``signature-time-stamp``."""

    accepted: bool
    """OpenSSL's exit code was 0."""

    message: str
    """What it printed on standard error."""


@dataclass(frozen=True, slots=True)
class QpdfAnswer:
    clean: bool
    """Neither errors nor warnings."""

    output: str
    """Everything it printed."""


def pdfsig(path: Path, root_pem: Path | None = None) -> tuple[PdfsigAnswer, ...]:
    """Ask poppler about every signature, oldest first; with ``root_pem`` also whether it trusts the certificates."""
    if root_pem is None:
        return _pdfsig(path, ["-nocert"])
    with tempfile.TemporaryDirectory() as folder:
        database = f"sql:{folder}"
        _run(["certutil", "-N", "-d", database, "--empty-password"], check=True)
        _run(["certutil", "-A", "-d", database, "-n", "root", "-t", "CT,C,C", "-i", root_pem], check=True)
        return _pdfsig(path, ["-no-ocsp", "-nssdir", database])


def openssl_cms_verify(path: Path, root_pem: Path, at: datetime | None = None) -> tuple[OpensslAnswer, ...]:
    """Verify every CMS signature of a PDF over the bytes its byte range selects, up to ``root_pem``.

    ``-purpose any``: OpenSSL would otherwise ask for the S/MIME purpose, which a one-time signing certificate for
    contracts need not have. ``-cades`` also checks the ESS signing-certificate attribute (RFC 5035). Document
    time-stamps are not CMS signatures over the document: see :func:`openssl_ts_verify`.
    """
    signatures = [signature for signature in embedded_signatures(path) if not signature.is_document_time_stamp]
    return tuple(_cms_verify(signature, root_pem, at) for signature in signatures)


def openssl_ts_verify(path: Path, root_pem: Path, at: datetime | None = None) -> tuple[OpensslAnswer, ...]:
    """Verify every RFC 3161 token of a PDF: the signature time-stamps and the document time-stamps."""
    answers: list[OpensslAnswer] = []
    for signature in embedded_signatures(path):
        if signature.is_document_time_stamp:
            answers.append(_ts_verify(signature.field, signature.cms_der, signature.signed_bytes, (root_pem, at)))
            continue
        name = f"{signature.field} signature-time-stamp"
        stamps = signature_time_stamps(signature)
        answers += [_ts_verify(name, token, stamped, (root_pem, at)) for token, stamped in stamps]
    return tuple(answers)


def qpdf_check(path: Path) -> QpdfAnswer:
    """Check syntax, cross-references and streams."""
    done = _run(["qpdf", "--check", path])
    return QpdfAnswer(done.returncode == 0, done.stdout + done.stderr)


def _pdfsig(path: Path, options: list[str]) -> tuple[PdfsigAnswer, ...]:
    done = _run(["pdfsig", *options, path])
    if done.returncode == NO_SIGNATURES:
        return ()
    blocks = re.split(r"^Signature #\d+:$", done.stdout, flags=re.MULTILINE)[1:]
    if not blocks:
        raise RuntimeError(f"pdfsig said nothing about {path}: {done.stdout}{done.stderr}")
    return tuple(_pdfsig_answer(block) for block in blocks)


def _pdfsig_answer(block: str) -> PdfsigAnswer:
    lines = [line.strip().removeprefix("- ") for line in block.splitlines()]
    said = dict(line.split(": ", 1) for line in lines if ": " in line)
    return PdfsigAnswer(
        field=said.get("Signature Field Name", ""),
        signer=said.get("Signer Certificate Common Name", ""),
        signature_type=said.get("Signature Type", ""),
        signature=said.get("Signature Validation", ""),
        certificate=said.get("Certificate Validation", ""),
        covers_whole_file="Total document signed" in lines,
    )


def _cms_verify(signature: EmbeddedSignature, root_pem: Path, at: datetime | None) -> OpensslAnswer:
    with tempfile.TemporaryDirectory() as folder:
        cms_file, content_file = _write(folder, signature.cms_der, signature.signed_bytes)
        command = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", cms_file]
        command += ["-content", content_file, "-CAfile", root_pem, "-purpose", "any", "-out", "/dev/null", *_at(at)]
        done = _run(command)
    return OpensslAnswer(signature.field, done.returncode == 0, done.stderr)


def _ts_verify(what: str, token: bytes, stamped: bytes, trust: tuple[Path, datetime | None]) -> OpensslAnswer:
    root_pem, at = trust
    with tempfile.TemporaryDirectory() as folder:
        token_file, data_file = _write(folder, token, stamped)
        command = ["openssl", "ts", "-verify", "-token_in", "-in", token_file, "-data", data_file]
        done = _run([*command, "-CAfile", root_pem, *_at(at)])
    return OpensslAnswer(what, done.returncode == 0, done.stdout + done.stderr)


def _at(at: datetime | None) -> list[str]:
    return [] if at is None else ["-attime", str(int(at.timestamp()))]


def _write(folder: str, first: bytes, second: bytes) -> tuple[Path, Path]:
    paths = Path(folder, "first"), Path(folder, "second")
    for path, content in zip(paths, (first, second), strict=True):
        path.write_bytes(content)
    return paths


def _run(command: Sequence[str | Path], *, check: bool = False) -> subprocess.CompletedProcess[str]:
    # The C locale keeps the programs' words stable: they are parsed and compared.
    return subprocess.run(
        command,
        check=check,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
