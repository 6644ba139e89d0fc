"""The names city data may use: who acts, what must hold, what follows. Names only; what they do lives elsewhere.

``ALWAYS_GUARDS`` and ``ALWAYS_EFFECTS`` are the lifecycle's invariants (``rules.md`` § 7.4) that no city can leave out.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.lifecycle import Event

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ALWAYS_EFFECTS", "ALWAYS_GUARDS", "Actor", "Effect", "Guard"]


class Actor(StrEnum):
    """Who may fire an event."""

    SELLER = "seller"
    BUYER = "buyer"
    DEVELOPER = "developer"
    REVIEWER = "reviewer"
    SEALING_OFFICER = "sealing_officer"
    """Lets the authority's seal be used; never the reviewer of the same case."""
    WINDOW_STAFF = "window_staff"
    NOTARY = "notary"
    REGISTRY = "registry"
    SYSTEM = "system"
    """The service itself: a deadline that passed, a step that follows by rule."""


class Guard(StrEnum):
    """What must hold before an event."""

    # who
    LOGGED_IN = "logged_in"
    TRUST_LEVEL_REACHED = "trust_level_reached"
    FACE_CHECKED = "face_checked"
    NOTICE_READ = "notice_read"
    REPRESENTED = "represented"
    NOT_ON_BOTH_SIDES = "not_on_both_sides"
    ID_TYPES_ACCEPTED = "id_types_accepted"
    PHONES_ACCEPTED = "phones_accepted"
    # the house
    PROPERTY_FOUND = "property_found"
    PROPERTY_STATE_ALLOWED = "property_state_allowed"
    PROPERTY_UNLOCKED = "property_unlocked"
    PROPERTY_QUERY_FRESH = "property_query_fresh"
    OWNER_MATCHED = "owner_matched"
    OWNER_NOT_BLACKLISTED = "owner_not_blacklisted"
    ONE_USE_PER_CERTIFICATE = "one_use_per_certificate"
    USE_CATEGORY_SETTLED = "use_category_settled"
    RESTRICTION_KNOWN = "restriction_known"
    # the text
    FIELDS_FILLED = "fields_filled"
    LOCKED_FIELDS_UNTOUCHED = "locked_fields_untouched"
    SHARES_COMPLETE = "shares_complete"
    CO_OWNER_CHOICE_MADE = "co_owner_choice_made"
    FORMS_COMPLETE = "forms_complete"
    # before signing
    QUALIFICATION_SETTLED = "qualification_settled"
    UNDERTAKINGS_COMPLETE = "undertakings_complete"
    CONFIRMATIONS_COMPLETE = "confirmations_complete"
    MATERIALS_COMPLETE = "materials_complete"
    # signing
    SIGNING_METHOD_SETTLED = "signing_method_settled"
    SIGNING_STEPS_COMPLETE = "signing_steps_complete"
    SIDE_CODES_VERIFIED = "side_codes_verified"
    SCAN_MATCHES_TEXT = "scan_matches_text"
    EXTRA_PAPERS_PRESENT = "extra_papers_present"
    NOTARISED_PAPERS_CONFIRMED = "notarised_papers_confirmed"
    """Each is a certificate that was verified, or a scan whose original the reviewer has confirmed."""
    # filing, registry
    FILING_REQUIRED = "filing_required"
    FILING_NOT_REQUIRED = "filing_not_required"
    REVIEW_PASSED = "review_passed"
    """A reviewer approved, and whoever seals is another person."""
    REASON_GIVEN = "reason_given"
    AMENDABLE_FIELDS_ONLY = "amendable_fields_only"
    AMENDMENT_RECORDED = "amendment_recorded"
    AMENDMENT_AGREED = "amendment_agreed"
    # cancelling, expiry
    CANCEL_RULE_FOUND = "cancel_rule_found"
    CANCEL_CONSENTS_COMPLETE = "cancel_consents_complete"
    CANCEL_PAPERS_COMPLETE = "cancel_papers_complete"
    CANCEL_REVIEW_PASSED = "cancel_review_passed"
    CANCEL_SCOPE_NET_SIGN = "cancel_scope_net_sign"
    CANCEL_SCOPE_FILING = "cancel_scope_filing"
    NOTARY_ISSUED = "notary_issued"
    NOTARY_NOT_ACCEPTED_YET = "notary_not_accepted_yet"
    CERTIFICATE_REVOKED = "certificate_revoked"
    DEADLINE_PASSED = "deadline_passed"


