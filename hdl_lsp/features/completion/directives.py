"""What follows a backtick, a `$`, or the quote of an include.

Must not read the disk: include paths are those of files that are known.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_lsp.features.completion.items import (
    LIMIT,
    CompletionItem,
    ItemKind,
    Rank,
    matches,
    plain_item,
    snippet_item,
    snippet_text,
)
from hdl_lsp.features.completion.site import Site
from hdl_lsp.presentation.markup import one_line
from hdl_lsp.syntax.words import SYSTEM_TASKS
from hdl_lsp.text.source import Span, span
from hdl_lsp.workspace.includes import includable
from hdl_lsp.workspace.names import macros
from hdl_lsp.workspace.paths import folders, is_header

DIRECTIVES = {
    "define": ("`define ${1:NAME} $2", "a macro (22.5.1)"),
    "undef": ("`undef ${1:NAME}", "forgets a macro (22.5.2)"),
    "ifdef": ("`ifdef ${1:NAME}\n$0\n`endif", "if a macro is defined (22.6)"),
    "ifndef": ("`ifndef ${1:NAME}\n$0\n`endif", "if a macro is not defined (22.6)"),
    "elsif": ("`elsif ${1:NAME}", "else if a macro is defined (22.6)"),
    "else": ("`else", "the other branch (22.6)"),
    "endif": ("`endif", "end of conditional code (22.6)"),
    "include": ('`include "$1"', "the text of another file (22.4)"),
    "timescale": ("`timescale ${1:1ns} / ${2:1ps}", "time unit and precision (22.7)"),
    "default_nettype": ("`default_nettype ${1:none}", "type of undeclared nets (22.8)"),
    "resetall": ("`resetall", "all directives back to their defaults (22.3)"),
    "celldefine": ("`celldefine", "marks cells (22.10)"),
    "endcelldefine": ("`endcelldefine", "end of marked cells (22.10)"),
    "line": ('`line ${1:1} "${2:file}" ${3:0}', "place of the text in its origin (22.12)"),
    "__FILE__": ("`__FILE__", "name of this file, a string (22.13)"),
    "__LINE__": ("`__LINE__", "number of this line (22.13)"),
}
"""Compiler directives of IEEE 1800-2023, clause 22: what is inserted and what it is."""


def macro_items(site: Site) -> tuple[list[CompletionItem], bool]:
    """Macros and directives; True if there are more macros than were looked at."""
    replace = _with_sign(site, b"`")
    items = [
        _signed(
            snippet_item(
                name, ItemKind.KEYWORD, Rank.KEYWORD, replace, detail=detail, insert_text=text
            ),
            "`",
        )
        for name, (text, detail) in DIRECTIVES.items()
    ]
    typed = site.cursor.typed.lstrip("`")
    names = [name for name in site.snapshot.index.macro_names() if matches(typed, name)]
    items += (item for name in names[:LIMIT] for item in _macro(site, name, replace))
    return items, len(names) > LIMIT


def system_items(site: Site) -> Iterator[CompletionItem]:
    """System tasks and functions of clauses 20 and 21."""
    replace = _with_sign(site, b"$")
    for name, (signature, description) in SYSTEM_TASKS.items():
        call = f"{name}($1)" if "(" in signature else name
        if _is_called(site, replace):
            call = name
        yield snippet_item(
            name,
            ItemKind.FUNCTION,
            Rank.GLOBAL,
            replace,
            detail=one_line(description, 80),
            insert_text=snippet_text(name) + call[len(name) :],
        )


def include_items(site: Site) -> Iterator[CompletionItem]:
    """Headers first, as paths from this file's folder or an include folder; by bare name if no folder leads there."""
    replace = _path_span(site)
    for shown, other in includable(site.snapshot, site.file):
        rank = Rank.EXPECTED if is_header(shown) else Rank.GLOBAL
        folder = folders(site.snapshot.path(other))
        detail = folder[-1] if folder else ""
        yield plain_item(shown, ItemKind.FILE, rank, replace, detail=detail)


def _macro(site: Site, name: str, replace: Span) -> Iterator[CompletionItem]:
    for one in macros(site.snapshot, site.file, site.offset, name)[:1]:
        macro = one.macro
        if macro is None:
            continue
        arguments = macro.arguments
        text = name
        shown = name
        if arguments is not None:
            shown = f"{name}({', '.join(arguments)})"
            if not _is_called(site, replace):
                stops = (
                    f"${{{stop}:{snippet_text(argument)}}}"
                    for stop, argument in enumerate(arguments, start=1)
                )
                text = f"{name}({', '.join(stops)})"
        detail = f"{shown}: {one_line(macro.body, 60)}" if macro.body.strip() else shown
        item = snippet_item(
            name, ItemKind.CONSTANT, Rank.LOCAL, replace, detail=detail, insert_text="`" + text
        )
        yield _signed(item, "`")


def _signed(item: CompletionItem, sign: str) -> CompletionItem:
    """*item* that is found by its name with or without *sign*, whichever the editor thinks was typed."""
    return CompletionItem(
        sign + item.label,
        item.kind,
        item.detail,
        item.documentation,
        item.insert_text,
        item.is_snippet,
        item.replace,
        item.sort_key,
        sign + item.label,
    )


def _with_sign(site: Site, sign: bytes) -> Span:
    start = site.replace.start
    if site.text.data[max(0, start - 1) : start] == sign:
        return span(start - 1, site.replace.end)
    return site.replace


def _is_called(site: Site, replace: Span) -> bool:
    return site.text.data[replace.end : replace.end + 1] == b"("


def _path_span(site: Site) -> Span:
    """From the quote to the cursor, and on to the closing quote if there is one on the line."""
    line = site.text.line_span(site.text.line_of(site.offset))
    before = site.text.data[line.start : site.offset]
    opened = max(before.rfind(b'"'), before.rfind(b"<"))
    after = site.text.data[site.offset : line.end]
    closed = [at for at in (after.find(b'"'), after.find(b">")) if at >= 0]
    end = site.offset + (min(closed) if closed else 0)
    return span(line.start + opened + 1 if opened >= 0 else site.offset, end)
