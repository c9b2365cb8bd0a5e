"""`hdl-lsp explain FILE:LINE:COL`: facts, and what the model makes of them."""

from __future__ import annotations

import argparse
import json
import sys

from rich.console import Console
from rich.markdown import Markdown

from hdl_lsp.cli import world
from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.cli.place import parse_place
from hdl_lsp.features.explain import explain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp explain`."""
    parser.add_argument(
        "place", metavar="FILE:LINE:COL", help="a place, line and column counted from 1"
    )
    parser.add_argument("--no-model", action="store_true", help="facts only")
    parser.add_argument(
        "--json", action="store_true", help="print title, facts, code and words as JSON"
    )
    world.add_project_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """0, or 1 when there is nothing to explain."""
    return world.run(_explain(options))


async def _explain(options: argparse.Namespace) -> int:
    place = parse_place(options.place)
    async with world.opened(options, [place.path]) as session:
        (file,) = world.files_of(session, [place.path])
        await session.facts(file)
        snapshot = session.snapshot()
        text = snapshot.text(file)
        has_model = not options.no_model and session.config.llm.enabled
        engine = session.engine if has_model else None
        said = await explain(snapshot, file, place.offset(text), engine) if text else None
    if said is None:
        sys.stderr.write(f"there is nothing to explain at {options.place}\n")
        return FINDINGS
    if options.json:
        print(
            json.dumps(
                {
                    "title": said.title,
                    "facts": said.facts,
                    "code": said.code,
                    "comment": said.comment,
                    "words": said.words,
                    "model": said.model,
                },
                indent=2,
                ensure_ascii=False,
            )
        )
    else:
        Console().print(Markdown(said.markdown))
    return CLEAN
