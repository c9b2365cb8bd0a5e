"""One happy path per request on a small design."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.e2e.editor import EGLOT, NEOVIM, VSCODE, Editor, editing

NGRAM = {"llm": {"enabled": True, "model": "ngram", "chatModel": ""}}


def names(found: object) -> list[str]:
    """File names that locations or links lead to."""
    assert isinstance(found, Sequence)
    uris = [p.uri if isinstance(p, types.Location) else p.target_uri for p in found]
    return [uri.rsplit("/", 1)[1] for uri in uris]


async def opened(editor: Editor, name: str = "rtl/top.sv") -> str:
    """URI of a file of the small design, open, with the workspace loaded."""
    uri = editor.open(name)
    await editor.loaded()
    return uri


async def test_hover(small: Path) -> None:
    """A port of another file's module shows its declaration; the range is the name."""
    async with editing(small) as editor:
        uri = await opened(editor)
        found = await editor.client.text_document_hover_async(
            types.HoverParams(**editor.at(uri, ".data_i (", 2))
        )
        assert found is not None
        assert isinstance(found.contents, types.MarkupContent)
        assert found.contents.kind == types.MarkupKind.Markdown
        assert "input" in found.contents.value
        assert found.range is not None


async def test_definition_and_its_relatives(small: Path) -> None:
    """Definition, declaration, type definition and implementation lead into the other files."""
    async with editing(small) as editor:
        uri = await opened(editor)
        client = editor.client
        at = editor.at(uri, "fifo #(", 1)
        assert names(await client.text_document_definition_async(types.DefinitionParams(**at))) == [
            "fifo.sv"
        ]
        assert names(
            await client.text_document_declaration_async(types.DeclarationParams(**at))
        ) == ["fifo.sv"]
        word = editor.at(uri, "word;", 1)
        kind = await client.text_document_type_definition_async(types.TypeDefinitionParams(**word))
        assert names(kind) == ["pkg.sv"]
        macro = editor.at(uri, "`RESET_VALUE", 3)
        assert names(
            await client.text_document_definition_async(types.DefinitionParams(**macro))
        ) == ["defs.svh"]
        fifo = editor.open("rtl/fifo.sv")
        module = editor.at(fifo, "fifo\n", 1)
        used = await client.text_document_implementation_async(types.ImplementationParams(**module))
        assert "top.sv" in names(used)


async def test_references_cross_files(small: Path) -> None:
    """A port's uses are found in its module and in the instances of it."""
    async with editing(small) as editor:
        uri = await opened(editor, "rtl/fifo.sv")
        found = await editor.client.text_document_references_async(
            types.ReferenceParams(
                types.ReferenceContext(include_declaration=True), **editor.at(uri, "data_i,", 1)
            )
        )
        assert set(names(found)) == {"fifo.sv", "top.sv"}


async def test_references_without_the_declaration(small: Path) -> None:
    """The client may leave the declaration out."""
    async with editing(small) as editor:
        uri = await opened(editor, "rtl/fifo.sv")
        found = await editor.client.text_document_references_async(
            types.ReferenceParams(
                types.ReferenceContext(include_declaration=False), **editor.at(uri, "data_i,", 1)
            )
        )
        assert found is not None
        declared = editor.at(uri, "data_i,", 0)["position"]
        assert declared not in [one.range.start for one in found]
        assert found


async def test_rename_with_prepare(small: Path) -> None:
    """A port is renamed in its module and its instances; open documents are tied to their version."""
    async with editing(small, client=VSCODE) as editor:
        uri = await opened(editor, "rtl/fifo.sv")
        at = editor.at(uri, "data_i,", 1)
        prepared = await editor.client.text_document_prepare_rename_async(
            types.PrepareRenameParams(**at)
        )
        assert isinstance(prepared, types.PrepareRenamePlaceholder)
        assert prepared.placeholder == "data_i"
        edit = await editor.client.text_document_rename_async(
            types.RenameParams(new_name="payload_i", **at)
        )
        assert edit is not None
        assert edit.document_changes is not None
        files: dict[str, int | None] = {}
        for one in edit.document_changes:
            assert isinstance(one, types.TextDocumentEdit)
            assert all(
                e.new_text == "payload_i" for e in one.edits if isinstance(e, types.TextEdit)
            )
            files[one.text_document.uri.rsplit("/", 1)[1]] = one.text_document.version
        assert set(files) == {"fifo.sv", "top.sv"}
        assert files["fifo.sv"] is not None
        assert files["top.sv"] is None


