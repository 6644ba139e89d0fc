"""Numbers of real-estate and older house certificates: forms are data, named as the profiles of the cities name them.

H-26: brackets of either width or none, blanks inside, 第 and 号 sometimes left out; compare normalised forms only.
What is *typed* may be a part (HS-10, HS-11): ``lookup`` is that part, whatever was given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING

from identity.errors import CertificateNumberError, RuleTableError
from identity.numbers.text import folded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

__all__ = ["CERTIFICATE_FORMS", "CertificateForm", "CertificateNumber", "certificate_form", "read_certificate"]

FIRST_REAL_ESTATE_YEAR = 2015
"""The first 不动产权证书 was issued when 不动产登记暂行条例 came into force, 2015-03-01."""

PROVINCE_NAMES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新黔滇陇秦蜀"
"""Short names of the provinces, with the second ones some of them use."""

GROUPS = frozenset({"serial", "province", "year", "place"})
"""Groups a pattern may have."""

REAL_ESTATE = (
    r"(?P<province>{province})\(?(?P<year>[0-9]{{4}})\)?(?P<place>{place})"
    r"不动产权(?:证)?(?:第)?(?P<serial>[0-9]{{5,8}})号?"
)


@dataclass(frozen=True, slots=True)
class CertificateForm:
    """One way a certificate is numbered."""

    name: str
    """As the city's profile names it."""

    pattern: re.Pattern[str]
    """Full match over folded text; groups ``serial`` and, where they exist, ``province``, ``year``, ``place``."""

    written: str
    """Template of the normalised form over the pattern's groups."""

    lookup: str = "{whole}"
    """Template of what the land register is asked by: the whole number, or a part (HS-10, HS-11)."""

    example: str = ""
    """A sample for people, as the manual prints it."""


@dataclass(frozen=True, slots=True)
class CertificateNumber:
    """A certificate number that was read."""

    form: str
    """Name of the form it has."""

    normalised: str
    """The one written form, to compare by. If only a part was typed, that part."""

    lookup: str
    """What the land register is asked by."""

    serial: str
    """The running number, leading zeros kept."""

    province: str | None = None
    """Short name of the province."""

    year: int | None = None
    """Year of issue, where the number holds it."""

    place: str | None = None
    """Place name, as printed."""


def certificate_form(
    name: str, pattern: str, written: str, lookup: str = "{whole}", example: str = ""
) -> CertificateForm:
    """A form as a city's data gives it. Raises :class:`RuleTableError` if its parts do not fit together.

    ``pattern`` is a regular expression over *folded* text with a group ``serial``; ``{provinces}`` in it stands for
    one short name of a province. ``example`` must be read by the form itself.
    """
    try:
        compiled = re.compile(pattern.replace("{provinces}", f"[{PROVINCE_NAMES}]"))
    except re.error as cause:
        raise _form_refused(name, "pattern") from cause
    groups = frozenset(compiled.groupindex)
    if "serial" not in groups or not groups <= GROUPS:
        raise _form_refused(name, "pattern")
    if not _places(written) <= groups:
        raise _form_refused(name, "written")
    if not _places(lookup) <= {"whole", "serial"}:
        raise _form_refused(name, "lookup")
    if compiled.fullmatch(folded(example)) is None:
        raise _form_refused(name, "example")
    return CertificateForm(name, compiled, written, lookup, example)