class Effect(StrEnum):
    """What follows an event. None of them deletes evidence (invariant e)."""

    ASSIGN_CASE_NUMBER = "assign_case_number"
    ASSIGN_FILING_NUMBER = "assign_filing_number"
    ISSUE_HOUSE_CODE = "issue_house_code"
    LOCK_PROPERTY = "lock_property"
    RELEASE_PROPERTY = "release_property"
    START_EXPIRY = "start_expiry"
    STOP_EXPIRY = "stop_expiry"
    FIX_TEXT = "fix_text"
    """Typeset, certify, digest and store the text."""
    VOID_ACTS_ON_TEXT = "void_acts_on_text"
    """Receipts, confirmations, undertakings and signatures on the old digest no longer count (invariant b)."""
    INVITE_SIGNERS = "invite_signers"
    RECORD_FILING = "record_filing"
    REVOKE_FILING = "revoke_filing"
    STAMP_FILING = "stamp_filing"
    RECORD_AMENDMENT = "record_amendment"
    USE_QUALIFICATION = "use_qualification"
    RELEASE_QUALIFICATION = "release_qualification"
    PUSH_TO_RECIPIENTS = "push_to_recipients"
    ASK_CONSENTS = "ask_consents"
    OPEN_NOTARY_CASE = "open_notary_case"
    CLOSE_NOTARY_CASE = "close_notary_case"
    TELL_NOTARY_OFFICE = "tell_notary_office"
    RESTORE_FILING = "restore_filing"
    """The cancellation rested on a certificate that was revoked: the filing is in force as if it had never ended."""
    TELL_ENTRANT = "tell_entrant"
    TELL_PARTIES = "tell_parties"
    TELL_OTHER_SIDE = "tell_other_side"
    ARCHIVE = "archive"
    """The dossier is complete and kept for the city's retention period."""
    HIDE_CONTENT = "hide_content"
    """No longer shown as in force; evidence and journal stay (H-50)."""
    LEAVE_TOMBSTONE = "leave_tombstone"
    """Lists keep the number and what became of it, without personal data (H-03)."""


ALWAYS_GUARDS: Final[Mapping[Event, frozenset[Guard]]] = MappingProxyType(
    {
        # (c), H-48
        Event.VERIFY_PROPERTY: frozenset({Guard.PROPERTY_UNLOCKED}),
        Event.IMPORT_FILED: frozenset({Guard.PROPERTY_UNLOCKED}),
        # (d), H-49
        Event.GENERATE_TEXT: frozenset({Guard.REPRESENTED, Guard.NOT_ON_BOTH_SIDES}),
        Event.START_SIGNING: frozenset({Guard.REPRESENTED}),
        Event.COMPLETE_SIGNING: frozenset({Guard.REPRESENTED}),
        Event.APPROVE_FILING: frozenset({Guard.REVIEW_PASSED}),
        Event.RETURN_TEXT: frozenset({Guard.REASON_GIVEN}),
        Event.RETURN_MATERIALS: frozenset({Guard.REASON_GIVEN}),
        Event.REGISTRY_REJECT: frozenset({Guard.REASON_GIVEN}),
        Event.REQUEST_CANCEL: frozenset({Guard.CANCEL_RULE_FOUND}),
        Event.FINISH_CANCEL_NETSIGN: frozenset({Guard.CANCEL_CONSENTS_COMPLETE, Guard.CANCEL_SCOPE_NET_SIGN}),
        Event.FINISH_CANCEL_FILING: frozenset({Guard.CANCEL_CONSENTS_COMPLETE, Guard.CANCEL_SCOPE_FILING}),
        Event.RESTORE_FILING: frozenset({Guard.CERTIFICATE_REVOKED}),
        Event.EXPIRE: frozenset({Guard.DEADLINE_PASSED}),
    }
)
"""What every city asks of an event, whatever its profile says."""

ALWAYS_EFFECTS: Final[Mapping[Event, tuple[Effect, ...]]] = MappingProxyType(
    {
        # (c)
        Event.VERIFY_PROPERTY: (Effect.LOCK_PROPERTY,),
        Event.IMPORT_FILED: (Effect.LOCK_PROPERTY,),
        # (b)
        Event.GENERATE_TEXT: (Effect.FIX_TEXT,),
        Event.REOPEN_TEXT: (Effect.VOID_ACTS_ON_TEXT, Effect.TELL_PARTIES),
        Event.RETURN_TEXT: (Effect.VOID_ACTS_ON_TEXT, Effect.TELL_PARTIES),
        Event.RETURN_MATERIALS: (Effect.TELL_ENTRANT,),
        Event.FINISH_CANCEL_FILING: (
            Effect.REVOKE_FILING,
            Effect.VOID_ACTS_ON_TEXT,
            Effect.RELEASE_QUALIFICATION,
            Effect.TELL_PARTIES,
        ),
        Event.AUTO_FILE: (Effect.RECORD_FILING,),
        Event.APPROVE_FILING: (Effect.RECORD_FILING,),
        Event.AMEND: (Effect.RECORD_AMENDMENT,),
        # (e), H-50
        Event.FINISH_CANCEL_NETSIGN: (
            Effect.REVOKE_FILING,
            Effect.RELEASE_QUALIFICATION,
            Effect.HIDE_CONTENT,
            Effect.ARCHIVE,
            Effect.RELEASE_PROPERTY,
            Effect.TELL_PARTIES,
        ),
        Event.RESTORE_FILING: (Effect.RESTORE_FILING, Effect.LOCK_PROPERTY, Effect.ARCHIVE),
        Event.EXPIRE: (
            Effect.RELEASE_QUALIFICATION,
            Effect.HIDE_CONTENT,
            Effect.ARCHIVE,
            Effect.RELEASE_PROPERTY,
        ),
        Event.REGISTRY_DONE: (Effect.ARCHIVE, Effect.RELEASE_PROPERTY, Effect.TELL_PARTIES),
    }
)
"""What follows in every city. ``revoke_filing`` and ``release_qualification`` do nothing where there is none."""
