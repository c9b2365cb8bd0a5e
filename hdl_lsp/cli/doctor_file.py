"""`hdl-lsp doctor FILE`: which flags one file gets and why; a table for people, JSON for a pipe.

Must not find anything out by itself: it is the answer of `hdl/fileInfo`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hdl_lsp.cli import world
from hdl_lsp.cli.exits import CLEAN
from hdl_lsp.errors import UsageError
from hdl_lsp.server.file_report import file_report

MOST_LINES = 12
"""So many names of one kind are printed; all of them are in the JSON."""

ROLES: Mapping[str, str] = {
    "source": "compiled: one of the project's sources",
    "library": "compiled when somebody names its modules (a library)",
    "header": "a header: compiled where it is included",
    "included": "compiled only where it is included",
    "found": "found by the scan, but not one of the project's sources",
    "outside": "outside the workspace",
}


async def report(options: argparse.Namespace, path: Path) -> int:
    """Prints what is known of *path*."""
    async with world.opened(options, [path]) as session:
        (file,) = world.files_of(session, [path])
        await session.facts(file)
        text = session.vfs.text(file)
        if text is None:
            raise UsageError(f"can't read {path}")
        found = file_report(session.snapshot(), file, text)
    if options.json or not sys.stdout.isatty():
        print(json.dumps(found, indent=2))
    else:
        Console(highlight=False).print(table(found))
    return CLEAN


def table(found: Mapping[str, object]) -> Table:
    """The report for a terminal."""
    shown = Table(show_header=False, box=None, pad_edge=False)
    shown.add_column(style="bold", no_wrap=True)
    shown.add_column(overflow="fold")
    for name, value in _rows(found):
        shown.add_row(name, escape(value))
    return shown


def _rows(found: Mapping[str, object]) -> list[tuple[str, str]]:
    words = {name: str(value) for name, value in found.items()}
    role = ROLES[words["role"]]
    if found["isThirdParty"]:
        role += "; third-party, nothing is reported on it"
    compiled_in = [("compiled in", words["compiledIn"])] if words["compiledIn"] else []
    failure = [("slang", words["factsFailure"])] if words["factsFailure"] else []
    return [
        ("file", words["path"]),
        ("is", role),
        *compiled_in,
        ("found by", f"{words['rule']}: {words['why']}"),
        ("target", words["target"] or "none chosen"),
        ("tops above it", _listed(found["tops"], "none found")),
        ("declares", _listed(found["units"], "no module, package or interface")),
        ("include folders", _listed(found["includeDirs"], "none", "\n")),
        ("defines", _listed(found["defines"], "none")),
        ("macro files", _listed(found["macroFiles"], "none", "\n")),
        ("included by", _listed(found["includedBy"], "nobody", "\n")),
        ("not found", _missing(found)),
        *failure,
        ("encoding", f"{words['encoding']}, {words['bytes']} bytes, {words['lines']} lines"),
        ("index", "names known" if found["isIndexed"] else "names not known yet"),
        ("digest", words["digest"]),
    ]


def _missing(found: Mapping[str, object]) -> str:
    kinds = {"unresolvedIncludes": "include", "unresolvedMacros": "`", "unresolvedNames": ""}
    names = [
        f"{word} {name}".strip() if word != "`" else f"`{name}"
        for kind, word in kinds.items()
        for name in cast("list[str]", found[kind])
    ]
    return _listed(names, "nothing is missing")


def _listed(value: object, none: str, separator: str = ", ") -> str:
    names = cast("list[str]", value)
    more = len(names) - MOST_LINES
    shown = [*names[:MOST_LINES], *([f"and {more} more"] if more > 0 else [])]
    return separator.join(shown) or none
