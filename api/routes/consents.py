"""Separate consents: the words of each, and one's own in every matter. Giving and taking back are acts of a case."""

from fastapi import APIRouter

from api.callers import Api, Now, OnlyPerson, guarded
from api.documented import both, problems
from api.ports import PageAsked
from api.rates import Rate
from api.views.base import View
from api.views.people import SeparateConsentView, consents_of
from api.visibility import sees
from filing.case.consents import ConsentKind
from filing.guards.consents import CONSENT_WORDS
from filing.lifecycle import TERMINAL

__all__ = ["router"]

router = APIRouter(tags=["accounts"])

MATTERS = 100
"""As many of the newest matters are looked through."""


class BothView(View):
    """A sentence in both languages."""

    zh: str
    """Chinese; it counts."""
    en: str
    """English."""


class ConsentWordsView(View):
    """What is consented to."""

    kind: ConsentKind
    """Which."""
    words: BothView
    """The sentence to agree to."""
    instead: BothView
    """What there is for whoever does not agree."""
    sha256: str
    """Digest of the Chinese sentence (UTF-8): what `give-consent` takes."""


class ConsentsView(View):
    """Every separate consent this service ever asks for."""

    consents: tuple[ConsentWordsView, ...]
    """Each by itself."""


class ConsentOfMatterView(SeparateConsentView):
    """A consent of yours in one matter."""

    case_no: str
    """In which."""
    open: bool
    """Whether it can be taken back: the matter goes on, and the consent is in force."""


class MyConsentsView(View):
    """Your consents."""

    consents: tuple[ConsentOfMatterView, ...]
    """The newest matter first."""


@router.get(
    "/consents",
    dependencies=[guarded(Rate.PUBLIC)],
    summary="单独同意事项",
    description=both(
        "人脸、证件照片、视频各自的告知内容，以及不同意时的其他办理方式（个人信息保护法第二十九条）。",
        "What is told before a face, a document's photo or a film is asked for, and the other way there is.",
    ),
    responses=problems(),
)
def consents() -> ConsentsView:
    """The words."""
    return ConsentsView(
        consents=tuple(
            ConsentWordsView(
                kind=each.kind,
                words=BothView(zh=each.zh, en=each.en),
                instead=BothView(zh=each.instead_zh, en=each.instead_en),
                sha256=each.sha256,
            )
            for each in CONSENT_WORDS.values()
        )
    )


@router.get(
    "/me/consents",
    dependencies=[guarded(Rate.READ)],
    summary="我的单独同意",
    description=both(
        "本人在各业务中给出的单独同意；以 `withdraw-consent` 撤回。",
        "Your separate consents in your newest hundred matters; `withdraw-consent` of the matter takes one back.",
    ),
    responses=problems(),
)
def my_consents(api: Api, person: OnlyPerson, now: Now) -> MyConsentsView:
    """One's own."""
    reader = api.services.cases.reader
    numbers = [row.case_no for row in reader.concerning(person, PageAsked(MATTERS, None), now).rows]
    found = reader.load_many(numbers)
    lines: list[ConsentOfMatterView] = []
    for number in numbers:
        seen = sees(api.services, found.get(number), person, now)
        if seen is None:
            continue
        position = seen.case.position
        goes_on = position is not None and position.state not in TERMINAL
        lines += (
            ConsentOfMatterView(**one.model_dump(), case_no=number, open=goes_on and one.in_force)
            for one in consents_of(seen.case, person.account_id)
        )
    return MyConsentsView(consents=tuple(lines))
