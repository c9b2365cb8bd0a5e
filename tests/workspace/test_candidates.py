"""What a project file could say: macros from scripts, tops in order, folders to leave out."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import pytest

from hdl_lsp.workspace import candidates
from tests.support.disk import MemoryDisk
from tests.support.fixture import parse_fixture

SOURCE = """
module m;
  logic [`WIDTH-1:0] a;
  logic b = `LOST;
`ifdef RVFI
`endif
`ifdef DEBUG
`endif
endmodule
"""


T = TypeVar("T")


def ended(steps: Generator[None, None, T]) -> T:
    """What a function in steps returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("vcs +define+WIDTH=8+RVFI -sv", (("WIDTH", "8"),)),
        ("verilator -DWIDTH=8 -DRVFI=1", (("RVFI", "1"), ("WIDTH", "8"))),
        ("slang -D WIDTH=32'h8 -D RVFI", (("RVFI", ""), ("WIDTH", "32'h8"))),
        ("x --define-macro WIDTH=4 -DWIDTH=8 -DWIDTH=8", (("WIDTH", "8"),)),
        ("gcc -DOTHER=1 a-DWIDTH=3", ()),
        ("make WIDTH=8 # -DRVFI=$(X)", (("RVFI", ""),)),
    ],
)
def test_macros_of_scripts(script: str, expected: tuple[tuple[str, str], ...]) -> None:
    """Values come from command lines; one that is expanded is never tried without a value."""
    at = parse_fixture(SOURCE)
    disk = MemoryDisk({"/Makefile": script})
    found = ended(candidates.macros(at.snapshot(), disk, ["/Makefile"]))
    named = {name for name, _ in expected}
    rest = [(name, "") for name in ("DEBUG", "RVFI") if name not in named]
    assert sorted(found) == sorted([*expected, *rest])


def test_tops_by_size_benches_last() -> None:
    """What only a test bench instantiates is a top; the one with the most below it comes first."""
    at = parse_fixture(
        """
        //- /a.sv
        module tiny; leaf u (); endmodule
        module leaf; endmodule
        //- /b.sv
        module giant; mid u (); endmodule
        module mid; leaf u (); endmodule
        //- /b_tb.sv
        module testbench; giant u (); endmodule
        """
    )
    assert ended(candidates.ranked_tops(at.snapshot(), "/")) == ("giant", "tiny", "testbench")
    assert ended(candidates.design_files(at.snapshot(), "/", "giant")) == ("/b.sv", "/a.sv")
    assert ended(candidates.design_files(at.snapshot(), "/", "nobody")) == ()


def test_folders_to_leave_out() -> None:
    """Outermost first; never one with a file of the design, nor one with hardly anything wrong in it."""
    files = [f"/p/{name}" for name in ("rtl/a.sv", "old/x/a.sv", "old/y/b.sv", "lib/a.sv")]
    files += [f"/p/lib/{n}.sv" for n in range(9)]
    errors = {"/p/rtl/a.sv": 50, "/p/old/x/a.sv": 9, "/p/old/y/b.sv": 9, "/p/lib/a.sv": 9}
    found = candidates.spare_folders(files, "/p", errors, ["/p/rtl/a.sv"], lambda _folder: False)
    assert found == ("/p/old",)
    needed = candidates.spare_folders(files, "/p", errors, ["/p/rtl/a.sv"], "/p/old".__eq__)
    assert needed == ("/p/old/x", "/p/old/y")


def test_a_folder_is_needed_by_those_outside() -> None:
    """A package that only it declares and somebody outside names; not one that is declared elsewhere too."""
    at = parse_fixture(
        """
        //- /tb/soc_pkg.sv
        package soc_pkg; endpackage
        //- /tb/old/copy_pkg.sv
        package copy_pkg; endpackage
        //- /rtl/copy_pkg.sv
        package copy_pkg; endpackage
        //- /rtl/m.sv
        module m import copy_pkg::*; #(int W = soc_pkg::W) (); endmodule
        """
    )
    files = [at.snapshot().path(file) for file in at.snapshot().index.files()]
    assert candidates.is_needed(at.snapshot(), files, "/tb")
    assert not candidates.is_needed(at.snapshot(), files, "/tb/old")
