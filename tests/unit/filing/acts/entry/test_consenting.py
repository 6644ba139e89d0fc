"""Separate consents: each for one thing, before anything is done, taken back as easily (个人信息保护法 art. 29)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from filing.case.consents import ConsentKind
from filing.guards import consents
from filing.guards.consents import CONSENT_WORDS
from filing.profile.people import CheckPurpose
from identity.outside import FaceOutcome
from notary.every_act import EVERY_ACT
from tests.builders.cases import BUYER, SELLER, acting, registered
from tests.builders.desks import code_of

FACE, VIDEO = ConsentKind.FACE, ConsentKind.VIDEO


@pytest.fixture
def seller(desks):
    seller = acting(SELLER, "huangshi")
    desks.open("huangshi", seller)
    desks.knows(registered("huangshi"))
    desks.consents_given = False
    return seller


def agrees(desks, person, kind=FACE):
    return desks.do("give-consent", person, kind=kind, sha256=CONSENT_WORDS[kind].sha256)


def begins(desks, person):
    return desks.do("start-face-check", person, purpose=CheckPurpose.OPEN)


def test_every_act_that_takes_a_face_a_document_or_a_film_names_its_consent():
    needed = {name: act.consent for name, act in EVERY_ACT.items() if act.consent is not None}
    assert needed == {
        "start-face-check": FACE,
        "finish-face-check": FACE,
        "begin-signer-check": FACE,
        "finish-signer-check": FACE,
        "notary-face-begin": FACE,
        "notary-face-finish": FACE,
        "notary-upload-photo": ConsentKind.ID_PHOTO,
        "notary-video-script": VIDEO,
        "notary-give-video": VIDEO,
    }
    unnamed = {name for name in EVERY_ACT if {"face", "photo", "video"} & set(name.split("-"))} - set(needed)
    assert unnamed == set()


def test_nothing_is_asked_of_the_face_check_before_the_consent(desks, seller):
    assert code_of(lambda: begins(desks, seller)) == "consent.missing"
    assert desks.face.sessions == {}
    assert desks.case.people.begun == ()
    agrees(desks, seller)
    begins(desks, seller)
    assert len(desks.face.sessions) == 1


def test_one_consent_is_not_another(desks, seller):
    agrees(desks, seller, VIDEO)
    agrees(desks, seller, ConsentKind.ID_PHOTO)
    assert code_of(lambda: begins(desks, seller)) == "consent.missing"


def test_consent_is_journalled_with_the_digest_of_what_was_shown(desks, seller):
    agrees(desks, seller)
    fact = next(fact for fact in desks.facts if fact.event == "consent.given")
    assert dict(fact.data) == {"kind": "face", "sha256": CONSENT_WORDS[FACE].sha256}
    (kept,) = desks.case.people.consents
    assert (kept.account_id, kept.given_at) == (SELLER.account, desks.now)


def test_consent_said_twice_is_kept_once(desks, seller):
    agrees(desks, seller)
    agrees(desks, seller)
    assert len(desks.case.people.consents) == 1


def test_words_that_were_not_shown_are_not_consented_to(desks, seller):
    said = {"kind": FACE, "sha256": CONSENT_WORDS[VIDEO].sha256}
    assert code_of(lambda: desks.do("give-consent", seller, **said)) == "consent.other_words"
    assert desks.case.people.consents == ()


def test_changed_words_are_asked_for_anew(desks, seller, monkeypatch):
    agrees(desks, seller)
    changed = replace(CONSENT_WORDS[FACE], zh="另一告知内容")
    monkeypatch.setattr(consents, "CONSENT_WORDS", {**CONSENT_WORDS, FACE: changed})
    assert code_of(lambda: begins(desks, seller)) == "consent.missing"


def test_a_face_check_under_way_is_void_when_the_consent_is_taken_back(desks, seller):
    agrees(desks, seller)
    begins(desks, seller)
    desks.do("withdraw-consent", seller, kind=FACE)
    assert desks.case.people.begun == ()
    assert code_of(lambda: desks.do("finish-face-check", seller, purpose=CheckPurpose.OPEN)) == "check.not_begun"
    assert code_of(lambda: begins(desks, seller)) == "consent.missing"
    assert code_of(lambda: desks.do("withdraw-consent", seller, kind=FACE)) == "consent.none"
    agrees(desks, seller)
    begins(desks, seller)
    assert [one.withdrawn_at is None for one in desks.case.people.consents] == [False, True]


def test_what_was_finished_before_stays(desks, seller):
    desks.face.outcome = FaceOutcome.PASSED
    agrees(desks, seller)
    begins(desks, seller)
    desks.do("finish-face-check", seller, purpose=CheckPurpose.OPEN)
    desks.do("withdraw-consent", seller, kind=FACE)
    assert len(desks.case.people.checks) == 1


def test_nobody_consents_for_another(desks, seller):
    agrees(desks, seller)
    assert consents.consent_in_force(desks.case, BUYER.key, FACE) is None
    assert consents.consent_in_force(desks.case, SELLER.key, FACE) is not None
