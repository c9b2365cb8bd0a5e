"""What follows a dot or `::`.

Must not offer names that are visible anyway; scope.py does.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_lsp.features.completion.items import (
    ICONS,
    CompletionItem,
    ItemKind,
    Rank,
    declared_item,
    plain_item,
    snippet_item,
)
from hdl_lsp.features.completion.site import Site
from hdl_lsp.presentation.markup import one_line
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.text.source import span
from hdl_lsp.workspace.declared import Declared, with_fact
from hdl_lsp.workspace.lookup import visible_symbol
from hdl_lsp.workspace.members import after_dots, before_dot, enum_members, members
from hdl_lsp.workspace.names import scope_members, scope_named

ENUM_METHODS = {
    "first()": "the first member (6.19.5.1)",
    "last()": "the last member (6.19.5.2)",
    "next()": "the next member, wraps around (6.19.5.3)",
    "prev()": "the previous member, wraps around (6.19.5.4)",
    "num()": "the number of members (6.19.5.5)",
    "name()": "the member's name as a string (6.19.5.6)",
}
STRING_METHODS = {
    "len()": "number of characters (6.16.1)",
    "putc($1)": "replaces one character (6.16.2)",
    "getc($1)": "one character's code (6.16.3)",
    "toupper()": "in upper case (6.16.4)",
    "tolower()": "in lower case (6.16.5)",
    "compare($1)": "order of two strings (6.16.6)",
    "icompare($1)": "order, case ignored (6.16.7)",
    "substr($1)": "part from one index to another (6.16.8)",
    "atoi()": "decimal number in it (6.16.9)",
    "atohex()": "hexadecimal number in it (6.16.9)",
    "itoa($1)": "stores a number in decimal (6.16.11)",
}
QUEUE_METHODS = {
    "size()": "number of elements (7.10.2.1)",
    "insert($1)": "puts an element at an index (7.10.2.2)",
    "delete($1)": "removes one element, or all (7.10.2.3)",
    "pop_front()": "removes and gives the first element (7.10.2.4)",
    "pop_back()": "removes and gives the last element (7.10.2.5)",
    "push_front($1)": "puts an element first (7.10.2.6)",
    "push_back($1)": "puts an element last (7.10.2.7)",
}
ARRAY_METHODS = {
    "size()": "number of elements (7.5.2)",
    "find() with ($1)": "elements for which it holds (7.12.1)",
    "sum()": "sum of the elements (7.12.3)",
    "sort()": "sorts in place (7.12.2)",
    "reverse()": "reverses in place (7.12.2)",
}
ASSOCIATIVE_METHODS = {
    "num()": "number of entries (7.9.1)",
    "exists($1)": "an entry has this index (7.9.3)",
    "delete($1)": "removes one entry, or all (7.9.2)",
    "first($1)": "the smallest index (7.9.4)",
    "next($1)": "the next index (7.9.6)",
}

_HIDDEN = frozenset({DeclKind.BLOCK.value, DeclKind.CONSTRAINT.value, DeclKind.ASSERTION.value})


def member_items(site: Site) -> Iterator[CompletionItem]:
    """After `a.b.`: fields, methods, contents of an instance or interface; in order of declaration."""
    base = site.cursor.base
    if not base:
        return
    found = before_dot(site.snapshot, site.file, site.replace.start, base[0])
    holders = after_dots(site.snapshot, found, base[1:])[:1]
    offered = False
    for holder in holders:
        for number, member in enumerate(members(site.snapshot, holder)):
            if member.name and member.kind not in _HIDDEN:
                offered = True
                yield _numbered(site, member, number)
        known = with_fact(site.snapshot, holder, site.facts)
        for call, detail in _methods(site, known).items():
            offered = True
            yield _method(site, call, detail)
    if not offered and len(base) == 1:
        yield from _fact_items(site, base[0])


def scoped_items(site: Site) -> Iterator[CompletionItem]:
    """After `pkg::` or `class::`: everything declared there."""
    offered = False
    for holder in scope_named(site.snapshot, site.file, site.replace.start, site.cursor.base)[:1]:
        for member in scope_members(site.snapshot, holder):
            if member.name and member.kind not in _HIDDEN:
                offered = True
                yield declared_item(member, Rank.MEMBER, site.replace)
    if not offered and site.facts is not None and site.cursor.base:
        for index in site.facts.packages.get(site.cursor.base[-1], ()):
            symbol = site.facts.symbols[index]
            where = symbol.name_span
            declared = Declared(symbol.name, symbol.kind, None, where, where, symbol=symbol)
            yield declared_item(declared, Rank.MEMBER, site.replace)
    if site.cursor.after_keyword == "import":
        yield plain_item(
            "*",
            ItemKind.KEYWORD,
            Rank.EXPECTED,
            site.replace,
            detail="everything in the package",
            insert_text="*;",
        )


def _numbered(site: Site, member: Declared, number: int) -> CompletionItem:
    item = declared_item(member, Rank.MEMBER, site.replace)
    return CompletionItem(
        item.label,
        item.kind,
        item.detail,
        "",
        item.insert_text,
        item.is_snippet,
        item.replace,
        f"{Rank.MEMBER.value}{number:05}",
        item.filter_text,
    )


def _fact_items(site: Site, name: str) -> Iterator[CompletionItem]:
    """Fields as slang knew them, for types that no declaration in the workspace spells out."""
    facts = site.facts
    if facts is None:
        return
    index = visible_symbol(facts, name, site.cursor.container)
    members_index = facts.symbols[index].type_members if index is not None else None
    if members_index is None:
        return
    for number, member in enumerate(facts.member_lists[members_index]):
        kind = ICONS.get(member.kind, ItemKind.FIELD)
        detail = one_line(f"{member.detail} {member.type_text}", 80)
        item = plain_item(member.name, kind, Rank.MEMBER, site.replace, detail=detail)
        yield CompletionItem(
            item.label,
            kind,
            detail,
            "",
            item.insert_text,
            False,
            item.replace,
            f"{Rank.MEMBER.value}{number:05}",
            item.filter_text,
        )


def _methods(site: Site, holder: Declared) -> dict[str, str]:
    decl = holder.decl
    text = decl.type_text if decl is not None else holder.type_text
    unpacked = ""
    if holder.file is not None and (source := site.snapshot.text(holder.file)) is not None:
        end = holder.focus.end
        unpacked = source.slice(span(end, end + 80)).partition(";")[0]
    dimension = unpacked.strip().partition("]")[0].replace(" ", "")
    if dimension.startswith("[$"):
        return {**QUEUE_METHODS, **ARRAY_METHODS}
    if dimension == "[":
        return ARRAY_METHODS
    if dimension.startswith("[") and (dimension == "[*" or dimension[1:2].isalpha()):
        is_type = dimension[1:] in {"string", "int", "integer", "byte", "bit", "longint"}
        return ASSOCIATIVE_METHODS if is_type or dimension == "[*" else {}
    if text.split()[:1] == ["string"]:
        return STRING_METHODS
    return ENUM_METHODS if enum_members(site.snapshot, holder) else {}


def _method(site: Site, call: str, detail: str) -> CompletionItem:
    label = call.partition("(")[0]
    return snippet_item(
        label, ItemKind.METHOD, Rank.LOCAL, site.replace, detail=detail, insert_text=call
    )
