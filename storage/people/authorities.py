"""Who may act for whom, in the database: ``identity.ports.Authorities``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from identity.accounts.model import AgencyRight, AgentBinding, HandlerBinding
from identity.keys import LookupSecret, person_key
from storage.people.sealed_bodies import open_body, seal_body
from storage.people.tables import agency_rights, agent_bindings, handler_bindings
from storage.records.upserts import insert_into

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Table

    from identity.numbers import IdentityNumber
    from storage.records.database import Database
    from storage.records.values import SealingKey

__all__ = ["SqlAuthorities"]

Binding = TypeVar("Binding", HandlerBinding, AgentBinding)

KINDS = {HandlerBinding: ("handler-binding", handler_bindings), AgentBinding: ("agent-binding", agent_bindings)}


class SqlAuthorities:
    """Bindings, sealed; found by keys of those they bind."""

    def __init__(self, database: Database, key: SealingKey, secret: LookupSecret) -> None:
        self._database = database
        self._key = key
        self._secret = secret

    def save_handler(self, binding: HandlerBinding) -> None:
        """Make it, or bring it up to date."""
        row = {
            "binding_id": binding.binding_id,
            "organisation_key": person_key(self._secret, binding.organisation.number),
            "handler_key": person_key(self._secret, binding.handler.number),
            "added_at": binding.added_at,
            "ended_at": binding.ended_at,
            "body": seal_body(self._key, binding, "handler-binding", binding.binding_id),
        }
        self._save(handler_bindings, row, changed=("ended_at", "body"))

    def handler(self, binding_id: str) -> HandlerBinding | None:
        """By identifier."""
        return self._one(HandlerBinding, handler_bindings.c.binding_id == binding_id)

    def handlers_of(self, organisation: IdentityNumber) -> Sequence[HandlerBinding]:
        """Of an organisation."""
        c = handler_bindings.c
        return self._many(HandlerBinding, c.organisation_key == person_key(self._secret, organisation), c.added_at)

    def handled_by(self, handler: IdentityNumber) -> Sequence[HandlerBinding]:
        """Of a person."""
        c = handler_bindings.c
        return self._many(HandlerBinding, c.handler_key == person_key(self._secret, handler), c.added_at)

    def save_agent(self, binding: AgentBinding) -> None:
        """Make it, or bring it up to date."""
        row = {
            "binding_id": binding.binding_id,
            "city": binding.city,
            "house_key": self._house_key(binding.city, binding.certificate_number),
            "agent_key": person_key(self._secret, binding.agent.subject.number),
            "bound_by": binding.bound_by,
            "bound_at": binding.bound_at,
            "ended_at": binding.ended_at,
            "body": seal_body(self._key, binding, "agent-binding", binding.binding_id),
        }
        self._save(agent_bindings, row, changed=("ended_at", "body"))

    def agent(self, binding_id: str) -> AgentBinding | None:
        """By identifier."""
        return self._one(AgentBinding, agent_bindings.c.binding_id == binding_id)

    def agents_of_house(self, city: str, certificate_number: str) -> Sequence[AgentBinding]:
        """Of a house."""
        c = agent_bindings.c
        return self._many(AgentBinding, c.house_key == self._house_key(city, certificate_number), c.bound_at)

    def bindings_of_agent(self, agent: IdentityNumber) -> Sequence[AgentBinding]:
        """Of an agent."""
        c = agent_bindings.c
        return self._many(AgentBinding, c.agent_key == person_key(self._secret, agent), c.bound_at)

    def agency_right(self, account_id: str, city: str) -> AgencyRight | None:
        """Of an account in a city."""
        c = agency_rights.c
        with self._database.reading() as connection:
            row = connection.execute(
                select(agency_rights).where(c.account_id == account_id, c.city == city)
            ).one_or_none()
        return None if row is None else AgencyRight(**row._asdict())

    def save_agency_right(self, right: AgencyRight) -> None:
        """Make it, or bring it up to date."""
        row = asdict(right)
        with self._database.writing() as connection:
            made = insert_into(connection, agency_rights).values(row)
            connection.execute(made.on_conflict_do_update(index_elements=["account_id", "city"], set_=row))

    def _save(self, table: Table, row: dict[str, object], changed: tuple[str, ...]) -> None:
        with self._database.writing() as connection:
            made = insert_into(connection, table).values(row)
            newer = {name: row[name] for name in changed}
            connection.execute(made.on_conflict_do_update(index_elements=["binding_id"], set_=newer))

    def _one(self, type_: type[Binding], condition: ColumnElement[bool]) -> Binding | None:
        return next(iter(self._many(type_, condition, KINDS[type_][1].c.binding_id)), None)

    def _many(
        self, type_: type[Binding], condition: ColumnElement[bool], order: ColumnElement[object]
    ) -> tuple[Binding, ...]:
        kind, table = KINDS[type_]
        with self._database.reading() as connection:
            rows = connection.execute(
                select(table.c.binding_id, table.c.body).where(condition).order_by(order, table.c.binding_id)
            ).all()
        return tuple(open_body(self._key, row.body, type_, (kind, row.binding_id)) for row in rows)

    def _house_key(self, city: str, certificate_number: str) -> str:
        return self._secret.key("bound-house", city, certificate_number)
