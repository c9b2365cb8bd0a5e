"""Opening real repositories without any project file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from hdl_lsp.config import Config
from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.facts import Severity
from hdl_lsp.semantics.index_names import TABLES
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace import closure, loader
from hdl_lsp.workspace.doubtful import is_doubtful
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.index import WorkspaceIndex
from hdl_lsp.workspace.memo import Memo
from hdl_lsp.workspace.project import find_project
from hdl_lsp.workspace.snapshot import Snapshot
from tests.support import designs

pytestmark = pytest.mark.real


@dataclass(frozen=True)
class Opened:
    """A repository as a snapshot, with paths relative to its folder."""

    root: str
    snapshot: Snapshot

    def relative(self, path: str) -> str:
        """*path* without the repository's folder."""
        return path.removeprefix(self.root + "/")

    def file(self, relative: str) -> FileId:
        """The id of a file of the repository."""
        found = self.snapshot.table.find(f"{self.root}/{relative}")
        assert found is not None
        return found

    def below(self, folder: str) -> list[str]:
        """The files under *folder* that are no headers."""
        paths = map(self.relative, self.snapshot.project.sources)
        return [path for path in paths if path.startswith(folder)]

    def errors(self, relative: str, compiler: Compiler) -> list[str]:
        """Errors a user would see in the file, as text."""
        file = self.file(relative)
        text = self.snapshot.text(file)
        assert text is not None
        facts = compiler.diagnostics(closure.diagnostics_request(self.snapshot, file))
        assert facts.failure == ""
        return [
            f"{relative}:{text.line_of(d.span.start) + 1}: {d.message}"
            for d in facts.diagnostics
            if d.severity is Severity.ERROR and not is_doubtful(self.snapshot.index, text, d)
        ]


@cache
def opened(root: Path) -> Opened:
    """The repository at *root*, scanned, read and indexed."""
    scan = loader.scan_now([str(root)])
    assert scan.problems == ()
    table, texts, summaries = FileTable(), dict[FileId, SourceText](), {}
    for loaded in loader.load(scan.files, table):
        texts[loaded.file] = loaded.text
        summary = loaded.summary or summarise(loaded.text)
        summaries[loaded.file] = (loaded.text.digest, summary)
    assert len(texts) == len(scan.files)
    config = Config()
    project = find_project([str(root)], config, loader.RealDisk(), scan.files)
    index = WorkspaceIndex(table).with_files(summaries)
    return Opened(str(root), Snapshot(1, table, texts, frozenset(), project, index, config, Memo()))


def test_ibex_is_inferred_and_said_so() -> None:
    """The repository has file lists, but none that can be used as it is."""
    project = opened(designs.ibex()).snapshot.project
    assert project.kind == "inferred"
    assert len(project.sources) > 500


IBEX_HOMES = {
    # Only stand-ins of the primitives that a generator writes elsewhere.
    "prim_buf": "dv/uvm/core_ibex/common/prim/prim_buf.sv",
    "prim_flop": "dv/uvm/core_ibex/common/prim/prim_flop.sv",
    "prim_ram_1p": "dv/uvm/core_ibex/common/prim/prim_ram_1p.sv",
    "prim_clock_mux2": "dv/uvm/core_ibex/common/prim/prim_clock_mux2.sv",
    "prim_clock_gating": "syn/rtl/prim_clock_gating.v",
    "formal_tb": "formal/data_ind_timing/formal_tb.sv",  # by an include under `ifdef FORMAL
}


def test_every_unit_that_ibex_rtl_names_is_found_where_it_should_be() -> None:
    """Modules and packages of rtl/ are taken from rtl/ itself or the vendored primitives."""
    ibex = opened(designs.ibex())
    index, table = ibex.snapshot.index, ibex.snapshot.table
    checked = 0
    for relative in ibex.below("rtl/"):
        file = ibex.file(relative)
        summary = index.summary_of(file)
        assert summary is not None
        context = closure.context_files(index, ibex.snapshot.project, table, file)
        home = {
            unit.name: ibex.relative(table.path_of(other))
            for other in (file, *context)
            for unit in (index.summary_of(other) or summary).units()
        }
        names = {use.definition for use in summary.instances}
        names |= {use.package for use in summary.imports}
        for name in names:
            expected = IBEX_HOMES.get(name)
            if expected is None:
                assert home[name].startswith(("rtl/", "vendor/lowrisc_ip/ip/prim/rtl/")), name
            else:
                assert home[name] == expected
            checked += 1
    assert checked > 80


def test_ibex_rtl_shows_no_false_error() -> None:
    """Every file of rtl/ compiles clean without a project file: the design is correct."""
    ibex, compiler = opened(designs.ibex()), Compiler()
    assert [e for path in ibex.below("rtl/") for e in ibex.errors(path, compiler)] == []


def test_serv_shows_no_false_error() -> None:
    """The same for SERV; one board file of its SoC gives input ports default values as only variables may have."""
    serv, compiler = opened(designs.serv()), Compiler()
    files = serv.below("rtl/") + serv.below("servant/")
    assert len(files) > 20
    errors = [e for path in files for e in serv.errors(path, compiler)]
    assert [e for e in errors if not e.startswith("servant/service_go_board.v:")] == []


def test_editing_a_file_leaves_the_rest_of_the_index_alone() -> None:
    """Tables whose names did not change are shared with the index before, not copied."""
    ibex = opened(designs.ibex())
    index, file = ibex.snapshot.index, ibex.file("rtl/ibex_alu.sv")
    text = ibex.snapshot.text(file)
    assert text is not None
    same_names = SourceText(text.data.replace(b"assign ", b"assign  ", 1))
    other = index.with_files({file: (same_names.digest, summarise(same_names))})
    assert other.digest_of(file) == same_names.digest
    assert other.version(*TABLES) == index.version(*TABLES)
    renamed = SourceText(text.data.replace(b"module ibex_alu", b"module ibex_alu2"))
    changed = index.with_files({file: (renamed.digest, summarise(renamed))})
    assert changed.version("packages") == index.version("packages")
    assert changed.version("units") != index.version("units")
    assert [ref.file for ref in changed.units("ibex_alu2")] == [file]
    assert changed.units("ibex_alu") == ()
    assert index.units("ibex_alu2") == ()