def _places(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def _form_refused(name: str, part: str) -> RuleTableError:
    return RuleTableError(
        "rule_table.certificate_form",
        zh=f"产权证号形式 {name} 的 {part} 有误",
        en=f"{part} of the form of certificate numbers {name} is not right",
        form=name,
        part=part,
    )


def _real_estate(name: str, province: str, place: str, example: str) -> CertificateForm:
    pattern = re.compile(REAL_ESTATE.format(province=province, place=place))
    return CertificateForm(name, pattern, "{province}({year}){place}不动产权第{serial}号", example=example)


CERTIFICATE_FORMS: Mapping[str, CertificateForm] = {
    form.name: form
    for form in (
        _real_estate("real_estate", f"[{PROVINCE_NAMES}]", "[一-鿿]{1,20}", "苏(2017)海门市不动产权第0000183号"),
        # SZ-32
        _real_estate("sz_new", "粤", "深圳市", "粤(2021)深圳市不动产权第0123456号"),
        # SZ-31. The manual's seven X are no count (H-26): certificates with seven and with ten digits are about.
        CertificateForm(
            "sz_old",
            re.compile(r"深房地字第?(?P<serial>[0-9]{5,10})号?"),
            "深房地字第{serial}号",
            example="深房地字第1234567号",
        ),
        # HS-09
        _real_estate("hs_new", "鄂", "黄石市", "鄂(2022)黄石市不动产权第0000001号"),
        # HS-10: of 房权证字第00私00000, 00私00000 is typed. Folding leaves 私 and the digits alone.
        CertificateForm(
            "hs_old_private",
            re.compile(r"(?:房权证字第?)?(?P<serial>[0-9]{2}私[0-9]{5})号?"),
            "房权证字第{serial}",
            lookup="{serial}",
            example="00私00000",
        ),
        # HS-11: of 黄房权证2022字第0000001号, 0000001 is typed. Years can collide: match the owner too (H-33).
        CertificateForm(
            "hs_old_serial",
            re.compile(r"(?:黄房权证(?P<year>[0-9]{4})字第?)?(?P<serial>[0-9]{7})号?"),
            "黄房权证{year}字第{serial}号",
            lookup="{serial}",
            example="0000001",
        ),
        # WH-32: the place is Wuhan and a district
        _real_estate("wh_new", "鄂", "武汉市[一-鿿]{0,12}?", "鄂(2022)武汉市东西湖不动产权第0012345号"),
        _real_estate("zs_new", "粤", "中山市", "粤(2020)中山市不动产权第0123456号"),
        # ZS-19 「房产证号」: the manual gives no form; these are the two that Guangdong printed before 2015.
        CertificateForm(
            "zs_old",
            re.compile(r"粤房地权证(?P<place>[一-鿿]{1,4})字第?(?P<serial>[0-9]{5,10})号?"),
            "粤房地权证{place}字第{serial}号",
            example="粤房地权证中府字第0123456789号",
        ),
        CertificateForm(
            "zs_old_letter",
            re.compile(r"粤房地证字第?(?P<serial>[A-Z]?[0-9]{5,10})号?"),
            "粤房地证字第{serial}号",
            example="粤房地证字第C1234567号",
        ),
    )
}
"""Every form the manuals show, and the national one. A profile lists the names it accepts."""


def read_certificate(text: str, forms: tuple[CertificateForm, ...], today: date) -> CertificateNumber:
    """Read ``text``, as typed, by the first of ``forms`` it has.

    Raises :class:`CertificateNumberError`: ``certificate.format`` or ``certificate.year``. That such a certificate
    exists is the land register's to say.
    """
    folded_text = folded(text)
    for form in forms:
        match = form.pattern.fullmatch(folded_text)
        if match:
            return _number(form, match.groupdict(), today)
    examples = "、".join(form.example for form in forms)
    raise CertificateNumberError(
        "certificate.format",
        zh=f"产权证号格式不符，示例：{examples}",
        en=f"not a form of certificate number accepted here; examples: {examples}",
        forms=tuple(form.name for form in forms),
    )


def _number(form: CertificateForm, groups: dict[str, str | None], today: date) -> CertificateNumber:
    printed_year = groups.get("year")
    year = int(printed_year) if printed_year else None
    _demand_year(form, year, today)
    part_only = "year" in groups and year is None
    whole = str(groups["serial"]) if part_only else form.written.format(**groups)
    return CertificateNumber(
        form.name,
        normalised=whole,
        lookup=form.lookup.format(whole=whole, serial=groups["serial"]),
        serial=str(groups["serial"]),
        province=groups.get("province"),
        year=year,
        place=groups.get("place"),
    )


def _demand_year(form: CertificateForm, year: int | None, today: date) -> None:
    if year is None:
        return
    first = FIRST_REAL_ESTATE_YEAR if "province" in form.pattern.groupindex else 1949
    if not first <= year <= today.year:
        raise CertificateNumberError(
            "certificate.year",
            zh="产权证号中的年份不可能存在",
            en="the year in the certificate number cannot be",
            form=form.name,
            year=year,
        )
