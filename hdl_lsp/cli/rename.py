"""`hdl-lsp rename FILE:LINE:COL NEW`: a proved rename as a diff, or written with `--write`."""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

from hdl_lsp.cli import world
from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.cli.place import parse_place, show_path
from hdl_lsp.errors import UsageError
from hdl_lsp.features.rename import Refused, Renamed, rename
from hdl_lsp.text.edit import apply
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.writable import writable_below


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp rename`."""
    parser.add_argument("place", metavar="FILE:LINE:COL", help="where the old name stands")
    parser.add_argument("new", metavar="NEW", help="the new name; an escaped one as '\\\\name'")
    parser.add_argument(
        "--write", action="store_true", help="change the files; without it only a diff is printed"
    )
    world.add_project_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """0 when every edit is proved, 1 with the reason when nothing was renamed."""
    return world.run(_rename(options))


async def _rename(options: argparse.Namespace) -> int:
    place = parse_place(options.place)
    async with world.opened(options, [place.path]) as session:
        (file,) = world.files_of(session, [place.path])
        await session.facts(file)
        snapshot = session.snapshot()
        offset = place.offset(snapshot.files[file])
        found = await rename(
            snapshot,
            file,
            offset,
            options.new,
            session.names,
            writable_below(snapshot.project.roots),
        )
        if isinstance(found, Refused):
            sys.stderr.write(f"not renamed: {found.reason}\n")
            return FINDINGS
        texts = _texts(snapshot, found)
        if options.write:
            _write(texts)
        else:
            for path, (old, new) in texts.items():
                sys.stdout.writelines(_diff(path, old, new))
        for note in found.notes:
            sys.stderr.write(f"note: {note}\n")
        done = "renamed" if options.write else "would rename"
        places = f"{found.places} place" + "s" * (found.places != 1)
        sys.stderr.write(f"{done} {places} in {len(texts)} file{'s' * (len(texts) != 1)}\n")
        return CLEAN


def _texts(snapshot: Snapshot, found: Renamed) -> dict[str, tuple[SourceText, SourceText]]:
    """Old and new text of every file that changes, by path."""
    texts: dict[str, tuple[SourceText, SourceText]] = {}
    for file, edits in found.edits.items():
        old = snapshot.text(file)
        if old is not None:
            texts[snapshot.path(file)] = old, apply(old, edits)
    return dict(sorted(texts.items()))


def _diff(path: str, old: SourceText, new: SourceText) -> list[str]:
    shown = show_path(path)
    return list(difflib.unified_diff(_lines(old), _lines(new), shown, shown))


def _lines(text: SourceText) -> list[str]:
    return [f"{line}\n" for line in text.text.removesuffix("\n").split("\n")]


def _write(texts: dict[str, tuple[SourceText, SourceText]]) -> None:
    """Writes all files, or none if one is not what was read. Raises UsageError."""
    for path, (old, _) in texts.items():
        if Path(path).read_bytes() != old.data:
            raise UsageError(
                f"{show_path(path)} is no plain UTF-8 or has changed meanwhile; nothing was written"
            )
    for path, (_, new) in texts.items():
        Path(path).write_bytes(new.data)
