"""Keys and certificates: the authority, its seals, its time-stamp unit, and the parties' one-time keys.

An operator makes them with :func:`init_keys` and renews them by the other ceremonies; a process opens them once with
:func:`load_keys`; a party signs with :func:`one_time_signer`. Private keys are at rest only encrypted (or in a PKCS #11
token), and no object here gives one away.
"""

from __future__ import annotations

from signing.keys.authority import CRL_LIFETIME, OCSP_LIFETIME, CertificateAuthority
from signing.keys.ceremony import (
    InitOptions,
    init_keys,
    renew_issuing,
    renew_responder,
    renew_root,
    renew_root_crl,
    renew_seal,
    renew_timestamp_unit,
)
from signing.keys.encrypted_key import PRODUCTION_COST, ScryptCost
from signing.keys.inventory import InventoryEntry, KeyPlace, inventory
from signing.keys.keyring import KeyRing, load_keys
from signing.keys.pkcs11_token import Pkcs11Signer
from signing.keys.private_files import read_passphrase
from signing.keys.profiles import PARTY_LIFETIME, require_in_force
from signing.keys.signers import OneTimeSigner, SoftwareSigner, one_time_signer
from signing.keys.store import KeyFolder
from signing.keys.subjects import AuthorityNames, PartySubject, Role, masked_reference_of
from signing.keys.token_key import TokenKey

__all__ = [
    "CRL_LIFETIME",
    "OCSP_LIFETIME",
    "PARTY_LIFETIME",
    "PRODUCTION_COST",
    "AuthorityNames",
    "CertificateAuthority",
    "InitOptions",
    "InventoryEntry",
    "KeyFolder",
    "KeyPlace",
    "KeyRing",
    "OneTimeSigner",
    "PartySubject",
    "Pkcs11Signer",
    "Role",
    "ScryptCost",
    "SoftwareSigner",
    "TokenKey",
    "init_keys",
    "inventory",
    "load_keys",
    "masked_reference_of",
    "one_time_signer",
    "read_passphrase",
    "renew_issuing",
    "renew_responder",
    "renew_root",
    "renew_root_crl",
    "renew_seal",
    "renew_timestamp_unit",
    "require_in_force",
]
