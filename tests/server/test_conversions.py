"""Our values as LSP's and back: settings, ranges, symbols, snippets for clients without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.presentation.symbols import Symbol, SymbolKind
from hdl_lsp.semantics.facts import Diagnostic, Related, Severity
from hdl_lsp.server import client_settings, from_lsp, to_lsp
from hdl_lsp.server.client import Client
from hdl_lsp.server.completion_items import without_stops
from hdl_lsp.server.to_lsp import View
from hdl_lsp.text.columns import Encoding
from hdl_lsp.text.source import SourceText, span

TEXT = SourceText.of("module é𝔘;\r\n  logic a;\nendmodule\n")


def view(client: Client = Client()) -> View:  # noqa: B008 - frozen
    """A view in which every path has TEXT, but /gone."""
    return View(
        client, lambda path: None if path == "/gone" else TEXT, lambda path: f"file://{path}"
    )


@given(
    text=st.text(alphabet="ab é𝔘\r\n\u2028\x0c", max_size=30),
    cut=st.tuples(st.integers(0, 30), st.integers(0, 30)),
    encoding=st.sampled_from(Encoding),
)
def test_ranges_survive_the_wire(text: str, cut: tuple[int, int], encoding: Encoding) -> None:
    """A span at character boundaries outside line ends is the same after to_lsp and from_lsp."""
    source = SourceText.of(text)
    ends = sorted(len(text[: min(at, len(text))].encode()) for at in cut)
    if any(source.data[at - 1 : at + 1] == b"\r\n" for at in ends if at):
        return
    where = span(*ends)
    there = view(Client(encoding=encoding)).range(source, where)
    assert from_lsp.range_span(source, there, encoding) == where


@given(
    text=st.text(alphabet="ab\n\r𝔘", max_size=20),
    edits=st.lists(
        st.tuples(*[st.integers(0, 25)] * 4, st.text(alphabet="x\n𝔘", max_size=4)), max_size=4
    ),
)
def test_any_edit_gives_a_text(text: str, edits: list[tuple[int, int, int, int, str]]) -> None:
    """Whatever range a client sends, an edit is applied somewhere and the rest of the text stays."""
    changes: list[types.TextDocumentContentChangeEvent] = [
        types.TextDocumentContentChangePartial(
            range=types.Range(types.Position(a, b), types.Position(c, d)), text=new
        )
        for a, b, c, d, new in edits
    ]
    after = from_lsp.edited(SourceText.of(text), changes, Encoding.UTF16)
    assert after.data.decode() == after.text
    if not edits:
        assert after.text == text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, {}),
        ([], {}),
        ({}, {}),
        ({"hdl": None}, {}),
        ({"hdl": {"llm": {"enabled": False}}, "editor": 1}, {"llm": {"enabled": False}}),
        ({"llm": {"enabled": False}, "hdlStatus": True}, {"llm": {"enabled": False}}),
    ],
)
def test_settings_of_any_shape(raw: object, expected: object) -> None:
    """The content of the section, or the section; anything else is no settings."""
    assert client_settings.settings(raw) == expected


def test_settings_of_other_extensions_are_told_apart() -> None:
    """They are no settings of ours, and empty or misshapen ones are none at all."""
    raw = {"verilog": {"project": {}}, "systemverilog": {}, "hdl": {}, "llm": {}}
    assert client_settings.foreign(raw) == {"verilog": {"project": {}}}
    assert client_settings.foreign({"verilog": [1], "systemverilog": None}) == {}
    assert client_settings.foreign(None) == {}
    assert client_settings.settings({"verilog": {"a": 1}, "llm": {}}) == {"llm": {}}


@pytest.mark.parametrize(
    ("snippet", "plain"),
    [
        ("fifo u_fifo ($1);$0", "fifo u_fifo ();"),
        ("${1:name} [${2:W}-1:0]", "name [W-1:0]"),
        ("${1:outer ${2:inner}}!", "outer inner!"),
        (r"\$display(\}\\)", r"$display(}\)"),
        ("{a}", "{a}"),
        ("$clog2", "$clog2"),
        ("", ""),
    ],
)
def test_snippets_for_clients_without(snippet: str, plain: str) -> None:
    """Stops go, their default text stays, escapes are undone."""
    assert without_stops(snippet) == plain


def test_targets_in_both_forms() -> None:
    """Links carry the whole declaration; a file that is gone is left out."""
    targets = [
        NavTarget("/a.sv", span(0, 14), span(7, 13)),
        NavTarget("/gone", span(0, 1), span(0, 1)),
    ]
    (location,) = view().targets(targets)
    assert isinstance(location, types.Location)
    assert location.range == types.Range(types.Position(0, 7), types.Position(0, 10))
    (link,) = view(Client(location_links=True)).targets(targets)
    assert isinstance(link, types.LocationLink)
    assert link.target_range.start == types.Position(0, 0)
    assert link.target_selection_range == location.range


def test_diagnostics_have_what_the_client_takes() -> None:
    """Tags, related places and links only for clients that announced them."""
    found = Diagnostic(
        span(18, 23),
        Severity.WARNING,
        "unused-net",
        "unused",
        related=(Related("/a.sv", span(0, 6), "here"), Related("/gone", span(0, 1), "there")),
        url="https://example.org",
        is_unused=True,
    )
    bare = view().diagnostic(TEXT, found)
    assert (bare.tags, bare.related_information, bare.code_description) == (None, None, None)
    rich = view(
        Client(diagnostic_tags=True, related_information=True, code_description=True)
    ).diagnostic(TEXT, found)
    assert rich.tags == [types.DiagnosticTag.Unnecessary]
    assert [related.message for related in rich.related_information or ()] == ["here"]
    assert rich.severity is types.DiagnosticSeverity.Warning


def test_symbols_as_a_tree_and_as_a_list() -> None:
    """An unnamed symbol gets a name, because LSP demands one; the list names the container."""
    inner = Symbol("", SymbolKind.VARIABLE, "", span(18, 25), span(18, 23))
    outer = Symbol("m", SymbolKind.MODULE, "detail", TEXT.full_span(), span(7, 13), (inner,))
    tree = view().document_symbol(TEXT, outer)
    assert [child.name for child in tree.children or ()] == ["-"]
    flat = view().flat_symbols("file:///a.sv", TEXT, [outer])
    assert [(s.name, s.container_name) for s in flat] == [("m", None), ("-", "m")]


def test_plain_text_has_no_fences() -> None:
    """Clients without Markdown get the code without its fences."""
    shown = to_lsp.markup("```systemverilog\nlogic a;\n```\nwords", as_markdown=False)
    assert shown == types.MarkupContent(types.MarkupKind.PlainText, "logic a;\nwords")
    assert to_lsp.words("", as_markdown=True) is None
