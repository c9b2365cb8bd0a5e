"""`hdl-lsp eval sv-tests`: headers are read, and a file is judged by the errors that are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_lsp.lab.evaluate.svtests import SvVerdict, bars, exceptions, judged, read_tests


def case(folder: Path, name: str, body: str, *keys: str) -> None:
    """A file with the header of a test."""
    header = "\n".join([f":name: {name}", ":description: ours", ":tags: 6.1", *keys])
    (folder / f"{name}.sv").write_text(f"/*\n{header}\n*/\n{body}\n", encoding="utf-8")


async def verdicts(folder: Path) -> dict[str, SvVerdict]:
    """The verdict on every file, by name."""
    return {verdict.test.name: verdict async for verdict in judged(read_tests(folder))}


async def test_legal_and_illegal(tmp_path: Path) -> None:
    """A legal file is right without an error, an illegal one with one; each stands alone."""
    fails = ":should_fail_because: it is wrong"
    case(tmp_path, "legal", "module top; logic a; endmodule")
    case(tmp_path, "broken", "module top; logic ; endmodule", fails)
    case(tmp_path, "undeclared", "module top; assign a.b = 1; endmodule", fails)
    case(tmp_path, "fine_after_all", "module top; endmodule", fails)
    case(tmp_path, "broken_after_all", "module top; logic logic; endmodule")
    found = await verdicts(tmp_path)
    assert {name: verdict.is_right for name, verdict in found.items()} == {
        "legal": True,
        "broken": True,
        "undeclared": False,  # a hierarchical name may lead above the file: a warning
        "fine_after_all": False,
        "broken_after_all": False,
    }
    assert "expected" in found["broken_after_all"].said


async def test_a_file_of_directives_is_judged(tmp_path: Path) -> None:
    """A listed source without any module is no fragment: its errors are errors."""
    case(tmp_path, "directive", "`line 1 2 3", ":should_fail_because: `line takes a string")
    assert (await verdicts(tmp_path))["directive"].is_right


async def test_defines_and_includes(tmp_path: Path) -> None:
    """Macros of the header are defined, and files beside the test can be included."""
    (tmp_path / "width.svh").write_text("localparam int Width = 3;\n", encoding="utf-8")
    body = '`include "width.svh"\nmodule top; logic [`HIGH:Width] a; endmodule'
    case(tmp_path, "defines", body, ":defines: HIGH=7")
    assert (await verdicts(tmp_path))["defines"].is_right


async def test_what_is_not_listed_misses_the_bar(tmp_path: Path) -> None:
    """A file that is judged otherwise counts unless its name is listed with a reason."""
    case(tmp_path, "odd", "module top; endmodule", ":should_fail_because: of something")
    found = (await verdicts(tmp_path)).values()
    assert bars(found, {})[-1].is_met is False
    assert bars(found, {"odd": "a reason"})[-1].is_met is True


def test_uvm_tests_are_left_out(tmp_path: Path) -> None:
    """Tests that need the UVM library are not read; files without a header are not tests."""
    case(tmp_path, "plain", "")
    (tmp_path / "library.sv").write_text("module m; endmodule\n", encoding="utf-8")
    (tmp_path / "uvm.sv").write_text("/*\n:name: u\n:tags: uvm\n*/\n", encoding="utf-8")
    assert [test.name for test in read_tests(tmp_path)] == ["plain"]


@pytest.mark.parametrize("name", exceptions())
def test_every_exception_has_a_reason(name: str) -> None:
    """A listed test says in words why it is judged otherwise."""
    assert len(exceptions()[name].split()) > 4
