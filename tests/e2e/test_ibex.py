"""Every request once on the real Ibex core, as its package ships it and without a project file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from lsprotocol import types

from tests.e2e.editor import EGLOT, VSCODE, Editor, editing

pytestmark = pytest.mark.real

CORE = "rtl/ibex_core.sv"


def base_names(found: object) -> list[str]:
    """File names that locations or links lead to."""
    assert isinstance(found, Sequence)
    uris = [p.uri if isinstance(p, types.Location) else p.target_uri for p in found]
    return [uri.rsplit("/", 1)[1] for uri in uris]


async def core(editor: Editor) -> str:
    """ibex_core.sv, open, with the workspace read."""
    uri = editor.open(CORE)
    await editor.loaded()
    return uri


async def test_no_red_in_an_unconfigured_project(ibex: Path) -> None:
    """The core's files have no errors although nobody wrote a project file."""
    async with editing(ibex) as editor:
        await editor.loaded()
        for name in (
            CORE,
            "rtl/ibex_alu.sv",
            "rtl/ibex_id_stage.sv",
            "rtl/ibex_pkg.sv",
            "rtl/ibex_if_stage.sv",
        ):
            found = await editor.diagnostics(editor.open(name))
            errors = [d for d in found if d.severity == types.DiagnosticSeverity.Error]
            assert (name, errors) == (name, [])


async def test_names_lead_across_the_core(ibex: Path) -> None:
    """Instances, ports, packages' enum members and types lead to their declarations; hover has their values."""
    async with editing(ibex) as editor:
        uri = await core(editor)
        await editor.diagnostics(uri)

        async def definition(marker: str, shift: int) -> list[str]:
            at = types.DefinitionParams(**editor.at(uri, marker, shift))
            return base_names(await editor.client.text_document_definition_async(at))

        assert await definition("ibex_if_stage #(", 2) == ["ibex_if_stage.sv"]
        assert await definition(".instr_rdata_id_o", 3) == ["ibex_if_stage.sv"]
        assert await definition("pc_sel_e", 2) == ["ibex_pkg.sv"]
        hover = await editor.hover_text(uri, "alu_operator_ex", 2)
        assert "alu_op_e" in hover
        assert "7 bits" in hover


async def test_references_across_the_core(ibex: Path) -> None:
    """A port of the ALU is found in its module and where it is connected."""
    async with editing(ibex) as editor:
        await editor.loaded()
        uri = editor.open("rtl/ibex_alu.sv")
        found = await editor.client.text_document_references_async(
            types.ReferenceParams(
                types.ReferenceContext(include_declaration=True),
                **editor.at(uri, "multdiv_sel_i,", 2),
            )
        )
        assert {"ibex_alu.sv", "ibex_ex_block.sv"} <= set(base_names(found))


async def test_completion_and_signatures_in_the_core(ibex: Path) -> None:
    """In the middle of an edit of a real file: ports that are missing, members of a package."""
    async with editing(ibex, client=VSCODE) as editor:
        uri = await core(editor)
        await editor.pull(uri)
        editor.replace(uri, "    .pc_if_o                 (pc_if),", "    .")
        at = editor.at(uri, "    .\n", 5)
        ports = await editor.client.text_document_completion_async(types.CompletionParams(**at))
        assert isinstance(ports, types.CompletionList)
        assert "pc_if_o" in {item.label for item in ports.items}
        help_ = await editor.client.text_document_signature_help_async(
            types.SignatureHelpParams(**at)
        )
        assert help_ is not None
        assert "ibex_if_stage" in help_.signatures[0].label
        editor.replace(uri, "    .\n", "    .pc_if_o (ibex_pkg::),\n")
        at = editor.at(uri, "ibex_pkg::)", len("ibex_pkg::"))
        names = await editor.client.text_document_completion_async(types.CompletionParams(**at))
        assert isinstance(names, types.CompletionList)
        assert "ALU_ADD" in {item.label for item in names.items}


async def test_the_rest_on_the_core(ibex: Path) -> None:
    """Outline, search, folds, highlights, links and actions have answers."""
    async with editing(ibex) as editor:
        uri = await core(editor)
        await editor.diagnostics(uri)
        client, document = editor.client, types.TextDocumentIdentifier(uri)
        symbols = await client.text_document_document_symbol_async(
            types.DocumentSymbolParams(document)
        )
        assert "ibex_core" in {symbol.name for symbol in symbols or ()}
        found = await client.workspace_symbol_async(types.WorkspaceSymbolParams("ibex_alu"))
        assert (found or ())[0].name == "ibex_alu"
        assert await client.text_document_folding_range_async(types.FoldingRangeParams(document))
        at = editor.at(uri, "alu_operator_ex", 2)
        assert await client.text_document_document_highlight_async(
            types.DocumentHighlightParams(**at)
        )
        links = await client.text_document_document_link_async(types.DocumentLinkParams(document))
        assert {str(link.target).rsplit("/", 1)[1] for link in links or ()} >= {"prim_assert.sv"}
        position = at["position"]
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(
                document, types.Range(position, position), types.CodeActionContext(diagnostics=[])
            )
        )
        assert "Explain" in {action.title for action in actions or ()}


async def test_an_explanation_of_the_core(ibex: Path) -> None:
    """Without a model an explanation is its facts."""
    async with editing(ibex) as editor:
        uri = await core(editor)
        position = editor.at(uri, "ibex_if_stage #(", 2)["position"]
        place = {
            "textDocument": {"uri": uri},
            "position": {"line": position.line, "character": position.character},
        }
        assert "ibex_if_stage" in (await editor.ask("hdl/explain", place)).markdown


@pytest.mark.slow
async def test_saving_elaborates_the_core(ibex: Path) -> None:
    """The whole design is elaborated in the background, and the project status says what came out."""
    async with editing(ibex, client=EGLOT) as editor:
        uri = await core(editor)
        editor.client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
        )
        async with asyncio.timeout(60):
            while (await editor.ask("hdl/projectStatus")).design is None:
                pass  # it is asked again
        project = await editor.ask("hdl/projectStatus")
        assert project.design.failure == ""