async def test_rename_in_dead_branches_is_to_be_confirmed(tmp_path: Path) -> None:
    """A client that knows annotations shows the edits that no compiler has looked at; others get plain ones."""
    (tmp_path / "m.sv").write_text(
        "module m(input a, output q);\n`ifdef NEVER\n  assign q = a;\n`endif\nendmodule\n"
    )
    for client, wanted in ((VSCODE, [None, "not compiled"]), (EGLOT, [None, None])):
        async with editing(tmp_path, client=client) as editor:
            uri = await opened(editor, "m.sv")
            edit = await editor.client.text_document_rename_async(
                types.RenameParams(new_name="b", **editor.at(uri, "a, output", 0))
            )
            assert edit is not None
            assert edit.document_changes is not None
            (one,) = edit.document_changes
            assert isinstance(one, types.TextDocumentEdit)
            assert [getattr(e, "annotation_id", None) for e in one.edits] == wanted
            annotations = edit.change_annotations or {}
            assert all(a.needs_confirmation for a in annotations.values())
            assert set(annotations) == set(wanted) - {None}


@pytest.mark.slow
async def test_long_rename_shows_progress_and_can_be_stopped(ibex: Path) -> None:
    """The progress bar's button ends the proof with an answer, and the server works on."""
    async with editing(ibex, client=VSCODE) as editor:
        uri = await opened(editor, "rtl/ibex_pkg.sv")
        await editor.loaded()
        known = len(editor.progress_tokens)
        at = editor.at(uri, "alu_op_e", 1)
        answer = asyncio.ensure_future(
            editor.client.text_document_rename_async(types.RenameParams(new_name="op_e", **at))
        )
        await editor.until(lambda: len(editor.progress_tokens) > known)
        token = editor.progress_tokens[-1]
        editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        with pytest.raises(JsonRpcException, match="stopped by the user"):
            await answer
        assert await editor.client.text_document_hover_async(types.HoverParams(**at))


async def test_rename_that_is_refused(small: Path) -> None:
    """A reason with the place comes back as the error, and nothing is edited."""
    async with editing(small) as editor:
        uri = await opened(editor, "rtl/fifo.sv")
        at = editor.at(uri, "data_i,", 1)
        with pytest.raises(JsonRpcException, match=r"clk_i is declared already .*fifo\.sv:7"):
            await editor.client.text_document_rename_async(
                types.RenameParams(new_name="clk_i", **at)
            )
        with pytest.raises(JsonRpcException, match="module is a keyword"):
            await editor.client.text_document_prepare_rename_async(
                types.PrepareRenameParams(**editor.at(uri, "module fifo", 1))
            )


async def test_highlights_tell_writes_from_reads(small: Path) -> None:
    """state_q is written in the always_ff block and read in the assignment."""
    async with editing(small) as editor:
        uri = await opened(editor, "rtl/fifo.sv")
        await editor.diagnostics(uri)
        found = await editor.client.text_document_document_highlight_async(
            types.DocumentHighlightParams(**editor.at(uri, "state_q <= Idle", 1))
        )
        kinds = [highlight.kind for highlight in found or ()]
        assert kinds.count(types.DocumentHighlightKind.Write) == 2
        assert types.DocumentHighlightKind.Read in kinds


async def test_outline_and_search(small: Path) -> None:
    """The outline is a tree; the search finds by letters in order."""
    async with editing(small) as editor:
        uri = await opened(editor, "rtl/fifo.sv")
        symbols = await editor.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
        )
        assert symbols is not None
        assert isinstance(symbols[0], types.DocumentSymbol)
        assert {"Depth", "clk_i", "state_q"} <= {child.name for child in symbols[0].children or ()}
        found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("fpkg"))
        assert [symbol.name for symbol in found or ()] == ["fifo_pkg"]


