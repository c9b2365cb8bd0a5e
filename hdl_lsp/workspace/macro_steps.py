"""What a macro use becomes, one level of nesting at a time, by the rules of IEEE 1800-2023 22.5.1.

Must not replace slang's expansion, which is the result: this shows the way there. It works on texts alone,
so it needs no facts, and gives up quietly where a definition is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

MAX_STEPS = 6
MAX_CHARS = 8_000
"""UVM's macros become pages; nobody reads their way there."""


_USE = re.compile(r"`([A-Za-z_][A-Za-z0-9_$]*)")
_SPLIT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|[()\[\]{},]', re.DOTALL)
_PIECE = re.compile(
    r'(?P<comment>//[^\n]*)|(?P<quote>`")|(?P<escaped>`\\`")|(?P<paste>``)'
    r'|(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<name>(?<![A-Za-z0-9_$])[A-Za-z_][A-Za-z0-9_$]*)'
)
_CONTINUED = re.compile(r"\\\r?\n")
_DIRECTIVES = frozenset(
    {"define", "undef", "ifdef", "ifndef", "elsif", "else", "endif", "include", "line", "timescale"}
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A `` `define `` taken apart. `formals`: names with their defaults, "" for none; None: takes no arguments."""

    name: str
    formals: tuple[tuple[str, str], ...] | None
    body: str


Finder = Callable[[str], Definition | None]


@dataclass(frozen=True, slots=True)
class Use:
    """A macro use in a text: from *start* to *end*, with its arguments as written; None: none given."""

    name: str
    start: int
    end: int
    arguments: tuple[str, ...] | None


def definition_of(name: str, after_name: str) -> Definition:
    """The definition of *name*, from the text that follows the name up to the end of the definition."""
    if not after_name.startswith("("):  # a blank before it makes it part of the body
        return Definition(name, None, after_name)
    formals, end = _arguments(after_name, 1)
    pairs = (formal.partition("=") for formal in formals)
    named = tuple((formal.strip(), default.strip()) for formal, _, default in pairs)
    return Definition(name, named, after_name[end:])


def use_at(text: str, start: int, definition: Definition) -> Use:
    """The use of *definition* whose backtick is at *start*."""
    end = start + 1 + len(definition.name)
    if definition.formals is None:
        return Use(definition.name, start, end, None)
    opening = re.compile(r"\s*\(").match(text, end)
    if opening is None:
        return Use(definition.name, start, end, None)
    arguments, closed = _arguments(text, opening.end())
    return Use(definition.name, start, closed, arguments)


def bound(use: Use, definition: Definition) -> Mapping[str, str]:
    """Formal argument to actual text; an empty or missing one is its default."""
    given = (*(use.arguments or ()), *[""] * len(definition.formals or ()))
    return {
        name: actual.strip() or default
        for (name, default), actual in zip(definition.formals or (), given, strict=False)
    }


def steps(use: str, find: Finder) -> tuple[str, ...]:
    """The texts after one level of expansion, two levels, and so on; () when the macro has no definition.

    *find* gives the definition of a name, None for predefined and unknown ones, which stay as written.
    """
    found: list[str] = []
    text = use
    while len(found) < MAX_STEPS:
        after = _expanded_once(text, find)
        if after == text or len(after) > MAX_CHARS:
            break
        found.append(after.strip())
        text = after
    return tuple(found)


def _expanded_once(text: str, find: Finder) -> str:
    """*text* with every macro use in it replaced by its body; uses inside the bodies stay."""
    pieces: list[str] = []
    at = 0
    for match in _USE.finditer(text):
        if match.start() < at or match.group(1) in _DIRECTIVES:
            continue
        definition = find(match.group(1))
        if definition is None:
            continue
        use = use_at(text, match.start(), definition)
        pieces += (text[at : use.start], substituted(definition, bound(use, definition)))
        at = use.end
    return "".join((*pieces, text[at:]))


def substituted(definition: Definition, actual: Mapping[str, str]) -> str:
    """The body with formal arguments replaced; pasted and quoted as the body says."""

    def replaced(match: re.Match[str]) -> str:
        match match.lastgroup:
            case "comment" | "paste":
                return ""
            case "quote":
                return '"'
            case "escaped":
                return r"\""
            case "name":
                return actual.get(match.group(), match.group())
            case _:
                return match.group()

    return _PIECE.sub(replaced, _CONTINUED.sub("\n", definition.body)).strip()


def _arguments(text: str, start: int) -> tuple[tuple[str, ...], int]:
    """The actual arguments from after the parenthesis on, and the offset after the closing one."""
    found: list[str] = []
    depth, begin = 0, start
    for match in _SPLIT.finditer(text, start):
        sign = match.group()
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            if depth == 0:
                return (*found, text[begin : match.start()]), match.end()
            depth -= 1
        elif sign == "," and depth == 0:
            found.append(text[begin : match.start()])
            begin = match.end()
    return (*found, text[begin:]), len(text)


def distinct(found: Sequence[str], result: str) -> tuple[str, ...]:
    """The steps that show something else than the one before and than the *result*, white space aside."""
    kept: list[str] = []
    known = "".join(result.split())
    last = ""
    for step in found:
        bare = "".join(step.split())
        if bare not in {known, last}:
            kept.append(step)
        last = bare
    return tuple(kept)
