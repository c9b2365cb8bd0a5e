"""Code that goes on from lines like those above the cursor: found elsewhere, never a copy of the place itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from hdl_lsp.context import site
from hdl_lsp.context.prompt import fim_prompt
from hdl_lsp.context.similar import LONGEST_BYTES, similar
from hdl_lsp.context.site import CompletionSite
from hdl_lsp.workspace.similar_code import SimilarCode
from hdl_lsp.workspace.snapshot import Snapshot
from tests.support.fixture import Fixture, parse_fixture

ARBITER = """
module arbiter;
  // Who is granted.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      grant_count_q <= '0;
    end else if (grant_en) begin
      grant_count_q <= grant_count_d;
      grant_valid_q <= 1'b1;
    end
  end
endmodule
"""
HERE = """
module fifo;
  logic a, b, c;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      push_count_q <= '0;
    end else if (grant_en) begin
      push_count_q <= push_count_d;
<|>
    end
  end
endmodule
"""
assert HERE[: HERE.index("<|>")].count("\n") == site.ANCHOR_LINES + 1


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[tuple[Path, ExitStack]]:
    """Where an index may be made, and who closes it."""
    with ExitStack() as stack:
        yield tmp_path, stack


def asked(at: Fixture, folder: tuple[Path, ExitStack]) -> tuple[Snapshot, CompletionSite]:
    """The fixture with all of its files indexed, and the place of its cursor."""
    path, stack = folder
    code = stack.enter_context(closing(SimilarCode(path / "x.similar.sqlite")))
    snapshot = replace(at.snapshot(), similar=code)
    texts = {snapshot.path(file): text for file, text in snapshot.files.items()}
    code.update({path: text.digest for path, text in texts.items()}, texts.get, lambda: False)
    place = site.at(snapshot, at.file, at.offset)
    assert place is not None
    return snapshot, place


def check(files: str, folder: tuple[Path, ExitStack], expected: str) -> None:
    """The pieces at the cursor, each with its file on top."""
    pieces = similar(*asked(parse_fixture(files), folder))
    assert "".join(f"{piece.path}\n{piece.text}\n" for piece in pieces) == expected


def test_what_follows_the_same_line_elsewhere(folder: tuple[Path, ExitStack]) -> None:
    """The lines after the one that is like the last line above, with two before it and no comments."""
    check(
        f"//- /rtl/arbiter.sv\n{ARBITER}//- /rtl/fifo.sv\n{HERE}",
        folder,
        "rtl/arbiter.sv\n"
        "    if (!rst_ni) begin\n"
        "      grant_count_q <= '0;\n"
        "    end else if (grant_en) begin\n"
        "      grant_count_q <= grant_count_d;\n"
        "      grant_valid_q <= 1'b1;\n"
        "    end\n"
        "  end\n"
        "endmodule\n",
    )


def test_a_copy_of_the_file_is_not_shown(folder: tuple[Path, ExitStack]) -> None:
    """Where the lines around the cursor stand too, the next line would be given away."""
    check(
        f"//- /old/fifo.sv\n{HERE.replace('<|>', '      push_valid_q <= 1;')}//- /rtl/fifo.sv\n{HERE}",
        folder,
        "",
    )


def test_the_file_itself_is_searched_as_it_is_now(folder: tuple[Path, ExitStack]) -> None:
    """Code of this file counts as far as the prompt does not show it already."""
    blank = "\n" * (-ARBITER.count("\n") % site.ANCHOR_LINES)
    far = blank + "  // far away\n" * 50 * site.ANCHOR_LINES
    found = similar(*asked(parse_fixture(f"//- /rtl/m.sv\n{ARBITER}{far}{HERE}"), folder))
    assert [piece.path for piece in found] == ["rtl/m.sv"]
    assert "grant_valid_q <= 1'b1;" in found[0].text
    near = similar(*asked(parse_fixture(f"//- /rtl/n.sv\n{ARBITER}{HERE}"), folder))
    assert near == ()


@pytest.mark.parametrize("above", ["", "\n" * 20, "// comment\n" * 30])
def test_nothing_to_go_by(folder: tuple[Path, ExitStack], above: str) -> None:
    """Without a line of code above there is nothing to look for."""
    check(f"//- /rtl/arbiter.sv\n{ARBITER}//- /rtl/m.sv\n{above}<|>\n", folder, "")


def test_nothing_is_like_it(folder: tuple[Path, ExitStack]) -> None:
    """Some words in common are not enough."""
    check(
        f"//- /rtl/other.sv\nmodule other;\n  wire push, count, grant;\nendmodule\n//- /f.sv\n{HERE}",
        folder,
        "",
    )


def test_a_file_that_changed_since(folder: tuple[Path, ExitStack]) -> None:
    """What is shown stands in the file now; what is gone is not shown."""
    at = parse_fixture(f"//- /rtl/arbiter.sv\n{ARBITER}//- /rtl/fifo.sv\n{HERE}")
    snapshot, place = asked(at, folder)
    empty = parse_fixture("//- /rtl/arbiter.sv\n// nothing any more\n").source
    files = {**snapshot.files, at.file_of("/rtl/arbiter.sv"): empty}
    assert similar(replace(snapshot, files=files), place) == ()


def test_typing_a_line_changes_nothing(folder: tuple[Path, ExitStack]) -> None:
    """The whole prompt but the line stays while a line is typed, so that a model need not read it again."""
    prompts = set[tuple[str, str]]()
    for typed in ("", "      gr", "      grant_valid_q"):
        files = (
            f"//- /rtl/arbiter.sv\n{ARBITER}//- /rtl/fifo.sv\n{HERE.replace('<|>', f'{typed}<|>')}"
        )
        prompt = fim_prompt(*asked(parse_fixture(files), folder))
        assert "grant_valid_q <= 1'b1;" in prompt.context
        prompts.add((prompt.context, prompt.prefix))
    assert len(prompts) == 1


def test_it_is_short(folder: tuple[Path, ExitStack]) -> None:
    """Neither long lines nor long files make a long piece."""
    long = ARBITER.replace("grant_valid_q <=", "grant_valid_q <= " + "a + " * 80)
    many = long.replace("    end\n  end\n", "      grant_count_q <= grant_count_d;\n" * 300)
    at = parse_fixture(f"//- /rtl/arbiter.sv\n{many}//- /rtl/fifo.sv\n{HERE}")
    assert all(len(piece.text) <= LONGEST_BYTES for piece in similar(*asked(at, folder)))
    whole = fim_prompt(*asked(at, folder))
    assert fim_prompt(*asked(at, folder), without=frozenset({"similar"})).context == ""
    assert len(whole.context) < 2 * LONGEST_BYTES
