"""The categories an app may be in: a short list, so that officers find what they look for."""

from collections.abc import Mapping
from typing import Final

CATEGORIES: Final[Mapping[str, tuple[str, str]]] = {
    "checks": ("Checks and registers", "核查与登记"),
    "communication": ("Communication", "通信联络"),
    "evidence": ("Evidence and recording", "证据与记录"),
    "forms": ("Forms and paperwork", "表单与文书"),
    "maps": ("Maps and navigation", "地图与导航"),
    "operations": ("Operations and dispatch", "勤务与指挥"),
    "reference": ("Law and reference", "法规与资料"),
    "traffic": ("Traffic", "交通管理"),
    "training": ("Training", "教育训练"),
    "tools": ("Tools", "实用工具"),
    "wellbeing": ("Personnel and wellbeing", "队伍与保障"),
}
"""English and Chinese names by the code that is stored."""


def named(code: str, *, chinese: bool) -> str:
    """Return what a category is called; one from before the list is its own name."""
    return CATEGORIES[code][chinese] if code in CATEGORIES else code
