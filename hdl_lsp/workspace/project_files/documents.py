"""TOML, YAML and JSON files as tables that are asked for what they should hold; what is wrong is said with its line.

Must not know what a table means.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from hdl_lsp.text.decode import decode
from hdl_lsp.workspace.filelist import Disk, ProjectProblem
from hdl_lsp.workspace.project_files.parsed_yaml import ParsedYaml

MAX_BYTES = 4_000_000  # no project file is larger; libyaml reads 8 MB/s

_LINE_IN_MESSAGE = re.compile(r"line (\d+)")


class Document:
    """The text of one file, for line numbers, and the problems found in it so far."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.problems: list[ProjectProblem] = []

    def line_of(self, words: str) -> int:
        """The 1-based line where *words* first stand; 0 when they don't."""
        at = self.text.find(words)
        return self.text.count("\n", 0, at) + 1 if words and at >= 0 else 0

    def report(self, message: str, words: str = "") -> None:
        """A problem at the line of *words*."""
        self.problems.append(ProjectProblem(self.path, self.line_of(words), message))


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and values of a document, or of one part of it.

    A value of the wrong type is reported, and counts as absent.
    """

    document: Document
    values: Mapping[str, object]
    name: str = ""  # dotted path of the part; "" for the whole document

    def __contains__(self, key: str) -> bool:
        """The key is given, and not null."""
        return self.values.get(key) is not None

    def text(self, key: str) -> str:
        """The string; "" when it is not given."""
        value = self.values.get(key)
        if isinstance(value, str):
            return value
        self._wrong(key, value, "a string")
        return ""

    def flag(self, key: str) -> bool:
        """The switch; False when it is not given."""
        value = self.values.get(key)
        if isinstance(value, bool):
            return value
        self._wrong(key, value, "true or false")
        return False

    def texts(self, key: str) -> tuple[str, ...]:
        """The strings; a single one counts as a list of one."""
        value = self.values.get(key)
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list):
            items = cast("list[object]", value)
            if not all(isinstance(item, str) for item in items):
                self._wrong(key, "", "a list of strings")
            return tuple(item for item in items if isinstance(item, str))
        self._wrong(key, value, "a list of strings")
        return ()

    def table(self, key: str) -> Table:
        """The part; empty when it is not given."""
        value = self.values.get(key)
        if isinstance(value, dict):
            return Table(self.document, _keyed(cast("dict[object, object]", value)), self._at(key))
        self._wrong(key, value, "a table")
        return Table(self.document, {}, self._at(key))

    def tables(self, key: str) -> tuple[Table, ...]:
        """The parts of a list; what is no table in it is reported."""
        value = self.values.get(key)
        if not isinstance(value, list):
            self._wrong(key, value, "a list of tables")
            return ()
        items = cast("list[object]", value)
        if not all(isinstance(item, dict) for item in items):
            self._wrong(key, "", "a list of tables")
        return tuple(
            Table(self.document, _keyed(cast("dict[object, object]", item)), self._at(key))
            for item in items
            if isinstance(item, dict)
        )

    def parts(self) -> Iterator[tuple[str, Table]]:
        """Every key whose value is a table."""
        for key, value in self.values.items():
            if isinstance(value, dict):
                yield key, self.table(key)

    def _at(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def _wrong(self, key: str, value: object, expected: str) -> None:
        if value is not None:
            self.document.report(f"{self._at(key)}: expected {expected}", key)


def _keyed(raw: Mapping[object, object]) -> dict[str, object]:
    """The same with keys as strings: YAML has numbers as keys too."""
    return {_written(key): value for key, value in raw.items()}


def _written(value: object) -> str:
    """*value* as text; "" for a number with more digits than Python writes."""
    try:
        return str(value)
    except ValueError:
        return ""


def read_toml(disk: Disk, path: str) -> Table | None:
    """The TOML file; None when there is none. One that can't be used is an empty table with a problem."""
    return _read(disk, path, _toml)


def read_json(disk: Disk, path: str) -> Table | None:
    """The same for JSON."""
    return _read(disk, path, _json)


def read_yaml(disk: Disk, path: str) -> Table | None:
    """The same for YAML. A file with the same bytes as before is not parsed again."""
    return _read(disk, path, _yaml)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What a parser made of a text, or a sentence about what is wrong and its line."""

    values: object = None
    wrong: str = ""
    line1: int = 0
    text: str = field(default="", repr=False)


def _read(disk: Disk, path: str, parse: Callable[[bytes], _Parsed]) -> Table | None:
    data = disk.read(path)
    if data is None:
        return None
    if len(data) > MAX_BYTES:
        document = Document(path, "")
        document.report(f"not read: {len(data)} bytes, more than {MAX_BYTES}")
        return Table(document, {})
    parsed = parse(data)
    document = Document(path, parsed.text)
    values = parsed.values
    if parsed.wrong:
        document.problems.append(ProjectProblem(path, parsed.line1, parsed.wrong))
    elif values is not None and not isinstance(values, dict):
        document.problems.append(ProjectProblem(path, 1, "expected keys and values"))
    if not isinstance(values, dict):
        return Table(document, {})
    return Table(document, _keyed(cast("dict[object, object]", values)))


def _toml(data: bytes) -> _Parsed:
    text = decode(data).text
    try:
        return _Parsed(tomllib.loads(text), text=text)
    except (ValueError, RecursionError) as err:  # ValueError: also a number of 5,000 digits
        found = _LINE_IN_MESSAGE.search(str(err))
        return _Parsed(None, f"not TOML: {err}", int(found[1]) if found else 0, text)


def _json(data: bytes) -> _Parsed:
    text = decode(data).text
    try:
        return _Parsed(json.loads(text), text=text)
    except json.JSONDecodeError as err:
        return _Parsed(None, f"not JSON: {err.msg}", err.lineno, text)
    except (ValueError, RecursionError) as err:
        return _Parsed(None, f"not JSON: {err}", 0, text)


PARSED_YAML = ParsedYaml()
"""A cache like the one of _yaml(), and one that outlives the process where the server loads and saves it."""


@lru_cache(maxsize=2048)
def _yaml(data: bytes) -> _Parsed:
    """Nobody may change the values: they are shared."""
    text = decode(data).text
    known = PARSED_YAML.find(data)
    if known is not None:
        return _Parsed(known[0], text=text)
    # Not at the top: a start that knows all its YAML does without the parser.
    from hdl_lsp.workspace.project_files import yaml_text

    values, wrong, line1 = yaml_text.parsed(text)
    if not wrong:
        PARSED_YAML.add(data, values)
    return _Parsed(values, wrong, line1, text)


def toml_defines(table: Table, key: str) -> tuple[tuple[str, str], ...]:
    """Macros written as a list of `NAME` and `NAME=value`, or as a table of values."""
    value = table.values.get(key)
    if isinstance(value, dict):
        found = cast("dict[object, object]", value)
        return tuple((_written(name), define_value(given)) for name, given in found.items())
    pairs = (macro.partition("=") for macro in table.texts(key))
    return tuple((name, given) for name, _, given in pairs)


def define_value(given: object) -> str:
    """What a macro of that value is replaced by: "" for null and true."""
    return "" if given is None or given is True else _written(given)
