"""Stores of people, opened together, and the post by which codes that belong to no case go out.

``open_people(database, key, secret)`` makes the stores. ``CodePost(codes, desk, text_of, outbox, wake)`` sends: the
sealed message becomes a task ``sms`` of the outbox, then ``wake()`` is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from filing.acts.signing.start import SMS
from identity.accounts import LinkDesk
from identity.codes import CodePolicy, CodeRequest, prove_code, redeem_code, send_code
from identity.errors import AccountError
from identity.numbers import mask_phone
from storage.notary import SqlMembers
from storage.people import SqlAccounts, SqlAuthorities, SqlStaff, SqlTries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from identity.accounts import Account
    from identity.codes import CodeDesk, CodeProof, CodePurpose, CodeSubject, CodeText
    from identity.keys import LookupSecret
    from identity.ports import Accounts, Authorities, SentCodes, Staff, TryCounter
    from storage.records import Database, SealingKey
    from storage.records.outbox import Outbox

__all__ = ["CodePost", "PeopleStores", "account_of", "open_people"]


@dataclass(frozen=True, slots=True)
class PeopleStores:
    """Records of people, and the secret they are found by."""

    secret: LookupSecret
    """Keys of people."""

    accounts: Accounts
    """Accounts, and what they are in a city."""

    authorities: Authorities
    """Who may act for whom."""

    staff: Staff
    """Roles."""

    tries: TryCounter
    """Wrong passwords."""

    offices_of: Callable[[str], tuple[str, ...]]
    """Notary offices an account works for now."""

    @property
    def linking(self) -> LinkDesk:
        """What linking an account needs."""
        return LinkDesk(self.secret, self.accounts, self.tries)


def open_people(database: Database, key: SealingKey, secret: LookupSecret) -> PeopleStores:
    """The stores of one database."""
    return PeopleStores(
        secret,
        SqlAccounts(database, key, secret),
        SqlAuthorities(database, key, secret),
        SqlStaff(database),
        SqlTries(database),
        SqlMembers(database).offices_of,
    )


def account_of(stores: PeopleStores, account_id: str) -> Account:
    """The account. Raises :class:`AccountError` (``account.unknown``)."""
    account = stores.accounts.load(account_id)
    if account is None:
        raise AccountError("account.unknown", zh="没有该账号", en="there is no such account")
    return account


class CodePost:
    """Sends codes to accounts and takes them back."""

    def __init__(
        self,
        codes: SentCodes,
        desk: CodeDesk,
        text_of: Callable[[CodePurpose], CodeText],
        outbox: Outbox,
        wake: Callable[[], None],
    ) -> None:
        """``text_of`` gives the registered text of a purpose; ``wake`` is told that there is work."""
        self._codes = codes
        self._desk = desk
        self._text_of = text_of
        self._outbox = outbox
        self._wake = wake

    def send(self, subject: CodeSubject, account_id: str, now: datetime) -> Mapping[str, object]:
        """Send one. A crash between code and task loses the message: another may be asked for after the delay."""
        request = CodeRequest(subject, account_id, self._text_of(subject.purpose), {}, CodePolicy())
        sent = send_code(self._desk, self._codes, request, now)
        self._outbox.add(SMS, f"{SMS}:{sent.code_id}", now, sent.message.to_payload())
        self._wake()
        return {"expires_at": sent.expires_at, "resend_at": sent.resend_at, "phone": mask_phone(subject.phone)}

    def take(self, subject: CodeSubject, code: str, now: datetime) -> CodeProof:
        """The proof that ``code`` is the live one of ``subject``; it is used up."""
        proof = prove_code(self._desk, subject, code, now)
        redeem_code(self._codes, proof, now)
        return proof
