"""Takes personal data out of text that a developer or an admin will read. Pure.

What is taken out leaves a mark of its kind, `[phone]`, so that two reports of one fault stay alike.
Rather too much than too little: a long number in a message is worth nothing to whoever mends it.
"""

import re
from typing import Final

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_EDGE, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_RULES: Final = tuple(
    (re.compile(pattern, re.ASCII), mark)
    for mark, pattern in (
        ("[token]", r"\beyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]+)*"),
        ("[token]", r"(?i)\b(?:bearer|dpop|basic)[ ]+[A-Za-z0-9._~+/=-]{8,}"),
        (
            "[token]",
            r"""(?ix)\b(?:password|passwd|passcode|secret|token|api[_-]?key|authorization|cookie|pin)
            ["']?[ ]*[:=][ ]*(?!\[token\])["']?[^\s"',;&]+""",
        ),
        ("[email]", r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"),
        ("[plate]", rf"[{_PROVINCES}][ ]?[A-Z][ ·.-]?[A-Z0-9]{{4,6}}[挂学警港澳]?"),
        ("[coordinates]", r"(?<![0-9.])-?[0-9]{1,3}\.[0-9]{3,}[ ]*[,;/ ][ ]*-?[0-9]{1,3}\.[0-9]{3,}"),
        (
            "[coordinates]",
            r"""(?ix)\b(?:lat|lon|lng|latitude|longitude)["']?[ ]*[:=][ ]*["']?-?[0-9]{1,3}\.[0-9]+""",
        ),
        ("[id]", rf"{_EDGE}[0-9]{{17}}[0-9Xx]{_END}"),
        ("[id]", rf"(?<!pc ){_EDGE}[0-9]{{15,20}}{_END}"),
        ("[phone]", rf"{_EDGE}(?:\+|00)[1-9](?:[ .()-]{{0,2}}[0-9]){{6,14}}{_END}"),
        ("[phone]", rf"{_EDGE}1[3-9][0-9](?:[ -]?[0-9]{{4}}){{2}}{_END}"),
        ("[phone]", rf"{_EDGE}0[1-9][0-9]{{1,3}}[ -]?[0-9]{{3,4}}[ -]?[0-9]{{3,4}}{_END}"),
        ("[number]", rf"{_EDGE}[0-9]{{9,14}}{_END}"),
        ("[token]", rf"{_EDGE}(?=[A-Za-z]*[0-9])[A-Za-z0-9_-]{{40,}}{_END}"),
    )
)  # fmt: skip


def scrub(text: str) -> str:
    """Return the text without phone, identity and card numbers, e-mails, plates, coordinates, tokens.

    Scrubbing what is scrubbed changes nothing.
    """
    for pattern, mark in _RULES:
        text = pattern.sub(mark, text)
    return text
