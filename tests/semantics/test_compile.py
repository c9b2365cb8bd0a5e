"""What the compiler keeps from one compilation to the next, and that nothing makes it raise."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.semantics.request import FactsRequest, Input
from hdl_lsp.text.source import SourceText
from tests.semantics.shallow import Compiled, given, waiting


def values(facts: FileFacts) -> dict[str, str | None]:
    """Values of the constants."""
    return {s.name: s.value for s in facts.symbols if s.kind == "localparam"}


def test_an_edited_text_gives_new_facts_under_the_same_path() -> None:
    """The second text of a path is compiled, not the first one again."""
    compiler = Compiler()
    first = Compiled("module m; localparam int A = 1; endmodule\n", compiler=compiler).facts
    second = Compiled("module m; localparam int A = 2; endmodule\n", compiler=compiler).facts
    assert (values(first), values(second)) == ({"A": "1"}, {"A": "2"})
    assert first.path == second.path


def test_a_context_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    """A package on disk that was changed is compiled as it is now."""
    package = tmp_path / "p.sv"
    package.write_text("package p; localparam int A = 1; endpackage\n")
    request = FactsRequest(
        given("/m.sv", "module m; localparam int B = p::A; endmodule\n"), (Input(str(package)),)
    )
    compiler = Compiler()
    before = compiler.facts(request)
    package.write_text("package p; localparam int A = 22; endpackage\n")
    assert (values(before)["B"], values(compiler.facts(request))["B"]) == ("1", "22")


def test_a_header_is_read_again_when_it_changes_or_appears(tmp_path: Path) -> None:
    """A header is read once by slang; a changed or new one is noticed all the same."""
    main = Input(
        str(tmp_path / "m.sv"),
        "d",
        '`include "h.svh"\nmodule m; localparam int B = `A; endmodule\n',
    )
    compiler = Compiler()
    assert compiler.facts(FactsRequest(main)).missing_includes == ("h.svh",)
    header = tmp_path / "h.svh"
    header.write_text("`define A 1\n")
    assert values(compiler.facts(FactsRequest(main))) == {"B": "1"}
    header.write_text("`define A 22\n")
    assert values(compiler.facts(FactsRequest(main))) == {"B": "22"}


def test_an_open_header_counts_before_the_one_on_disk(tmp_path: Path) -> None:
    """An unsaved header is what is included, until its buffer is closed."""
    header = tmp_path / "h.svh"
    header.write_text("`define A 1\n")
    main = Input(
        str(tmp_path / "m.sv"),
        "d",
        '`include "h.svh"\nmodule m; localparam int B = `A; endmodule\n',
    )
    compiler = Compiler()
    open_header = given(str(header), "`define A 7\n")
    assert values(compiler.facts(FactsRequest(main, overlays=(open_header,)))) == {"B": "7"}
    assert values(compiler.facts(FactsRequest(main))) == {"B": "1"}


def test_files_that_are_not_utf_8_are_compiled(tmp_path: Path) -> None:
    """Latin-1 in a context file and in a header does no harm."""
    package = tmp_path / "p.sv"
    package.write_bytes(b"package p; // caf\xe9\n localparam int A = 3; endpackage\n")
    header = tmp_path / "h.svh"
    header.write_bytes(b"// \xfc\n`define A p::A\n")
    main = Input(
        str(tmp_path / "m.sv"),
        "d",
        '`include "h.svh"\nmodule m; localparam int B = `A; endmodule\n',
    )
    facts = Compiler().facts(FactsRequest(main, (Input(str(package)),)))
    assert (facts.failure, values(facts)["B"]) == ("", "3")


def test_a_main_file_that_is_gone_is_a_failure_in_words() -> None:
    """A path that can't be read does not raise."""
    facts = Compiler().facts(FactsRequest(Input("/nowhere/m.sv")))
    assert facts.failure == "the file can't be read"


def test_facts_name_what_they_depend_on(tmp_path: Path) -> None:
    """Context files and headers are listed."""
    header = tmp_path / "h.svh"
    header.write_text("`define A 1\n")
    main = Input(str(tmp_path / "m.sv"), "d", '`include "h.svh"\nmodule m; endmodule\n')
    other = given(str(tmp_path / "o.sv"), "module o; endmodule\n")
    assert Compiler().facts(FactsRequest(main, (other,))).depends_on == (other.path, str(header))


def test_forgetting_starts_afresh() -> None:
    """Texts that slang holds are counted, and dropped on request."""
    compiler = Compiler()
    Compiled("module m; endmodule\n", compiler=compiler)
    held = compiler.kept_bytes
    compiler.forget()
    assert (held > 0, compiler.kept_bytes) == (True, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "module",
        "\0module m; endmodule",
        "module é; wire \\a+b ; endmodule",
        "`",
        "`define",
        "module m; initial " + "begin " * 20_000 + "end " * 20_000 + "endmodule",
        "module m; wire a = " + "1 ? 1 : " * 3_000 + "0; endmodule",
        "module m; m u (); endmodule",
        "package p; import p::*; endpackage",
        "class c extends c; endclass",
        'module m; `include "main.sv"\n endmodule',
        "module m; assign a.b[c = d",
        "interface i; modport m(input",
        "module m(input a, b; fifo #(.x(, .y) u (.a(), .b(",
        "typedef enum {A, B} t; typedef struct { t t; } s; s s; s.t",
        "`define F(x) `F(x)\nmodule m; `F(1) endmodule",
    ],
)
def test_no_text_makes_it_raise(text: str) -> None:
    """Broken, deep and recursive texts give facts or a failure, with all spans inside the text."""
    facts = Compiler().facts(FactsRequest(Input("/rtl/main.sv", "d", text)))
    size = SourceText.of(text).size_bytes
    spans = [r.span for r in facts.references] + [d.span for d in facts.diagnostics]
    spans += [m.span for m in facts.macros] + list(facts.inactive) + [s.span for s in facts.scopes]
    assert all(0 <= s.start <= s.end <= size for s in spans)


CYCLES = """
    package p; typedef enum logic {A, B} t; endpackage
    class c; function int f(input int x); return x; endfunction endclass
    module m; p::t v = p::A; c o; initial $display(o.f(1)); endmodule
"""
"""Names that are resolved later, by functions that hold on to the walk they are part of."""


def test_no_symbol_outlives_its_compilation() -> None:
    """Nothing waits for the garbage collector: pyslang would hand it out for what slang puts at its address next."""
    compiler, request = Compiler(), FactsRequest(given("/m.sv", CYCLES))
    assert waiting(lambda: compiler.facts(request)) == 0
