"""Names of a workspace."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.semantics.index_names import TABLES
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.index import WorkspaceIndex

FILES = {
    "/rtl/fifo.sv": "module fifo #(parameter int Depth = 4) (input logic clk_i); endmodule\n",
    "/rtl/top.sv": '`include "defs.svh"\nmodule top; logic x; fifo #(`DEPTH) u_fifo (x); endmodule\n',
    "/inc/defs.svh": "`define DEPTH 8\n",
    "/pkg.sv": "package alu_pkg; typedef enum {ALU_ADD, ALU_SUB} op_e; endpackage\n",
    "/bus.sv": "interface bus_if; logic data; modport host (input data); endinterface\n",
}


def indexed(files: dict[str, str]) -> WorkspaceIndex:
    """The index of *files*."""
    table = FileTable()
    given_files = {}
    for path, text in files.items():
        source = SourceText.of(text)
        given_files[table.id_of(path)] = (source.digest, summarise(source))
    return WorkspaceIndex(table).with_files(given_files)


def paths(index: WorkspaceIndex, files: object) -> list[str]:
    """Paths of file ids, sorted."""
    return sorted(index.table.path_of(file) for file in files)  # type: ignore[attr-defined]


def test_units_packages_interfaces_and_macros_are_named() -> None:
    """Every kind of name has its list, sorted."""
    index = indexed(FILES)
    assert index.unit_names() == ("alu_pkg", "bus_if", "fifo", "top")
    assert index.package_names() == ("alu_pkg",)
    assert index.interface_names() == ("bus_if",)
    assert index.macro_names() == ("DEPTH",)


def test_names_lead_to_declarations_macros_and_instances() -> None:
    """Each answer says in which file it is."""
    index = indexed(FILES)
    assert paths(index, [ref.file for ref in index.units("fifo")]) == ["/rtl/fifo.sv"]
    (macro,) = index.macros("DEPTH")
    assert (index.table.path_of(macro.file), macro.macro.body.strip()) == ("/inc/defs.svh", "8")
    (use,) = index.instances_of("fifo")
    assert (index.table.path_of(use.file), use.instance.name) == ("/rtl/top.sv", "u_fifo")
    assert paths(index, index.instantiators("fifo")) == ["/rtl/top.sv"]
    assert paths(index, index.macro_users("DEPTH")) == ["/rtl/top.sv"]


def test_files_are_found_by_name_and_by_what_they_include() -> None:
    """A base name leads to files and to those that include it."""
    index = indexed(FILES)
    assert paths(index, index.files_named("defs.svh")) == ["/inc/defs.svh"]
    assert paths(index, index.includers("defs.svh")) == ["/rtl/top.sv"]


def test_identifiers_are_found_in_all_texts() -> None:
    """A name counts wherever it stands, also where it is only used."""
    index = indexed(FILES)
    assert paths(index, index.files_naming("fifo")) == ["/rtl/fifo.sv", "/rtl/top.sv"]
    assert index.files_naming("nowhere") == frozenset()


def test_declarations_that_others_can_name_come_first() -> None:
    """A module called like a signal is listed before the signal."""
    index = indexed({"/a.sv": "module a; logic data; endmodule", "/b.sv": "module data; endmodule"})
    assert [ref.decl.kind.value for ref in index.declarations("data")] == ["module", "variable"]


def test_search_ranks_exact_prefix_word_inside_and_scattered() -> None:
    """The best match is first; signals of modules are not found."""
    index = indexed(
        {
            "/a.sv": "module fifo; logic fifo_signal; endmodule module fifo_async; endmodule",
            "/b.sv": "module prim_fifo; endmodule module fxixfxo; endmodule module myfifo; endmodule",
        }
    )
    names = [ref.decl.name for ref in index.search("fifo", 10)]
    assert names == ["fifo", "fifo_async", "prim_fifo", "myfifo", "fxixfxo"]
    assert [ref.decl.name for ref in index.search("fifo", 2)] == names[:2]


def test_search_finds_items_of_packages_in_any_case() -> None:
    """Enum members of a package are found, whatever the case of the query."""
    found = indexed(FILES).search("alu_add", 5)
    assert [ref.decl.name for ref in found] == ["ALU_ADD"]


def test_search_with_odd_characters_finds_nothing() -> None:
    """Characters of regular expressions are plain characters."""
    assert indexed(FILES).search("(*[", 5) == ()


def test_old_index_does_not_change() -> None:
    """An index is a value: edits give another one."""
    index = indexed(FILES)
    file = index.table.id_of("/rtl/fifo.sv")
    source = SourceText.of("module queue; endmodule\n")
    edited = index.with_files({file: (source.digest, summarise(source))})
    assert (len(index.units("fifo")), len(index.units("queue"))) == (1, 0)
    assert (len(edited.units("fifo")), len(edited.units("queue"))) == (0, 1)
    assert edited.without(file).units("queue") == ()
    assert edited.without(file).digest_of(file) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.one_of(st.none(), st.sampled_from(list(FILES.values())))),
        max_size=12,
    )
)
def test_edited_index_equals_one_made_from_scratch(edits: list[tuple[int, str | None]]) -> None:
    """Any order of putting files in and taking them out gives the tables of the files that are left."""
    table = FileTable()
    ids = [table.id_of(f"/f{number}.sv") for number in range(4)]
    index = WorkspaceIndex(table)
    left: dict[FileId, tuple[str, object]] = {}
    for number, text in edits:
        if text is None:
            index = index.without(ids[number])
            left.pop(ids[number], None)
        else:
            source = SourceText.of(text)
            index = index.with_files({ids[number]: (source.digest, summarise(source))})
            left[ids[number]] = (source.digest, summarise(source))
    scratch = WorkspaceIndex(table).with_files(left)  # type: ignore[arg-type]
    assert set(index.files()) == set(scratch.files())
    for kind in TABLES:
        assert index.names_in(kind) == scratch.names_in(kind)
        for name in index.names_in(kind):
            assert index.files_in(kind, name) == scratch.files_in(kind, name)
