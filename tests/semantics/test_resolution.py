"""What names mean: file by file, and by the real parameters of a whole design."""

from __future__ import annotations

from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.design import Designer
from hdl_lsp.semantics.name_uses import FileNames, NamesRequest
from hdl_lsp.semantics.request import CompileOptions, DesignRequest, FactsRequest, Input
from hdl_lsp.semantics.resolution import Resolver
from hdl_lsp.text.source import SourceText
from tests.semantics.shallow import waiting

CHILD = """module child #(parameter type req_t = logic) (input req_t req_i, output logic o);
  assign o = req_i.valid;
endmodule
"""
TOP = """`define READ(s) s.valid & own
module top;
  typedef struct packed { logic valid; } a_t;
  typedef struct packed { logic x; logic valid; } b_t;
  a_t a; b_t b; logic own;
  child #(.req_t(a_t)) u_a (.req_i(a), .o());
  child #(.req_t(b_t)) u_b (.req_i(b), .o());
  wire w = `READ(a);
  wire \\valid = nobody.valid;
endmodule
"""
OPTIONS = CompileOptions(is_configured=True, tops=("top",))


def given(path: str, text: str) -> Input:
    """An open file."""
    return Input(path, SourceText.of(text).digest, text)


INPUTS = (given("/p/child.sv", CHILD), given("/p/top.sv", TOP))


def names(name: str, *, with_design: bool) -> tuple[FileNames, ...]:
    """What *name* means in both files."""
    asked = tuple(
        FactsRequest(one, tuple(i for i in INPUTS if i != one), OPTIONS) for one in INPUTS
    )
    design = DesignRequest(INPUTS, OPTIONS, version=1) if with_design else None
    return (
        Resolver(Compiler(), Designer())
        .answer(NamesRequest(frozenset({name}), asked, design))
        .files
    )


def shown(file: FileNames, text: str) -> list[tuple[int, list[int]]]:
    """Line of each use, and the lines of what it means."""
    source = SourceText.of(text)
    return [
        (
            source.line_of(u.span.start) + 1,
            [SourceText.of(TOP).line_of(m.start) + 1 for m in u.means],
        )
        for u in file.uses
    ]


def test_alone_a_field_of_a_type_parameter_is_unknown() -> None:
    """With the default type of the parameter nobody knows the field."""
    child, _ = names("valid", with_design=False)
    assert shown(child, CHILD) == [(2, [])]
    assert not child.is_elaborated


def test_in_the_design_it_means_the_field_of_every_instance() -> None:
    """Both instances give the field a meaning."""
    child, _ = names("valid", with_design=True)
    assert shown(child, CHILD) == [(2, [3, 4])]
    assert child.is_elaborated


def test_macro_bodies_are_told_where_they_are_used() -> None:
    """A name out of a macro's body is noted at the use of the macro; its argument where it is written."""
    _, top = names("own", with_design=False)
    assert [(u.span.length, u.is_expanded) for u in top.uses] == [(3, False), (0, True)]
    assert all(u.means for u in top.uses)


def test_escaped_and_unknown_names_are_seen() -> None:
    """An escaped identifier counts with its backslash; a member nobody knows means nothing."""
    _, top = names("valid", with_design=False)
    lines = [(line, bool(means)) for line, means in shown(top, TOP)]
    assert (9, True) in lines
    assert (9, False) in lines


def test_a_trial_leaves_the_design_as_it_was() -> None:
    """A design of version 0 does not replace the one that the process keeps."""
    designer = Designer()
    resolver = Resolver(Compiler(), designer)
    kept = DesignRequest(INPUTS, OPTIONS, version=1)
    resolver.answer(NamesRequest(frozenset({"a"}), (), kept))
    before = designer.last
    trial = DesignRequest((given("/p/top.sv", "module top; endmodule\n"),), OPTIONS)
    found = resolver.answer(NamesRequest(frozenset({"a"}), (), trial, with_problems=True))
    assert not found.failure
    assert designer.last is before


def test_nothing_of_a_trial_waits_for_the_garbage_collector() -> None:
    """Once the names of a trial are told, all that was made to find them is gone with its compilation."""
    designer = Designer()
    resolver = Resolver(Compiler(), designer)
    asked = tuple(FactsRequest(file, INPUTS, OPTIONS) for file in INPUTS)
    wanted = frozenset({"valid"})
    resolver.answer(NamesRequest(wanted, asked, DesignRequest(INPUTS, OPTIONS, version=1)))
    trial = DesignRequest(INPUTS, OPTIONS, {"/p/top.sv": TOP + "\n"})
    assert waiting(lambda: resolver.answer(NamesRequest(wanted, asked, trial))) == 0


def test_nothing_of_a_design_waits_for_the_garbage_collector() -> None:
    """A design that is dropped takes along what questions have left."""
    designer = Designer()
    designer.facts(DesignRequest(INPUTS, OPTIONS, version=1))

    def work() -> None:
        left: list[object] = [designer.last]
        left.append(left)
        del left
        designer.forget()

    assert waiting(work) == 0
