"""Sign links: made by acts, sent sealed, opened by the person they were sent to (HS-31).

``SignLinkDesk(store, secret, sealer, books, base_url)``: the store of links, the keys of people and tokens, what seals
the message until it is sent, the words of each city, and where people's browsers come to. A link is ``base_url`` +
``/s/`` + token; the token is in the sealed message and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from filing.acts.signing.bound import signer_named
from filing.acts.signing.ink import house_and_price, phone_of
from filing.acts.world import CodePicture, HandedOff
from filing.messages import MessageKey, language_for
from filing.messages.book import names_in
from identity.codes import TextMessage
from identity.codes.message import seal_message
from identity.keys import key_of_number, person_key
from identity.sign_links import LinkPurpose, LinkRequest, invite, whose_case
from signing.appearance.qr import svg_code

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from filing.case import Case
    from filing.case.people import CaseParty
    from filing.case.signers import Signer
    from filing.engine.situation import Situation
    from filing.messages import MessageBook
    from identity.acting import ActingPerson
    from identity.keys import LookupSecret
    from identity.ports import Sealer, SignLinks

__all__ = ["LIFE", "SCAN_LIFE", "LinkOpened", "SignLinkDesk"]

LIFE: Final = timedelta(days=7)
"""How long a link opens. No manual says; whoever comes later asks for a fresh one (``resend-invitation``)."""

SCAN_LIFE: Final = timedelta(minutes=15)
"""How long a code on a screen opens: whoever is to scan it sits before it, or is called to the window."""

SCANNED: Final = "@phone"
"""After the party, in the recipient of a link to be scanned: it and the link sent by message do not void each other."""

NO_WORDS: Final = "—"
"""Where a city's text names something that is not known."""


@dataclass(frozen=True, slots=True)
class LinkOpened:
    """Where a link leads (``api.ports.LinkOpened``)."""

    case_no: str
    """Which case."""

    party: str | None
    """For whom to go on signing, where it was scanned from a screen."""


class SignLinkDesk:
    """``filing.acts.world.LinkDesk``, and the way in by a link."""

    def __init__(
        self, store: SignLinks, secret: LookupSecret, sealer: Sealer, books: Mapping[str, MessageBook], base_url: str
    ) -> None:
        self._store = store
        self._secret = secret
        self._sealer = sealer
        self._books = books
        self._base_url = base_url.rstrip("/")

    def invite(self, party: CaseParty, situation: Situation, text_sha256: str) -> Mapping[str, object]:
        """A fresh link for the party's signer, older ones void; the payload of the task ``sms``."""
        signer = signer_named(situation, party.key)
        request = self._request(situation.case, signer, text_sha256)
        made = invite(self._secret, self._store, request, situation.now)
        message = self._message(situation, signer, made.token)
        return seal_message(self._sealer, made.link.link_id, message).to_payload()

    def hand_off(self, party: str, person_key: str, situation: Situation, text_sha256: str) -> HandedOff:
        """A link to be scanned from a screen, by the person of this key."""
        request = LinkRequest(
            situation.case.case_no,
            recipient=party + SCANNED,
            person_keys=(person_key,),
            purpose=LinkPurpose.SIGN,
            text_sha256=text_sha256,
            life=SCAN_LIFE,
        )
        made = invite(self._secret, self._store, request, situation.now)
        url = f"{self._base_url}/s/{made.token}"
        return HandedOff(made.link.link_id, url, CodePicture(*svg_code(url)), made.link.expires_at)

    def open_link(self, token: str, person: ActingPerson, now: datetime) -> LinkOpened:
        """Where the link leads, for the person it was made for. Raises ``SignLinkError``; to anybody else a link that
        never was and somebody's link are one.
        """
        key = person_key(self._secret, person.subject.number)
        link = whose_case(self._secret, self._store, token, key, now)
        to_sign = link.recipient.removesuffix(SCANNED) if link.recipient.endswith(SCANNED) else None
        return LinkOpened(link.case_id, to_sign)

    def _request(self, case: Case, signer: Signer, text_sha256: str) -> LinkRequest:
        identified = signer.identified
        return LinkRequest(
            case.case_no,
            recipient=signer.party,
            person_keys=(key_of_number(self._secret, identified.id_type, identified.id_number),),
            purpose=LinkPurpose.SIGN,
            text_sha256=text_sha256,
            life=LIFE,
        )

    def _message(self, situation: Situation, signer: Signer, token: str) -> TextMessage:
        phone = phone_of(situation, signer.party)
        book = self._books[situation.case.head.city]
        text = book.text(MessageKey.SIGN_LINK, language_for(signer.identified.region))
        offered = {
            **house_and_price(situation),
            "case_no": situation.case.case_no,
            "link": f"{self._base_url}/s/{token}",
        }
        values = {name: offered.get(name, NO_WORDS) for name in sorted(names_in(text))}
        return TextMessage(phone, text, values, expires_at=situation.now + LIFE)
