"""TOML with mistakes in it: what can still be read, the line of each mistake, and the line of a key.

Must not know which keys exist (config/ does).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_MISTAKES = 20

_LINE = re.compile(r"\(at line (\d+)")
_STATEMENT = re.compile(r"""\s*(?:\[|["'\w-]+(?:\s*\.\s*["'\w-]+)*\s*=)""")
_HEADER = re.compile(r"\s*\[\[?\s*([^\]\n]+?)\s*\]")
_KEY = re.compile(r"""\s*(["'\w-]+(?:\s*\.\s*["'\w-]+)*)\s*=""")


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What is left of a text, and its mistakes as 1-based line and sentence."""

    tables: Mapping[str, object] = field(default_factory=dict[str, object])
    mistakes: tuple[tuple[int, str], ...] = ()


def salvaged(text: str) -> Salvaged:
    """The tables of *text*, without the statements that are not TOML; nothing at all after MOST_MISTAKES."""
    lines = re.split(r"\r\n|\n", text)
    mistakes: list[tuple[int, str]] = []
    while True:
        tables, mistake = _loaded(lines)
        if mistake is None:
            return Salvaged(tables, tuple(mistakes))
        mistakes.append(mistake)
        if len(mistakes) > MOST_MISTAKES:
            return Salvaged({}, tuple(mistakes))
        lines = _without(lines, mistake[0])


def _loaded(lines: list[str]) -> tuple[Mapping[str, object], tuple[int, str] | None]:
    try:
        return tomllib.loads("\n".join(lines)), None
    except tomllib.TOMLDecodeError as err:
        place = _LINE.search(str(err))
        line1 = int(place[1]) if place else len(lines)
        reason = str(err).split(" (at ", maxsplit=1)[0]
        return {}, (line1, f"not TOML: {reason}")
    except (ValueError, RecursionError) as err:  # a number of 5,000 digits, 1,000 brackets
        return {}, (len(lines), f"not TOML: {err}")


def _without(lines: list[str], line1: int) -> list[str]:
    """*lines* without the statement that is wrong: the one at *line1*, or an unfinished one before it.

    Taken is the smallest cut after which the next mistake comes latest.
    """
    here = min(line1, len(lines)) - 1
    start = _start(lines, here)
    cuts = [(here, here + 1), (start, here + 1)]
    if start == here and here:
        cuts.append((_start(lines, here - 1), here))
    best: tuple[int, int, list[str]] | None = None
    for first, end in cuts:
        rest = [*lines[:first], *[""] * (end - first), *lines[end:]]
        _, mistake = _loaded(rest)
        reach = len(lines) + 1 if mistake is None else mistake[0]
        if best is None or (reach, first - end) > best[:2]:
            best = (reach, first - end, rest)
    assert best is not None
    return best[2]


def _start(lines: list[str], line0: int) -> int:
    """The first line of the statement that goes on at *line0*."""
    while line0 > 0 and not _STATEMENT.match(lines[line0]):
        line0 -= 1
    return line0


def line_of(text: str, key: str) -> int:
    """The 1-based line that sets the dotted *key*, or opens that table; 0 when there is none.

    `include_dirs` and `includeDirs` are one key.
    """
    wanted = _plain(key)
    table = ""
    for number, line in enumerate(re.split(r"\r\n|\n", text), 1):
        header = _HEADER.match(line)
        if header:
            table = _plain(header[1])
            if table == wanted or table.startswith(wanted + "."):
                return number
            continue
        setting = _KEY.match(line)
        if setting and wanted == _plain(f"{table}.{setting[1]}" if table else setting[1]):
            return number
    return 0


def _plain(key: str) -> str:
    """*key* without quotes, spaces, underlines and capitals."""
    return re.sub(r"""[\s"'_]""", "", key).lower()
