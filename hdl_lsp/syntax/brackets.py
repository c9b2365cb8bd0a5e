"""The lists an offset is in: an instance's ports or parameters, and a call's arguments; read from tokens.

Must not need a tree, and must not know what names mean: `a b (` is an instance, `b (` is a call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hdl_lsp.syntax.lookback import (
    BOUNDARIES,
    MAX_TOKENS,
    NOTHING,
    PLAIN_WORD_KINDS,
    TokensBefore,
    base_names,
)
from hdl_lsp.syntax.tokens import Token, TokenKind, tokens_after
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.text.source import Offset, Span, span

BLOCK_EDGES = frozenset(("begin", "fork", "generate", "join", "join_any", "join_none"))
"""Boundaries that are no part of the statement after them, as all words that start with "end" aren't."""

HEADERS = frozenset(
    """
    automatic bind checker class clocking constraint covergroup function interface let macromodule modport module
    package primitive program property sequence static task void
    """.split()
)
"""Before a name, these declare it: the parenthesis after it is a header."""


@dataclass(frozen=True, slots=True)
class InstanceAt:
    """An instance, possibly half-typed, whose lists the cursor is in."""

    definition: str
    """The module or class named before the list; with its backtick if it is a macro."""
    name: str
    """The instance's own name; empty if it isn't there yet."""
    connected_ports: tuple[str, ...]
    """Ports named in the port list, on both sides of the cursor, without the one being typed."""
    connected_parameters: tuple[str, ...]
    """Parameters named in `#(`, likewise."""
    is_in_parameters: bool
    """The cursor is in `#(`, not in the port list."""
    connection: str | None
    """The port or parameter whose value is being written; None between connections."""
    span: Span
    """From the definition's name to the closing `)` or `;`; to the cursor if that isn't there."""
    argument0: int
    """Number of commas before the cursor in its list: the index of an ordered connection."""
    has_wildcard: bool
    """`.*` is in the port list."""


@dataclass(frozen=True, slots=True)
class CallAt:
    """A call whose arguments the cursor is in."""

    name: str
    """Function, task, system task (with its `$`), macro (with its backtick) or `new`."""
    base: tuple[str, ...]
    """Names before it, as in `pkg::f(` and `object.f(`."""
    argument0: int
    """0-based index of the argument that the cursor is in, counted by commas."""
    argument_name: str
    """Name of the argument being written in the form `.name(`; empty in ordered form."""
    name_span: Span
    """Where the name is."""


@dataclass(frozen=True, slots=True)
class Site:
    """What site_at() found."""

    instance: InstanceAt | None
    call: CallAt | None
    is_direct: bool
    """The cursor is in the instance's list itself, not in the value of a connection or in a call."""
    is_direct_call: bool
    """The cursor is in the call's list itself."""
    statement: str

    def without_connection(self) -> Site:
        """The same, for a cursor on the name of a connection."""
        instance = self.instance and replace(self.instance, connection=None)
        return replace(self, instance=instance, call=None)


def site_at(back: TokensBefore, data: bytes, word: Span) -> Site:
    """The instance and the call around *word*, which *back* ends before."""
    call: CallAt | None = None
    named = ""
    names: list[str] = []
    index = commas = depth = 0
    call_depth = -1
    while True:
        token = back[index]
        text = token.text
        if token is NOTHING or text == ";" or text in BOUNDARIES:
            return Site(
                None,
                call,
                is_direct=False,
                is_direct_call=call_depth == 0,
                statement=_statement(back, index),
            )
        if text in (")", "]", "}"):
            index = back.after_group(index)
            continue
        if text == ",":
            commas += 1
        elif (
            text == "."
            and back[index - 1].kind is TokenKind.WORD
            and index
            and back.starts_connection(index)
        ):
            names.append(back[index - 1].text)
        elif text == ".*":
            names.append("*")
        elif text in ("[", "{", "'{"):
            commas, depth = 0, depth + 1
            names.clear()
        elif text == "(":
            head = head_before(back, index + 1)
            if head.is_instance:
                instance = _instance(back, head, data, word, depth, names, named, commas)
                is_direct = depth == 0
                return Site(
                    instance,
                    call,
                    is_direct=is_direct,
                    is_direct_call=call_depth == 0,
                    statement=instance.definition,
                )
            if head.is_connection:
                named = back[head.name].text
            elif head.is_call and call is None:
                call, call_depth = _call(back, head, commas, named), depth
                named = ""
            commas, depth = 0, depth + 1
            names.clear()
        index += 1


