"""The zh-Hans catalogue: complete against the templates, and compiled."""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3] / "admin_ui"
MESSAGES = ROOT / "translations" / "zh_Hans" / "LC_MESSAGES"


def catalogue() -> Catalog:
    with (MESSAGES / "messages.po").open("rb") as file:
        return read_po(file, locale="zh_Hans")


def wanted() -> set[str]:
    with (ROOT / "translations" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT, methods, options, keywords={**DEFAULT_KEYWORDS, "N_": None}, strip_comment_tags=True
    )
    return {msg[0] if isinstance(msg, tuple) else msg for _, _, msg, _, _ in found}


def test_every_string_is_translated() -> None:
    words = catalogue()
    assert {text for text in wanted() if text not in words or not words[text].string} == set()


def test_the_catalogue_holds_nothing_else() -> None:
    kept = {msg.id[0] if isinstance(msg.id, tuple) else msg.id for msg in catalogue() if msg.id}
    assert kept <= wanted()


def test_placeholders_survive_translation() -> None:
    assert [error for message in catalogue() for error in message.check()] == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    assert (MESSAGES / "messages.mo").read_bytes() == compiled.getvalue()
