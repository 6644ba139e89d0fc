"""Messages as data: every key in both languages in every city, places checked, what is wrong said with its line."""

from __future__ import annotations

import pytest

from filing.messages import CodeKey, Language, MessageKey, load_messages, parse_messages
from filing.profile import ProfileInvalid
from identity.codes import CodePurpose
from tests.builders.cases import CITIES

BOOKS = load_messages(CITIES)


@pytest.mark.parametrize("city", sorted(BOOKS))
def test_every_city_has_every_message_in_both_languages(city):
    book = BOOKS[city]
    for language in Language:
        for key in MessageKey:
            assert book.text(key, language)
        for purpose in CodePurpose:
            assert "{code}" in book.code_text(purpose, language).template


@pytest.mark.parametrize("city", sorted(BOOKS))
def test_every_city_signs_its_messages(city):
    assert BOOKS[city].text(MessageKey.FILED, Language.ZH).startswith("【")


@pytest.mark.rule("H-43")
@pytest.mark.parametrize("key", [CodeKey.SIGN, CodeKey.CONFIRM, CodeKey.AMEND])
def test_a_code_that_agrees_to_a_sale_names_house_and_price(key):
    text = f"""
signature: {{zh: 【某市】, en: x}}
codes:
  {key.value}: {{zh: "验证码{{code}}，{{house}}", en: "{{code}} {{house}} {{price}}"}}
"""
    with pytest.raises(ProfileInvalid) as refused:
        parse_messages(text)
    assert refused.value.problems[0].line == 4
    assert "without {price}" in refused.value.problems[0].en


@pytest.mark.parametrize(
    "line",
    [
        "filed: {zh: '{nobody_fills_this}', en: x}",
        "filed: {zh: '{code}', en: x}",
        "sign_link: {zh: 没有链接, en: '{link}'}",
        "unknown_key: {zh: x, en: y}",
        "filed: {zh: x}",
        f"filed: {{zh: {'长' * 301}, en: x}}",
    ],
)
def test_a_wrong_text_is_refused_with_its_line(line):
    with pytest.raises(ProfileInvalid) as refused:
        parse_messages(f"signature: {{zh: x, en: y}}\ntexts:\n  {line}\n")
    assert refused.value.problems[0].line == 3


def test_a_city_without_words_speaks_in_the_houses(tmp_path):
    (tmp_path / "sixth").mkdir()
    (tmp_path / "sixth" / "profile.yaml").write_text("kind: stock_sale\n", encoding="utf-8")
    book = load_messages(tmp_path)["sixth"]
    assert book.text(MessageKey.FILED, Language.ZH).startswith("【网签备案】")