async def test_a_flat_outline_for_clients_without_trees(small: Path) -> None:
    """Helix announces no hierarchy and gets a list."""
    async with editing(small, client="helix-25.07.1") as editor:
        uri = await opened(editor, "rtl/fifo.sv")
        symbols = await editor.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
        )
        assert symbols is not None
        assert isinstance(symbols[0], types.SymbolInformation)
        assert {"fifo", "state_q"} <= {symbol.name for symbol in symbols}


async def test_completion_of_members_and_ports(small: Path) -> None:
    """After a dot: fields of the struct; in a port list: ports that are not connected yet."""
    async with editing(small, client=VSCODE) as editor:
        uri = await opened(editor)
        await editor.pull(uri)
        editor.replace(uri, "word.valid ?", "word. ?")
        members = await editor.client.text_document_completion_async(
            types.CompletionParams(**editor.at(uri, "word. ?", 5))
        )
        assert isinstance(members, types.CompletionList)
        assert {item.label for item in members.items} == {"valid", "data"}
        editor.replace(uri, "    .data_i (data),\n", "    .\n")
        ports = await editor.client.text_document_completion_async(
            types.CompletionParams(**editor.at(uri, "    .\n", 5))
        )
        assert isinstance(ports, types.CompletionList)
        labels = {item.label for item in ports.items}
        assert "data_i" in labels
        assert "clk_i" not in labels


async def test_no_snippets_for_clients_without(small: Path) -> None:
    """Eglot without yasnippet gets plain text, with no stops in it."""
    async with editing(small) as editor:
        uri = await opened(editor)
        editor.replace(uri, "  word_t word;\n", "  word_t word;\n  fif\n")
        found = await editor.client.text_document_completion_async(
            types.CompletionParams(**editor.at(uri, "  fif\n", 5))
        )
        assert isinstance(found, types.CompletionList)
        assert found.items
        for item in found.items:
            assert item.insert_text_format in {None, types.InsertTextFormat.PlainText}
            assert isinstance(item.text_edit, types.TextEdit)
            assert "$" not in item.text_edit.new_text
            assert "${" not in item.text_edit.new_text


async def test_signature_help_in_an_instance(small: Path) -> None:
    """Inside a port list the ports are shown, the one being written marked."""
    async with editing(small) as editor:
        uri = await opened(editor)
        found = await editor.client.text_document_signature_help_async(
            types.SignatureHelpParams(**editor.at(uri, ".data_i (", 9))
        )
        assert found is not None
        assert isinstance(found.active_parameter, int)
        signature = found.signatures[0]
        shown = (signature.parameters or ())[found.active_parameter].label
        label = shown if isinstance(shown, str) else signature.label[shown[0] : shown[1]]
        assert "data_i" in label


async def test_folds_and_links(small: Path) -> None:
    """The module folds; the include is a link to its file."""
    async with editing(small) as editor:
        uri = await opened(editor)
        document = types.TextDocumentIdentifier(uri)
        folds = await editor.client.text_document_folding_range_async(
            types.FoldingRangeParams(document)
        )
        assert 1 in {fold.start_line for fold in folds or ()}
        links = await editor.client.text_document_document_link_async(
            types.DocumentLinkParams(document)
        )
        assert [link.target for link in links or ()] == [editor.uri("rtl/defs.svh")]


async def test_pushed_diagnostics_come_and_go(small: Path) -> None:
    """An error is pushed with the document's version and taken back when it is mended."""
    async with editing(small) as editor:
        uri = await opened(editor)
        assert not await editor.diagnostics(uri)
        editor.replace(uri, "data  = `RESET_VALUE", "data  = nonsense")
        found = await editor.diagnostics(uri, lambda found: len(found) > 0)
        assert (found[0].source, found[0].severity) == ("slang", types.DiagnosticSeverity.Error)
        assert "nonsense" in found[0].message
        editor.replace(uri, "data  = nonsense", "data  = `RESET_VALUE")
        assert not await editor.diagnostics(uri, lambda found: not found)


