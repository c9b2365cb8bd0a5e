"""The server's text is the editor's text, whatever the editor sends."""

from __future__ import annotations

import random
from hashlib import blake2b
from pathlib import Path

import pytest
from lsprotocol import types

from tests.e2e.editor import EGLOT, EGLOT_OLD, NEOVIM, Editor, editing

ENCODINGS = {"utf-8": NEOVIM, "utf-16": EGLOT_OLD, "utf-32": EGLOT}
WIDE = 'module m; // naïve 𝔘nicode 🧪\n  string s = "é𝔘"; logic wide_q;\nendmodule\n'


def digest(text: str) -> str:
    """Digest as the server makes it."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


async def same(editor: Editor, uri: str) -> bool:
    """The server has exactly the editor's text."""
    return (await editor.file_info(uri)).digest == digest(editor.texts[uri])


def partial(
    start: tuple[int, int], end: tuple[int, int], text: str
) -> types.TextDocumentContentChangePartial:
    """An incremental change as it goes over the wire."""
    where = types.Range(types.Position(*start), types.Position(*end))
    return types.TextDocumentContentChangePartial(range=where, text=text)


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_columns_after_wide_characters(encoding: str, tmp_path: Path) -> None:
    """Edits and hovers right of characters that count differently in each encoding hit the same place."""
    async with editing(tmp_path, client=ENCODINGS[encoding]) as editor:
        assert editor.encoding == encoding
        uri = editor.open("wide.sv", WIDE)
        editor.replace(uri, "wide_q", "wide_d")
        editor.replace(uri, "é𝔘", "𝔘é🧪")
        assert await same(editor, uri)
        await editor.loaded()
        assert "wide_d" in await editor.hover_text(uri, "wide_d", 2)
        found = await editor.client.text_document_definition_async(
            types.DefinitionParams(**editor.at(uri, "wide_d", 1))
        )
        assert isinstance(found, list)
        assert isinstance(found[0], types.LocationLink)
        expected = editor.position_of(editor.texts[uri], editor.texts[uri].index("wide_d"))
        assert found[0].target_selection_range.start == expected


async def test_several_changes_count_one_after_the_other(tmp_path: Path) -> None:
    """Each change of one didChange counts in the text that the one before it left; full texts too."""
    async with editing(tmp_path) as editor:
        uri = editor.open("a.sv", "abc\n")
        editor.change(
            uri,
            partial((0, 0), (0, 1), "xyz"),
            partial((0, 3), (0, 4), ""),
            types.TextDocumentContentChangeWholeDocument(text="one\ntwo\n"),
            partial((1, 0), (1, 3), "2"),
        )
        editor.texts[uri] = "one\n2\n"
        assert await same(editor, uri)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((9, 0), (99, 0), "ab\ncd!"),
        ((0, 99), (0, 999), "ab!\ncd"),
        ((0, 1), (77, 7), "a!"),
        ((1, 2), (0, 1), "a!"),
    ],
)
async def test_edits_out_of_range_are_clamped(
    start: tuple[int, int], end: tuple[int, int], expected: str, tmp_path: Path
) -> None:
    """An edit past the end of a line or of the text, or with its ends swapped, is put where it can be."""
    async with editing(tmp_path) as editor:
        uri = editor.open("a.sv", "ab\ncd")
        editor.change(uri, partial(start, end, "!"))
        editor.texts[uri] = expected
        assert await same(editor, uri)


@pytest.mark.parametrize(
    "text",
    [
        "module m;\r\nlogic a;\r\nendmodule\r\n",
        "module m;\rlogic a;\rendmodule\r",
        "module m;\n\x0clogic a;\x0b\nendmodule",
        "module m; // \u2028 \u2029 \x85\nlogic a;\nendmodule\n",
        "module m;\n\x00logic a;\nendmodule\n",
        "// 🧪 \U0010ffff\nmodule m;\nlogic a;\nendmodule\n",
        "",
    ],
    ids=["crlf", "cr", "form feed", "line separators", "nul", "astral", "empty"],
)
async def test_texts_of_every_kind(text: str, tmp_path: Path) -> None:
    """Line ends are LSP's three and no others; every other character is text."""
    async with editing(tmp_path) as editor:
        uri = editor.open("odd.sv", text)
        if "logic a" in text:
            editor.replace(uri, "logic a", "logic [3:0] bcd")
        assert await same(editor, uri)
        await editor.loaded()
        symbols = await editor.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
        )
        assert [symbol.name for symbol in symbols or ()] == (["m"] if text else [])


