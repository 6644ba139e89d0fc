"""Containers sealed by a throwaway authority of ours, and files to put into them."""

from __future__ import annotations

import hashlib
import io
import zlib
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from signing.containers import ContainerFile, ContainerSealer, build_container
from signing.revocation import KeyRingRevocation
from signing.time import LocalTransport, TimeStampAuthority, TimeStampClient, TimeStampTrust
from signing.validation import TrustAnchors
from tests.builders.keyring import NOW, make_keyring

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from signing.keys import KeyRing
    from signing.ports import Signer, TimeStampToken

POLICY = "2.25.183164013115775903716615750672045416708.2"

__all__ = ["Bureau", "bureau_in", "packed"]


@dataclass
class Bureau:
    """Who seals: an authority of its own, and a clock that stands still unless set."""

    keys: KeyRing
    now: datetime

    def clock(self) -> datetime:
        return self.now

    def stamp(self, digest: bytes) -> TimeStampToken:
        authority = TimeStampAuthority(self.keys.timestamp_unit, POLICY)
        client = TimeStampClient([LocalTransport(authority, self.clock)], TimeStampTrust(self.keys.trust_anchors))
        return client.stamp(digest, self.now)

    @property
    def sealer(self) -> ContainerSealer:
        """To B-LTA."""
        return ContainerSealer(self.keys.service_seal, self.stamp, self.clock, KeyRingRevocation(self.keys, self.clock))

    def sealer_b_t(self, signer: Signer | None = None) -> ContainerSealer:
        return ContainerSealer(signer or self.keys.service_seal, self.stamp, self.clock)

    @property
    def crls(self) -> tuple[bytes, ...]:
        return (*self.keys.root_crls, self.keys.issuing.crl(self.now))

    @property
    def trust(self) -> TrustAnchors:
        """The root alone."""
        return TrustAnchors((self.keys.root.public_bytes(Encoding.DER),))

    @property
    def trust_with_crls(self) -> TrustAnchors:
        return TrustAnchors(self.trust.certificates, revocation=self.crls)

    def build(self, *files: ContainerFile, sealer: ContainerSealer | None = None) -> bytes:
        sink = io.BytesIO()
        build_container(files, sealer or self.sealer, sink)
        return sink.getvalue()


def bureau_in(folder: Path, now: datetime = NOW) -> Bureau:
    """A new authority, its keys below ``folder``."""
    return Bureau(make_keyring(folder, now - timedelta(hours=1)), now)


def packed(name: str, content: bytes, media_type: str = "application/octet-stream", **changes: object) -> ContainerFile:
    """A file as it is announced: the truth, unless ``changes`` say otherwise."""
    said = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "crc32": zlib.crc32(content),
        "size_bytes": len(content),
        "open": opening(content),
    }
    return ContainerFile(name, media_type, **(said | changes))  # type: ignore[arg-type]


def opening(content: bytes) -> Callable[[], nullcontext[io.BytesIO]]:
    """Opens to ``content``."""
    return lambda: nullcontext(io.BytesIO(content))


def at(bureau: Bureau, later: timedelta) -> datetime:
    """A moment after the seal."""
    return (bureau.now + later).astimezone(UTC)
