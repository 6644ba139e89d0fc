"""A TLS server on 127.0.0.1 under the test CA, and the file of its root."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders.small_pki import ca, root, tsu


def tls_server_files(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """The server's context and the PEM file of the root that vouches for it."""
    unit = tsu()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(ca().certificate.subject)
        .public_key(unit.key.public_key())
        .serial_number(x509.random_serial_number())
        # TLS judges by the machine's clock, which a test may not set: current on any day.
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=True)
        .sign(ca().key, hashes.SHA256())
    )
    key_file, chain_file, root_file = (folder / name for name in ("server.key", "server.pem", "root.pem"))
    key_file.write_bytes(unit.key_pem())
    chain_file.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in (certificate, ca().certificate)))
    root_file.write_bytes(root().certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain_file, key_file)
    return context, root_file
