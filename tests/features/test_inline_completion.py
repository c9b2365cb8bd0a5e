"""Ghost text: the model's words, cut to what slang accepts, checked by the real slang."""

from __future__ import annotations

import pytest

from hdl_lsp.computed import rules
from hdl_lsp.computed.suggestion import Computed, Rule
from hdl_lsp.errors import WorkerGoneError
from hdl_lsp.features.inline_completion import inline_completion
from hdl_lsp.llm.engine import FimPrompt, FinishReason
from hdl_lsp.semantics.checked import Checked
from hdl_lsp.text.source import Offset, SourceText, span
from tests.support.checker import checker
from tests.support.engine import ScriptedEngine
from tests.support.fixture import parse_fixture

HEAD = "module m(input logic clk_i, input logic [3:0] a, b, output logic [3:0] y);\n  logic q;\n"


async def suggested(body: str, written: str, finish: FinishReason = FinishReason.STOP) -> list[str]:
    """What is shown when the model writes *written* at the cursor in *body*."""
    at = parse_fixture(HEAD + body + "endmodule\n")
    snapshot = at.snapshot()
    engine = ScriptedEngine()
    engine.enqueue(written, finish)
    items = await inline_completion(
        snapshot, at.file, at.offset, engine, checker(snapshot, at.file)
    )
    return [item.text for item in items]


async def test_what_compiles_is_shown() -> None:
    """A statement that slang accepts is shown as it is."""
    assert await suggested("  assign y =<|>\n", " a & b;") == [" a & b;"]


async def test_an_unknown_name_is_not_shown() -> None:
    """A name that exists nowhere makes slang reject the line."""
    assert await suggested("  assign y =<|>\n", " a & not_there;") == []


async def test_an_implicit_net_is_not_shown() -> None:
    """A misspelt target would become a new net; that is as bad as an error."""
    assert await suggested("  <|>\n", "assign yy = a;") == []


@pytest.mark.parametrize(
    ("before", "written"),
    [
        ("  assign y = b;\n  <|>\n", "assign y = a;"),
        ("  always_comb y = b;\n  <|>\n", "assign y = a;"),
        (
            "  always_ff @(posedge clk_i) q <= b[0];\n  <|>\n",
            "always_ff @(posedge clk_i) q <= a[0];",
        ),
        ("  <|>\n", "assign a = b;"),
    ],
)
async def test_a_second_driver_is_not_shown(before: str, written: str) -> None:
    """What is driven already, here or from outside, is not driven once more."""
    assert await suggested(before, written) == []


async def test_what_has_two_drivers_already_does_not_stop_the_next_line() -> None:
    """Only a new driver too many is refused."""
    body = "  assign y = a;\n  assign y = b;\n  <|>\n"
    assert await suggested(body, "assign q = a[0];") == ["assign q = a[0];"]


async def test_a_missing_semicolon_is_added() -> None:
    """An expression at the end of a line is ended."""
    assert await suggested("  assign y =<|>\n", " a & b") == [" a & b;"]


async def test_a_hanging_operator_is_cut_off() -> None:
    """What was cut off after an operator is shown without it."""
    shown = await suggested("  assign y =<|>\n", " (a | b) & (a", FinishReason.LENGTH)
    assert shown == []
    assert await suggested("  assign y =<|>\n", " (a | b) &") == [" (a | b);"]


async def test_only_the_lines_that_pass_are_shown() -> None:
    """The first line with an error and everything after it is cut."""
    written = "assign y = a;\n  assign q = nowhere;\n  logic t;"
    assert await suggested("  <|>\n", written) == ["assign y = a;"]


async def test_blocks_are_shown_closed() -> None:
    """A block that the model left open is closed, so that it compiles."""
    written = "always_ff @(posedge clk_i) begin\n    q <= a[0];"
    assert await suggested("  <|>\n", written) == [written + "\n  end"]


async def test_a_port_connection_is_checked_too() -> None:
    """In the middle of a line the candidate is compiled with what stands right of it."""
    other = "//- /sub.sv\nmodule sub(input logic [3:0] d);\nendmodule\n//- /main.sv\n"
    at = parse_fixture(other + HEAD + "  sub u_sub (.d(<|>));\nendmodule\n")
    snapshot = at.snapshot()
    check = checker(snapshot, at.file)
    good, bad = ScriptedEngine(), ScriptedEngine()
    good.enqueue("a));")
    bad.enqueue("nothing));")
    assert [i.text for i in await inline_completion(snapshot, at.file, at.offset, good, check)] == [
        "a"
    ]
    assert await inline_completion(snapshot, at.file, at.offset, bad, check) == ()


