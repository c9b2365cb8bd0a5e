"""Diagnostics: slang's, the parser's until those are there, the user's choice, and the one hint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from hdl_lsp.config import Layer, settings
from hdl_lsp.config.resolving import resolve
from hdl_lsp.features.diagnostics import (
    UNCONFIGURED,
    closed_diagnostics,
    diagnostics,
    files_with_findings,
)
from hdl_lsp.semantics.carried import carried
from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.semantics.facts import Diagnostic, FileFacts, Severity
from hdl_lsp.text.source import span
from hdl_lsp.workspace import closure
from hdl_lsp.workspace.snapshot import Snapshot
from tests.support.fixture import Fixture, parse_fixture

WRONG = "module m;\n  logic [3:0] a;\n  assign a = ghost + ;\nendmodule\n"


def of(at: Fixture, world: Snapshot | None = None) -> tuple[Diagnostic, ...]:
    """The diagnostics of the fixture's file with fresh facts."""
    world = world or at.snapshot()
    return diagnostics(world, at.file, world.facts(at.file))


def test_slang_finds_types() -> None:
    """With facts, elaboration's findings are there."""
    at = parse_fixture("module m;\n  always_comb a = 1;\nendmodule\n")
    (found,) = of(at)
    assert found.severity is Severity.ERROR
    assert at.source.slice(found.span) == "a"


NARROWED = """
module m (input logic [1:0] sel_i, input logic [7:0] wide_i, output logic [3:0] narrow_o);
  always_comb begin
    narrow_o = wide_i;
    case (sel_i)
      2'd0: narrow_o = 4'd1;
    endcase
  end
endmodule
"""


def test_each_example_of_a_warning_option_has_an_effect() -> None:
    """What the settings name as examples changes what is found in an open file."""
    (doc,) = (one.doc for one in settings() if one.key == "diagnostics.warnings")
    examples = [words for words in doc.split("`")[1::2] if not words.startswith("-W")]
    assert len(examples) == 3
    at = parse_fixture(NARROWED)
    plain = of(at)
    for example in examples:
        chosen = resolve({Layer.USER: {"diagnostics": {"warnings": [example]}}}).config
        world = replace(at.snapshot(), config=chosen)
        facts = Compiler().facts(closure.facts_request(world, at.file))
        found = diagnostics(world, at.file, facts)
        code = example.removeprefix("error=")
        severity = Severity.ERROR if example.startswith("error=") else Severity.WARNING
        assert [one.severity for one in found if one.code == code] == [severity]
        assert code not in {one.code for one in plain}


def test_parser_speaks_until_slang_does() -> None:
    """Without facts, problems of the parser are reported, with the same code."""
    at = parse_fixture(WRONG)
    early = diagnostics(at.snapshot(), at.file, None)
    assert [one.severity for one in early] == [Severity.ERROR]
    assert {one.code for one in early} <= {one.code for one in of(at)}


def test_old_facts_are_not_used() -> None:
    """Facts of another text would point to wrong places, so the parser speaks."""
    at = parse_fixture(WRONG)
    world = at.snapshot()
    facts = world.facts(at.file)
    assert facts is not None
    old = replace(facts, digest="of another text")
    assert diagnostics(world, at.file, old) == diagnostics(world, at.file, None)


def test_unknown_macros_are_no_errors_before_facts() -> None:
    """An unknown macro or include says nothing about the file while nobody has looked for it."""
    at = parse_fixture('`include "ghost.svh"\nmodule m;\n  `GHOST(a)\nendmodule\n')
    assert diagnostics(at.snapshot(), at.file, None) == ()


def test_one_hint_for_an_unconfigured_project() -> None:
    """Missing macros and includes of an inferred project are one hint at the first of them, naming three."""
    uses = "\n".join(f"  `GHOST_{n}(a)" for n in range(5))
    at = parse_fixture(f'`include "ghost.svh"\nmodule m;\n{uses}\nendmodule\n')
    (found,) = (one for one in of(at) if one.code == UNCONFIGURED)
    assert found.severity is Severity.HINT
    assert at.source.line_of(found.span.start) == 0
    assert "ghost.svh" in found.message
    assert "`GHOST_0, `GHOST_1, `GHOST_2 and 2 more" in found.message
    assert "hdl-lsp doctor" in found.message


def test_configured_project_gets_errors() -> None:
    """With a project file an unknown include is an error, and there is no hint."""
    at = parse_fixture(
        '//- /hdl-lsp.toml\n[project]\nsources = ["*.sv"]\n//- /m.sv\n`include "ghost.svh"\nmodule m; endmodule\n'
    )
    found = of(at)
    assert [one.severity for one in found] == [Severity.ERROR]
    assert UNCONFIGURED not in {one.code for one in found}


