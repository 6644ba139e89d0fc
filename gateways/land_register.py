"""The land register over HTTP (``docs/outside-world.md`` § 4): what it answers must be what was asked."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal

from filing.calendar import beijing_day
from filing.outside import (
    HouseQuery,
    OutsideService,
    OwnTitle,
    OwnTitleQuery,
    OwnTitleState,
    RegisteredHouse,
    RegisteredOwner,
)
from gateways.answers import Answer, checked_reference, segment, wrong
from gateways.certificates import is_certificate_asked
from gateways.http import HttpAdapter
from gateways.registered_house import Amount, At, HouseAnswer, Text, registered_house
from gateways.subjects import is_number_of, is_subject, subject_fields
from identity.numbers import IdentityNumber, IdType, PersonMatch, check_number, folded
from identity.subjects import Subject, match_subjects

__all__ = ["HttpLandRegister"]


class _Found(Answer, frozen=True):
    houses: tuple[HouseAnswer, ...]


class _TitleLine(Answer, frozen=True):
    business_type: Text
    result_type: Text
    certificate_number: Text
    floor_area: Amount
    registered_at: At
    status: Text
    house: HouseAnswer


class _TitleQuery(Answer, frozen=True):
    number: str
    city: str
    name: Text
    id_type: IdType
    id_number: Text
    state: OwnTitleState
    asked_at: At
    titles: tuple[_TitleLine, ...]


class HttpLandRegister(HttpAdapter):
    """:class:`filing.outside.LandRegister`."""

    SERVICE = OutsideService.LAND_REGISTER

    def find(self, query: HouseQuery) -> tuple[RegisteredHouse, ...]:
        """Every house that fits all keys given."""
        asked = {name: value for name, value in asdict(query).items() if value is not None}
        found = self._http.post("find", "houses/search", asked, _Found)
        houses = tuple(registered_house(house, self._today()) for house in found.houses)
        if not all(self._fits(house, query) for house in houses):
            raise wrong(self._http.service, "other_house")
        return houses

    def ask_own_titles(self, city: str, person: Subject) -> OwnTitleQuery:
        """A new query, mostly pending."""
        answer = self._http.post(
            "ask_own_titles", "title-queries", {"city": city, **subject_fields(person)}, _TitleQuery
        )
        return self._own_titles(answer, city, person)

    def own_titles(self, city: str, number: str, person: Subject) -> OwnTitleQuery:
        """How a query stands."""
        answer = self._http.get("own_titles", f"title-queries/{segment(number)}", _TitleQuery)
        if answer.number != number:
            raise wrong(self._http.service, "other_reference")
        return self._own_titles(answer, city, person)

    def _today(self) -> date:
        return beijing_day(self._http.clock())

    def _own_titles(self, answer: _TitleQuery, city: str, person: Subject) -> OwnTitleQuery:
        service = self._http.service
        if not is_subject(person, answer.id_type, answer.id_number):
            raise wrong(service, "other_person")
        titles = tuple(self._own_title(line, city, person) for line in answer.titles)
        if answer.city != city or (titles and answer.state is OwnTitleState.PENDING):
            raise wrong(service, "state")
        number = checked_reference(service, answer.number)
        return OwnTitleQuery(number, answer.name, answer.state, answer.asked_at, titles)

    def _own_title(self, line: _TitleLine, city: str, person: Subject) -> OwnTitle:
        house = registered_house(line.house, self._today())
        if house.city != city or not any(self._is(owner, person) for owner in house.owners):
            raise wrong(self._http.service, "other_house")
        return OwnTitle(
            line.business_type,
            line.result_type,
            line.certificate_number,
            Decimal(line.floor_area),
            line.registered_at,
            line.status,
            house,
        )

    def _fits(self, house: RegisteredHouse, query: HouseQuery) -> bool:
        title = house.title
        return (
            house.city == query.city
            and query.certificate_type in (None, title.certificate_type)
            and query.region in (None, title.region)
            and is_certificate_asked(query.certificate_number, title.certificate_number, self._today())
            and _same_unit(query.unit_number, title.unit_number)
            and any(self._owns(owner, query.owner_name, query.owner_id_number) for owner in house.owners)
        )

    def _owns(self, owner: RegisteredOwner, name: str | None, id_number: str | None) -> bool:
        """Name and number must be of one and the same owner (HS-12)."""
        if name is not None and folded(name) != folded(owner.name):
            return False
        return id_number is None or is_number_of(id_number, self._number(owner), self._today())

    def _is(self, owner: RegisteredOwner, person: Subject) -> bool:
        """Not another person: of a renewed document the register may know what the numbers do not tell."""
        registered = Subject(owner.name, self._number(owner), owner.kind)
        return match_subjects(registered, person) is not PersonMatch.DIFFERENT

    def _number(self, owner: RegisteredOwner) -> IdentityNumber:
        return check_number(owner.id_type, owner.id_number, self._today())


def _same_unit(asked: str | None, answered: str | None) -> bool:
    if asked is None:
        return True
    return answered is not None and folded(asked) == answered
