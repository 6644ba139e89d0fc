"""The profile of a city as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from filing.lifecycle import Event, State
from filing.profile.cancelling import CancelTable
from filing.profile.entry import ContractFacts, Entry, Preparation
from filing.profile.house import HouseRules
from filing.profile.people import People
from filing.profile.shape import Limits, Name, RuleId
from filing.profile.signing import Filing, Signing
from filing.profile.vocabulary import Actor, Effect, Guard

__all__ = ["City", "FlowProfile", "Kind", "Sale", "Template", "TransitionRule"]


class Kind(StrEnum):
    """What a profile is about."""

    STOCK_SALE = "stock_sale"
    NEW_SALE_CANCELLATION = "new_sale_cancellation"


@dataclass(frozen=True, slots=True)
class City:
    """Which city, which system."""

    name: Name
    """Name of the folder."""

    title: str
    """As people call the system."""

    region_code: Annotated[str, Limits(pattern="^[0-9]{6}$")]
    """GB/T 2260 code of the city."""

    authority: str
    """Who files."""

    version: Annotated[int, Limits(minimum=1)]
    """Number of this profile; a case keeps the number it began with."""

    retention_years: Annotated[int, Limits(minimum=5, maximum=100)]
    """How long evidence is kept after the case ended (H-50; 电子签名法 art. 24: at least 5)."""

    labels: Mapping[State, str]
    """What the city calls a state, where it has its own word (rules.md § 7.3)."""

    unfiled_label: str | None = None
    """What the city calls every state before filing, if it has one word for them (S1: 在途未备案)."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text of the city."""

    title: str
    """As people call it."""

    file: Annotated[str, Limits(pattern="^templates/[a-z0-9_./-]+$")] | None = None
    """File in the city's folder; without one, the house's own."""


@dataclass(frozen=True, slots=True)
class TransitionRule:
    """How a city takes one event."""

    by: tuple[Actor, ...]
    """Who may fire it."""

    sources: tuple[State, ...] | None = None
    """In which states; unless said, in every state the lifecycle has it in and the city reaches."""

    guards: frozenset[Guard] = frozenset()
    """What must hold, besides what every city asks (``ALWAYS_GUARDS``)."""

    effects: tuple[Effect, ...] = ()
    """What follows, besides what follows everywhere (``ALWAYS_EFFECTS``)."""

    rules: tuple[RuleId, ...] = ()
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class Sale:
    """What a profile of kind ``stock_sale`` has and no other."""

    house: HouseRules
    """Houses."""

    entry: Entry
    """Entering the contract."""

    preparation: Preparation
    """Before signing."""

    signing: Signing
    """Signing."""

    contract: ContractFacts
    """What the model text says of the city."""


@dataclass(frozen=True, slots=True)
class FlowProfile:
    """One city's way of taking a contract through its life (rules.md § 7.1)."""

    kind: Kind
    """What it is about."""

    city: City
    """Which city, which system."""

    people: People
    """Who takes part."""

    filing: Filing
    """Filing."""

    transitions: Mapping[Event, tuple[TransitionRule, ...]]
    """Which events the city has, and how it takes them."""

    cancelling: CancelTable
    """Every way to cancel."""

    templates: Mapping[Name, Template]
    """Every text the profile speaks of."""

    sale: Sale | None = None
    """The sale itself; a cancellation of a contract made elsewhere has none."""
