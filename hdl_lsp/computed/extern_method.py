"""The header of a method that a class of the file promises with `extern` and nobody has written yet.

Must not write what the method does; silent inside classes and modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hdl_lsp.computed.layout import is_free
from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.semantics.summary import Decl, DeclKind, FileSummary
from hdl_lsp.syntax.cursor import CursorKind
from hdl_lsp.syntax.lookback import TokensBefore
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.scopes import FILE_SCOPE, children, scope_chain

RULE = "extern method"

_QUALIFIERS = re.compile(r"(?:(?:extern|virtual|local|protected|static|pure|forkjoin)\s+)+")
_HEADER = re.compile(
    r"(?P<word>function|task)\b\s*(?:automatic\s+)?(?P<type>[^(;]*?)\s*\b(?P<name>[A-Za-z_][\w$]*)\s*(?P<rest>[(;].*)",
    re.DOTALL,
)
_TYPED = re.compile(r"(?:function|task)\b(?:\s.*)?", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_METHODS = frozenset({DeclKind.FUNCTION, DeclKind.TASK})


@dataclass(frozen=True, slots=True)
class _Promise:
    """One prototype: its class, its name and its header out of the class."""

    owner: str
    name: str
    word: str
    header: str


def extern_method(asked: Asked) -> tuple[Computed, ...]:
    """The next method to write after `endclass`: the one after the last that is written, with its end."""
    site = asked.site
    typed = site.line_prefix.strip()
    if site.cursor.kind is CursorKind.COMMENT or not is_free(site):
        return ()
    if typed and not _TYPED.fullmatch(typed):
        return ()
    summary, text = asked.snapshot.summary(site.file), site.text
    line = site.line_start
    if not typed and not _is_after_end(text.data, line):
        return ()
    start = int(line) + len(site.indent.encode())
    if any(
        scope != FILE_SCOPE and summary.decls[scope].kind not in {DeclKind.PACKAGE, *_METHODS}
        for scope in scope_chain(summary, start)
    ):
        return ()
    for promise in _promises(summary, text, start):
        body = f"{promise.header}\n{site.indent}end{promise.word}"
        if not typed:
            return (Computed(body, RULE),)
        rest = _after(typed, body, ends_blank=site.line_prefix.endswith((" ", "\t")))
        if rest is not None:
            return (Computed(rest, RULE),)
    return ()


def _is_after_end(data: bytes, offset: int) -> bool:
    """The end of a class or routine stands before *offset*, with its label or without."""
    back = TokensBefore(data, offset)
    return back[2 if back[1].text == ":" else 0].text in {"endclass", "endfunction", "endtask"}


def _promises(summary: FileSummary, text: SourceText, offset: int) -> Iterator[_Promise]:
    """The prototypes of classes above *offset* that nobody implements in this file; the nearest class first."""
    classes = [
        (index, decl)
        for index, decl in enumerate(summary.decls)
        if decl.kind is DeclKind.CLASS and decl.span.end <= offset
    ]
    for index, owner in reversed(classes):
        for decl in children(summary, index):
            promise = _promise(text, owner.name, decl)
            if promise is not None and not _is_written(text, promise):
                yield promise


def _promise(text: SourceText, owner: str, decl: Decl) -> _Promise | None:
    if decl.kind not in _METHODS:
        return None
    written = text.slice(decl.span)
    found = _QUALIFIERS.match(written)
    if found is None or "extern" not in found.group().split() or "pure" in found.group().split():
        return None
    parts = _HEADER.fullmatch(_BLANKS.sub(" ", written[found.end() :]).strip())
    if parts is None:
        return None
    kind = f"{parts['type']} " if parts["type"] else ""
    header = f"{parts['word']} {kind}{owner}::{parts['name']}{parts['rest']}"
    return _Promise(owner, parts["name"], parts["word"], header)


def _is_written(text: SourceText, promise: _Promise) -> bool:
    pattern = rf"\b{re.escape(promise.owner)}\s*(?:#\s*\([^()]*\)\s*)?::\s*{re.escape(promise.name)}\s*[(;]"
    return re.search(pattern, text.text) is not None


def _after(typed: str, body: str, *, ends_blank: bool) -> str | None:
    """What follows *typed* in *body*, blanks aside; None where *body* does not begin so."""
    words = _BLANKS.sub(" ", typed) + (" " if ends_blank else "")
    return body[len(words) :] if body.startswith(words) and len(words) < len(body) else None
