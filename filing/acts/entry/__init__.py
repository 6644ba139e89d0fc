"""Acts: opening a case and entering the contract, up to its fixed text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from filing.acts.entry.assessment import SETTLE_ASSESSMENT
from filing.acts.entry.buyers import SET_BUYERS
from filing.acts.entry.check_people import CHECK_AT_WINDOW, FINISH_FACE_CHECK, START_FACE_CHECK
from filing.acts.entry.check_property import ASK_OWN_TITLES, CHECK_PROPERTY, RETRY_REGISTER
from filing.acts.entry.clauses import SAVE_CLAUSES, SAVE_FORM
from filing.acts.entry.consenting import GIVE_CONSENT, WITHDRAW_CONSENT
from filing.acts.entry.importing import IMPORT_FILED
from filing.acts.entry.joining import JOIN, JoinWanted, find_to_join
from filing.acts.entry.notices import READ_NOTICE
from filing.acts.entry.opening import OPEN
from filing.acts.entry.representing import BIND_AGENT, DROP_REPRESENTATION, SET_REPRESENTATION
from filing.acts.entry.sellers import SET_SELLERS
from filing.acts.entry.text import CONFIRM_TEXT, GENERATE_TEXT, REOPEN_TEXT

if TYPE_CHECKING:
    from filing.acts.spec import ActSpec

__all__ = ["ACTS", "JoinWanted", "find_to_join"]

ACTS: Final[tuple[ActSpec[Any, Any], ...]] = (
    OPEN,
    IMPORT_FILED,
    READ_NOTICE,
    GIVE_CONSENT,
    WITHDRAW_CONSENT,
    START_FACE_CHECK,
    FINISH_FACE_CHECK,
    CHECK_AT_WINDOW,
    BIND_AGENT,
    ASK_OWN_TITLES,
    CHECK_PROPERTY,
    RETRY_REGISTER,
    SETTLE_ASSESSMENT,
    SET_SELLERS,
    JOIN,
    SET_BUYERS,
    SET_REPRESENTATION,
    DROP_REPRESENTATION,
    SAVE_CLAUSES,
    SAVE_FORM,
    GENERATE_TEXT,
    REOPEN_TEXT,
    CONFIRM_TEXT,
)
"""In the order in which a case meets them."""
