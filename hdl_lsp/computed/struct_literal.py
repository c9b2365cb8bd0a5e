"""The keys of a `'{ ... }` for a struct: all fields that are not written yet, in order, in the layout of the file.

Must not make up values: a value is a signal of the field's name, what other literals agree on, else the type's zero.
Silent where the type is not certain and no other literal of the file tells the keys.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hdl_lsp.computed.layout import column_of, indent_at, lead, starts_line, step_of
from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.computed.zero_value import Zeros, register, reset_value, shape_of, zeros
from hdl_lsp.context.site import CompletionSite
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.syntax.cursor import CursorKind
from hdl_lsp.syntax.literal_around import LiteralAround, LiteralItem, literal_around, literal_at
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.literal_type import dimensions_left, literal_type, struct_fields
from hdl_lsp.workspace.lookup import visible_symbol

RULE = "struct literal"
MOST_FIELDS = 64
LONGEST_LINE = 100

_DEFAULT = "default"
_NEAR_BYTES = 60_000
_NEIGHBOURS = 24
_LITERAL = re.compile(rb"'\{")
_TARGET = re.compile(rb"([A-Za-z_][\w$.]*)(?:\[[^\[\]]*\])*\s*(?:<=|=)\s*\Z")
_TARGET_BYTES = 120
_SIGNALS = frozenset({DeclKind.PORT.value, DeclKind.NET.value, DeclKind.VARIABLE.value})


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of one literal, in order, and what is known of their values."""

    names: tuple[str, ...]
    fields: Mapping[str, Declared]
    siblings: tuple[LiteralAround, ...]


def struct_literal(asked: Asked) -> tuple[Computed, ...]:
    """The fields that are missing at the cursor."""
    site = asked.site
    data = site.text.data
    start, typed = _item_start(site)
    if start < 0:
        return ()
    around = literal_around(data, start, max(int(site.cursor.word_span.end), int(site.offset)))
    if around is None or any(item.key in {"", _DEFAULT} for item in around.before):
        return ()
    if any(item.key == "" for item in around.after):
        return ()
    keys = _keys(asked, around)
    missing = _missing(around, keys.names)
    if typed:
        first = next((n for n, key in enumerate(missing) if key.startswith(typed)), len(missing))
        missing = missing[first:]
    if not missing or missing[0] == typed or len(missing) > MOST_FIELDS:
        return ()
    written = zeros(())
    items = [(key, _value(asked, keys, key, written)) for key in missing]
    text = _text(site, around, keys, items)
    return (Computed(text[len(typed) :], RULE),)


def _item_start(site: CompletionSite) -> tuple[int, str]:
    """Where the item at the cursor starts, and what of its key is typed; -1 where none may start."""
    at = site.cursor
    if at.kind is not CursorKind.IDENTIFIER or at.word != at.typed:
        return -1, ""
    return (int(at.word_span.start), at.typed) if at.word else (int(site.offset), "")


def _keys(asked: Asked, around: LiteralAround) -> _Keys:
    """The keys by the struct's declaration, in the order of the file's other literals of them; else by those alone."""
    snapshot, site = asked.snapshot, asked.site
    data = site.text.data
    found = literal_type(snapshot, site.file, around.start)
    fields = {field.name: field for field in struct_fields(snapshot, found)} if found else {}
    names = tuple(fields) or _known_to_slang(asked, around)
    others = tuple(_others(data, around))
    if names:
        siblings = tuple(other for other in others if set(_named(other)) <= set(names))
        siblings = tuple(one for one in siblings if len(_named(one)) > 1 or len(names) == 1)
    elif found is not None and dimensions_left(snapshot, found)[0] > 0:
        return _Keys((), {}, ())
    else:
        target = _target(data, around.start)
        siblings = tuple(one for one in others if target and _target(data, one.start) == target)
        used = {item.key for item in (*around.before, *around.after)}
        if not siblings and len(used) >= 2:
            siblings = tuple(one for one in others if used <= set(_named(one)))
    begun = [item.key for item in around.before]
    alike = [one for one in siblings if [item.key for item in one.before][: len(begun)] == begun]
    orders = Counter(tuple(item.key for item in one.before) for one in alike or siblings)
    if orders:
        order = orders.most_common(1)[0][0]
        if (
            not names
            or set(order) == set(names)
            or (_DEFAULT in order and _is_usual(orders, order))
        ):
            names = order
    return _Keys(names, fields, siblings)


def _is_usual(orders: Counter[tuple[str, ...]], order: tuple[str, ...]) -> bool:
    return orders[order] > 1 and 2 * orders[order] >= orders.total()


def _known_to_slang(asked: Asked, around: LiteralAround) -> tuple[str, ...]:
    """The fields of a plain signal's type as slang knows it, for types that a macro declares."""
    target = _target(asked.site.text.data, around.start).decode("utf-8", "replace")
    if asked.facts is None or not target or "." in target:
        return ()
    symbol = visible_symbol(asked.facts, target, asked.site.cursor.container)
    listed = asked.facts.symbols[symbol].type_members if symbol is not None else None
    if listed is None:
        return ()
    return tuple(member.name for member in asked.facts.member_lists[listed])


