"""Stop conditions over a stream of text."""

from __future__ import annotations

import pytest

from hdl_lsp.llm.stop import LOOP_MIN_REPEATS, StopScanner, is_whole, loop_period


def run(pieces: list[str], *stop: str, single_line: bool = False) -> tuple[str, bool]:
    """All released text, and whether a stop was met."""
    scanner = StopScanner(stop, single_line=single_line)
    text = "".join(scanner.push(piece) for piece in pieces) + scanner.finish()
    assert text == scanner.text
    return text, scanner.is_stopped


def test_text_ends_before_a_stop_string() -> None:
    """The stop string and what follows are not text."""
    assert run(["assign a = b;", "\nendmodule\n", "module"], "endmodule") == (
        "assign a = b;\n",
        True,
    )


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_stop_string_split_over_pieces_is_found(size: int) -> None:
    """However the stream is cut, no part of the stop string is released."""
    whole = "a = b; end endmodule rest"
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    assert run(pieces, "endmodule") == ("a = b; end ", True)


def test_beginning_of_a_stop_string_is_released_in_the_end() -> None:
    """Text that only looked like a stop is text."""
    assert run(["x end", "mod"], "endmodule") == ("x endmod", False)


def test_earliest_of_several_stops_wins() -> None:
    """The first stop in the text counts, not the first in the list."""
    assert run(["one two three"], "three", "two") == ("one ", True)


def test_single_line_ends_at_the_newline() -> None:
    """A newline ends a single-line generation, also as the first character."""
    assert run(["a;", " // b", "\n  c"], single_line=True) == ("a; // b", True)
    assert run(["\n", "x"], single_line=True) == ("", True)


def test_nothing_is_released_after_the_stop() -> None:
    """Late pieces are ignored."""
    scanner = StopScanner(("!",), single_line=False)
    assert [scanner.push("a!"), scanner.push("b"), scanner.finish()] == ["a", "", ""]


@pytest.mark.parametrize(
    "piece", ["assign a = b;\n", "  end\n", " begin if (x) y <= 1; end", "ab" * 12]
)
def test_repetition_is_a_loop(piece: str) -> None:
    """The same piece again and again ends the generation."""
    scanner = StopScanner((), single_line=False)
    pushed = 0
    while not scanner.is_stopped:
        scanner.push(piece)
        pushed += 1
        assert pushed < 60
    assert pushed >= LOOP_MIN_REPEATS or len(piece) > 20


@pytest.mark.parametrize(
    "text",
    [
        "//" + "-" * 200,
        "/" * 300,
        " " * 400,
        "\n" * 80,
        "".join(f"  assign y[{n}] = a[{n}];\n" for n in range(60)),
        "".join(f"      4'd{n}: q = 8'h{n * 7 % 256:02x};\n" for n in range(16)),
        "end\n  end\n end\nend",
    ],
)
def test_banners_blanks_and_tables_are_no_loops(text: str) -> None:
    """Repetition that Verilog really has is left alone."""
    assert loop_period(text) is None


@pytest.mark.parametrize(
    ("line", "text", "is_enough"),
    [
        ("", "a = b;", True),
        ("", "a = b; // why\n", True),
        ("", "a = b", False),
        ("", "\n", False),
        ("", "\n  a\n", True),
        ("  for (", "int i = 0;", False),
        ("  x = f(", "a, b);", True),
        ("", "u_a (.x(y));", True),
        ("", "u_a (.x(';'), //;", False),
    ],
)
def test_a_whole_line_or_statement(line: str, text: str, is_enough: bool) -> None:
    """A line that has ended, or a semicolon outside brackets."""
    assert is_whole(text, line) is is_enough