async def test_text_that_was_broken_before_must_not_get_worse() -> None:
    """An error elsewhere in the file does not stop suggestions, a new one does."""
    broken = "  assign y = ;\n  <|>\n"
    assert await suggested(broken, "assign q = a[0];") == ["assign q = a[0];"]
    assert await suggested(broken, "assign q = ;") == []


async def test_without_slang_nothing_is_shown() -> None:
    """While the analysis process is down there is no verdict, and no suggestion."""

    async def down(
        _before: SourceText, _offset: Offset, _insertions: tuple[str, ...]
    ) -> Checked | None:
        return None

    at = parse_fixture(HEAD + "  assign y =<|>\nendmodule\n")
    snapshot = at.snapshot()
    engine = ScriptedEngine()
    engine.enqueue(" a;")
    assert await inline_completion(snapshot, at.file, at.offset, engine, down) == ()


@pytest.mark.parametrize(
    "body",
    [
        '  initial $display("<|>");\n',
        "  logic la<|>bel;\n",
        "  assign y = a <|> & b;\n",
        "  assign y = 4'<|>\n",
    ],
)
async def test_where_nothing_can_be_suggested_the_model_is_not_asked(body: str) -> None:
    """Inside a string, a word, a number, or with code right of the cursor."""
    at = parse_fixture(HEAD + body + "endmodule\n")
    snapshot = at.snapshot()
    engine = ScriptedEngine()
    assert (
        await inline_completion(snapshot, at.file, at.offset, engine, checker(snapshot, at.file))
        == ()
    )
    assert engine.asked == []


async def test_the_prompt_is_frozen_up_to_the_line() -> None:
    """Typing on a line changes nothing above it in the prompt."""
    prompts: list[FimPrompt] = []
    for typed in ("  assign y =<|>", "  assign y = a<|>", "  assign y = a &<|>"):
        at = parse_fixture(HEAD + typed + "\nendmodule\n")
        snapshot = at.snapshot()
        engine = ScriptedEngine()
        engine.enqueue(";")
        await inline_completion(snapshot, at.file, at.offset, engine, checker(snapshot, at.file))
        prompt = engine.asked[0].prompt
        assert isinstance(prompt, FimPrompt)
        prompts.append(prompt)
    assert len({(p.context, p.prefix, p.suffix) for p in prompts}) == 1
    assert [p.line_prefix for p in prompts] == [
        "  assign y =",
        "  assign y = a",
        "  assign y = a &",
    ]


async def test_a_dead_worker_is_an_error_of_the_engine() -> None:
    """What the engine raises is passed on; the server makes a status of it."""
    at = parse_fixture(HEAD + "  assign y =<|>\nendmodule\n")
    snapshot = at.snapshot()
    engine = ScriptedEngine()
    engine.enqueue(WorkerGoneError("the model process died"))
    with pytest.raises(WorkerGoneError):
        await inline_completion(snapshot, at.file, at.offset, engine, checker(snapshot, at.file))


async def test_a_crlf_file_gets_crlf() -> None:
    """Every line end that is inserted is the file's own."""
    body = (HEAD + "  <|>\nendmodule\n").replace("\n", "\r\n")
    at = parse_fixture(body)
    snapshot = at.snapshot()
    engine = ScriptedEngine("assign y = a;\n  assign q = b[0];")
    (item,) = await inline_completion(
        snapshot, at.file, at.offset, engine, checker(snapshot, at.file)
    )
    assert item.text == "assign y = a;\r\n  assign q = b[0];"


async def test_a_cursor_inside_a_line_end_inserts_before_it() -> None:
    """Between CR and LF the text goes to the end of the line."""
    at = parse_fixture((HEAD + "  assign y =\nendmodule\n").replace("\n", "\r\n"))
    end = at.source.text.index("y =") + 3
    snapshot = at.snapshot()
    (item,) = await inline_completion(
        snapshot, at.file, Offset(end + 1), ScriptedEngine(" a;"), checker(snapshot, at.file)
    )
    assert (item.text, item.range) == (" a;", span(end, end))


async def test_tabs_stay_tabs() -> None:
    """New lines are indented as the cursor's line is."""
    written = "assign y = a;\n\tassign q = b[0];"
    assert await suggested("\t<|>\n", written) == [written]
    assert await suggested("\t<|>\n", "assign y = a;\n    assign q = b[0];") == [written]


async def test_text_left_of_the_cursor_may_be_of_any_script() -> None:
    """Bytes, not characters, are counted."""
    assert await suggested("  /* größe 電 */ assign y =<|>\n", " a;") == [" a;"]


async def test_a_lone_surrogate_of_a_model_does_no_harm() -> None:
    """JSON can carry half a character; slang then sees a replacement character and refuses the line."""
    assert await suggested("  assign y =<|>\n", " a\ud800;") == []


