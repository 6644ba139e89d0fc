"""Numbers of certificates, real-estate units and cases."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.errors import CertificateNumberError
from identity.numbers import (
    CERTIFICATE_FORMS,
    BusinessNumber,
    read_business_number,
    read_certificate,
    read_unit_number,
)

TODAY = date(2026, 11, 21)
NATIONAL = (CERTIFICATE_FORMS["real_estate"],)


def forms(*names: str) -> tuple:
    return tuple(CERTIFICATE_FORMS[name] for name in names)


SHENZHEN = forms("sz_old", "sz_new")
HUANGSHI = forms("hs_new", "hs_old_private", "hs_old_serial")
WUHAN = forms("wh_new")
ZHONGSHAN = forms("zs_new", "zs_old", "zs_old_letter")


@pytest.mark.rule("H-26")
@pytest.mark.parametrize(
    "text",
    [
        "粤(2021)深圳市不动产权第0123456号",
        "粤（2021）深圳市不动产权第0123456号",
        "粤 2021 深圳市不动产权第 0123456 号",
        "粤〔2021〕深圳市不动产权第０１２３４５６号",
        "粤[2021]深圳市不动产权0123456",
        "粤（2021)深圳市　不动产权第0123456号",
    ],
)
def test_brings_every_writing_to_one_form(text: str) -> None:
    number = read_certificate(text, NATIONAL, TODAY)

    assert number.normalised == "粤(2021)深圳市不动产权第0123456号"
    assert number.lookup == number.normalised
    assert (number.province, number.year, number.place, number.serial) == ("粤", 2021, "深圳市", "0123456")


@pytest.mark.rule("H-26")
@pytest.mark.parametrize(
    ("serial", "fits"), [("1234", False), ("12345", True), ("015342", True), ("10023999", True), ("123456789", False)]
)
def test_takes_five_to_eight_digits(serial: str, fits: bool) -> None:
    text = f"沪(2017)浦字不动产权第{serial}号"

    if fits:
        assert read_certificate(text, NATIONAL, TODAY).serial == serial
    else:
        with pytest.raises(CertificateNumberError) as caught:
            read_certificate(text, NATIONAL, TODAY)
        assert caught.value.code == "certificate.format"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("港(2021)深圳市不动产权第0123456号", "certificate.format"),
        ("粤(2021)不动产权第0123456号", "certificate.format"),
        ("粤(2021)深圳市不动产证明第0123456号", "certificate.format"),
        ("粤(2027)深圳市不动产权第0123456号", "certificate.year"),
        ("粤(2014)深圳市不动产权第0123456号", "certificate.year"),
        ("粤(2021)深圳市不动产权第0123456号附", "certificate.format"),
        ("", "certificate.format"),
    ],
)
def test_refuses_certificates(text: str, code: str) -> None:
    with pytest.raises(CertificateNumberError) as caught:
        read_certificate(text, NATIONAL, TODAY)
    assert caught.value.code == code


@pytest.mark.rule("SZ-31")
@pytest.mark.parametrize(
    "text", ["深房地字第1234567号", "深房地字第 1234567 号", "深房地字 第1234567", "深房地字第4001234567号"]
)
def test_reads_shenzhen_house_certificates(text: str) -> None:
    number = read_certificate(text, SHENZHEN, TODAY)

    assert number.form == "sz_old"
    assert number.normalised == f"深房地字第{number.serial}号"


@pytest.mark.rule("SZ-32")
def test_reads_shenzhen_real_estate_certificates_and_no_other_citys() -> None:
    assert read_certificate("粤 2021 深圳市不动产权第 12345 号", SHENZHEN, TODAY).form == "sz_new"
    with pytest.raises(CertificateNumberError):
        read_certificate("粤(2021)中山市不动产权第0123456号", SHENZHEN, TODAY)


@pytest.mark.rule("HS-09")
def test_huangshi_looks_new_certificates_up_by_the_full_string() -> None:
    number = read_certificate("鄂（2022）黄石市不动产权第0000001号", HUANGSHI, TODAY)

    assert (number.form, number.lookup) == ("hs_new", "鄂(2022)黄石市不动产权第0000001号")


@pytest.mark.rule("HS-10")
@pytest.mark.parametrize("text", ["00私00000", "房权证字第00私00000", "房权证字第 00私00000 号"])
def test_huangshi_looks_private_certificates_up_by_their_part(text: str) -> None:
    number = read_certificate(text, HUANGSHI, TODAY)

    assert (number.form, number.lookup) == ("hs_old_private", "00私00000")
    assert number.normalised == "房权证字第00私00000"


@pytest.mark.rule("HS-11")
def test_huangshi_looks_serial_certificates_up_by_their_serial() -> None:
    whole = read_certificate("黄房权证2022字第0000001号", HUANGSHI, TODAY)
    part = read_certificate("0000001", HUANGSHI, TODAY)

    assert (whole.form, whole.lookup, whole.year) == ("hs_old_serial", "0000001", 2022)
    assert (part.form, part.lookup, part.year) == ("hs_old_serial", "0000001", None)
    assert whole.normalised == "黄房权证2022字第0000001号"
    assert part.normalised == "0000001"


@pytest.mark.rule("H-33")
def test_huangshi_serials_of_two_years_share_one_lookup() -> None:
    one = read_certificate("黄房权证2002字第0000001号", HUANGSHI, TODAY)
    other = read_certificate("黄房权证2003字第0000001号", HUANGSHI, TODAY)

    assert one.lookup == other.lookup
    assert one.normalised != other.normalised


@pytest.mark.rule("WH-32")
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("鄂（2022）武汉市东西湖不动产权第0012345号", "武汉市东西湖"),
        ("鄂（2022）武汉市东西湖不动产权 0012345", "武汉市东西湖"),
        ("鄂(2022)武汉市不动产权第0012345号", "武汉市"),
    ],
)
def test_reads_wuhan_certificates(text: str, place: str) -> None:
    assert read_certificate(text, WUHAN, TODAY).place == place


@pytest.mark.rule("ZS-19")
@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("粤(2020)中山市不动产权第0123456号", "zs_new"),
        ("粤房地权证中府字第0123456789号", "zs_old"),
        ("粤房地证字第 c1234567 号", "zs_old_letter"),
    ],
)
def test_reads_zhongshan_certificates(text: str, form: str) -> None:
    assert read_certificate(text, ZHONGSHAN, TODAY).form == form


def test_every_example_has_its_own_form() -> None:
    for name, form in CERTIFICATE_FORMS.items():
        number = read_certificate(form.example, (form,), TODAY)
        assert number.form == name
        assert read_certificate(number.normalised, (form,), TODAY).normalised == number.normalised


UNIT = "440305001002GB00123F00010001"


def test_reads_the_parts_of_a_unit_number() -> None:
    number = read_unit_number("440305 001002 gb00123 F00010001")

    assert number.normalised == UNIT
    assert len(UNIT) == 28
    assert number.parcel_code == "440305001002GB00123"
    assert (number.county, number.district, number.sub_district) == ("440305", "001", "002")
    assert (number.parcel_mark, number.parcel_serial) == ("GB", "00123")
    assert (number.fixture.mark, number.fixture.unit) == ("F", "00010001")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("440305001002GB00123W00000000", None),
        ("440305001002GB00123W00000001", "unit_number.fixture"),
        ("440305001002GB00123500010001", "unit_number.format"),
        ("440305001002GI00123F00010001", "unit_number.format"),
        ("440305001002KB00123F00010001", "unit_number.format"),
        (UNIT[:-1], "unit_number.format"),
        (UNIT + "1", "unit_number.format"),
        ("990305001002GB00123F00010001", "unit_number.area"),
    ],
)
def test_checks_unit_numbers(text: str, code: str | None) -> None:
    if code is None:
        assert read_unit_number(text).normalised == text
        return
    with pytest.raises(CertificateNumberError) as caught:
        read_unit_number(text)
    assert caught.value.code == code


@pytest.mark.rule("HS-19")
def test_business_numbers_are_the_day_and_five_digits() -> None:
    assert str(BusinessNumber(date(2023, 8, 18), 1)) == "2023081800001"
    assert read_business_number(" 2023081800001", TODAY) == BusinessNumber(date(2023, 8, 18), 1)


@pytest.mark.rule("HS-19")
@given(st.dates(date(2000, 1, 1), TODAY), st.integers(1, 99_999))
def test_business_numbers_survive_writing_and_reading(day: date, serial: int) -> None:
    number = BusinessNumber(day, serial)
    assert read_business_number(str(number), TODAY) == number


@pytest.mark.rule("HS-19")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2023081800000", "business_number.serial"),
        ("2023023000001", "business_number.date"),
        ("2026112200001", "business_number.date"),
        ("202308180001", "business_number.format"),
        ("20230818000001", "business_number.format"),
    ],
)
def test_refuses_business_numbers(text: str, code: str) -> None:
    with pytest.raises(CertificateNumberError) as caught:
        read_business_number(text, TODAY)
    assert caught.value.code == code


def test_refuses_the_hundred_thousandth_case_of_a_day() -> None:
    with pytest.raises(CertificateNumberError):
        BusinessNumber(TODAY, 100_000)
