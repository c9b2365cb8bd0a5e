"""Files, folders and processes that misbehave: the server answers on."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcRequestCancelled

from tests.e2e.editor import EGLOT, EGLOT_OLD, NEOVIM, WAIT_S, Editor, capabilities, editing
from tests.e2e.test_requests import NGRAM

BIG = 4_000_000


async def outline(editor: Editor, uri: str) -> list[str]:
    """Names at file scope."""
    found = await editor.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
    )
    return [symbol.name for symbol in found or ()]


# -- files


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("module latin; // é\nendmodule\n".encode("latin-1"), "latin-1"),
        ("module latin;\nendmodule\n".encode("utf-16"), "utf-16"),
        (b"\xef\xbb\xbfmodule latin;\nendmodule\n", "bom"),
        (b"module latin; // \x00\xff\xfe\nendmodule\n", "nul"),
    ],
)
async def test_files_in_other_encodings_are_indexed(data: bytes, kind: str, tmp_path: Path) -> None:
    """A file on disk that is not plain UTF-8 is read all the same."""
    (tmp_path / f"{kind}.sv").write_bytes(data)
    async with editing(tmp_path) as editor:
        await editor.loaded()
        found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("latin"))
        assert [symbol.name for symbol in found or ()] == ["latin"]


async def test_a_file_that_includes_itself(tmp_path: Path) -> None:
    """An include cycle ends in diagnostics, not in a loop."""
    (tmp_path / "a.svh").write_text('`include "b.svh"\n', encoding="utf-8")
    (tmp_path / "b.svh").write_text('`include "a.svh"\n', encoding="utf-8")
    async with editing(tmp_path) as editor:
        uri = editor.open("top.sv", '`include "a.svh"\nmodule top;\nendmodule\n')
        await editor.diagnostics(uri)
        assert await outline(editor, uri) == ["top"]


@pytest.mark.slow
async def test_a_netlist_of_four_megabytes(tmp_path: Path) -> None:
    """A huge file is summarised and compiled elsewhere; small ones are answered meanwhile, and edits are kept."""
    lines = ["module netlist(input a, output y);"]
    size = 0
    while size < BIG:
        lines.append(
            f"  NAND2X1 u_{len(lines)} (.A(a), .B(n_{len(lines)}), .Y(n_{len(lines) + 1}));"
        )
        size += len(lines[-1])
    text = "\n".join([*lines, "endmodule", ""])
    (tmp_path / "netlist.v").write_text(text, encoding="utf-8")
    async with editing(tmp_path) as editor:
        big = editor.open("netlist.v")
        small = editor.open("tiny.sv", "module tiny; logic a; endmodule\n")
        assert await outline(editor, small) == ["tiny"]
        await editor.loaded()
        await editor.diagnostics(big)
        assert await outline(editor, big) == ["netlist"]
        editor.replace(big, "input a, output y", "input a, output z")
        assert (await editor.file_info(big)).bytes == len(text.encode())
        assert "logic" in await editor.hover_text(small, "a;")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("module m;\nassign x = " + " + ".join(["a"] * 50_000) + ";\nendmodule\n", ["m"]),
        ("module m;\ninitial " + "begin " * 20_000 + "end " * 20_000 + "\nendmodule\n", []),
        ("(" * 100_000, []),
    ],
    ids=["50,000 terms", "20,000 begins", "100,000 parentheses"],
)
async def test_nesting_that_breaks_parsers(text: str, names: list[str], tmp_path: Path) -> None:
    """Deep nesting costs the facts of that file at most; hovers, folds and other files go on."""
    async with editing(tmp_path) as editor:
        deep = editor.open("deep.sv", text)
        await editor.diagnostics(deep)
        assert [name for name in await outline(editor, deep) if name in names] == names
        document = types.TextDocumentIdentifier(deep)
        await editor.client.text_document_folding_range_async(types.FoldingRangeParams(document))
        for position in (types.Position(0, 3), types.Position(1, 40)):
            at = {"text_document": document, "position": position}
            await editor.client.text_document_hover_async(types.HoverParams(**at))
            await editor.client.text_document_completion_async(types.CompletionParams(**at))
        other = editor.open("other.sv", "module other; logic fine; endmodule\n")
        assert "logic" in await editor.hover_text(other, "fine")


# -- projects


async def test_two_workspace_folders_and_a_third(small: Path, tmp_path: Path) -> None:
    """Names are found across folders; folders come and go while the server runs."""
    other, third = tmp_path / "other", tmp_path / "third"
    for root, name in ((other, "other_m"), (third, "third_m")):
        root.mkdir()
        (root / f"{name}.sv").write_text(f"module {name};\nendmodule\n", encoding="utf-8")

    async def found(editor: Editor, query: str) -> list[str]:
        symbols = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams(query))
        return [symbol.name for symbol in symbols or ()]

    async with editing(small, other) as editor:
        await editor.loaded()
        assert await found(editor, "other_m") == ["other_m"]
        assert await found(editor, "fifo_pkg") == ["fifo_pkg"]
        folder = types.WorkspaceFolder
        editor.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(
                types.WorkspaceFoldersChangeEvent(
                    added=[folder(third.as_uri(), "third")],
                    removed=[folder(other.as_uri(), "other")],
                )
            )
        )
        await editor.loaded(times=2)
        assert await found(editor, "third_m") == ["third_m"]
        assert await found(editor, "other_m") == []


async def test_no_folder_at_all(tmp_path: Path) -> None:
    """A single file without a folder is served."""
    (tmp_path / "x").mkdir()
    async with editing() as editor:
        editor.roots = (tmp_path,)
        uri = editor.open("x/lonely.sv", "module lonely; logic a; assign a = b; endmodule\n")
        assert "'b'" in (await editor.diagnostics(uri, lambda found: len(found) > 0))[0].message


async def test_a_file_list_with_missing_files(small: Path) -> None:
    """The project says what is missing; what is there works; mending the list reads it again."""
    (small / "top.f").write_text(
        "rtl/pkg.sv\nrtl/gone.sv\n-f gone.f\nrtl/top.sv\n", encoding="utf-8"
    )
    (small / "hdl-lsp.toml").write_text('[project]\nfilelists = ["top.f"]\n', encoding="utf-8")
    async with editing(small) as editor:
        await editor.loaded()
        project = await editor.ask("hdl/projectStatus")
        assert (project.source, project.isConfigured) == ("hdl-lsp.toml", True)
        assert any("gone.sv" in problem.message for problem in project.problems)
        assert any("gone" in message.message for message in editor.client.messages)
        (small / "top.f").write_text("rtl/pkg.sv\nrtl/fifo.sv\nrtl/top.sv\n", encoding="utf-8")
        (watched,) = [r for r in editor.registrations if "Watched" in r.method]
        assert watched.register_options
        editor.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams(
                [types.FileEvent((small / "top.f").as_uri(), types.FileChangeType.Changed)]
            )
        )
        await editor.loaded(times=2)
        project = await editor.ask("hdl/projectStatus")
        assert (project.sources, list(project.problems)) == (3, [])


async def test_a_broken_project_file_is_said_once(small: Path) -> None:
    """A TOML that can't be read, settings that don't exist: one message each, and the server works without."""
    (small / "hdl-lsp.toml").write_text("[project\n", encoding="utf-8")
    async with editing(small, settings={"diagnostics": {"delay": 3}}) as editor:
        uri = editor.open("rtl/top.sv")
        await editor.diagnostics(uri)
        shown = [message.message for message in editor.client.messages]
        assert len([m for m in shown if "hdl-lsp.toml" in m]) == 1


async def test_settings_of_a_repository_can_not_run_or_leak_anything(small: Path) -> None:
    """An address in a cloned hdl-lsp.toml is ignored, and the user is told."""
    (small / "hdl-lsp.toml").write_text('[llm]\naddress = "http://evil:1"\n', encoding="utf-8")
    async with editing(small) as editor:
        await editor.loaded()
        assert any("llm.address" in message.message for message in editor.client.messages)


async def test_files_that_change_outside_the_editor(small: Path) -> None:
    """A watched change of a file that is not open reaches the diagnostics of one that is."""
    async with editing(small) as editor:
        uri = editor.open("rtl/top.sv")
        assert not await editor.diagnostics(uri)
        package = small / "rtl/pkg.sv"
        package.write_text(
            package.read_text(encoding="utf-8").replace("word_t", "w_t"), encoding="utf-8"
        )
        editor.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams(
                [types.FileEvent(package.as_uri(), types.FileChangeType.Changed)]
            )
        )
        found = await editor.diagnostics(uri, lambda found: len(found) > 0)
        assert any("word_t" in d.message for d in found)
        package.unlink()
        editor.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams(
                [types.FileEvent(package.as_uri(), types.FileChangeType.Deleted)]
            )
        )
        await editor.diagnostics(uri, lambda found: any("fifo_pkg" in d.message for d in found))


async def test_a_saved_design_is_elaborated_as_a_whole(small: Path) -> None:
    """With a project file, saving reports what only elaboration sees, also in files that are not open."""
    (small / "hdl-lsp.toml").write_text(
        '[project]\nsources = ["rtl/*.sv"]\ninclude_dirs = ["rtl"]\ntops = ["top"]\n',
        encoding="utf-8",
    )
    fifo = small / "rtl/fifo.sv"
    text = fifo.read_text(encoding="utf-8")
    async with editing(small) as editor:
        uri = editor.open("rtl/top.sv")
        await editor.loaded()
        fifo.write_text(
            text.replace("word_o.data  = data_i", "word_o.data  = data_i[Depth+9:0]"),
            encoding="utf-8",
        )
        editor.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams(
                [types.FileEvent(fifo.as_uri(), types.FileChangeType.Changed)]
            )
        )
        editor.client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
        )
        await editor.diagnostics(editor.uri("rtl/fifo.sv"), lambda found: len(found) > 0)
        project = await editor.ask("hdl/projectStatus")
        assert list(project.design.tops) == ["top"]
        assert project.design.instances == 2


async def test_a_configured_design_is_elaborated_when_it_was_read(small: Path) -> None:
    """Before anything was saved or opened, findings of closed files are shown."""
    (small / "hdl-lsp.toml").write_text(
        '[project]\nsources = ["rtl/*.sv"]\ninclude_dirs = ["rtl"]\n', encoding="utf-8"
    )
    fifo = small / "rtl/fifo.sv"
    text = fifo.read_text(encoding="utf-8")
    fifo.write_text(
        text.replace("word_o.data  = data_i", "word_o.data  = data_i[Depth+9:0]"), encoding="utf-8"
    )
    async with editing(small) as editor:
        await editor.diagnostics(editor.uri("rtl/fifo.sv"), lambda found: len(found) > 0)


# -- processes


async def analysis_pids(editor: Editor) -> list[int]:
    """The child processes of the server."""
    pid = editor.server.pid
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in children.read_text(encoding="ascii").split()]  # noqa: ASYNC240


async def test_a_crashed_analysis_comes_back(small: Path) -> None:
    """SIGSEGV in the analysis processes: hover answers at once, facts are there again after the next edit."""
    async with editing(small) as editor:
        uri = editor.open("rtl/top.sv")
        await editor.diagnostics(uri)
        pids = await analysis_pids(editor)
        assert pids
        for pid in pids:
            os.kill(pid, signal.SIGSEGV)
        assert "fifo" in await editor.hover_text(uri, "fifo #(")
        editor.replace(uri, "data  = `RESET_VALUE", "data  = nonsense")
        found = await editor.diagnostics(uri, lambda found: len(found) > 0)
        assert "nonsense" in found[0].message
        status = await editor.ask("hdl/serverStatus")
        assert status.analysis.shallow.restarts == 1


async def test_a_design_process_killed_while_it_elaborates_is_a_status(tmp_path: Path) -> None:
    """Its question is asked again of a new process; nobody sees a box."""
    levels = [f"module m{n}; m{n + 1} u_a (); m{n + 1} u_b (); endmodule" for n in range(12)]
    leaf = "module m12; for (genvar i = 0; i < 4000; i++) begin : g logic x; end endmodule"
    (tmp_path / "deep.sv").write_text("\n".join([*levels, leaf, ""]), encoding="utf-8")
    toml = '[project]\nsources = ["*.sv"]\ntops = ["m0"]\n[design]\nelaborate = "save"\n'
    (tmp_path / "hdl-lsp.toml").write_text(toml, encoding="utf-8")
    async with editing(tmp_path) as editor:
        await editor.loaded()
        await editor.ask("hdl/instances", {})
        uri = editor.open("deep.sv")
        before = set(await analysis_pids(editor))
        editor.replace(uri, "module m12;", "module m12; logic y;")
        asked = asyncio.ensure_future(editor.ask("hdl/instances", {"path": "m0"}))
        await editor.file_info(uri)  # the question before it is under way by now
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        answer = await asked
        if answer.status:  # it was lost: the reason is said, and the next question gets the answer
            answer = await editor.ask("hdl/instances", {"path": "m0"})
        assert [one.path for one in answer.instances] == ["m0.u_a", "m0.u_b"]
        assert not before & set(await analysis_pids(editor))
        assert editor.client.messages == []


async def test_workers_can_be_restarted_by_hand(small: Path) -> None:
    """After hdl/restartWorkers other processes answer, with the same result."""
    async with editing(small) as editor:
        uri = editor.open("rtl/top.sv")
        editor.replace(uri, "data  = `RESET_VALUE", "data  = nonsense")
        await editor.diagnostics(uri, lambda found: len(found) > 0)
        before = set(await analysis_pids(editor))
        await editor.ask("hdl/restartWorkers")
        editor.replace(uri, "data  = nonsense", "data  = other_nonsense")
        await editor.diagnostics(
            uri, lambda found: any("other_nonsense" in d.message for d in found)
        )
        assert not before & set(await analysis_pids(editor))


async def test_a_cancelled_request_has_exactly_one_answer(ibex: Path) -> None:
    """RequestCancelled for a search that is under way; the next request is answered as ever."""
    async with editing(ibex) as editor:
        uri = editor.open("rtl/ibex_core.sv")
        await editor.loaded()
        protocol = editor.client.protocol
        params = types.ReferenceParams(
            types.ReferenceContext(include_declaration=True), **editor.at(uri, "clk_i,", 1)
        )
        asked = [
            protocol.send_request(types.TEXT_DOCUMENT_REFERENCES, params, msg_id=f"search-{n}")
            for n in range(3)
        ]
        for number in range(3):
            editor.client.cancel_request(types.CancelParams(id=f"search-{number}"))
        editor.client.cancel_request(types.CancelParams(id="never-asked"))
        for future in asked:
            async with asyncio.timeout(WAIT_S):
                with pytest.raises(JsonRpcRequestCancelled):
                    await asyncio.wrap_future(future)
        assert "ibex_core" in await outline(editor, uri)


async def test_the_newest_ghost_text_request_wins(small: Path) -> None:
    """Clients that do not cancel get an empty list for what a newer request replaced, never an error."""
    async with editing(small, client=NEOVIM, settings=NGRAM) as editor:
        uri = editor.open("rtl/top.sv")
        await editor.loaded()
        params = types.InlineCompletionParams(
            types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic),
            **editor.at(uri, "  assign data", 0),
        )
        ask = editor.client.text_document_inline_completion_async
        async with asyncio.timeout(WAIT_S):
            answers = await asyncio.gather(*(ask(params) for _ in range(20)))
        assert all(isinstance(answer, types.InlineCompletionList) for answer in answers)


async def test_leaving_while_a_search_runs(ibex: Path) -> None:
    """Shutdown in the middle of work: the requests are answered as cancelled and the process ends with 0."""
    async with editing(ibex) as editor:
        uri = editor.open("rtl/ibex_core.sv")
        await editor.loaded()
        params = types.ReferenceParams(
            types.ReferenceContext(include_declaration=True), **editor.at(uri, "clk_i,", 1)
        )
        search = asyncio.ensure_future(editor.client.text_document_references_async(params))
        assert "ibex_core" in await outline(editor, uri)
        async with asyncio.timeout(WAIT_S):
            await editor.client.shutdown_session()
        with pytest.raises(JsonRpcRequestCancelled):
            await search
        assert editor.server.returncode == 0


@pytest.mark.slow
async def test_loading_shows_progress_and_can_be_cancelled(ibex: Path) -> None:
    """The client's progress bar begins and ends; its cancel button stops the reading, and the server works on."""
    async with editing(ibex, client=EGLOT) as editor:
        await editor.loaded()
        await editor.until(lambda: bool(editor.progress) and editor.progress[-1]["kind"] == "end")
        assert editor.progress[0]["kind"] == "begin"
        assert {report["kind"] for report in editor.progress[1:-1]} <= {"report"}
    async with editing(ibex, client=EGLOT) as editor:
        await editor.until(lambda: bool(editor.progress))
        token = editor.progress_tokens[0]
        editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        await editor.loaded()
        uri = editor.open("rtl/ibex_alu.sv")
        assert "ibex_alu" in await outline(editor, uri)


async def test_clients_that_ask_again_are_told_when_the_text_changed(ibex: Path) -> None:
    """ContentModified where the client announced it: the result would be about a text that is gone."""
    client = capabilities(EGLOT_OLD)
    client.general = types.GeneralClientCapabilities(
        stale_request_support=types.StaleRequestSupportOptions(
            cancel=True, retry_on_content_modified=[types.TEXT_DOCUMENT_REFERENCES]
        )
    )
    async with editing(ibex, client=client) as editor:
        uri = editor.open("rtl/ibex_core.sv")
        await editor.loaded()
        params = types.ReferenceParams(
            types.ReferenceContext(include_declaration=True), **editor.at(uri, "clk_i,", 1)
        )
        future = editor.client.protocol.send_request(types.TEXT_DOCUMENT_REFERENCES, params)
        editor.replace(uri, "module ibex_core", "// changed\nmodule ibex_core")
        with pytest.raises(JsonRpcException) as caught:
            await asyncio.wrap_future(future)
        assert caught.value.code == types.LSPErrorCodes.ContentModified
