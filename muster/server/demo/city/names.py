"""Invented names, each in Chinese and in pinyin, so that no table needs a transliterator."""

from itertools import product
from random import Random
from typing import NamedTuple


class Name(NamedTuple):
    zh: str
    en: str


def _pairs(text: str) -> tuple[Name, ...]:
    words = text.split()
    return tuple(Name(zh, en) for zh, en in zip(words[::2], words[1::2], strict=True))


SURNAMES = _pairs(
    "陈 Chen 李 Li 王 Wang 张 Zhang 刘 Liu 黄 Huang 周 Zhou 吴 Wu 徐 Xu 孙 Sun 马 Ma 朱 Zhu "
    "胡 Hu 郭 Guo 何 He 高 Gao 罗 Luo 郑 Zheng 梁 Liang 谢 Xie 宋 Song 唐 Tang 许 Xu 韩 Han "
    "单 Shan 曾 Zeng 解 Xie 仇 Qiu 区 Ou 欧阳 Ouyang 韦 Wei 莫 Mo 覃 Qin 蒋 Jiang"
)
GIVEN_FIRST = _pairs(
    "文 Wen 志 Zhi 晓 Xiao 建 Jian 雨 Yu 思 Si 国 Guo 海 Hai 春 Chun 明 Ming 立 Li 若 Ruo "
    "景 Jing 永 Yong 云 Yun 子 Zi"
)
GIVEN_LAST = _pairs(
    "川 chuan 华 hua 伟 wei 敏 min 静 jing 强 qiang 梅 mei 峰 feng 琳 lin 涛 tao 洁 jie 宁 ning "
    "岚 lan 博 bo 燕 yan 超 chao"
)
_PLACE_FIRST = _pairs(
    "青 Qing 柳 Liu 石 Shi 云 Yun 月 Yue 松 Song 竹 Zhu 梅 Mei 榕 Rong 霞 Xia 雁 Yan 鹭 Lu "
    "枫 Feng 莲 Lian"
)
_PLACE_LAST = _pairs("溪 xi 渡 du 桥 qiao 岭 ling 塘 tang 湾 wan 坪 ping 洲 zhou 亭 ting 浦 pu")


def person_name(rng: Random) -> Name:
    """A full name: Chinese without a blank, Latin as `Surname Given`."""
    surname, first, last = rng.choice(SURNAMES), rng.choice(GIVEN_FIRST), rng.choice(GIVEN_LAST)
    return Name(surname.zh + first.zh + last.zh, f"{surname.en} {first.en}{last.en}")


def place_names(rng: Random) -> list[Name]:
    """All 140 place names in a seeded order; whoever hands them out uses each once."""
    names = [Name(a.zh + b.zh, a.en + b.en) for a, b in product(_PLACE_FIRST, _PLACE_LAST)]
    rng.shuffle(names)
    return names
