"""What editors ask for by themselves: colours, dead code, selections, symbols and reports of the whole workspace."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types

from tests.e2e.editor import NEOVIM, VSCODE, Editor, editing

CONDITIONAL = """\
module conditional (input logic clk_i, output logic größe_o);
`ifdef FPGA
  assign größe_o = clk_i; // ä
`else
  assign größe_o = 1'b0;
`endif
endmodule
"""


async def opened(editor: Editor, name: str) -> str:
    """URI of a file, open, with the workspace loaded."""
    uri = editor.open(name)
    await editor.loaded()
    return uri


def tokens(editor: Editor, data: Sequence[int], text: str) -> list[tuple[str, str, str]]:
    """(text, type, modifiers) of every token, read as the protocol says, for a text without wide characters."""
    assert editor.answer is not None
    provider = editor.answer.capabilities.semantic_tokens_provider
    assert provider is not None
    legend = provider.legend
    lines = text.split("\n")
    line0 = column = 0
    found: list[tuple[str, str, str]] = []
    for at in range(0, len(data), 5):
        lines_down, right, length, kind, modifiers = data[at : at + 5]
        line0, column = line0 + lines_down, right if lines_down else column + right
        names = [n for bit, n in enumerate(legend.token_modifiers) if modifiers >> bit & 1]
        shown = lines[line0][column : column + length]
        found.append((shown, legend.token_types[kind], " ".join(names)))
    return found


async def test_tokens_come_at_once_and_again_when_slang_has_looked(small: Path) -> None:
    """The first answer is by names; then the client is told to ask again, and a delta holds what is new."""
    async with editing(small, client=VSCODE) as editor:
        asked_again = asyncio.Event()

        @editor.client.feature(types.WORKSPACE_SEMANTIC_TOKENS_REFRESH)
        def on_refresh(_params: Any) -> None:
            asked_again.set()

        uri = editor.open("rtl/top.sv")
        document = types.TextDocumentIdentifier(uri)
        early = await editor.client.text_document_semantic_tokens_full_async(
            types.SemanticTokensParams(document)
        )
        assert early is not None
        await asyncio.wait_for(asked_again.wait(), 60)
        later = await editor.client.text_document_semantic_tokens_full_delta_async(
            types.SemanticTokensDeltaParams(document, early.result_id or "")
        )
        assert isinstance(later, types.SemanticTokensDelta)
        data = list(early.data)
        for edit in later.edits:
            data[edit.start : edit.start + edit.delete_count] = edit.data or []
        whole = await editor.client.text_document_semantic_tokens_full_async(
            types.SemanticTokensParams(document)
        )
        assert whole is not None
        assert list(whole.data) == data
        found = tokens(editor, data, editor.texts[uri])
        assert ("fifo", "class", "") in found
        assert ("Depth", "variable", "readonly") in found
        assert ("clk_i", "parameter", "declaration input clock") in found
        assert ("`RESET_VALUE", "macro", "") in found
        lines = types.Range(types.Position(10, 0), types.Position(10, 3))
        part = await editor.client.text_document_semantic_tokens_range_async(
            types.SemanticTokensRangeParams(document, lines)
        )
        assert part is not None
        assert [name for name, _, _ in tokens(editor, part.data, editor.texts[uri])] == [
            "clk_i",
            "clk_i",
        ]


async def test_tokens_of_a_closed_document_need_no_refresh(small: Path) -> None:
    """A delta against an answer that nobody knows any more is a whole answer."""
    async with editing(small, client=NEOVIM) as editor:
        uri = await opened(editor, "rtl/fifo.sv")
        answer = await editor.client.text_document_semantic_tokens_full_delta_async(
            types.SemanticTokensDeltaParams(types.TextDocumentIdentifier(uri), "of another life")
        )
        assert isinstance(answer, types.SemanticTokens)
        assert answer.data


