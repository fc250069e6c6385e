"""Texts of an XForm by language: labels, hints and choices, translated or plain."""

import re
from typing import Any, Final
from xml.etree.ElementTree import Element

_XF: Final = "{http://www.w3.org/2002/xforms}"
_ITEXT: Final = re.compile(r"jr:itext\('(.+)'\)")
_CODE: Final = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\)\s*$")
_ITEMSET: Final = re.compile(r"(?:randomize\()?instance\('([^']+)'\)/root/item")
DEFAULT: Final = "default"


class Labels:
    """The itext and the secondary instances of one form."""

    def __init__(self, model: Element) -> None:
        self._texts: dict[str, dict[str, str]] = {}
        for translation in model.iter(f"{_XF}translation"):
            code = language(translation.get("lang", DEFAULT))
            for text in translation.findall(f"{_XF}text"):
                value = text.find(f"{_XF}value")
                if value is not None:
                    self._texts.setdefault(text.get("id", ""), {})[code] = _plain(value)
        self._items = {
            instance.get("id", ""): list(instance.iter(f"{_XF}item"))
            for instance in model.findall(f"{_XF}instance")
            if instance.get("id")
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the form, in its own order."""
        return tuple(dict.fromkeys(code for texts in self._texts.values() for code in texts))

    def of(self, control: Element | None, part: str) -> dict[str, str]:
        """Return a control's label or hint by language."""
        element = control.find(f"{_XF}{part}") if control is not None else None
        if element is None:
            return {}
        return self.text(element.get("ref", "")) if element.get("ref") else _alone(_plain(element))

    def text(self, reference: str) -> dict[str, str]:
        """Return what a reference stands for; a text that is none stands for itself."""
        found = _ITEXT.fullmatch(reference)
        return dict(self._texts.get(found[1], {})) if found else _alone(reference)

    def choices(self, control: Element | None) -> list[dict[str, Any]]:
        """Return a select's choices as `{value, label}`, whatever filters them on the terminal."""
        if control is None:
            return []
        itemset = control.find(f"{_XF}itemset")
        if itemset is None:
            items = control.findall(f"{_XF}item")
            return [self._choice(i.findtext(f"{_XF}value"), self.of(i, "label")) for i in items]
        found = _ITEMSET.match(itemset.get("nodeset", ""))
        return [self._listed(item) for item in self._items.get(found[1], [])] if found else []

    def _listed(self, item: Element) -> dict[str, Any]:
        reference = item.findtext(f"{_XF}itextId")
        label = self._texts.get(reference or "", {}) or _alone(item.findtext(f"{_XF}label") or "")
        return self._choice(item.findtext(f"{_XF}name"), label)

    def _choice(self, value: str | None, label: dict[str, str]) -> dict[str, Any]:
        return {"value": value or "", "label": dict(label)}


def language(name: str) -> str:
    """Return the code of a language as XLSForm writes it: `中文 (zh)` is `zh`."""
    found = _CODE.search(name)
    return found[1] if found else name


def _plain(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _alone(text: str) -> dict[str, str]:
    return {DEFAULT: text} if text else {}