async def test_requests_for_unknown_documents_have_empty_answers(small: Path) -> None:
    """A document that was never opened and is in no folder: null, nothing, no error; changes of it too."""
    async with editing(small) as editor:
        await editor.loaded()
        document = types.TextDocumentIdentifier("file:///nowhere/at/all.sv")
        at = {"text_document": document, "position": types.Position(0, 0)}
        client = editor.client
        assert await client.text_document_hover_async(types.HoverParams(**at)) is None
        assert await client.text_document_definition_async(types.DefinitionParams(**at)) is None
        assert await client.text_document_completion_async(types.CompletionParams(**at)) is None
        symbols = types.DocumentSymbolParams(document)
        assert await client.text_document_document_symbol_async(symbols) is None
        assert (
            await editor.ask(
                "hdl/explain",
                {"textDocument": {"uri": document.uri}, "position": {"line": 0, "character": 0}},
            )
            is None
        )
        editor.versions[document.uri] = 1
        editor.change(document.uri, partial((0, 0), (0, 0), "x"))
        client.text_document_did_close(types.DidCloseTextDocumentParams(document))
        assert await editor.file_info(document.uri) is None


async def test_a_file_of_the_workspace_can_be_asked_without_opening(small: Path) -> None:
    """Clients may ask about files that are not open; then the disk counts."""
    async with editing(small) as editor:
        await editor.loaded()
        symbols = await editor.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(types.TextDocumentIdentifier(editor.uri("rtl/fifo.sv")))
        )
        assert [symbol.name for symbol in symbols or ()] == ["fifo"]


async def test_the_disk_counts_again_after_closing(small: Path) -> None:
    """Unsaved text is gone with didClose, and pushed diagnostics are taken back."""
    async with editing(small) as editor:
        uri = editor.open("rtl/fifo.sv", "module fifo; logic a = ; endmodule")
        await editor.diagnostics(uri, lambda found: len(found) > 0)
        editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )
        await editor.diagnostics(uri, lambda found: not found)
        editor.texts[uri] = (small / "rtl/fifo.sv").read_text(encoding="utf-8")
        assert await same(editor, uri)


async def test_untitled_documents_are_served(small: Path) -> None:
    """A buffer without a file has an outline, diagnostics and hovers under its own URI."""
    async with editing(small) as editor:
        uri = "untitled:Untitled-1"
        text = "module scratch; logic a; assign a = missing; endmodule"
        editor.texts[uri] = text
        editor.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "systemverilog", 1, text))
        )
        found = await editor.diagnostics(uri, lambda found: len(found) > 0)
        assert "missing" in found[0].message
        assert "logic" in await editor.hover_text(uri, "a;")


def random_edit(rng: random.Random, text: str) -> tuple[int, int, str]:
    """Start, end and new text, in characters: mostly what people type, sometimes a block gone or pasted."""
    start = rng.randrange(len(text) + 1)
    match rng.randrange(6):
        case 0:
            return start, min(len(text), start + rng.randrange(400)), ""
        case 1:
            other = rng.randrange(len(text) + 1)
            return start, start, text[other : other + rng.randrange(300)]
        case 2:
            return (
                start,
                min(len(text), start + 3),
                rng.choice(["begin\n", "end", "🧪", "\r\n", "é", "\t"]),
            )
        case _:
            return (
                start,
                start,
                rng.choice([";", "(", ")", "a", "_q", "`", "\n", '"', "/*", ".", "#("]),
            )


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_storm_of_edits_on_ibex(seed: int, ibex: Path) -> None:
    """A hundred random edits of a real file with requests in between: same text, no internal error."""
    rng = random.Random(seed)
    async with editing(ibex, client=rng.choice(list(ENCODINGS.values()))) as editor:
        uri = editor.open("rtl/ibex_core.sv")
        document = types.TextDocumentIdentifier(uri)
        client = editor.client
        for step in range(100):
            text = editor.texts[uri]
            start, end, new = random_edit(rng, text)
            # A cut inside CR LF has no position of its own: keep to whole line ends, as editors do.
            start -= text[start - 1 : start + 1] == "\r\n"
            end += text[end - 1 : end + 1] == "\r\n"
            end = max(start, end)
            change = types.TextDocumentContentChangePartial(
                range=types.Range(editor.position_of(text, start), editor.position_of(text, end)),
                text=new,
            )
            editor.texts[uri] = text[:start] + new + text[end:]
            editor.change(uri, change)
            at = {
                "text_document": document,
                "position": editor.position_of(editor.texts[uri], start),
            }
            match step % 5:
                case 0:
                    await client.text_document_completion_async(types.CompletionParams(**at))
                case 1:
                    await client.text_document_hover_async(types.HoverParams(**at))
                case 2:
                    await client.text_document_document_symbol_async(
                        types.DocumentSymbolParams(document)
                    )
                case 3:
                    await client.text_document_signature_help_async(types.SignatureHelpParams(**at))
                case _:
                    await client.text_document_folding_range_async(
                        types.FoldingRangeParams(document)
                    )
            if step % 10 == 0:
                assert await same(editor, uri), step
        assert await same(editor, uri)
