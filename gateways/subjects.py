"""People on the wire: how a subject is written, and whether an answer is about that subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from identity.errors import NumberError
from identity.numbers import IdentityNumber, IdType, PersonMatch, check_number, folded, same_person_number

if TYPE_CHECKING:
    from datetime import date

    from identity.subjects import Subject

__all__ = ["SubjectFields", "is_number_of", "is_subject", "subject_fields"]


class SubjectFields(TypedDict):
    """A subject as JSON."""

    name: str
    id_type: str
    id_number: str


def subject_fields(subject: Subject) -> SubjectFields:
    """As every service is told of a person."""
    return {"name": subject.name, "id_type": subject.number.type.value, "id_number": subject.number.normalised}


def is_subject(subject: Subject, id_type: IdType, id_number: str) -> bool:
    """Whether the number in an answer is the very one that was asked about; names are not compared, they are written
    in more than one way.
    """
    return subject.number.type is id_type and folded(id_number) == subject.number.normalised


def is_number_of(asked: str, answered: IdentityNumber, today: date) -> bool:
    """Whether ``asked``, typed without its kind, is the holder's of ``answered``: renewals and generations too."""
    if folded(asked) == answered.normalised:
        return True
    for kind in (answered.type, IdType.RESIDENT_ID, IdType.RESIDENT_ID_15):
        try:
            number = check_number(kind, asked, today)
        except NumberError:
            continue
        if same_person_number(number, answered) is PersonMatch.SAME:
            return True
    return False
