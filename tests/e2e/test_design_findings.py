"""What only the elaborated design knows is shown in files that are open, and goes when it is not so any more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from lsprotocol import types

from tests.e2e.editor import EGLOT_OLD, VSCODE, Editor, capabilities, editing

LEAF = """\
module leaf #(parameter int Width = 4) (input logic [7:0] data_i, output logic q_o);
  assign q_o = data_i[Width-1];
endmodule
"""
TOP = """\
module top (input logic [7:0] data, output logic [1:0] q);
  leaf #(.Width(8)) u_a (.data_i(data), .q_o(q[0]));
  leaf #(.Width(12)) u_b (.data_i(data), .q_o(q[1]));
endmodule
"""
FOUND = "cannot refer to element 11 of 'logic[7:0]' (in top.u_b)"

BUS = "interface bus #(parameter int Width = 2) (); logic [Width-1:0] data; endinterface\n"
SINK = """\
module sink (bus port, output logic q_o);
  assign q_o = port.data[3];
endmodule
"""
WIDE = """\
module wide (output logic q_o);
  bus #(.Width(8)) u_bus ();
  sink u_sink (.port(u_bus), .q_o);
endmodule
"""


PUSHED = capabilities(EGLOT_OLD)
assert PUSHED.text_document is not None
PUSHED.text_document.publish_diagnostics = types.PublishDiagnosticsClientCapabilities(
    version_support=True
)
"""An editor that takes versions, so that a test knows which text an answer is about."""


@pytest.fixture
def design(tmp_path: Path) -> Path:
    """A configured project whose leaf is only wrong in one of two instances."""
    (tmp_path / "hdl-lsp.toml").write_text('[project]\nsources = ["*.sv"]\ntops = ["top"]\n')
    (tmp_path / "leaf.sv").write_text(LEAF)
    (tmp_path / "top.sv").write_text(TOP)
    return tmp_path


def messages(found: Sequence[types.Diagnostic]) -> list[tuple[int, str]]:
    """Line and message of each."""
    return [(one.range.start.line, one.message) for one in found]


async def versions(editor: Editor, uri: str, version: int) -> Sequence[types.Diagnostic]:
    """What is shown once diagnostics of *version* were pushed."""
    await editor.until(lambda: uri in editor.published and editor.published[uri].version == version)
    return editor.published[uri].diagnostics


async def test_a_pushed_finding_of_one_instance_comes_moves_and_goes(design: Path) -> None:
    """It is there without a key pressed, follows the lines, and vanishes with the cause in the other file."""
    async with editing(design, client=PUSHED) as editor:
        uri, top = editor.open("leaf.sv"), editor.open("top.sv")
        await editor.diagnostics(uri, lambda found: messages(found) == [(1, FOUND)])
        editor.replace(uri, "module leaf", "// the leaf\nmodule leaf")
        assert messages(await versions(editor, uri, 2)) == [(2, FOUND)]
        editor.replace(top, "Width(12)", "Width(7)")
        await editor.diagnostics(uri, lambda found: not found)


async def test_a_finding_goes_with_its_line(design: Path) -> None:
    """What is fixed where it is marked is not marked until the next elaboration."""
    async with editing(design, client=PUSHED) as editor:
        uri = editor.open("leaf.sv")
        await editor.diagnostics(uri, lambda found: messages(found) == [(1, FOUND)])
        editor.replace(uri, "data_i[Width-1]", "data_i[Width % 8]")
        assert messages(await versions(editor, uri, 2)) == []


async def test_a_pulled_finding_has_another_result_id(design: Path) -> None:
    """A client that pulls is told to ask again; then it is "unchanged"."""
    async with editing(design, client=VSCODE) as editor:
        uri = editor.open("leaf.sv")
        document = types.TextDocumentIdentifier(uri)
        seen = 0
        while not (found := await editor.pull(uri)):
            await editor.until(lambda before=seen: editor.refreshes > before)
            seen = editor.refreshes
        assert messages(found) == [(1, FOUND)]
        told = await editor.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(document)
        )
        again = await editor.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(document, previous_result_id=told.result_id)
        )
        assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)


async def test_a_closed_file_keeps_what_the_design_says(design: Path) -> None:
    """Closing the tab takes nothing out of the list of problems."""
    async with editing(design, client=PUSHED) as editor:
        uri = editor.open("leaf.sv")
        await editor.diagnostics(uri, lambda found: messages(found) == [(1, FOUND)])
        editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )
        await editor.until(lambda: editor.published[uri].version is None)
        assert messages(editor.published[uri].diagnostics) == [(1, FOUND)]


async def test_what_only_default_parameters_show_is_taken_back(tmp_path: Path) -> None:
    """An index that is outside of the interface by default, and inside of the one that is connected, is right."""
    (tmp_path / "hdl-lsp.toml").write_text('[project]\nsources = ["*.sv"]\ntops = ["wide"]\n')
    for name, text in (("bus.sv", BUS), ("sink.sv", SINK), ("wide.sv", WIDE)):
        (tmp_path / name).write_text(text)
    async with editing(tmp_path, client=PUSHED) as editor:
        await editor.loaded()
        await editor.ask("hdl/instances", {})
        uri = editor.open("sink.sv")
        assert messages(await versions(editor, uri, 1)) == []
        editor.replace(uri, "data[3]", "data[9]")
        await editor.diagnostics(uri, lambda found: "9" in " ".join(d.message for d in found))
