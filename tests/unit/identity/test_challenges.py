"""The captcha: a picture or a sum, either answer, one hash each, five minutes."""

from __future__ import annotations

import io
from datetime import timedelta
from random import Random

import pytest
from PIL import Image

from identity.challenges import CHALLENGE_LIFE, draw_challenge, is_answer, picture_of
from tests.builders.keyring import NOW


@pytest.fixture
def challenge():
    return draw_challenge(NOW, Random(7))


@pytest.mark.rule("WH-41")
def test_letters_in_any_width_and_case_or_the_sum(challenge):
    kept = challenge.to_kept()
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in challenge.letters)
    for answer in (challenge.letters, challenge.letters.lower(), wide, str(challenge.first + challenge.second)):
        assert is_answer(kept, answer, NOW)


@pytest.mark.parametrize("wrong", ["", "AAAAA", "0", "99", "=" * 1000])
def test_anything_else_is_wrong(challenge, wrong):
    assert not is_answer(challenge.to_kept(), wrong, NOW)


def test_it_ends_after_five_minutes(challenge):
    kept = challenge.to_kept()
    assert is_answer(kept, challenge.letters, NOW + CHALLENGE_LIFE - timedelta(seconds=1))
    assert not is_answer(kept, challenge.letters, NOW + CHALLENGE_LIFE)


def test_what_is_kept_does_not_tell_the_answer(challenge):
    assert challenge.letters not in repr(challenge.to_kept())
    assert challenge.letters not in repr(challenge)
    assert draw_challenge(NOW, Random(7)).to_kept().answer_hash != challenge.to_kept().answer_hash, "salted"


def test_the_picture_is_a_picture_and_never_the_same(challenge):
    one, other = picture_of(challenge), picture_of(challenge)
    assert one != other
    with Image.open(io.BytesIO(one)) as picture:
        assert picture.format == "PNG"
        assert picture.size == (220, 72)
        darkest, lightest = picture.getextrema()
        assert darkest < 64
        assert lightest > 200


def test_letters_are_not_mistaken_for_one_another():
    drawn = {letter for seed in range(200) for letter in draw_challenge(NOW, Random(seed)).letters}
    assert not drawn & set("0O1I2Z5S8BQ")
    assert len(drawn) > 15