def test_ignored_codes() -> None:
    """A code that the settings name is left out."""
    at = parse_fixture(WRONG)
    codes = sorted({one.code for one in of(at)})
    config = resolve({Layer.WORKSPACE: {"diagnostics": {"ignore": codes[:1]}}}).config
    world = replace(at.snapshot(), config=config)
    assert codes[0] not in {one.code for one in of(at, world)}


def test_switched_off() -> None:
    """With diagnostics off nothing is reported."""
    at = parse_fixture(WRONG)
    config = resolve({Layer.WORKSPACE: {"diagnostics": {"enabled": False}}}).config
    assert of(at, replace(at.snapshot(), config=config)) == ()


def test_failure_is_said() -> None:
    """A file that slang gave up on says so at its first line."""
    at = parse_fixture("module m; endmodule\n")
    facts = FileFacts(at.path, at.source.digest, failure="nesting too deep")
    (found,) = diagnostics(at.snapshot(), at.file, facts)
    assert "nesting too deep" in found.message
    assert found.span.start == 0


CLOSED = """
//- /hdl-lsp.toml
[project]
sources = ["*.sv"]
third_party = ["vendor*.sv"]
//- /broken.sv
module broken;
  assign = 1;
endmodule
//- /with_macro.sv
module with_macro;
  `SOMETHING_UNKNOWN
  assign = 1;
endmodule
//- /included.sv
  assign = 1;
//- /vendor.sv
module vendor;
  assign = 1;
endmodule
//- /whole.sv
module whole;
`include "included.sv"
endmodule
"""


def closed_files(design: DesignFacts | None) -> dict[str, list[str]]:
    """Messages of the files that may have findings, none of them open."""
    at = parse_fixture(CLOSED)
    world = replace(at.snapshot(), open_files=frozenset())
    return {
        world.path(file): [one.message for one in closed_diagnostics(world, file, design)]
        for file in files_with_findings(world, design)
    }


def test_closed_files_have_errors_of_the_parser_that_are_certain() -> None:
    """An unknown macro or an include may explain an error; a vendor's file is nobody's business."""
    assert closed_files(None) == {
        "/broken.sv": ["expected expression"],
        "/included.sv": [],
        "/vendor.sv": [],
        "/with_macro.sv": [],
    }


def test_closed_files_have_findings_of_the_design_with_this_text() -> None:
    """What elaboration of another text found is not shown, what it found in this one replaces the parser's errors."""
    at = parse_fixture(CLOSED)
    digest = at.snapshot().files[at.file_of("/broken.sv")].digest
    finding = Diagnostic(span(0, 6), Severity.WARNING, "unused-net", "never used")
    told = {"/broken.sv": (finding,), "/whole.sv": (finding,)}
    design = DesignFacts(diagnostics=told, digests={"/broken.sv": digest, "/whole.sv": "older"})
    found = closed_files(design)
    assert found["/broken.sv"] == ["never used"]
    assert found["/whole.sv"] == []


NARROW = """
//- /hdl-lsp.toml
[project]
sources = ["*.sv"]
//- /m.sv
module m (bus port, output logic q_o);
  assign q_o = port.data[3];
endmodule
//- /bus.sv
interface bus (); logic [1:0] data; endinterface
"""


def with_design(
    found: tuple[Diagnostic, ...] = (), instances: Mapping[str, int] = MappingProxyType({"m": 1})
) -> list[str]:
    """Messages of the open file, once the design was elaborated with its text and *found* this."""
    at = parse_fixture(NARROW)
    file = at.file_of("/m.sv")
    world, path = at.snapshot(), "/m.sv"
    text = world.files[file]
    design = DesignFacts(
        diagnostics={path: found}, digests={path: text.digest}, instances_of=instances
    )
    whole = carried(design, path, text)
    return [one.message for one in diagnostics(world, file, world.facts(file), whole)]


def test_the_design_decides_about_values_of_an_elaborated_module() -> None:
    """What only the default of an interface shows is no finding once the real one is known."""
    own = "cannot refer to element 3 of 'logic[1:0]'"
    assert with_design(instances={}) == [own]
    assert with_design() == []


def test_a_finding_of_the_design_is_not_said_twice() -> None:
    """The file's own one counts where both lie on one place; another place is added."""
    own = "cannot refer to element 3 of 'logic[1:0]'"
    same = Diagnostic(span(64, 65), Severity.WARNING, "index-oob", "also of the design")
    other = Diagnostic(span(0, 6), Severity.WARNING, "width-trunc", "only of the design")
    assert with_design((other, same)) == ["only of the design", own]