def _statement(back: TokensBefore, boundary: int) -> str:
    """First token of the statement whose *boundary* has this index."""
    text = back[boundary].text
    if text in BOUNDARIES and text not in BLOCK_EDGES and not text.startswith("end"):
        return text
    return back[boundary - 1].text if boundary else ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before an opening parenthesis; the numbers are indexes of tokens before the cursor."""

    is_instance: bool = False
    is_connection: bool = False
    is_call: bool = False
    name: int = -1
    """The name right before it; -1 if there is none."""
    definition: int = -1
    parameters: int = -1
    """The closing parenthesis of `#(...)` between definition and name; -1 if there is none."""
    is_parameters: bool = False


def head_before(back: TokensBefore, index: int) -> Head:
    """What the tokens from *index* on say about the parenthesis after them."""
    if back[index].text == "#":
        definition = back[index + 1]
        if not _can_name(definition) or back[index + 2].text in HEADERS:
            return Head()
        return Head(is_instance=True, definition=index + 1, is_parameters=True)
    name = back.after_groups(index)
    token = back[name]
    if token.kind in (TokenKind.SYSTEM, TokenKind.MACRO):
        return Head(is_call=True, name=name)
    if token.text == "new":
        is_header = back[name + 1].text in ("function", "::")
        return Head() if is_header else Head(is_call=True, name=name)
    if not _can_name(token):
        return Head()
    before = back[name + 1]
    if before.text == "." and back.starts_connection(name + 1):
        return Head(is_connection=True, name=name)
    found = _definition(back, name + 1)
    if found is not None:
        return Head(is_instance=True, name=name, definition=found[0], parameters=found[1])
    return Head() if _is_declared(back, name) else Head(is_call=True, name=name)


def _is_declared(back: TokensBefore, name: int) -> bool:
    """The name at *name*, before a parenthesis, is a routine's or unit's in its header: a type stands before it."""
    at = name + 1
    while back[at].text == "::" and _can_name(back[at + 1]):  # a method's body outside its class
        at += 2
    before = back[at]
    return (
        before.text in HEADERS or before.text == "]" or _can_name(before) or _is_type(before.text)
    )


def _definition(back: TokensBefore, index: int) -> tuple[int, int] | None:
    """Indexes of the definition and of its `#(...)` (or -1), which end at *index*, before an instance's name."""
    while back[index].text == ",":  # a later instance of one list: go back over the ones before it
        at = back.after_group(index + 1) if back[index + 1].text == ")" else -1
        at = back.after_groups(at) if at > 0 else -1
        if at < 0 or not _can_name(back[at]) or back[at + 1].text == ".":
            return None
        index = at + 1
    parameters = -1
    if back[index].text == ")":
        parameters = index
        index = back.after_group(index)
        if back[index].text != "#":
            return None
        index += 1
    elif back[index].kind is TokenKind.NUMBER and back[index + 1].text == "#":
        index += 2
    if not _can_name(back[index]) or back[index + 1].text in (*HEADERS, "::", ".", "return", "#"):
        return None
    return index, parameters


def _can_name(token: Token) -> bool:
    """An identifier that is no keyword, or a macro."""
    return token.kind in PLAIN_WORD_KINDS and token.text not in KEYWORDS


def _is_type(keyword: str) -> bool:
    """A name after this keyword is being declared, as in `function int f(`."""
    return keyword in {
        *(
            "bit",
            "byte",
            "chandle",
            "event",
            "int",
            "integer",
            "logic",
            "longint",
            "real",
            "realtime",
            "reg",
        ),
        *(
            "shortint",
            "shortreal",
            "signed",
            "string",
            "time",
            "unsigned",
            "wire",
            "enum",
            "struct",
            "union",
        ),
    }


