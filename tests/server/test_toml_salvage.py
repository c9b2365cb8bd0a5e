"""What is read of a TOML file with mistakes, and on which line a key stands."""

from __future__ import annotations

import pytest

from hdl_lsp.server.toml_salvage import MOST_MISTAKES, line_of, salvaged


@pytest.mark.parametrize(
    ("text", "tables", "lines"),
    [
        ('[a]\nx = 1\n[b]\ny = "z"\n', {"a": {"x": 1}, "b": {"y": "z"}}, []),
        ("[a]\nx = \ny = 2\n", {"a": {"y": 2}}, [2]),
        ("[a]\nx = [1,\n2\ny = 3\n[b]\nz = 4\n", {"a": {"y": 3}, "b": {"z": 4}}, [4]),
        ("[a]\nx = 1\nx = 2\n[b]\nz = 4\n", {"a": {"x": 1}, "b": {"z": 4}}, [3]),
        ("[a\nx = 1\n", {"x": 1}, [1]),
        ('a = "open\nb = 1\n', {"b": 1}, [1]),
        ("a = 1\nrubbish here\nb = 2\n\n\\\n", {"a": 1, "b": 2}, [2, 5]),
    ],
)
def test_what_is_right_counts(text: str, tables: object, lines: list[int]) -> None:
    """Every mistake is named by its line, and all other statements are read."""
    found = salvaged(text)
    assert (found.tables, [line for line, _ in found.mistakes]) == (tables, lines)


@pytest.mark.parametrize("value", ["[" * 5000, "9" * 5000], ids=["brackets", "digits"])
def test_what_python_gives_up_on_is_a_mistake(value: str) -> None:
    """Deep nesting and endless numbers are left out like any other mistake."""
    found = salvaged(f"[a]\nx = 1\ny = {value}")
    assert (found.tables, [line for line, _ in found.mistakes]) == ({"a": {"x": 1}}, [3])


def test_a_file_that_is_no_toml_at_all_ends() -> None:
    """After some mistakes nothing of it counts."""
    found = salvaged("?\n" * 1000)
    assert (found.tables, len(found.mistakes)) == ({}, MOST_MISTAKES + 1)


@pytest.mark.parametrize(
    ("key", "line1"),
    [
        ("project.includeDirs", 3),
        ("project.include_dirs", 3),
        ("project", 1),
        ("targets.sim.top", 6),
        ("targets.sim", 5),
        ("targets.fast one.tops", 8),
        ("project.top", 0),
    ],
)
def test_line_of_a_key(key: str, line1: int) -> None:
    """A key is found in its table, a table by its header, in either spelling."""
    text = (
        '[project]\ntops = ["a"]\ninclude_dirs = [\n"x"]\n'
        '[targets.sim]\ntop = 1\n[ targets . "fast one" ]\ntops = []\n'
    )
    assert line_of(text, key) == line1