def _others(data: bytes, around: LiteralAround) -> Iterator[LiteralAround]:
    """Other literals of the file with a key for every value, the nearest first."""
    low, high = max(0, around.start - _NEAR_BYTES), around.end + _NEAR_BYTES
    places = [found.start() for found in _LITERAL.finditer(data, low, high)]
    places.sort(key=lambda place: abs(place - around.start))
    for place in places[:_NEIGHBOURS]:
        other = None if place == around.start else literal_at(data, place)
        if other is None or other.start <= around.start < other.end or not _named(other):
            continue
        if all(item.key for item in other.before):
            yield other


def _named(literal: LiteralAround) -> list[str]:
    return [item.key for item in literal.before if item.key != _DEFAULT]


def _target(data: bytes, start: int) -> bytes:
    """The path that the literal at *start* is assigned to, without subscripts; empty elsewhere."""
    found = _TARGET.search(data, max(0, start - _TARGET_BYTES), start)
    return found.group(1) if found else b""


def _missing(around: LiteralAround, names: Sequence[str]) -> list[str]:
    """The keys that come at the cursor: those between its neighbours' in order; without any, all that are missing."""
    used = {item.key for item in (*around.before, *around.after)}
    if not used <= {*names, _DEFAULT}:
        return []
    place = {name: number for number, name in enumerate(names)}
    missing = [name for name in names if name not in used]
    if not around.after:
        places = [place[item.key] for item in around.before]
        is_left_out = len(missing) > 0 and places == sorted(places)
        if is_left_out and places and all(place[name] < places[-1] for name in missing):
            return [_DEFAULT]  # passed over one by one: default stands for them
        return missing
    if any(item.key == _DEFAULT for item in around.after):
        return []
    low = max((place[item.key] for item in around.before), default=-1)
    high = min(place[item.key] for item in around.after)
    return [name for name in names[low + 1 : high] if name in missing] or missing


def _value(asked: Asked, keys: _Keys, key: str, written: Zeros) -> str:
    """What the siblings agree on, a signal of the same name, or the zero of the field's type."""
    site, snapshot = asked.site, asked.snapshot
    data = site.text.data
    values = {
        data[item.value.start : item.value.end].decode("utf-8", "replace")
        for one in keys.siblings
        for item in one.before
        if item.key == key
    }
    agreed = len(values) == 1 and len(keys.siblings) > 1
    if agreed and "\n" not in (value := values.pop()):
        return value
    if key == _DEFAULT:
        return "'0"
    declared = keys.fields.get(key)
    known = snapshot.summary(site.file).identifiers
    for name in (key, f"{key}_i", f"{key}_q"):
        if name not in known:
            continue
        signal = register(snapshot, site.file, site.offset, name)
        if signal is None or signal.kind not in _SIGNALS:
            continue
        if declared is None or shape_of(snapshot, signal) is shape_of(snapshot, declared):
            return name
    return reset_value(snapshot, site.file, site.offset, declared, written)


def _text(
    site: CompletionSite, around: LiteralAround, keys: _Keys, items: Sequence[tuple[str, str]]
) -> str:
    data = site.text.data
    base = indent_at(data, around.start)
    closing = "" if around.is_closed or around.after else "}" + _end_of_statement(data, around)
    line = ", ".join(f"{key}: {value}" for key, value in items)
    if not site.is_fresh_line and not _is_first_word_of_line(site):
        is_short = len(site.line_prefix) + len(line) + len(site.line_suffix) <= LONGEST_LINE
        if around.before or around.after or is_short:
            blank = " " if data[around.start : around.start + 3] == b"'{ " else ""
            separator = ", " if around.after else (blank if around.is_closed else "")
            return line + separator + closing
        indent = base + step_of(data)
        body = _lines(items, indent, _width(data, keys.siblings, [key for key, _ in items]))
        return f"\n{indent}{body}\n{base}{closing}"
    indent = _indent(site, around, base)
    width = _width(data, (around, *keys.siblings), [key for key, _ in items])
    text = lead(site, indent) + _lines(items, indent, width) + ("," if around.after else "")
    return text + (f"\n{base}{closing}" if closing else "")


def _is_first_word_of_line(site: CompletionSite) -> bool:
    return site.cursor.typed != "" and starts_line(site.text.data, site.cursor.word_span.start)


def _end_of_statement(data: bytes, around: LiteralAround) -> str:
    return ";" if data[: around.start].rstrip().endswith(b"=") else ""


def _indent(site: CompletionSite, around: LiteralAround, base: str) -> str:
    data = site.text.data
    for item in (*around.before, *around.after):
        if starts_line(data, item.span.start):
            return indent_at(data, item.span.start)
    if site.line_prefix and site.is_fresh_line:
        return site.line_prefix
    return base + step_of(data)


def _lines(items: Sequence[tuple[str, str]], indent: str, width: int) -> str:
    return (",\n" + indent).join(f"{key.ljust(width)}: {value}" for key, value in items)


def _width(data: bytes, models: Sequence[LiteralAround], names: Sequence[str]) -> int:
    """What keys are filled up to so that the colons stand in one column; 0 where the file does not do so."""
    for model in models:
        items = [
            item
            for item in (*model.before, *model.after)
            if item.key and starts_line(data, item.span.start)
        ]
        lengths = {len(item.key) for item in items}
        if len(lengths) < 2:
            continue
        columns = {_colon_column(data, item) for item in items}
        if len(columns) > 1:
            return 0
        return max(columns.pop(), *map(len, names))
    return 0


def _colon_column(data: bytes, item: LiteralItem) -> int:
    colon = data.find(b":", item.span.start, item.span.end)
    return column_of(data, colon) - column_of(data, item.span.start)
