"""Accounts made by a login, linked with older ones, and the authorities that hang on them."""

from __future__ import annotations

from identity.accounts.agents import BindingRequest, bind_agent, representation_from, unbind_agent
from identity.accounts.handlers import Appointment, appoint_handler, consent_subject, end_binding, handler_consents
from identity.accounts.linking import (
    Credentials,
    LinkDesk,
    Linking,
    LinkingStep,
    UnifiedAccount,
    confirm_agency,
    linking_step,
    open_city_account,
    take_over_old_account,
)
from identity.accounts.login import (
    CardChoice,
    Holdings,
    account_from_login,
    acting_person,
    choose_card,
    memberships,
    platform_bindings,
    subject_from_login,
)
from identity.accounts.model import (
    Account,
    AgencyRight,
    Agent,
    AgentBinding,
    BindingSource,
    CityAccount,
    CityAccountKind,
    HandlerBinding,
    OldAccount,
    OldAccountKind,
)
from identity.accounts.passwords import hash_password, password_fits

__all__ = [
    "Account",
    "AgencyRight",
    "Agent",
    "AgentBinding",
    "Appointment",
    "BindingRequest",
    "BindingSource",
    "CardChoice",
    "CityAccount",
    "CityAccountKind",
    "Credentials",
    "HandlerBinding",
    "Holdings",
    "LinkDesk",
    "Linking",
    "LinkingStep",
    "OldAccount",
    "OldAccountKind",
    "UnifiedAccount",
    "account_from_login",
    "acting_person",
    "appoint_handler",
    "bind_agent",
    "choose_card",
    "confirm_agency",
    "consent_subject",
    "end_binding",
    "handler_consents",
    "hash_password",
    "linking_step",
    "memberships",
    "open_city_account",
    "password_fits",
    "platform_bindings",
    "representation_from",
    "subject_from_login",
    "take_over_old_account",
    "unbind_agent",
]
