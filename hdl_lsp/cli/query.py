"""`hdl-lsp query WHAT FILE:LINE:COL`: an editor's question, asked from a shell."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass, replace
from enum import Enum
from pathlib import Path

from hdl_lsp.cli import world
from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.cli.place import parse_place, show_place
from hdl_lsp.cli.query_design import ABOUT_THE_DESIGN, query_design, values_text
from hdl_lsp.features.completion import completion
from hdl_lsp.features.definition import definition
from hdl_lsp.features.document_symbols import document_symbols
from hdl_lsp.features.hover import hover
from hdl_lsp.features.references import references
from hdl_lsp.features.signature_help import signature_help
from hdl_lsp.features.workspace_symbols import workspace_symbols
from hdl_lsp.presentation.markup import sections
from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.presentation.symbols import Symbol
from hdl_lsp.workspace.snapshot import Snapshot

AT_A_PLACE = ("hover", "definition", "references", "completion", "signature", "symbols")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp query`."""
    parser.add_argument(
        "what",
        choices=(*AT_A_PLACE, "workspace", *ABOUT_THE_DESIGN),
        help="what to ask about the place; `symbols` is the outline of its file, "
        "`workspace` finds declarations of the whole project by name; "
        "`instances`, `drivers` and `loads` are about the elaborated design",
    )
    parser.add_argument(
        "place",
        metavar="FILE:LINE:COL|NAME|PATH",
        help="a place, line and column counted from 1; for `workspace`, part of a name; "
        "for `instances`, `drivers` and `loads` also a hierarchical path such as top.u_core.valid",
    )
    parser.add_argument(
        "--depth",
        metavar="N",
        type=int,
        default=1,
        help="levels of drivers or loads to follow; default: 1",
    )
    parser.add_argument("--json", action="store_true", help="print a JSON list")
    world.add_project_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """0, or 1 when the answer is empty."""
    return world.run(_query(options))


async def _query(options: argparse.Namespace) -> int:
    if options.what == "workspace":
        async with world.opened(options, [Path.cwd()]) as session:
            snapshot = session.snapshot()
            found = workspace_symbols(snapshot, options.place)
            targets = [
                NavTarget(s.path, s.symbol.span, s.symbol.focus, s.symbol.name) for s in found
            ]
            return _print_targets(snapshot, targets, as_json=options.json)
    if options.what in ABOUT_THE_DESIGN:
        return await query_design(options)
    place = parse_place(options.place)
    async with world.opened(options, [place.path]) as session:
        (file,) = world.files_of(session, [place.path])
        await session.facts(file)
        snapshot = session.snapshot()
        offset = place.offset(snapshot.files[file])
        match options.what:
            case "definition":
                return _print_targets(
                    snapshot, definition(snapshot, file, offset), as_json=options.json
                )
            case "references":
                found = await references(snapshot, file, offset, session.names)
                return _print_targets(session.snapshot(), found, as_json=options.json)
            case "hover":
                answer = hover(snapshot, file, offset)
                if answer is not None:
                    values = await values_text(session, file, offset)
                    answer = replace(answer, markdown=sections((answer.markdown, values)))
                return _print(answer, answer.markdown if answer else "", as_json=options.json)
            case "signature":
                help_ = signature_help(snapshot, file, offset)
                label = help_.signatures[help_.active_signature].label if help_ else ""
                return _print(help_, label, as_json=options.json)
            case "completion":
                items = completion(snapshot, file, offset).items
                text = "\n".join(f"{i.label}\t{i.detail}".rstrip() for i in items)
                return _print(items, text, as_json=options.json)
            case _:
                tree = document_symbols(snapshot, file)
                return _print(tree, "\n".join(_outline(tree, 0)), as_json=options.json)


def _outline(symbols: Sequence[Symbol], depth: int) -> list[str]:
    lines: list[str] = []
    for symbol in symbols:
        lines.append(f"{'  ' * depth}{symbol.name}  {symbol.detail}".rstrip())
        lines += _outline(symbol.children, depth + 1)
    return lines


def _print(answer: object, text: str, *, as_json: bool) -> int:
    """One record, or a tuple of records, of a feature; as JSON always a list."""
    if as_json:
        shown: list[object] = list(answer) if isinstance(answer, tuple) else [answer]  # pyright: ignore[reportUnknownArgumentType] - a tuple of records
        rows = [
            asdict(record)
            for record in shown
            if is_dataclass(record) and not isinstance(record, type)
        ]
        print(json.dumps(rows, indent=2, ensure_ascii=False, default=_plain))
    elif text:
        print(text)
    return CLEAN if answer else FINDINGS


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else str(value)


def _print_targets(snapshot: Snapshot, targets: Sequence[NavTarget], *, as_json: bool) -> int:
    rows: list[dict[str, object]] = []
    for target in targets:
        file = snapshot.table.find(target.path)
        text = snapshot.text(file) if file is not None else None
        where = show_place(target.path, text, target.focus.start)
        line = text.line_text(text.line_of(target.focus.start)).strip() if text else ""
        rows.append({"place": where, "name": target.name, "line": line})
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{row['place']}: {row['line']}")
    return CLEAN if rows else FINDINGS
