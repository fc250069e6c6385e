"""Reading an element's attributes, through the resource table where they refer to it."""

from .arsc import ResourceTable, Variant
from .axml import Element
from .configuration import ANY
from .errors import ApkError
from .values import Value

_MAX_TEXT = 500
_CHINA = "CN", ""
_SIMPLIFIED = "Hans", ""
_MAX_LOCALES = 100
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

    def text(
        self, element: Element, key: int, *, language: str = "", longest: int = _MAX_TEXT
    ) -> str:
        """A text for people in one language ("" is the default one); "" when there is none."""
        value = element.attributes.get(key)
        if value is None:
            return ""
        if value.reference is None and language:
            return ""
        return _best_text(self._variants(value), language)[:longest]

    def texts(self, element: Element, key: int) -> dict[str, str]:
        """A text by language tag, the default one left out; a bounded number of them."""
        value = element.attributes.get(key)
        variants = [] if value is None else self._variants(value)
        texts = {
            variant.configuration.locale: variant.value.text[:_MAX_TEXT]
            for variant in variants
            if variant.configuration.language and variant.value.text
        }
        return {locale: texts[locale] for locale in sorted(texts)[:_MAX_LOCALES]}

    def array(self, element: Element, key: int) -> list[Value]:
        """The members of an array that an attribute refers to, what they refer to resolved."""
        value = element.attributes.get(key)
        if value is None or value.reference is None:
            return []
        members = (self._variants(item) for item in self._table.items(value.reference))
        return [_default(variants) for variants in members if variants]

    def value(self, element: Element, key: int) -> Value | None:
        """An attribute's value on a device of no particular kind; None when it has none."""
        value = element.attributes.get(key)
        variants = [] if value is None else self._variants(value)
        return _default(variants) if variants else None

    def files(self, element: Element, key: int) -> tuple[str, ...]:
        """Paths of a file inside the APK, those for the densest screens first."""
        value = element.attributes.get(key)
        variants = [] if value is None else self._variants(value)
        ordered = sorted(variants, key=_density, reverse=True)
        return tuple(variant.value.text for variant in ordered if variant.value.text)

    def _variants(self, value: Value) -> list[Variant]:
        if value.reference is not None:
            return self._table.variants(value.reference)
        return [Variant(ANY, value)]


def _default(variants: list[Variant]) -> Value:
    return min(variants, key=lambda variant: variant.configuration.locale).value


def _density(variant: Variant) -> int:
    return variant.configuration.density % _ANY_DENSITY


def _best_text(variants: list[Variant], language: str) -> str:
    texts = [
        (_distance(variant, language), variant.value.text)
        for variant in variants
        if variant.configuration.language == language and variant.value.text
    ]
    return min(texts, key=lambda pair: pair[0])[1] or "" if texts else ""


def _distance(variant: Variant, language: str) -> tuple[bool, bool]:
    """How far a text is from what is wanted: of Chinese, that of the mainland."""
    where = variant.configuration
    if not language:
        return bool(where.script), bool(where.country)
    return where.script not in _SIMPLIFIED, where.country not in _CHINA


def _not_literal(element: Element, wanted: str) -> ApkError:
    return ApkError("manifest_value", f"An attribute of <{element.name}> must be {wanted}.")