async def test_pulled_diagnostics(small: Path) -> None:
    """A client that pulls gets the report, "unchanged" the second time, and nothing pushed."""
    async with editing(small, client=NEOVIM) as editor:
        uri = await opened(editor)
        editor.replace(uri, "data  = `RESET_VALUE", "data  = nonsense")
        document = types.TextDocumentIdentifier(uri)
        report = await editor.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(document)
        )
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert [d.message for d in report.items if "nonsense" in d.message]
        again = await editor.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(document, previous_result_id=report.result_id)
        )
        assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
        assert editor.published_count == 0
        await editor.until(lambda: editor.refreshes > 0)


async def test_errors_in_a_package_reach_the_files_that_use_it(small: Path) -> None:
    """Another open file is compiled again when a package that it needs changes."""
    async with editing(small) as editor:
        top = await opened(editor)
        await editor.diagnostics(top)
        package = editor.open("rtl/pkg.sv")
        editor.replace(package, "} word_t;", "} sentence_t;")
        found = await editor.diagnostics(top, lambda found: len(found) > 0)
        assert "word_t" in " ".join(d.message for d in found)


async def test_code_actions(small: Path) -> None:
    """A missing semicolon has a fix that slang has checked; Explain is always offered."""
    async with editing(small, client=VSCODE) as editor:
        uri = await opened(editor)
        editor.replace(uri, "word.data : '0;", "word.data : '0")
        found = await editor.pull(uri)
        wrong = next(d for d in found if "';'" in d.message)
        actions = await editor.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri),
                wrong.range,
                types.CodeActionContext(diagnostics=[wrong]),
            )
        )
        assert actions is not None
        titles = [action.title for action in actions]
        assert "Explain" in titles
        fix = next(a for a in actions if isinstance(a, types.CodeAction) and a.edit is not None)
        assert fix.kind == types.CodeActionKind.QuickFix
        assert fix.edit is not None
        assert fix.edit.document_changes
        change = fix.edit.document_changes[0]
        assert isinstance(change, types.TextDocumentEdit)
        assert [edit.new_text for edit in change.edits if isinstance(edit, types.TextEdit)] == [";"]
        assert change.text_document.version == editor.versions[uri]


async def test_what_has_no_fix_offers_none(small: Path) -> None:
    """A diagnostic that nothing cures gets no action that would do nothing when chosen."""
    async with editing(small, client=VSCODE) as editor:
        uri = await opened(editor)
        editor.replace(uri, "word.valid ?", "qqqqqqqqqqqq ?")
        found = await editor.pull(uri)
        wrong = next(d for d in found if "qqqq" in d.message)
        actions = await editor.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri),
                wrong.range,
                types.CodeActionContext(diagnostics=[wrong]),
            )
        )
        assert [action.title for action in actions or ()] == ["Explain"]


async def test_commands(small: Path) -> None:
    """Explain answers facts without a model; the project can be asked; an unknown command is an error."""
    async with editing(small) as editor:
        uri = await opened(editor)
        position = editor.at(uri, "fifo #(", 1)["position"]
        place = {
            "textDocument": {"uri": uri},
            "position": {"line": position.line, "character": position.character},
        }
        execute = editor.client.workspace_execute_command_async
        explained = await execute(types.ExecuteCommandParams("hdl.explain", arguments=[place]))
        assert "fifo" in explained["markdown"]
        assert (await editor.ask("hdl/explain", place)).markdown == explained["markdown"]
        project = await execute(types.ExecuteCommandParams("hdl.showProject"))
        assert (project["source"], project["files"]) == ("inferred", 4)
        assert await execute(types.ExecuteCommandParams("hdl.acceptInline", arguments=[3])) is None
        with pytest.raises(JsonRpcException):
            await execute(types.ExecuteCommandParams("hdl.nonsense"))


