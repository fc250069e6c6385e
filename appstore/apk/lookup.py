"""Reading an element's attributes, through the resource table where they refer to it."""

from .arsc import ResourceTable, Variant
from .axml import Element
from .errors import ApkError
from .values import Value

_MAX_TEXT = 500
_CHINA = "CN", ""
_RASTERS = ".png", ".webp"
_ANY_DENSITY = 0xFFFE


class Lookup:
    """Attributes of manifest elements as plain values."""

    def __init__(self, table: ResourceTable) -> None:
        self._table = table

    def literal(self, element: Element, key: int | str) -> str:
        """A string that must not depend on resources, as names mustn't; "" when absent."""
        value = element.attributes.get(key)
        if value is None:
            return ""
        if value.text is None or len(value.text) > _MAX_TEXT:
            raise _not_literal(element, "a short string written out in the manifest")
        return value.text

    def number(self, element: Element, key: int, *, default: int) -> int:
        """An unsigned integer that must not depend on resources."""
        value = element.attributes.get(key)
        if value is None:
            return default
        if value.integer is None:
            raise _not_literal(element, "a number written out in the manifest")
        return value.integer

    def truth(self, element: Element, key: int, *, default: bool) -> bool:
        """A boolean; true when it is true for any device configuration."""
        value = element.attributes.get(key)
        if value is None:
            return default
        truths = [variant.value.truth for variant in self._variants(value)]
        if not truths or None in truths:
            raise _not_literal(element, "a boolean that this APK itself defines")
        return any(truths)

    def text(self, element: Element, key: int, *, language: str = "") -> str:
        """A text for people in one language ("" is the default one); "" when there is none."""
        value = element.attributes.get(key)
        if value is None:
            return ""
        if value.reference is None and language:
            return ""
        return _best_text(self._variants(value), language)[:_MAX_TEXT]

    def files(self, element: Element, key: int) -> tuple[str, ...]:
        """Paths of a picture inside the APK, densest first, only those a browser can show."""
        value = element.attributes.get(key)
        variants = [] if value is None else self._variants(value)
        ordered = sorted(variants, key=lambda variant: variant.density % _ANY_DENSITY, reverse=True)
        paths = (variant.value.text or "" for variant in ordered)
        return tuple(path for path in paths if path.endswith(_RASTERS))

    def _variants(self, value: Value) -> list[Variant]:
        if value.reference is not None:
            return self._table.variants(value.reference)
        return [Variant("", "", 0, value)]


def _best_text(variants: list[Variant], language: str) -> str:
    texts = [
        (variant.country not in _CHINA if language else bool(variant.country), variant.value.text)
        for variant in variants
        if variant.language == language and variant.value.text
    ]
    return min(texts, key=lambda pair: pair[0])[1] or "" if texts else ""


def _not_literal(element: Element, wanted: str) -> ApkError:
    return ApkError("manifest_value", f"An attribute of <{element.name}> must be {wanted}.")
