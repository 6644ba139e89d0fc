"""The sentence of a video: drawn anew for every attempt, so that nobody can have recorded it before (ZN-15, ZN-16).

Three words of 64 and six digits are 38 bits: whoever recorded a thousand sentences beforehand has one in 270 million.
Pure but for the draw, which the caller hands in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from notary.applicant.inputs import ScriptLanguage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["WORDS", "Draw", "script_text"]

WORD_COUNT: Final = 3
DIGIT_COUNT: Final = 6

_ZH: Final = (
    "青山 白云 灯塔 红叶 石桥 竹林 海浪 春雨 秋月 麦田 花园 书房 茶杯 铁路 码头 帆船 "
    "松树 梅花 荷叶 草原 沙滩 湖水 雪山 星空 日出 晚霞 清风 瀑布 小溪 果园 菜地 牧场 "
    "钢琴 画笔 毛笔 算盘 风筝 灯笼 雨伞 木门 窗台 台阶 屋顶 阳台 钟楼 城墙 古井 凉亭 "
    "老虎 熊猫 白马 黄牛 山羊 喜鹊 燕子 海鸥 蝴蝶 蜜蜂 金鱼 鲤鱼 西瓜 葡萄 苹果 花生"
)
_EN: Final = (
    "river lamp maple stone bridge forest window garden candle basket winter summer silver "
    "yellow orange purple rabbit tiger dolphin pigeon monkey camel turtle spider butter pepper "
    "lemon banana cherry potato carrot honey hammer pencil mirror blanket ladder button ticket "
    "pocket rocket tunnel harbour valley island desert meadow mountain morning evening thunder rainbow "
    "village market kitchen library station airport hospital museum doctor farmer sailor teacher"
)

WORDS: Final[Mapping[ScriptLanguage, tuple[str, ...]]] = {
    ScriptLanguage.ZH: tuple(_ZH.split()),
    ScriptLanguage.EN: tuple(_EN.split()),
}
"""Easy to say, hard to mistake for one another; 64 in each language."""

_NOBODY_ELSE: Final[Mapping[ScriptLanguage, str]] = {
    ScriptLanguage.ZH: "我是{name}，自愿申请办理商品房买卖合同终止协议公证。口令：{words}，{digits}。",
    ScriptLanguage.EN: (
        "I am {name}. Of my own will I ask the notary to certify that my purchase contract ends. {words}, {digits}."
    ),
}

_FOR_ANOTHER: Final[Mapping[ScriptLanguage, str]] = {
    ScriptLanguage.ZH: "我是{name}，受{principal}委托，申请办理商品房买卖合同终止协议公证。口令：{words}，{digits}。",
    ScriptLanguage.EN: (
        "I am {name}. For {principal} I ask the notary to certify that the purchase contract ends. {words}, {digits}."
    ),
}


class Draw(Protocol):
    """A source of chance nobody can foretell (``secrets.SystemRandom``)."""

    def choice(self, seq: Sequence[str], /) -> str: ...


def script_text(draw: Draw, language: ScriptLanguage, name: str, principal: str | None) -> str:
    """The sentence for whoever is called ``name``; ``principal`` is whom they act for, if they do (H-42)."""
    words = [draw.choice(WORDS[language]) for _ in range(WORD_COUNT)]
    digits = [draw.choice("0123456789") for _ in range(DIGIT_COUNT)]
    template = (_NOBODY_ELSE if principal is None else _FOR_ANOTHER)[language]
    comma = "、" if language is ScriptLanguage.ZH else ", "
    # Digit by digit: a number of six digits has many ways to be read.
    return template.format(name=name, principal=principal, words=comma.join(words), digits=" ".join(digits))
