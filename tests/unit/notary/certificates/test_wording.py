"""Number and date as certificates are set; digests and names whatever line they are broken over."""

from __future__ import annotations

from datetime import date

import pytest

from notary.certificates.wording import read_date, read_number, read_wording
from qianshu.demo_data.notary_papers import chinese_date

DIGEST = "5f" * 16 + "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("（2026）粤中石岐第001234号", "（2026）粤中石岐第001234号"),
        (" (2026) 粤中石岐 第 001234 号 ", "（2026）粤中石岐第001234号"),
        ("〔2026〕粤中石岐第１２３４号", "（2026）粤中石岐第1234号"),
        ("编号：（2026）粤中石岐第001234号", "（2026）粤中石岐第001234号"),
        ("（2026）粤中石岐第号", None),
        ("粤中石岐第001234号", None),
        ("本处决定撤销（2026）粤中石岐第001234号公证书", None),
        ("（26）粤中石岐第001234号", None),
        ("（2026）粤中石岐第一二三四号", None),
    ],
)
def test_number_stands_alone_on_its_line(line: str, number: str | None) -> None:
    assert (str(read_number(line)) if read_number(line) else None) == number


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("二〇二六年十一月二十一日", date(2026, 11, 21)),
        ("二○二六年一月三十日", date(2026, 1, 30)),
        ("二零二六年十月十日", date(2026, 10, 10)),
        ("2026年11月21日", date(2026, 11, 21)),
        ("２０２６ 年 ２ 月 ８ 日", date(2026, 2, 8)),
        ("二〇二六年二月三十日", None),
        ("二〇二六年十三月一日", None),
        ("二〇二六年十十月一日", None),
        ("于二〇二六年十一月二十一日", None),
        ("2026-11-21", None),
    ],
)
def test_date_stands_alone_on_its_line(line: str, day: date | None) -> None:
    assert read_date(line) == day


@pytest.mark.parametrize("year", [2026, 2030, 2100])
def test_reads_every_day_as_it_is_written(year: int) -> None:
    days = [date(year, month, day) for month in range(1, 13) for day in range(1, 29)]
    assert [read_date(chinese_date(day)) for day in days] == days


def test_finds_digest_and_name_over_line_breaks() -> None:
    wording = read_wording([f"SHA-256：{DIGEST[:20]}\r\n{DIGEST[20:50].upper()}\n", f"{DIGEST[50:]}。黄嘉\n豪"])
    assert wording.says(DIGEST)
    assert wording.says("黄嘉豪")
    assert wording.digests == {DIGEST}
    assert not wording.says("黄嘉俊")
    assert read_wording([f"文本 SHA-256 {DIGEST}"]).digests == {DIGEST}


def test_keeps_every_different_number_and_date() -> None:
    wording = read_wording(
        ["（2026）粤中石岐第1号\n（2026）粤中石岐第2号\n（2026）粤中石岐第1号\n2026年1月2日\n2026年1月2日"]
    )
    assert [number.serial for number in wording.numbers] == ["1", "2"]
    assert wording.dates == (date(2026, 1, 2),)
