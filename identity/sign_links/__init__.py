"""Links that invite a signer, worthless to whoever they are forwarded to."""

from __future__ import annotations

from identity.sign_links.follow import (
    Invitation,
    LinkGreeting,
    LinkRequest,
    check_visit,
    greet,
    invite,
    spend_link,
    whose_case,
)
from identity.sign_links.model import LinkPurpose, LinkVisit, SignLink, check_link, check_link_alive

__all__ = [
    "Invitation",
    "LinkGreeting",
    "LinkPurpose",
    "LinkRequest",
    "LinkVisit",
    "SignLink",
    "check_link",
    "check_link_alive",
    "check_visit",
    "greet",
    "invite",
    "spend_link",
    "whose_case",
]