async def test_a_foreign_client_is_shown_explanations(small: Path) -> None:
    """A client without our extension runs the Explain action and sees the answer in a message."""
    async with editing(small, options={"hdlStatus": False}) as editor:
        uri = editor.open("rtl/top.sv")
        await editor.diagnostics(uri)
        position = editor.at(uri, "fifo #(", 1)["position"]
        actions = await editor.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri),
                types.Range(position, position),
                types.CodeActionContext(diagnostics=[]),
            )
        )
        assert "Explain" in {action.title for action in actions or ()}
        place = {
            "textDocument": {"uri": uri},
            "position": {"line": position.line, "character": position.character},
        }
        await editor.client.workspace_execute_command_async(
            types.ExecuteCommandParams("hdl.explain", arguments=[place])
        )
        assert any("fifo" in message.message for message in editor.client.messages)
        blank = editor.open("rtl/blank.sv", "// Copyright\n")
        place = {"textDocument": {"uri": blank}, "position": {"line": 0, "character": 4}}
        assert await editor.ask("hdl/explain", place) is None
        await editor.client.workspace_execute_command_async(
            types.ExecuteCommandParams("hdl.explain", arguments=[place])
        )
        assert any("nothing to explain" in m.message for m in editor.client.messages)


async def test_status_methods(small: Path) -> None:
    """Engine, project and server say how they are; the model is off, with a reason."""
    async with editing(small) as editor:
        await editor.loaded()
        engine = await editor.ask("hdl/engineStatus")
        assert (engine.state, engine.detail) == ("off", "switched off by the setting llm.enabled")
        project = await editor.ask("hdl/projectStatus")
        assert (project.isLoaded, project.isConfigured, project.sources) == (True, False, 3)
        assert editor.status.indexing is None
        # It is started ahead of the first question; nothing was large, so the other one is not needed yet.
        await editor.until(lambda: editor.status.analysis.shallow == "running")
        assert editor.status.analysis.design == "stopped"


async def test_inline_completion(small: Path) -> None:
    """Without a model there is no ghost text, and no error either; a model's is an insertion at the cursor."""
    async with editing(small, client=NEOVIM) as editor:
        uri = await opened(editor)
        params = types.InlineCompletionParams(
            types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic),
            **editor.at(uri, "  assign data", 0),
        )
        found = await editor.client.text_document_inline_completion_async(params)
        assert isinstance(found, types.InlineCompletionList)
        assert not found.items
    async with editing(small, client=NEOVIM, settings=NGRAM) as editor:
        uri = await opened(editor)
        text = editor.texts[uri].replace(
            "  assign data  = `RESET_VALUE;\n",
            "  assign data  = `RESET_VALUE;\n  logic unused_a;\n  assign unused_a = clk_i & rst_ni;\n"
            "  logic unused_b;\n  assign unused_b = clk_i & \n",
        )
        editor.texts[uri] = text
        editor.change(uri, types.TextDocumentContentChangeWholeDocument(text=text))
        at = editor.at(uri, "unused_b = clk_i & ", len("unused_b = clk_i & "))
        params = types.InlineCompletionParams(
            types.InlineCompletionContext(types.InlineCompletionTriggerKind.Invoked), **at
        )
        found = await editor.client.text_document_inline_completion_async(params)
        assert isinstance(found, types.InlineCompletionList)
        assert [item.insert_text for item in found.items] == ["rst_ni;"]
        assert found.items[0].range == types.Range(at["position"], at["position"])
        assert found.items[0].command is not None


async def test_ghost_text_as_a_completion_item(small: Path) -> None:
    """A client without inline completion gets the same text as the first item of its list."""
    async with editing(small, settings=NGRAM) as editor:
        uri = await opened(editor)
        text = editor.texts[uri].replace(
            "  assign data  = `RESET_VALUE;\n",
            "  assign data  = `RESET_VALUE;\n  logic unused_a;\n  assign unused_a = clk_i & rst_ni;\n"
            "  logic unused_b;\n  assign unused_b = clk_i & \n",
        )
        editor.texts[uri] = text
        editor.change(uri, types.TextDocumentContentChangeWholeDocument(text=text))
        await editor.diagnostics(uri)
        found = await editor.client.text_document_completion_async(
            types.CompletionParams(
                **editor.at(uri, "unused_b = clk_i & ", len("unused_b = clk_i & "))
            )
        )
        assert isinstance(found, types.CompletionList)
        ghost = min(found.items, key=lambda item: item.sort_text or item.label)
        assert isinstance(ghost.text_edit, types.TextEdit)
        assert ghost.text_edit.new_text == "rst_ni;"
        assert ghost.detail is not None
        assert "model" in ghost.detail