def _call(back: TokensBefore, head: Head, commas: int, named: str) -> CallAt:
    name = back[head.name]
    base = base_names(back, head.name + 2) if back[head.name + 1].text in (".", "::") else ()
    return CallAt(name.text, base, commas, named, span(name.start, name.end))


def _instance(
    back: TokensBefore,
    head: Head,
    data: bytes,
    word: Span,
    depth: int,
    names: list[str],
    named: str,
    commas: int,
) -> InstanceAt:
    """The instance of *head*, with what is connected before the cursor (*names*) and after it."""
    definition = back[head.definition]
    after = _read_on(tokens_after(data, word.end), depth, is_parameters=head.is_parameters)
    before = tuple(reversed(names))
    parameters: tuple[str, ...] = (
        _names_in_group(back, head.parameters) if head.parameters >= 0 else ()
    )
    ports = after.ports
    if head.is_parameters:
        parameters = before + after.parameters
    else:
        ports = before + after.ports
    return InstanceAt(
        definition=definition.text,
        name=back[head.name].text if head.name >= 0 else after.name,
        connected_ports=tuple(name for name in ports if name != "*"),
        connected_parameters=tuple(name for name in parameters if name != "*"),
        is_in_parameters=head.is_parameters,
        connection=named or None,
        span=Span(Offset(definition.start), Offset(max(after.end, word.end))),
        argument0=commas,
        has_wildcard="*" in ports,
    )


def _names_in_group(back: TokensBefore, closing: int) -> tuple[str, ...]:
    """Names of the connections in the group whose `)` is at *closing*."""
    end = back.after_group(closing)
    found = [
        back[at - 1].text
        for at in range(closing + 1, end)
        if back[at].text == "." and back.starts_connection(at)
    ]
    return tuple(reversed(found))


@dataclass(slots=True)
class _Ahead:
    """What follows the cursor of the instance it is in."""

    ports: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    name: str = ""
    end: int = -1


def _read_on(ahead: Iterator[Token], depth: int, *, is_parameters: bool) -> _Ahead:
    """Reads to the end of the instance, whose list is *depth* brackets around the cursor."""
    found = _Ahead()
    names, level, end = _names_ahead(ahead, depth)
    if is_parameters:
        found.parameters = names
        if level < 0:
            token = next(ahead, NOTHING)
            if token.kind is TokenKind.WORD and token.text not in KEYWORDS:
                found.name = token.text
                token = next(ahead, NOTHING)
                while (
                    token.text not in ("(", ";")
                    and token is not NOTHING
                    and token.text not in BOUNDARIES
                ):
                    token = next(ahead, NOTHING)
                if token.text == "(":
                    found.ports, level, end = _names_ahead(ahead, 0)
    else:
        found.ports = names
    following = next(ahead, NOTHING) if level < 0 else NOTHING
    found.end = following.end if following.text == ";" else end
    return found


def _names_ahead(ahead: Iterator[Token], depth: int) -> tuple[tuple[str, ...], int, int]:
    """Connections up to the end of the list *depth* brackets out, the level reached (-1: closed), and its end."""
    names: list[str] = []
    level = depth
    previous = before = ""
    for count, token in enumerate(ahead):
        text = token.text
        if count > MAX_TOKENS or text == ";" or text in BOUNDARIES:
            return tuple(names), level, -1
        if text == ".*":
            names.append("*")
        elif (
            before in ("", "(", ",", ")")
            and previous == "."
            and level <= depth
            and token.kind is TokenKind.WORD
        ):
            names.append(text)
        if text in ("(", "[", "{", "'{"):
            level += 1
        elif text in (")", "]", "}"):
            level -= 1
            if level < 0:
                return tuple(names), level, token.end
        before, previous = previous, text
    return tuple(names), level, -1
