"""`hdl-lsp complete FILE:LINE:COL`: what would be suggested there."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from hdl_lsp.cli import world
from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.cli.place import parse_place
from hdl_lsp.context import site
from hdl_lsp.features.completion import completion
from hdl_lsp.features.inline_completion import inline_completion, request_for
from hdl_lsp.server.checking import checker

PATIENT = {"inline": {"deadlineMs": 120_000}}
"""A shell can wait for a suggestion longer than a person who types."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp complete`."""
    parser.add_argument(
        "place", metavar="FILE:LINE:COL", help="a place, line and column counted from 1"
    )
    parser.add_argument(
        "--names", action="store_true", help="the completion list instead of ghost text"
    )
    parser.add_argument(
        "--show-prompt", action="store_true", help="print what the model is asked, and stop"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON list")
    world.add_project_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """0, or 1 when nothing is suggested."""
    return world.run(_complete(options))


async def _complete(options: argparse.Namespace) -> int:
    place = parse_place(options.place)
    async with world.opened(options, [place.path], PATIENT) as session:
        (file,) = world.files_of(session, [place.path])
        await session.facts(file)
        snapshot = session.snapshot()
        offset = place.offset(snapshot.files[file])
        if options.names:
            items = completion(snapshot, file, offset).items
            rows = [
                {"label": i.label, "kind": i.kind.name.lower(), "detail": i.detail} for i in items
            ]
            if options.json:
                print(json.dumps(rows, indent=2, ensure_ascii=False))
            else:
                for row in rows:
                    print(f"{row['label']}\t{row['kind']}\t{row['detail']}".rstrip())
            return CLEAN if rows else FINDINGS
        if options.show_prompt:
            where = site.at(snapshot, file, offset)
            if where is None:
                return FINDINGS
            print(
                json.dumps(
                    asdict(request_for(snapshot, where).prompt), indent=2, ensure_ascii=False
                )
            )
            return CLEAN

        found = await inline_completion(
            snapshot, file, offset, session.engine, checker(session, file), is_asked=True
        )
        if options.json:
            shown = [{"text": i.text, "origin": i.origin, "notes": list(i.notes)} for i in found]
            print(json.dumps(shown, indent=2, ensure_ascii=False))
        else:
            for item in found:
                print(item.text)
            for note in dict.fromkeys(note for item in found for note in item.notes):
                print(f"warning: {note}", file=sys.stderr)
        return CLEAN if found else FINDINGS
