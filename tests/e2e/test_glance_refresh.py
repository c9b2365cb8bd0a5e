"""What stands between and above the lines (inlay hints, code lenses) is asked for again when more is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsprotocol import types

from tests.e2e.editor import VSCODE, editing

PAIR = """\
module leaf #(parameter int Width = 2 * 4) (input logic [Width-1:0] data_i);
endmodule
module chip (input logic [7:0] data_i);
  leaf u_leaf (.data_i);
endmodule
"""


async def test_a_lens_is_counted_again_when_the_design_was_elaborated(tmp_path: Path) -> None:
    """The lens of a top says so once the tops are known, without an edit."""
    (tmp_path / "hdl-lsp.toml").write_text('[project]\nsources = ["*.sv"]\ntops = ["chip"]\n')
    (tmp_path / "pair.sv").write_text(PAIR)
    async with editing(tmp_path, client=VSCODE) as editor:
        refreshes: list[Any] = []

        @editor.client.feature(types.WORKSPACE_CODE_LENS_REFRESH)
        def on_refresh(params: Any) -> None:
            refreshes.append(params)
            editor._wake()

        async def titles() -> list[str]:
            lenses = await editor.client.text_document_code_lens_async(
                types.CodeLensParams(types.TextDocumentIdentifier(uri))
            )
            resolved = [await editor.client.code_lens_resolve_async(one) for one in lenses or ()]
            return [lens.command.title for lens in resolved if lens.command]

        uri = editor.open("pair.sv")
        seen = 0
        while (found := await titles()) != ["1 instance", "top"]:
            await editor.until(lambda before=seen: len(refreshes) > before)
            seen = len(refreshes)
        assert (found, seen > 0) == (["1 instance", "top"], True)


async def test_hints_told_before_slang_had_looked_are_asked_for_again(tmp_path: Path) -> None:
    """A client that asked while the folder was still being read is told when there is more to show."""
    (tmp_path / "pair.sv").write_text(PAIR)
    async with editing(tmp_path, client=VSCODE) as editor:
        refreshes: list[Any] = []

        @editor.client.feature(types.WORKSPACE_INLAY_HINT_REFRESH)
        def on_refresh(params: Any) -> None:
            refreshes.append(params)
            editor._wake()

        uri = editor.open("pair.sv")
        whole = types.Range(types.Position(0, 0), types.Position(5, 0))
        asked = types.InlayHintParams(types.TextDocumentIdentifier(uri), whole)

        async def told() -> list[str]:
            hints = await editor.client.text_document_inlay_hint_async(asked)
            parts = [hint.label for hint in hints or () if isinstance(hint.label, list)]
            return [part.value for label in parts for part in label]

        seen = 0
        while "= 8" not in (labels := await told()):
            await editor.until(lambda before=seen: len(refreshes) > before)
            seen = len(refreshes)
        assert "= 8" in labels
