"""The words of a notary office's papers, after SF/T 0038-2019 and the elements of a contract's certification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from notary.certificates.attachment import SCHEMA_ID

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

__all__ = [
    "AgreementNotarised",
    "ContractNotarised",
    "MandateNotarised",
    "OfficePaper",
    "agreement_paper",
    "chinese_date",
    "contract_paper",
    "decision_paper",
    "mandate_paper",
]

_NUMERALS: Final = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class OfficePaper:
    """A paper of the office: whatever it says, it looks alike."""

    title: str
    """公证书."""

    number: str
    """（2026）粤中石岐第001234号."""

    dated: date
    """Date at its end."""

    applicants: tuple[tuple[str, str], ...] = ()
    """Label and words: 甲方（出卖人） …"""

    matter: str = ""
    """公证事项; empty on a decision."""

    paragraphs: tuple[str, ...] = ()
    """Words of proof."""

    subject: tuple[tuple[str, str], ...] = ()
    """What file it is about, label and value; a digest stands alone in its value."""

    data: Mapping[str, str] | None = None
    """``certificate.json``, if it is attached."""


@dataclass(frozen=True, slots=True)
class AgreementNotarised:
    """A termination agreement the office certifies."""

    number: str
    """Number of the certificate."""

    dated: date
    """Date of the certificate."""

    case_no: str
    """Number of the contract that ends."""

    sha256: str
    """The agreement's final revision."""

    seller: tuple[str, str]
    """Name and uniform code of the developer."""

    buyers: tuple[tuple[str, str], ...]
    """Name and identity document of each purchaser."""

    house: str
    """Where the house is."""

    attached: bool = True
    """Whether ``certificate.json`` goes with it."""


@dataclass(frozen=True, slots=True)
class ContractNotarised:
    """A contract with an overseas party that the office certifies (SZ-80)."""

    number: str
    """Number of the certificate."""

    dated: date
    """Date of the certificate."""

    case_no: str
    """Number of the contract."""

    sha256: str
    """Digest of the text that was printed and signed."""

    parties: tuple[tuple[str, str], ...]
    """Name and identity document of everybody, sellers first."""


@dataclass(frozen=True, slots=True)
class MandateNotarised:
    """A power of attorney the office certifies."""

    number: str
    """Number of the certificate."""

    dated: date
    """Date of the certificate."""

    principal: tuple[str, str]
    """Name and number of who gives it."""

    agent: tuple[str, str]
    """Name and number of who acts."""

    matters: tuple[str, ...]
    """Each matter in words."""

    period: tuple[date, date] | None
    """First and last day; ``None``: until the matter is done."""


def agreement_paper(about: AgreementNotarised) -> OfficePaper:
    """公证书 about a termination agreement."""
    title = "商品房买卖合同终止协议"
    return OfficePaper(
        "公证书",
        about.number,
        about.dated,
        (
            ("甲方（出卖人）", f"{about.seller[0]}，统一社会信用代码：{about.seller[1]}。"),
            *(("乙方（买受人）", f"{name}，{document}。") for name, document in about.buyers),
        ),
        title,
        tuple(_AGREEMENT.format(day=chinese_date(about.dated), house=about.house, case_no=about.case_no).splitlines()),
        (("文件名称", title), ("合同编号", about.case_no), ("SHA-256 摘要", about.sha256)),
        _data(about) if about.attached else None,
    )


def contract_paper(about: ContractNotarised) -> OfficePaper:
    """公证书 about a sale with an overseas party."""
    title = "二手房买卖合同"
    return OfficePaper(
        "公证书",
        about.number,
        about.dated,
        tuple(("申请人", f"{name}，{document}。") for name, document in about.parties),
        f"{title}（涉外）",
        tuple(_CONTRACT.format(day=chinese_date(about.dated), case_no=about.case_no).splitlines()),
        (("文件名称", title), ("合同编号", about.case_no), ("文本 SHA-256", about.sha256)),
        _data(about),
    )


def mandate_paper(about: MandateNotarised) -> OfficePaper:
    """公证书 about a power of attorney, its words repeated."""
    matters = "".join(f"\n{place}、{matter}；" for place, matter in enumerate(about.matters, 1))
    until = "自签署之日起至上述委托事项办结之日止"
    if about.period is not None:
        until = f"自{chinese_date(about.period[0])}起至{chinese_date(about.period[1])}止"
    words = _MANDATE.format(
        principal="，公民身份号码：".join(about.principal),
        agent="，公民身份号码：".join(about.agent),
        name=about.principal[0],
        matters=matters,
        period=until,
    )
    return OfficePaper(
        "公证书",
        about.number,
        about.dated,
        (("申请人", "，公民身份号码：".join(about.principal) + "。"),),
        "委托",
        tuple(words.splitlines()),
    )