async def test_dead_code_is_told_and_follows_edits(tmp_path: Path) -> None:
    """Regions come with the defines of the project, and again when an edit has moved or changed them."""
    root = tmp_path / "design"
    root.mkdir()
    (root / "hdl-lsp.toml").write_text('[project]\nsources = ["*.sv"]\ndefines = ["FPGA"]\n')
    (root / "conditional.sv").write_text(CONDITIONAL)
    async with editing(root, options={"hdlInactiveRegions": True}) as editor:
        told: list[Any] = []

        @editor.client.feature("hdl/inactiveRegions")
        def on_regions(params: Any) -> None:
            told.append(params)
            editor._wake()

        uri = editor.open("conditional.sv")
        await editor.until(lambda: len(told) == 1)
        (region,) = told[0].regions
        assert (told[0].textDocument.uri, told[0].textDocument.version) == (uri, 1)
        assert (region.start.line, region.start.character) == (4, 2)
        assert (region.end.line, region.end.character) == (4, len("  assign größe_o = 1'b0;"))
        editor.replace(uri, "`ifdef FPGA", "`ifdef ASIC")
        await editor.until(lambda: len(told) == 2)
        assert [one.start.line for one in told[1].regions] == [2]
        editor.replace(uri, "`ifdef ASIC\n", "")
        editor.replace(uri, "`else\n", "")
        editor.replace(uri, "`endif\n", "")
        await editor.until(lambda: len(told) == 3)
        assert told[2].regions == []


async def test_another_target_wakes_other_code(tmp_path: Path) -> None:
    """When a target with other defines is chosen, regions and colours follow without an edit."""
    root = tmp_path / "design"
    root.mkdir()
    (root / "hdl-lsp.toml").write_text(
        '[project]\nsources = ["*.sv"]\n[targets.fpga]\ndefines = ["FPGA"]\n'
    )
    (root / "conditional.sv").write_text(CONDITIONAL)
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    options = {"hdlInactiveRegions": True}
    async with editing(root, client=VSCODE, options=options, environment=cache) as editor:
        told: list[Any] = []
        refreshes: list[Any] = []

        @editor.client.feature("hdl/inactiveRegions")
        def on_regions(params: Any) -> None:
            told.append(params)
            editor._wake()

        @editor.client.feature(types.WORKSPACE_SEMANTIC_TOKENS_REFRESH)
        def on_refresh(params: Any) -> None:
            refreshes.append(params)
            editor._wake()

        async def dead() -> set[str]:
            answer = await editor.client.text_document_semantic_tokens_full_async(
                types.SemanticTokensParams(types.TextDocumentIdentifier(uri))
            )
            assert answer is not None
            found = tokens(editor, answer.data, CONDITIONAL)
            return {name for name, _, modifiers in found if modifiers.endswith("inactive")}

        uri = editor.open("conditional.sv")
        await editor.until(lambda: len(told) == 1)
        assert [one.start.line for one in told[0].regions] == [2]
        assert "clk_i" in await dead()
        before = len(refreshes)
        await editor.ask("hdl/selectTarget", {"name": "fpga"})
        await editor.until(lambda: len(told) == 2 and len(refreshes) > before)
        assert [one.start.line for one in told[1].regions] == [4]
        assert "1'b0" in await dead()


async def test_selections_and_linked_names(small: Path) -> None:
    """A selection grows from the word to the file; a name with an end name is edited at both places."""
    async with editing(small, client=VSCODE) as editor:
        uri = await opened(editor, "rtl/fifo.sv")
        editor.replace(uri, "endmodule", "endmodule : fifo")
        document = types.TextDocumentIdentifier(uri)
        where = editor.at(uri, "state_q == Busy")["position"]
        grown = await editor.client.text_document_selection_range_async(
            types.SelectionRangeParams(document, [where])
        )
        assert grown is not None
        steps = 0
        one: types.SelectionRange | None = grown[0]
        while one is not None and one.parent is not None:
            inner, outer = one.range, one.parent.range
            assert (outer.start.line, outer.start.character) <= (
                inner.start.line,
                inner.start.character,
            )
            one, steps = one.parent, steps + 1
        assert steps >= 4
        linked = await editor.client.text_document_linked_editing_range_async(
            types.LinkedEditingRangeParams(**editor.at(uri, ": fifo", 3))
        )
        assert linked is not None
        assert [r.start.line for r in linked.ranges] == [1, editor.texts[uri].count("\n") - 1]


async def test_a_symbol_s_place_is_resolved_when_it_is_chosen(small: Path) -> None:
    """VS Code gets a list without places, and the place of the one it asks for; others get places at once."""
    async with editing(small, client=VSCODE) as editor:
        await opened(editor, "rtl/top.sv")
        found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("word_t"))
        assert found
        chosen = found[0]
        assert isinstance(chosen, types.WorkspaceSymbol)
        assert isinstance(chosen.location, types.LocationUriOnly)
        assert chosen.container_name == "fifo_pkg"
        resolved = await editor.client.workspace_symbol_resolve_async(chosen)
        assert isinstance(resolved.location, types.Location)
        assert resolved.location.range.start == types.Position(5, 4)
    async with editing(small) as editor:
        await opened(editor, "rtl/top.sv")
        found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("word_t"))
        assert found
        assert isinstance(found[0].location, types.Location)


