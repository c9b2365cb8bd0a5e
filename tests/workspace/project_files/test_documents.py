"""Project files as tables: what is wrong in them is said with a line, and never raises."""

from __future__ import annotations

import pytest

from hdl_lsp.workspace.project_files.documents import read_json, read_toml, read_yaml, toml_defines
from tests.support.disk import MemoryDisk


def yaml_table(text: str):  # noqa: ANN201 - pytest's own types are enough here
    """The table of a YAML text."""
    table = read_yaml(MemoryDisk({"/x.yml": text}), "/x.yml")
    assert table is not None
    return table


def test_a_file_that_is_not_there_is_no_table() -> None:
    """None tells absent from empty."""
    assert read_toml(MemoryDisk({}), "/x.toml") is None


def test_mistakes_are_named_by_line() -> None:
    """Each of the three formats says where it could not go on."""
    disk = MemoryDisk(
        {"/x.toml": "a = 1\nb = \n", "/x.json": '{\n"a": }', "/x.yml": "a: [1\nb: 2\n"}
    )
    tables = (read_toml(disk, "/x.toml"), read_json(disk, "/x.json"), read_yaml(disk, "/x.yml"))
    found = [p for table in tables if table for p in table.document.problems]
    assert [(p.path, p.line1) for p in found] == [("/x.toml", 2), ("/x.json", 2), ("/x.yml", 2)]
    assert [p.message[:8] for p in found] == ["not TOML", "not JSON", "not YAML"]


def test_values_of_the_wrong_type_are_reported_and_absent() -> None:
    """The other keys of the file still count."""
    table = yaml_table("name: [a]\nfiles: 3\nok: x.sv\nlist: [a, 1]\npart: x\n")
    assert (table.text("name"), table.texts("files"), table.texts("ok")) == ("", (), ("x.sv",))
    assert (table.texts("list"), table.table("part").values) == (("a",), {})
    assert [(p.line1, p.message) for p in table.document.problems] == [
        (1, "name: expected a string"),
        (2, "files: expected a list of strings"),
        (4, "list: expected a list of strings"),
        (5, "part: expected a table"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "- " * 50_000,
        "{a: " * 20_000,
        "a: &x [*x]",
        "a: 2001-13-45",
        "\0",
        "? [a]\n: b",
        "- a",
        "42",
        "a0: &a0 {x: 1, y: 2}\n"
        + "".join(f"a{n}: &a{n} {{<<: [{f'*a{n - 1},' * 10}]}}\n" for n in range(1, 12)),
        "a: 1" + ":10" * 300_000,
        f"? 0x{'F' * 5000}\n: b",
    ],
    ids=[
        "brackets",
        "dashes",
        "braces",
        "itself",
        "date",
        "nul",
        "key",
        "list",
        "number",
        "merges",
        "sixties",
        "digits",
    ],
)
def test_hostile_yaml_is_survived(text: str) -> None:
    """Deep nesting, which would overflow the stack of libyaml's binding, and other nonsense are values or problems."""
    table = yaml_table(text)
    assert table.document.problems or table.values


@pytest.mark.parametrize("number", ["0x" + "F" * 5000, "9" * 5000])
def test_numbers_too_long_to_be_written_are_survived(number: str) -> None:
    """Python refuses to write, or to read, a number of thousands of digits."""
    table = read_toml(MemoryDisk({"/x.toml": f"[d]\nA = {number}\n"}), "/x.toml")
    assert table is not None
    assert table.document.problems or toml_defines(table, "d") == (("A", ""),)


def test_macros_are_lists_or_tables() -> None:
    """`NAME`, `NAME=value` and a table of values say the same."""
    disk = MemoryDisk({"/a.toml": 'd = ["A", "B=2"]', "/b.toml": "d = { A = true, B = 2 }"})
    tables = [read_toml(disk, path) for path in ("/a.toml", "/b.toml")]
    assert [toml_defines(table, "d") for table in tables if table] == [(("A", ""), ("B", "2"))] * 2
