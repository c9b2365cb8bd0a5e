"""Hints at calls and macro uses: the formal argument that each actual one is for.

Must not repeat what is written: named arguments and names equal to the formal's get none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hdl_lsp.features.inlay_hints.hint import HintKind, InlayHint
from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.syntax.cursor import cursor
from hdl_lsp.syntax.tree import Node
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.calls import callables
from hdl_lsp.workspace.declared import target
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.lookup import ports_of
from hdl_lsp.workspace.names import macros
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.written import port_line

_CALL = "list_of_arguments"
_MACRO = "list_of_actual_arguments"
_FEWEST = 2
"""Formal arguments; with one there is nothing to mix up."""


def argument_hints(snapshot: Snapshot, file: FileId, within: Span) -> Iterator[InlayHint]:
    """Names of formal arguments before the actual ones of every call that touches *within*."""
    if not snapshot.config.hints.arguments:
        return
    for node in snapshot.syntax(file).walk(frozenset({_CALL, _MACRO}), within):
        if node.has_error:
            continue
        actual = [part for part in node.children() if part.is_named and part.kind != "comment"]
        commas = sum(part.kind == "," for part in node.children())
        if len(actual) != commas + 1:
            continue  # named, or some left out
        formal = _formal(snapshot, file, node)
        if len(formal) < _FEWEST:
            continue
        for part, (name, line, place) in zip(actual, formal, strict=False):
            if part.text.strip() != name:
                start = part.span.start
                yield InlayHint(start, f"{name}:", HintKind.PARAMETER, True, line, place)


def _formal(
    snapshot: Snapshot, file: FileId, arguments: Node
) -> Sequence[tuple[str, str, NavTarget | None]]:
    """Name, declaration and place of each formal argument; () when nobody knows what is called."""
    at = cursor(snapshot.syntax(file), arguments.span.start)
    call = at.call
    if call is None or call.argument_name or call.name.startswith("$"):
        return ()
    offset = arguments.span.start
    if call.name.startswith("`"):
        for one in macros(snapshot, file, offset, call.name[1:]):
            if one.macro is not None:
                place = target(snapshot, one)
                head = f"`define {one.name}({', '.join(one.macro.arguments or ())})"
                return [(name, head, place) for name in one.macro.arguments or ()]
        return ()
    for called in callables(snapshot, file, offset, tuple(call.base), call.name):
        formal = ports_of(snapshot, called)
        return [(one.name, port_line(one), target(snapshot, one)) for one in formal]
    return ()
