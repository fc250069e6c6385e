"""Cedar text as people wrote it: statements with their places, and what is wrong at which line.

The engine's own messages name neither line nor column, so both are found here: a syntax error lies
at the first token that makes the text so far more than unfinished; a type error where the
statement first uses what the message names.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cedarpy

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[A-Za-z_]\w*|\d+|::|==|!=|<=|>=|&&|\|\||[^\s]', re.ASCII)
_GAP = re.compile(r"(?:\s+|//[^\n]*)+")
_TOKENS, _DEPTH, _LINKS = 4000, 30, 200
_TOO_DEEP = "this policy is too long or nested too deeply; make several of it"
_LINKING = frozenset({"&&", "||", "if", "!", "+", "-", "*"})
_UNFINISHED = "unexpected end of input"
_POLICY = re.compile(r"^(?:Policy parse error: |\[policy\d+\] )*(?:for policy `policy\d+`, )?")
_NAMED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Flaw:
    """What is wrong, where: line and column count from 1 within the text that was given."""

    line: int
    column: int
    reason: str
    rule: str = ""

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.reason}"


@dataclass(frozen=True)
class Statement:
    """One policy with the comment above it; `begins` is where the policy itself starts in `text`."""

    text: str
    at: int
    begins: int


@dataclass(frozen=True)
class Parsed:
    """A statement and its form in Cedar's JSON policy format."""

    statement: Statement
    policy: dict[str, Any]

    @property
    def id(self) -> str:
        """The name in `@id`, '' without one."""
        return str(self.policy.get("annotations", {}).get("id") or "")


def parse(text: str) -> tuple[list[Parsed], list[Flaw]]:
    """Read every statement; return those that can be read, and a flaw for each that cannot."""
    pieces = statements(text)
    deep = [place(text, piece.at + piece.begins, _TOO_DEEP) for piece in pieces if _deep(piece)]
    if deep:
        return [], deep
    try:
        document = json.loads(cedarpy.policies_to_json_str(text))
        policies = document["staticPolicies"]
        if len(policies) == len(pieces):
            return [Parsed(piece, policies[f"policy{n}"]) for n, piece in enumerate(pieces)], []
    except (ValueError, RecursionError):
        pass
    read, flaws = [], []
    for piece in pieces:
        policy = _alone(piece)
        if policy is not None:
            read.append(Parsed(piece, policy))
        else:
            flaws.append(_syntax(text, piece))
    return read, flaws


def misfits(text: str, parsed: Sequence[Parsed], schema: str) -> list[Flaw]:
    """Return what does not fit the schema, at the place in `text`; `parsed` is all of `text`."""
    result = cedarpy.validate_policies("\n".join(one.statement.text for one in parsed), schema)
    if result.validation_passed:
        return []
    flaws = []
    for error in result.errors:
        one = parsed[int(error.policy_id.removeprefix("policy"))]
        reason = _POLICY.sub("", str(error))
        flaws.append(place(text, one.statement.at + _mention(one, reason), reason, one.id))
    return flaws


def place(text: str, at: int, reason: str, rule: str = "") -> Flaw:
    """Return a flaw at an offset of a text."""
    line = text.count("\n", 0, at) + 1
    return Flaw(line, at - (text.rfind("\n", 0, at) + 1) + 1, reason, rule)


def statements(text: str) -> list[Statement]:
    """Split a text behind every `;` that ends a policy; what follows the last one counts too."""
    found, at = [], 0
    for start, word in _tokens(text):
        if word == ";":
            found.append(_statement(text, at, start + 1))
            at = start + 1
    if any(_tokens(text[at:])):
        found.append(_statement(text, at, len(text)))
    return found


def _deep(piece: Statement) -> bool:
    """Whether the engine's recursive parser must not see this: enough nesting would end the process."""
    depth = deepest = links = count = chain = longest = 0
    for _, word in _tokens(piece.text):
        count += 1
        depth += (word in "{[(") - (word in "}])")
        deepest = max(deepest, depth)
        links += word in _LINKING
        chain = chain + 1 if word == "." or (chain and word.isidentifier()) else 0
        longest = max(longest, chain)
    return deepest > _DEPTH or links > _LINKS or longest > _LINKS or count > _TOKENS


def _statement(text: str, at: int, end: int) -> Statement:
    piece = text[at:end]
    lead = len(piece) - len(piece.lstrip())
    piece = piece.strip()
    first = next(iter(_tokens(piece)), (0, ""))[0]
    return Statement(piece, at + lead, first)


def _tokens(text: str) -> Iterable[tuple[int, str]]:
    at = 0
    while at < len(text):
        gap = _GAP.match(text, at)
        if gap:
            at = gap.end()
            continue
        token = _TOKEN.match(text, at)
        if token is None:
            return
        yield at, token.group()
        at = token.end()


def _alone(piece: Statement) -> dict[str, Any] | None:
    try:
        document = json.loads(cedarpy.policies_to_json_str(piece.text))
    except (ValueError, RecursionError):
        return None
    policy: dict[str, Any] | None = document["staticPolicies"].get("policy0")
    return policy


def _syntax(text: str, piece: Statement) -> Flaw:
    """Find the first token with which the statement can no longer be completed."""
    tokens = list(_tokens(piece.text))
    broken = bisect_left(tokens, True, key=lambda token: _fails(piece.text, token))
    try:
        cedarpy.policies_to_json_str(piece.text)
        reason = "policies with ?principal or ?resource slots are not used here"
        broken = 0
    except ValueError as error:
        reason = str(error)
    named = _NAMED.search(reason)
    if named:  # the engine may notice one token late
        before = [n for n, (_, word) in enumerate(tokens[: broken + 1]) if word == named.group(1)]
        broken = before[-1] if before else broken
    at = tokens[broken][0] if broken < len(tokens) else len(piece.text)
    return place(text, piece.at + at, reason)


def _fails(text: str, token: tuple[int, str]) -> bool:
    try:
        cedarpy.policies_to_json_str(text[: token[0] + len(token[1])])
    except ValueError as error:
        return _UNFINISHED not in str(error)
    return False


def _mention(one: Parsed, reason: str) -> int:
    """Return where the statement first uses what the message names, else where it begins."""
    for name in _NAMED.findall(reason):
        wanted = (name, name.rpartition("::")[2], name.rpartition(".")[2])
        for at, token in _tokens(one.statement.text):
            if at >= one.statement.begins and token in wanted:
                return at
    return one.statement.begins
