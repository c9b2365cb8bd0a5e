"""The elaborated design over the protocol: instance tree, drivers and loads, lenses, call hierarchy, values in hover."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.e2e.editor import Editor, editing

LEAF = """module leaf #(parameter int W = 4) (input logic [W-1:0] a_i, output logic q_o);
  logic [W-1:0] x;
  assign x = ~a_i;
  assign q_o = ^x;
endmodule
"""
TOP = """module top (input logic [15:0] a, output logic [1:0] q);
  leaf #(.W(8)) u_a (.a_i(a[7:0]), .q_o(q[0]));
  leaf #(.W(16)) u_b (.a_i(a), .q_o(q[1]));
endmodule
"""


@pytest.fixture
def design(tmp_path: Path) -> Path:
    """A configured project with a top of two instances."""
    (tmp_path / "hdl-lsp.toml").write_text('[project]\nsources = ["*.sv"]\ntops = ["top"]\n')
    (tmp_path / "leaf.sv").write_text(LEAF)
    (tmp_path / "top.sv").write_text(TOP)
    return tmp_path


async def elaborated(editor: Editor) -> Any:
    """The tops, once the design is in memory."""
    await editor.loaded()
    return await editor.ask("hdl/instances", {})


async def test_instance_tree(design: Path) -> None:
    """Tops, children with parameters and places, and the instances of the module at a position."""
    async with editing(design) as editor:
        uri = editor.open("leaf.sv")
        tops = await elaborated(editor)
        assert (tops.total, tops.instances[0].path, tops.instances[0].children) == (1, "top", 2)
        inside = await editor.ask("hdl/instances", {"path": "top"})
        assert [(i.path, i.parameters[0].value) for i in inside.instances] == [
            ("top.u_a", "8"),
            ("top.u_b", "16"),
        ]
        place = inside.instances[0].location
        assert (place.uri, place.range.start.line) == (editor.uri("top.sv"), 1)
        document = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 3}}
        here = await editor.ask("hdl/instances", document)
        assert [i.path for i in here.instances] == ["top.u_a", "top.u_b"]
        written = await editor.ask("hdl/instantiations", document)
        assert (written.definition, len(written.locations)) == ("leaf", 2)
        nowhere = await editor.ask("hdl/instances", {"path": "top.nobody"})
        assert (nowhere.total, nowhere.status) == (
            0,
            "the elaborated design has no such instance",
        )


async def test_drivers_and_loads(design: Path) -> None:
    """By path and by position; unsaved text counts, and the chosen instance decides."""
    async with editing(design) as editor:
        uri = editor.open("leaf.sv")
        await elaborated(editor)
        drivers = await editor.ask("hdl/drivers", {"path": "top.u_b.x"})
        assert (drivers.signal.path, drivers.signal.width) == ("top.u_b.x", 16)
        assert [(s.kind, s.text, s.through) for s in drivers.sites] == [
            ("continuous assign", "x = ~a_i", ["top.u_b.a_i"])
        ]
        editor.replace(uri, "x = ~a_i", "x = a_i + 1")
        at = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 16}}
        fresh = await editor.ask("hdl/drivers", {**at, "depth": 2})
        assert [(s.instance, s.text, s.level) for s in fresh.sites] == [
            ("top.u_a", "x = a_i + 1", 1),
            ("top", "leaf #(.W(8)) u_a (.a_i(a[7:0]), .q_o(q[0]));", 2),
        ]
        assert (await editor.ask("hdl/selectInstance", {"path": "top.u_b"})).active == "top.u_b"
        loads = await editor.ask("hdl/loads", at)
        assert [(s.instance, s.text) for s in loads.sites] == [("top.u_b", "q_o = ^x")]
        nothing = await editor.ask("hdl/loads", {"path": "top.nobody"})
        assert (nothing.signal, nothing.status) == (
            None,
            "the elaborated design has no such signal",
        )


async def test_hover_shows_elaborated_values(design: Path) -> None:
    """All different values, or the one of the chosen instance; a wrong path is refused with a sentence."""
    async with editing(design) as editor:
        uri = editor.open("leaf.sv")
        await elaborated(editor)
        text = await editor.hover_text(uri, "W = 4")
        assert "elaborated: `8` (in `top.u_a`), `16` (in `top.u_b`)" in text
        await editor.ask("hdl/selectInstance", {"path": "top.u_b"})
        assert "in `top.u_b`: `16`" in await editor.hover_text(uri, "W = 4")
        with pytest.raises(JsonRpcException, match=r"the design has no instance top\.gone"):
            await editor.ask("hdl/selectInstance", {"path": "top.gone"})
        await editor.ask("hdl/selectInstance", {"path": ""})
        status = await editor.ask("hdl/projectStatus")
        assert (status.design.isKept, status.design.activeInstance) == (True, "")


async def test_code_lens(design: Path) -> None:
    """A lens is resolved with the number of instances and the places where they are written."""
    async with editing(design) as editor:
        uri = editor.open("leaf.sv")
        await elaborated(editor)
        document = types.TextDocumentIdentifier(uri)
        lenses = await editor.client.text_document_code_lens_async(types.CodeLensParams(document))
        assert lenses is not None
        (lens,) = lenses
        assert lens.range.start == types.Position(0, 7)
        resolved = await editor.client.code_lens_resolve_async(lens)
        assert resolved.command is not None
        assert (resolved.command.title, resolved.command.command) == (
            "2 instances",
            "hdl.showInstances",
        )


async def test_call_hierarchy(design: Path) -> None:
    """From an instance to its module, up to who instantiates it and down to what it instantiates."""
    async with editing(design) as editor:
        uri = editor.open("top.sv")
        await editor.loaded()
        client = editor.client
        at = editor.at(uri, "u_a (", 1)
        items = await client.text_document_prepare_call_hierarchy_async(
            types.CallHierarchyPrepareParams(**at)
        )
        assert items is not None
        assert [(i.name, i.uri) for i in items] == [("leaf", editor.uri("leaf.sv"))]
        parents = await client.call_hierarchy_incoming_calls_async(
            types.CallHierarchyIncomingCallsParams(items[0])
        )
        assert parents is not None
        assert [(c.from_.name, len(c.from_ranges)) for c in parents] == [("top", 2)]
        inside = await client.call_hierarchy_outgoing_calls_async(
            types.CallHierarchyOutgoingCallsParams(parents[0].from_)
        )
        assert inside is not None
        assert [(c.to.name, len(c.from_ranges)) for c in inside] == [("leaf", 2)]


async def test_without_a_top_there_is_a_sentence(tmp_path: Path) -> None:
    """A top that nobody declares is a status, not an error."""
    (tmp_path / "hdl-lsp.toml").write_text('[project]\nsources = ["*.sv"]\ntops = ["tpo"]\n')
    (tmp_path / "top.sv").write_text("module top; endmodule\n")
    async with editing(tmp_path) as editor:
        editor.open("top.sv")
        answer = await elaborated(editor)
        assert (answer.total, answer.status) == (
            0,
            "no file of the project declares the top tpo",
        )


async def test_rested_text_is_elaborated(design: Path) -> None:
    """A port that is removed in one open file is an error in the closed one that connects it, before any save."""
    async with editing(design) as editor:
        uri = editor.open("leaf.sv")
        await elaborated(editor)
        editor.replace(uri, "output logic q_o", "output logic r_o")
        found = await editor.diagnostics(
            editor.uri("top.sv"), lambda all_: any(d.code == "PortDoesNotExist" for d in all_)
        )
        assert len(found) >= 2
