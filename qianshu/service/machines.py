"""Programs: registered clients and those that want to be told (``api.ports.MachineBook``, ``WebhookBook``).

``Machines(database, key)`` and ``Webhooks(database, key)``: the database they are kept in and the key that seals what
signs. Clients are registered at the command line (``qianshu machines``); telling is ``qianshu.service.telling``'s.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from api.client_secrets import draw_secret, secret_hash
from api.ports import MachineRecord, WebhookDelivery, WebhookSubscription
from errors import QianshuError
from identity.acting import MachineKind
from storage.machines import SqlClients, SqlSubscriptions, StoredClient, StoredSubscription
from storage.notary import SqlMembers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from identity.acting import Machine
    from storage.records import Database, SealingKey

__all__ = ["MachineError", "Machines", "Webhooks"]

SECRETS_KEPT = 2
"""A program is given its new secret before the old one stops."""


class MachineError(QianshuError):
    """A client cannot be registered or changed. Codes: ``machine.exists``, ``.unknown``, ``.no_secret``, ``.keys``."""


class Machines:
    """``api.ports.MachineBook``, and what operators do with clients."""

    def __init__(self, database: Database, key: SealingKey) -> None:  # noqa: ARG002 - hashes need no sealing
        self._clients = SqlClients(database)
        self._members = SqlMembers(database)

    def load(self, client_id: str) -> MachineRecord | None:
        """A client as registered, ended or not."""
        found = self._clients.load(client_id)
        if found is None:
            return None
        machine = found.machine
        if machine.kind is MachineKind.NOTARY:
            machine = replace(machine, office=self._members.office_of_client(client_id))
        return MachineRecord(machine, found.secret_hashes, found.public_keys, found.ended_at)

    def use_assertion(self, client_id: str, jti: str, expires_at: datetime) -> bool:
        """Whether this assertion comes for the first time."""
        return self._clients.use_assertion(client_id, jti, expires_at)

    def add(self, machine: Machine, now: datetime) -> str:
        """Register a program with a secret, which is given back this once."""
        secret = draw_secret()
        self._add(StoredClient(machine, now, secret_hashes=(secret_hash(machine.client_id, secret),)))
        return secret

    def add_with_keys(self, machine: Machine, public_keys: str, now: datetime) -> None:
        """Register a program that signs its assertions (``private_key_jwt``); ``public_keys`` is its JWK Set."""
        self._add(StoredClient(machine, now, public_keys=_checked_keys(public_keys)))

    def add_with_certificate(self, machine: Machine, certificate_pem: str, now: datetime) -> None:
        """Register a program that comes over mutual TLS with this very certificate (RFC 8705 § 2.2)."""
        self._add(StoredClient(machine, now, public_keys=_key_of_certificate(certificate_pem)))

    def renew_secret(self, client_id: str) -> str:
        """A new secret; the newest before it stays good until the next one."""
        client = self._clients.load(client_id)
        secret = draw_secret()
        kept = () if client is None else client.secret_hashes[: SECRETS_KEPT - 1]
        if not self._clients.put_secrets(client_id, (secret_hash(client_id, secret), *kept)):
            raise MachineError(
                "machine.no_secret",
                zh="没有该客户端，或者已停用，或者使用公钥认证",
                en="no such client, or it has ended, or it has keys and no secret",
            )
        return secret

    def end(self, client_id: str, now: datetime) -> None:
        """End its access, at once."""
        if not self._clients.end(client_id, now):
            raise MachineError("machine.unknown", zh="没有在用的该客户端", en="no such client in force")

    def every(self) -> Sequence[StoredClient]:
        """All of them, the ended ones too."""
        return self._clients.every()

    def forget_assertions(self, now: datetime) -> int:
        """Remove assertions that have expired: they are refused for that reason alone."""
        return self._clients.forget_assertions(now)

    def _add(self, client: StoredClient) -> None:
        if not self._clients.add(client):
            raise MachineError(
                "machine.exists", zh="客户端名称已被使用", en="the name of the client is taken, or was once"
            )


class Webhooks:
    """``api.ports.WebhookBook``."""

    def __init__(self, database: Database, key: SealingKey) -> None:
        self._subscriptions = SqlSubscriptions(database, key)

    def add(self, subscription: WebhookSubscription) -> None:
        """Keep it; it is told of what is published from now on."""
        self._subscriptions.add(
            StoredSubscription(
                subscription.subscription_id,
                subscription.client_id,
                subscription.url,
                subscription.cities,
                subscription.created_at,
                secret=subscription.secret,
            )
        )

    def load(self, subscription_id: str) -> WebhookSubscription | None:
        """By identifier, ended or not."""
        found = self._subscriptions.load(subscription_id)
        return None if found is None else _subscription(found)

    def of_client(self, client_id: str) -> Sequence[WebhookSubscription]:
        """Those in force, oldest first."""
        return tuple(_subscription(one) for one in self._subscriptions.of_client(client_id))

    def end(self, subscription_id: str, now: datetime) -> None:
        """Nothing is sent any more."""
        self._subscriptions.end(subscription_id, now)

    def deliveries(self, subscription_id: str, before_position: int | None, limit: int) -> Sequence[WebhookDelivery]:
        """The log, the newest first."""
        return tuple(
            WebhookDelivery(subscription_id, one.position, one.attempt, one.at, one.status, one.error_code)
            for one in self._subscriptions.attempts(subscription_id, before_position, limit)
        )


def _subscription(kept: StoredSubscription) -> WebhookSubscription:
    return WebhookSubscription(
        kept.subscription_id,
        kept.client_id,
        kept.url,
        kept.cities,
        kept.created_at,
        secret=kept.secret,
        ended_at=kept.ended_at,
    )


def _checked_keys(text: str) -> str:
    """The set as it is kept: public keys of kinds that sign assertions, nothing else. Raises ``machine.keys``."""
    try:
        found = KeySet.import_key_set(json.loads(text))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise _wrong_keys() from error
    if not found.keys or any(key.is_private or not isinstance(key, (ECKey, RSAKey)) for key in found.keys):
        raise _wrong_keys()
    return json.dumps(found.as_dict(private=False), sort_keys=True)


def _key_of_certificate(pem: str) -> str:
    """A JWK Set with the certificate in ``x5c`` (RFC 7517 § 4.7). Raises ``machine.keys``."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise _wrong_keys() from error
    public = certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    kind = ECKey if isinstance(certificate.public_key(), ec.EllipticCurvePublicKey) else RSAKey
    try:
        key = kind.import_key(public).as_dict(private=False)
    except (JoseError, ValueError, TypeError) as error:
        raise _wrong_keys() from error
    x5c = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    return _checked_keys(json.dumps({"keys": [{**key, "x5c": [x5c]}]}))


def _wrong_keys() -> MachineError:
    return MachineError(
        "machine.keys",
        zh="公钥集应为只含 EC 或 RSA 公钥的 JWK Set",
        en="a JWK Set of public EC or RSA keys is wanted (RFC 7517), without any private key",
    )
