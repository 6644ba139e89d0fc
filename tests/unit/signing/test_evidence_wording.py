"""A verification in plain Chinese: every verdict, every kind of signature, every subject."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from signing.evidence.subjects import subject_words
from signing.evidence.wording import (
    INTEGRITY_TEXT,
    VERDICT_TEXT,
    beijing_time,
    explanation,
    finding_data,
    signature_data,
)
from signing.validation import Integrity, Level, Severity, SignatureKind, Verdict
from signing.validation.report import Change, ChangeKind, Coverage, Outcome, SigningTime, TimeProof
from tests.builders.verification import ISSUER, PARTY, finding, signature, signer, stamp, verification

CERTIFICATION = signature(field="service-certification", kind=SignatureKind.CERTIFICATION)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        pytest.param(
            PARTY,
            (("姓名", "周明远"), ("证件（掩码）", "4202**********0039"), ("案件", "2026112100001")),
            id="a party",
        ),
        pytest.param(
            ISSUER,
            (("名称", "签署电子签约服务平台 签发证书 G1"), ("单位", "签署电子签约服务平台")),
            id="ours",
        ),
        pytest.param(
            "2.5.4.97=NTRCN-91350100M000100Y43,CN=备案章,O=黄石市住建局,C=CN",
            (("名称", "备案章"), ("单位", "黄石市住建局"), ("单位标识", "NTRCN-91350100M000100Y43")),
            id="an authority with its number",
        ),
        pytest.param(
            "2.5.4.5=77.88,CN=Max Muster,OU=Sales,C=DE",
            (("名称", "Max Muster"), ("部门", "Sales"), ("编号", "77.88"), ("国家或地区", "DE")),
            id="a foreign serial number with a full stop",
        ),
        pytest.param(
            "CN=a\\,b,1.2.3.4=x,DC=example",
            (("名称", "a,b"), ("0.9.2342.19200300.100.1.25", "example"), ("1.2.3.4", "x")),
            id="attributes without a word",
        ),
        pytest.param("C=CN", (("国家或地区", "CN"),), id="nothing but a country"),
        pytest.param("no name at all", (("主体", "no name at all"),), id="unreadable"),
        pytest.param("", (("主体", "（空）"),), id="empty"),
    ],
)
def test_subjects_are_told_in_words(subject: str, words: tuple[tuple[str, str], ...]) -> None:
    assert subject_words(subject) == words


@pytest.mark.parametrize(
    ("report", "said", "unsaid"),
    [
        pytest.param(
            verification(signatures=(CERTIFICATION, signature(), signature(), stamp())),
            ("4 个签名与时间戳", "认证签名 1 个，签名 2 个，归档时间戳 1 个", "均已核对"),
            ("检查发现",),
            id="passed",
        ),
        pytest.param(
            verification(Verdict.FAILED, (signature(),), (finding(), finding(2))),
            ("签名 1 个", "检查发现 2 项", "不作通过处理"),
            ("均已核对", "归档时间戳"),
            id="failed",
        ),
        pytest.param(
            verification(Verdict.INDETERMINATE, (), (finding(),)),
            ("文件中没有签名", "检查发现 1 项"),
            ("均已核对",),
            id="unsigned",
        ),
        pytest.param(
            verification(Verdict.UNREADABLE, (), (finding(),), Integrity.UNKNOWN),
            ("未能列出签名",),
            ("没有签名", "均已核对"),
            id="unreadable",
        ),
    ],
)
def test_the_verdict_is_explained_by_what_was_found(report, said: tuple[str, ...], unsaid: tuple[str, ...]) -> None:
    text = explanation(report)
    assert all(words in text for words in said), text
    assert not any(words in text for words in unsaid), text


def test_every_verdict_and_integrity_has_words_and_only_one_says_passed() -> None:
    assert set(VERDICT_TEXT) == set(Verdict)
    assert set(INTEGRITY_TEXT) == set(Integrity)
    assert [verdict for verdict, text in VERDICT_TEXT.items() if "通过：" in text] == [Verdict.PASSED]


def test_a_party_signature_is_told_whole() -> None:
    change = Change(4, ChangeKind.SIGNATURE, suspicious=False)
    assert signature_data(signature(changes=(change, change))) == {
        "kind_text": "签名",
        "who": "周明远",
        "verdict": "passed",
        "outcome": "TOTAL-PASSED",
        "field": "seller-1",
        "subject": subject_words(PARTY),
        "issuer": "签署电子签约服务平台 签发证书 G1",
        "serial": "0a1b",
        "checks": "内容与签署时一致；证书链可信、未被吊销",
        "times": ["2026-11-21 16:00:00（签署人自述）", "2026-11-21 16:00:00（时间戳证明，时间戳单元 G1）"],
        "level": "PAdES B-LTA",
        "coverage": "第 3 个修订的全部内容（共 7 个修订）",
        "changes": "2 处，均为允许的变化",
    }


def test_a_document_time_stamp_claims_neither_a_level_nor_a_time_of_its_own() -> None:
    told = signature_data(stamp())
    assert told["level"] == "文档时间戳（RFC 3161），为此前全部签名作证"
    assert told["times"] == ["2026-11-21 16:00:00（时间戳证明，时间戳单元 G1）"]
    assert told["coverage"] == "整个文件"
    assert told["changes"] == "无"


def test_a_signature_of_which_little_is_known_says_so() -> None:
    told = signature_data(
        signature(
            field=None,
            signer=None,
            level=Level.NONE,
            intact=False,
            trusted=False,
            signed_at=SigningTime(None, None, TimeProof.CLAIMED, None),
            covers=Coverage(whole_file=False, whole_revision=False, revision=None, revisions=2, end_offset=None),
            changes=(Change(2, ChangeKind.PAGE_CONTENT, suspicious=True, page=1),),
            outcome=Outcome(Verdict.FAILED, "TOTAL-FAILED", "HASH_FAILURE"),
        )
    )
    assert told["who"] == "签署人不明"
    assert told["subject"] == ()
    assert told["issuer"] == "证书无法读取"
    assert told["outcome"] == "TOTAL-FAILED / HASH_FAILURE"
    assert told["checks"] == "内容与签署时不一致，或无法核对；证书链或吊销状态未得到证明"
    assert told["times"] == ["无时间证明"]
    assert told["level"] == "未达到任何 PAdES 等级"
    assert told["coverage"] == "未覆盖所在修订的全部内容"
    assert told["changes"] == "1 处，其中 1 处可疑"


def test_a_certificate_without_names_is_told_all_the_same() -> None:
    nameless = replace(signer(), common_name=None, subject="", issuer="")
    told = signature_data(signature(signer=nameless))
    assert (told["who"], told["subject"], told["issuer"]) == ("签署人不明", (("主体", "（空）"),), "（空）")


def test_findings_name_their_place_and_weight() -> None:
    assert finding_data(finding(3, Severity.WARNING, field="seller-2", page=4)) == {
        "code": "test.code_3",
        "severity": "警告",
        "zh": "第 3 项发现（签名域 seller-2，第 4 页）",
        "en": "finding 3",
    }
    assert finding_data(finding(1, Severity.INFO))["zh"] == "第 1 项发现"
    assert {finding_data(finding(1, severity))["severity"] for severity in Severity} == {"提示", "警告", "错误", "中止"}


def test_times_are_beijing_times() -> None:
    assert beijing_time(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == "2027-01-01 00:00:00"
    assert beijing_time(None) == "—"
