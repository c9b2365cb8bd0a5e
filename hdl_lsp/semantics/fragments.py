"""A file that only makes sense inside the file that includes it, parsed there.

Must not change an offset: the name in the include directive is replaced by one of the same length, under which
slang finds the present text of the fragment.
"""

# slang's bindings type what a tree's directives are as unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import dataclasses
import os
import re

from hdl_lsp.semantics.request import Input
from hdl_lsp.semantics.tree_cache import ParsedText, TreeCache, read
from hdl_lsp.text.source import SourceText

INCLUDE = re.compile(rb'`include\s*"((?:[^"\n]*/)?([^"/\n]+))"')
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def parsed_inside(
    cache: TreeCache, source: Input, includers: tuple[Input, ...]
) -> ParsedText | None:
    """*source* as part of the last of *includers*: its own text and path, the tree of all of it.

    None without includers, when one can't be read, or when they do not include it in active code.
    """
    text = read(source)
    if text is None or not includers:
        return None
    path, inner = source.path, text
    inside: list[SourceText] = []
    for includer in includers:
        outer = read(includer)
        renamed = None if outer is None else _renamed(cache, outer, path, inner)
        if renamed is None:
            return None
        inside.append(inner)
        path, inner = includer.path, renamed
    whole = cache.parse_around(path, inner, tuple(inside))
    for include in whole.tree.getIncludeDirectives():
        if include.buffer.id.id and cache.path_of.get(include.buffer.id.id) == source.path:
            return dataclasses.replace(
                whole,
                path=source.path,
                text=text,
                buffer_id=include.buffer.id.id,
                headers=(*whole.headers, *(i.path for i in includers)),
            )
    return None


def _renamed(cache: TreeCache, outer: SourceText, path: str, text: SourceText) -> SourceText | None:
    """*outer*, its include of the file *path* leading to *text*; None when it has no such include."""
    for found in INCLUDE.finditer(outer.data):
        wanted = os.path.normpath(found[1].decode()).lstrip("./")
        if not path.endswith(os.sep + wanted):
            continue
        short = _fresh_name(cache, len(found[2]))
        if short is None:
            return None
        # In the fragment's own folder: slang finds it as it would find the real one, and what it includes too.
        cache.assign(f"{path.rpartition(os.sep)[0]}{os.sep}{short}", path, text)
        data = outer.data
        return SourceText(data[: found.start(2)] + short.encode() + data[found.end(2) :])
    return None


def _fresh_name(cache: TreeCache, length: int) -> str | None:
    """A file name of *length* bytes that was not used before in this cache; None when it is too short."""
    number = cache.next_number()
    name = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        name = DIGITS[digit] + name
    return "~" * (length - len(name)) + name if len(name) < length else None