async def test_the_workspace_s_diagnostics_are_pulled(small: Path) -> None:
    """Open and closed files are reported, unchanged ones as such, mended ones empty; in pieces if wished."""
    (small / "rtl/broken.sv").write_text("module broken;\n  assign = 1;\nendmodule\n")
    async with editing(small, client=VSCODE) as editor:
        uri = await opened(editor, "rtl/top.sv")
        editor.replace(uri, "data  = `RESET_VALUE", "data  = nonsense")
        await editor.pull(uri)
        first = await editor.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
        reports = {one.uri: one for one in first.items}
        broken = reports[editor.uri("rtl/broken.sv")]
        assert isinstance(broken, types.WorkspaceFullDocumentDiagnosticReport)
        assert [d.message for d in broken.items] == ["expected expression"]
        top = reports[uri]
        assert isinstance(top, types.WorkspaceFullDocumentDiagnosticReport)
        assert top.version == editor.versions[uri]
        assert any("nonsense" in d.message for d in top.items)
        known = [
            types.PreviousResultId(one.uri, one.result_id)
            for one in (broken, top)
            if one.result_id is not None
        ]
        gone = types.PreviousResultId(editor.uri("rtl/pkg.sv"), "was broken")
        again = await editor.client.workspace_diagnostic_async(
            types.WorkspaceDiagnosticParams([*known, gone], partial_result_token="pieces")
        )
        assert not again.items
        await editor.until(lambda: "pieces" in editor.progress_tokens)
        (piece,) = [
            value
            for token, value in zip(editor.progress_tokens, editor.progress, strict=True)
            if token == "pieces"
        ]
        kinds = {one["uri"]: one["kind"] for one in piece["items"]}
        assert kinds[broken.uri] == kinds[uri] == "unchanged"
        assert kinds[gone.uri] == "full"


async def test_pushed_findings_are_taken_back_from_a_client_that_pulls_them(small: Path) -> None:
    """Findings of the design in closed files are pushed until the client pulls the workspace, never both."""
    (small / "hdl-lsp.toml").write_text(
        '[project]\nsources = ["rtl/*.sv"]\ninclude_dirs = ["rtl"]\n'
    )
    (small / "rtl/wrong.sv").write_text(
        textwrap.dedent(
            """\
            module wrong;
              logic [3:0] a;
              assign a = missing_name;
            endmodule
            """
        )
    )
    async with editing(small, client=NEOVIM) as editor:
        await opened(editor, "rtl/top.sv")
        wrong = editor.uri("rtl/wrong.sv")
        found = await editor.diagnostics(wrong, lambda found: len(found) > 0)
        assert "missing_name" in found[0].message
        report = await editor.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
        await editor.diagnostics(wrong, lambda found: not found)
        pulled = {one.uri: one for one in report.items}[wrong]
        assert isinstance(pulled, types.WorkspaceFullDocumentDiagnosticReport)
        assert "missing_name" in pulled.items[0].message


async def test_closed_files_come_with_the_file_that_needs_them(small: Path) -> None:
    """Pulling a document brings the findings of closed files it was compiled with, once the workspace is pulled too."""
    (small / "hdl-lsp.toml").write_text(
        '[project]\nsources = ["rtl/*.sv"]\ninclude_dirs = ["rtl"]\n'
    )
    fifo = small / "rtl/fifo.sv"
    fifo.write_text(fifo.read_text().replace("state_q <= Busy", "state_q <= missing_name"))
    async with editing(small, client=NEOVIM) as editor:
        uri = await opened(editor, "rtl/top.sv")
        document = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        await editor.diagnostics(editor.uri("rtl/fifo.sv"), lambda found: len(found) > 0)
        before = await editor.client.text_document_diagnostic_async(document)
        assert before.related_documents is None
        await editor.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
        after = await editor.client.text_document_diagnostic_async(document)
        assert after.related_documents is not None
        related = after.related_documents[editor.uri("rtl/fifo.sv")]
        assert isinstance(related, types.FullDocumentDiagnosticReport)
        assert "missing_name" in related.items[0].message
