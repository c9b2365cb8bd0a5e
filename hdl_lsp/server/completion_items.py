"""Completion items as LSP's.

Must not sort or filter: the order is in `sortText`.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.completion.items import CompletionItem
from hdl_lsp.features.inline_completion import MODEL, InlineItem
from hdl_lsp.server.connection import Place
from hdl_lsp.server.to_lsp import View, words
from hdl_lsp.text.source import SourceText, Span, span

_FIRST_OF_ALL = "\x20"
LONGEST_LABEL = 60


def item(view: View, text: SourceText, one: CompletionItem) -> types.CompletionItem:
    """One line of the list."""
    as_markdown = view.client.completion_markdown
    is_snippet = one.is_snippet and view.client.snippets
    new_text = (
        one.insert_text if is_snippet or not one.is_snippet else without_stops(one.insert_text)
    )
    return types.CompletionItem(
        label=one.label,
        kind=types.CompletionItemKind[one.kind.value],
        detail=one.detail or None,
        documentation=words(one.documentation, as_markdown=as_markdown),
        sort_text=one.sort_key,
        filter_text=one.filter_text if one.filter_text != one.label else None,
        insert_text_format=types.InsertTextFormat.Snippet if is_snippet else None,
        text_edit=types.TextEdit(view.range(text, one.replace), new_text),
        additional_text_edits=view.text_edits(text, one.edits) if one.edits else None,
    )


def ghost(view: View, place: Place, one: InlineItem) -> types.CompletionItem:
    """Ghost text as an item, for clients that can't show it otherwise."""
    line = place.text.line_span(place.text.line_of(place.offset))
    start = one.range.start
    while start > line.start and _is_name_byte(place.text.data[start - 1]):
        start -= 1
    typed = place.text.slice(span(start, one.range.start))
    shown = one.text.strip().split("\n")[0]
    where = Span(span(start, start).start, one.range.end)
    return types.CompletionItem(
        label=typed + shown[:LONGEST_LABEL],
        kind=types.CompletionItemKind.Text,
        detail="; ".join((_origin(one), *one.notes)),
        documentation=words(
            f"```systemverilog\n{typed}{one.text}\n```", as_markdown=view.client.completion_markdown
        ),
        sort_text=_FIRST_OF_ALL,
        filter_text=typed or None,
        preselect=False,
        text_edit=types.TextEdit(view.range(place.text, where), typed + one.text),
        command=types.Command("Accepted", "hdl.acceptInline", arguments=[one.number]),
    )


def _origin(one: InlineItem) -> str:
    if one.origin == MODEL:
        return "written by the model, checked by slang"
    return f"{one.origin}, computed from the design"


def _is_name_byte(byte: int) -> bool:
    return byte in b"_$" or (byte < 0x80 and chr(byte).isalnum())


def without_stops(snippet: str) -> str:
    """A snippet as plain text, for clients without snippets: `$1` goes, `${1:name}` becomes `name`."""
    plain: list[str] = []
    at = 0
    depth = 0
    while at < len(snippet):
        character = snippet[at]
        if character == "\\" and at + 1 < len(snippet):
            plain.append(snippet[at + 1])
            at += 2
        elif character == "$" and snippet[at + 1 : at + 2].isdigit():
            at += 1
            while snippet[at : at + 1].isdigit():
                at += 1
        elif snippet.startswith("${", at):
            at += 2
            while snippet[at : at + 1].isdigit():
                at += 1
            at += snippet.startswith(":", at)
            depth += 1
        elif character == "}" and depth:
            depth -= 1
            at += 1
        else:
            plain.append(character)
            at += 1
    return "".join(plain)