def decision_paper(kind: str, number: str, of_certificate: str, dated: date) -> OfficePaper:
    """A decision of 公证法 art. 39, ``kind`` being 撤销 or 更正."""
    words = _REVOKED if kind == "撤销" else _CORRECTED
    paragraphs = tuple(words.format(number=of_certificate).splitlines())
    return OfficePaper(f"关于{kind}公证书的决定", number, dated, paragraphs=paragraphs)


def chinese_date(day: date) -> str:
    """二〇二六年十一月二十一日."""
    year = "".join(_NUMERALS[int(digit)] for digit in str(day.year))
    return f"{year}年{_below_hundred(day.month)}月{_below_hundred(day.day)}日"


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("" if tens == 1 else _NUMERALS[tens]) + "十"
    return head + (_NUMERALS[ones] if ones else "")


def _data(about: AgreementNotarised | ContractNotarised) -> dict[str, str]:
    return {
        "schema": SCHEMA_ID,
        "number": about.number,
        "issued_on": about.dated.isoformat(),
        "subject_sha256": about.sha256,
        "matter": about.case_no,
    }


_AGREEMENT: Final = (
    "甲、乙双方于{day}向本处申请，对双方订立的《商品房买卖合同终止协议》予以公证。该协议终止双方就坐落于{house}的房屋所订立的"
    "商品房买卖合同（合同编号：{case_no}）。\n"
    "经查，甲、乙双方经协商一致订立了上述《商品房买卖合同终止协议》。双方在订立协议时具有法律规定的民事权利能力和民事行为"
    "能力，意思表示真实，协议内容不违反法律、行政法规的强制性规定，不违背公序良俗；本处已向双方告知协议的法律意义和可能产生"
    "的法律后果。\n"
    "依据上述事实，兹证明：甲、乙双方在电子文件《商品房买卖合同终止协议》上分别签署电子签名，双方的签约行为符合《中华人民"
    "共和国民法典》第一百四十三条、第五百六十二条第一款的规定，协议上双方的电子签名均属实。\n"
    "本公证书所证明的电子文件如下，以其摘要值为准："
)

_CONTRACT: Final = (
    "申请人于{day}向本处申请，对其订立的《二手房买卖合同》（合同编号：{case_no}）予以公证。\n"
    "经查，申请人经协商一致订立了上述合同，在订立合同时具有法律规定的民事权利能力和民事行为能力，意思表示真实，合同内容不违反"
    "法律、行政法规的强制性规定，不违背公序良俗；本处已向申请人告知合同的法律意义和可能产生的法律后果。\n"
    "依据上述事实，兹证明：申请人在本处公证员的面前，在前面的合同上签名，其签约行为符合《中华人民共和国民法典》第一百四十三条"
    "的规定，合同上申请人的签名均属实。\n"
    "本公证书所证明的合同文本如下，以其摘要值为准："
)

_MANDATE: Final = (
    "兹证明{name}在本处公证员的面前，在下述《委托书》上签名，并表示知悉委托的法律意义和法律后果。{name}的委托行为符合《中华"
    "人民共和国民法典》第一百四十三条的规定。\n"
    "委托书\n"
    "委托人：{principal}\n"
    "受托人：{agent}\n"
    "委托人因故不能亲自到场办理，特委托受托人为合法代理人，代表委托人办理下列事项：{matters}\n"
    "受托人在其权限范围内签署的一切有关文件，委托人均予以承认。受托人无转委托权。\n"
    "委托期限：{period}。"
)

_REVOKED: Final = (
    "本处于复查中发现，{number}公证书所证明的内容与事实不符。\n"
    "根据《中华人民共和国公证法》第三十九条的规定，本处决定撤销{number}公证书，该公证书自始无效，并予以公告。"
)

_CORRECTED: Final = (
    "本处于复查中发现，{number}公证书个别表述有误。\n"
    "根据《中华人民共和国公证法》第三十九条的规定，本处决定对{number}公证书予以更正，更正内容不影响公证书的证明结论。"
)
