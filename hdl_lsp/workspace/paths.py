"""What file names mean in hardware projects, globs over absolute paths, and how near two files are.

Must not touch the disk: everything here is a function of path strings.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from functools import lru_cache

HDL_EXTENSIONS = frozenset({".sv", ".svh", ".v", ".vh", ".svi"})
HEADER_EXTENSIONS = frozenset({".svh", ".vh", ".svi"})

APART_FOLDERS = frozenset(
    {
        "dv", "tb", "testbench", "test", "tests", "verif", "verification", "sim", "formal", "fpv",
        "fpga", "lint", "syn", "synth", "examples", "example", "bench", "benches", "model", "models",
        "pre_dv", "pre_syn", "doc", "docs", "shared", "ci", "util", "scripts", "deprecated", "old",
    }
)  # fmt: skip
"""Folders whose modules stand in for the design's own; a file outside them prefers candidates outside."""


def extension(path: str) -> str:
    """The lower-case extension with its dot; "" when there is none."""
    return os.path.splitext(path)[1].lower()


def is_hdl(path: str) -> bool:
    """*path* is named like SystemVerilog or Verilog."""
    return extension(path) in HDL_EXTENSIONS


def is_header(path: str) -> bool:
    """*path* is named like a file to be included, not compiled."""
    return extension(path) in HEADER_EXTENSIONS


@lru_cache(maxsize=65_536)
def folders(path: str) -> tuple[str, ...]:
    """The folders above *path*, outermost first."""
    return tuple(part for part in os.path.dirname(path).split(os.sep) if part)


def folders_up_to(path: str, roots: Collection[str]) -> Iterator[str]:
    """The folders above *path*, innermost first, up to the first that is one of *roots*; () outside all of them."""
    above: list[str] = []
    folder: str = os.path.dirname(path)
    while folder not in roots:
        parent: str = os.path.dirname(folder)
        if parent == folder:
            return
        above.append(folder)
        folder = parent
    yield from (*above, folder)


def distance(one: str, other: str) -> int:
    """How many steps up and down the tree of folders lead from the folder of *one* to that of *other*."""
    here, there = folders(one), folders(other)
    common = 0
    for left, right in zip(here, there, strict=False):
        if left != right:
            break
        common += 1
    return len(here) + len(there) - 2 * common


def folders_apart(asking: str, candidate: str) -> int:
    """How many folders above *candidate* are test benches, examples and the like, and are not above *asking*."""
    here = folders(asking)
    return sum(
        1 for part in folders(candidate) if part.lower() in APART_FOLDERS and part not in here
    )


def rank(asking: str, candidate: str, sources: frozenset[str]) -> tuple[int, int, int, int, str]:
    """Sort key of files that declare one name; the lowest is the one that *asking* most likely means.

    The asking file itself, then the project's own source list, the same folder, files that are not set apart
    in a test bench or the like, and then the nearest.
    """
    steps = distance(asking, candidate)
    return (
        0 if candidate == asking else 1 if candidate in sources else 2,
        0 if steps == 0 else 1,
        folders_apart(asking, candidate),
        steps,
        candidate,
    )


@lru_cache(maxsize=1024)
def glob_pattern(pattern: str) -> re.Pattern[str]:
    """A regular expression for a whole path: `*` and `?` stay in one folder, `**` and `...` cross folders.

    What stands before a wildcard is found where it comes first, once and for all: what it could find later, the
    next wildcard reaches too. So a pattern of many wildcards does not try all ways to share out a long path.
    """
    done, crossing, within = "", "", ""  # finished; since the last `**`; since the last `*`
    is_start = True  # of a name
    for piece in re.split(r"(\*\*/|\.\.\./|\*\*|\.\.\.|\*|\?)", pattern.replace(os.sep, "/")):
        match piece:
            case "**/" | ".../" | "**" | "...":
                is_folders = piece.endswith("/") and is_start  # none, too
                done += _first(crossing + _first(within))
                crossing = "(?:.*?/)??" if is_folders else ".*?"
                within = "/" if piece.endswith("/") and not is_folders else ""
            case "*":
                crossing, within = crossing + _first(within), "[^/]*?"
            case "?":
                within += "[^/]"
            case _:
                within += re.escape(piece)
        is_start = piece.endswith("/") or (is_start and not piece)
    return re.compile(f"{done}{crossing}{within}" + r"\Z", re.DOTALL)


def _first(expression: str) -> str:
    """*expression* where it matches first, never tried further on."""
    return f"(?>{expression})" if expression else ""


def has_glob(path: str) -> bool:
    """*path* is a pattern, not a name."""
    return "*" in path or "?" in path or "..." in path


def is_excluded(relative: str, patterns: tuple[str, ...]) -> bool:
    """*relative* (to a workspace folder) is named by one of *patterns*, or lies in a folder that is.

    A pattern without a slash names a file or folder anywhere; one with a slash counts from the workspace folder.
    """
    slashed = relative.replace(os.sep, "/")
    pieces = slashed.split("/")
    for pattern in patterns:
        wanted = pattern.removeprefix("./").rstrip("/")
        expression = glob_pattern(wanted)
        if "/" not in wanted:
            if any(expression.match(piece) for piece in pieces):
                return True
        elif any(expression.match("/".join(pieces[: n + 1])) for n in range(len(pieces))):
            return True
    return False
