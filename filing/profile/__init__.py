"""Cities as data: a folder becomes a checked, frozen profile, and pure functions read its tables."""

from __future__ import annotations

from filing.profile.cancellation import (
    CancelRefusal,
    CancelSituation,
    QualificationState,
    RefusalReason,
    cancellation_for,
)
from filing.profile.decisions import (
    Answer,
    HouseFacts,
    HouseUse,
    MethodDecision,
    PartyFacts,
    Restriction,
    Ruling,
    extra_papers,
    filing_required,
    qualification_needed,
    signing_method,
)
from filing.profile.errors import NotInThisCity, NotThisActor, Problem, ProfileInvalid
from filing.profile.flow import (
    CityTransition,
    city_transitions,
    movers,
    passing_states,
    reached_states,
    state_label,
    transition_for,
)
from filing.profile.load import load_calendar, load_cities, load_profile, parse_profile, profile_schema
from filing.profile.model import FlowProfile, Kind, Sale
from filing.profile.vocabulary import ALWAYS_EFFECTS, ALWAYS_GUARDS, Actor, Effect, Guard

__all__ = [
    "ALWAYS_EFFECTS",
    "ALWAYS_GUARDS",
    "Actor",
    "Answer",
    "CancelRefusal",
    "CancelSituation",
    "CityTransition",
    "Effect",
    "FlowProfile",
    "Guard",
    "HouseFacts",
    "HouseUse",
    "Kind",
    "MethodDecision",
    "NotInThisCity",
    "NotThisActor",
    "PartyFacts",
    "Problem",
    "ProfileInvalid",
    "QualificationState",
    "RefusalReason",
    "Restriction",
    "Ruling",
    "Sale",
    "cancellation_for",
    "city_transitions",
    "extra_papers",
    "filing_required",
    "load_calendar",
    "load_cities",
    "load_profile",
    "movers",
    "parse_profile",
    "passing_states",
    "profile_schema",
    "qualification_needed",
    "reached_states",
    "signing_method",
    "state_label",
    "transition_for",
]