@pytest.mark.parametrize("text", ["", "<|>", "\n"])
async def test_an_empty_file_is_answered(text: str) -> None:
    """A suggestion or none, as slang says."""
    at = parse_fixture(text)
    snapshot = at.snapshot()
    check = checker(snapshot, at.file)
    items = await inline_completion(
        snapshot, at.file, Offset(0), ScriptedEngine("module m;\nendmodule"), check
    )
    assert [item.text for item in items] == ["module m;\nendmodule"]


async def test_a_file_nobody_opened_is_answered() -> None:
    """Nothing, and the model is not asked."""
    at = parse_fixture("module m; endmodule")
    snapshot = at.snapshot()
    stranger = at.table.id_of("/elsewhere.sv")
    engine = ScriptedEngine()
    check = checker(snapshot, at.file)
    assert await inline_completion(snapshot, stranger, Offset(0), engine, check) == ()
    assert engine.asked == []


async def test_every_offset_of_a_broken_file_is_answered() -> None:
    """Whatever the model writes, no place raises."""
    text = "module m #(\n  fifo u (.a(, /* é\r\n */ `X(\n always_ff @(pos begin\r if (a y <=\n"
    at = parse_fixture("//- /broken.sv\n" + text)
    snapshot = at.snapshot()
    check = checker(snapshot, at.file)
    for offset in range(snapshot.files[at.file].size_bytes + 1):
        for written in ("", "a);\nend end", "begin\n  x <= 1;", "é\n\n`endif"):
            engine = ScriptedEngine(written)
            await inline_completion(snapshot, at.file, Offset(offset), engine, check)


WITH_A_SERIES = HEAD + "  assign y = a;\n  <|>\nendmodule\n"


def says(*texts: str) -> tuple[Rule, ...]:
    """One rule, "given", that answers with *texts* everywhere."""
    return (lambda _asked: tuple(Computed(text, "given") for text in texts),)


async def found(
    fixture: str, engine: ScriptedEngine | None, *, is_asked: bool = False
) -> list[tuple[str, str]]:
    """Text and origin of what is shown."""
    at = parse_fixture(fixture)
    snapshot = at.snapshot()
    check = checker(snapshot, at.file)
    items = await inline_completion(snapshot, at.file, at.offset, engine, check, is_asked=is_asked)
    return [(item.text, item.origin) for item in items]


async def test_what_is_computed_needs_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an engine what follows from the design is shown, best first."""
    monkeypatch.setattr(rules, "RULES", says("assign q = a[0];", "assign q = b[0];"))
    assert await found(WITH_A_SERIES, None) == [
        ("assign q = a[0];", "given"),
        ("assign q = b[0];", "given"),
    ]


async def test_the_model_is_asked_only_where_nothing_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While somebody types, a computed answer is the answer."""
    monkeypatch.setattr(rules, "RULES", says("assign q = a[0];"))
    engine = ScriptedEngine()
    assert await found(WITH_A_SERIES, engine) == [("assign q = a[0];", "given")]
    assert engine.asked == []


async def test_who_presses_the_key_gets_the_models_words_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Behind what is computed, and not the same once more."""
    monkeypatch.setattr(rules, "RULES", says("assign q = a[0];"))
    engine = ScriptedEngine("assign q = b[0];")
    assert await found(WITH_A_SERIES, engine, is_asked=True) == [
        ("assign q = a[0];", "given"),
        ("assign q = b[0];", "model"),
    ]
    engine = ScriptedEngine("assign  q = a[0];")
    assert await found(WITH_A_SERIES, engine, is_asked=True) == [("assign q = a[0];", "given")]


async def test_a_broken_model_does_not_hide_what_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who presses the key gets at least that."""
    monkeypatch.setattr(rules, "RULES", says("assign q = a[0];"))
    engine = ScriptedEngine()
    engine.enqueue(WorkerGoneError("the model process died"))
    assert await found(WITH_A_SERIES, engine, is_asked=True) == [("assign q = a[0];", "given")]


async def test_a_computed_answer_that_slang_rejects_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A rule can be wrong too; its answer is not cut to a part that would pass."""
    monkeypatch.setattr(rules, "RULES", says("logic t;\n  assign q = nowhere;"))
    assert await found(WITH_A_SERIES, None) == []


async def test_a_computed_answer_has_the_files_line_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules write LF; a CRLF file gets CRLF."""
    monkeypatch.setattr(rules, "RULES", says("logic t;\n  logic s;"))
    crlf = WITH_A_SERIES.replace("\n", "\r\n")
    assert await found(crlf, None) == [("logic t;\r\n  logic s;", "given")]
