"""The key folder: which file is what. Nothing here decides, decrypts or issues.

::

    authority.json         names, policy and addresses of the authority; written last by init
    root-0001.pem  .key    certificate and encrypted private key; .key may be taken offline
    root-0001.crl          what the root says of the issuing CAs below it
    root-0001.log          what it issued and revoked
    issuing-0001.pem .key .log
    tsu-0001.pem   .key    one number per generation; older ones stay, validation needs their certificates
    service-0001.…  filing-0001.…  ocsp-0001.…
    filing-0001.token      instead of .key: RFC 7512 URI of a key in a PKCS #11 token

A generation exists when its ``.pem`` does: the key is written first, so a renewal killed in between leaves nothing
that is ever used, and the next renewal takes the same number.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.keys import refusals
from signing.keys.private_files import read_private, require_private_folder, write_private
from signing.keys.subjects import AuthorityNames, Role

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.x509 import Certificate

__all__ = ["KeyFolder", "Stem", "issued_by", "names_from_json", "names_to_json"]

_AUTHORITY: Final = "authority.json"


@dataclass(frozen=True, slots=True, order=True)
class Stem:
    """One generation of one role: the name its files share."""

    role_value: str
    """:class:`Role` by value, so that stems sort."""

    generation: int
    """From 1."""

    @property
    def role(self) -> Role:
        return Role(self.role_value)

    def __str__(self) -> str:
        return f"{self.role_value}-{self.generation:04}"


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """A folder laid out as above."""

    path: Path
    """0700."""

    def require_complete(self) -> None:
        """Refuse a folder that is missing, open to others, or that init did not finish."""
        require_private_folder(self.path)
        if not (self.path / _AUTHORITY).is_file():
            raise refusals.store_incomplete(_AUTHORITY)
        for role in Role:
            self.latest(role)

    def file(self, stem: Stem, extension: str) -> Path:
        return self.path / f"{stem}.{extension}"

    def generations(self, role: Role) -> tuple[Stem, ...]:
        """Oldest first."""
        pattern = re.compile(rf"{role.value}-(\d{{4}})\.pem")
        found = (pattern.fullmatch(path.name) for path in self.path.iterdir())
        return tuple(sorted(Stem(role.value, int(match[1])) for match in found if match))

    def latest(self, role: Role) -> Stem:
        generations = self.generations(role)
        if not generations:
            raise refusals.store_incomplete(f"{role.value}-0001.pem")
        return generations[-1]

    def next(self, role: Role) -> Stem:
        generations = self.generations(role)
        return Stem(role.value, generations[-1].generation + 1 if generations else 1)

    def names(self) -> AuthorityNames:
        return names_from_json(read_private(self.path / _AUTHORITY))

    def write_names(self, names: AuthorityNames) -> None:
        write_private(self.path / _AUTHORITY, names_to_json(names))

    def certificate(self, stem: Stem) -> Certificate:
        try:
            return x509.load_pem_x509_certificate(read_private(self.file(stem, "pem")))
        except ValueError:
            raise refusals.file_damaged(f"{stem}.pem") from None

    def write_certificate(self, stem: Stem, certificate: Certificate) -> None:
        write_private(self.file(stem, "pem"), certificate.public_bytes(Encoding.PEM))

    def sealed_key(self, stem: Stem) -> bytes:
        path = self.file(stem, "key")
        if not path.is_file():
            raise refusals.store_incomplete(path.name)
        return read_private(path)


def names_to_json(names: AuthorityNames) -> bytes:
    return (json.dumps(names.to_dict(), ensure_ascii=False, indent=2) + "\n").encode()


def names_from_json(content: bytes) -> AuthorityNames:
    try:
        return AuthorityNames(**json.loads(content))
    except (ValueError, TypeError):
        raise refusals.file_damaged(_AUTHORITY) from None


def issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the key identifiers link the two (RFC 5280 § 4.2.1.1); names are unique per generation as well."""
    try:
        authority = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    except x509.ExtensionNotFound:
        return False
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return authority.key_identifier == identifier.digest and certificate.issuer == issuer.subject
