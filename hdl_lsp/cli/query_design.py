"""`hdl-lsp query instances|drivers|loads`: questions about the elaborated design, asked from a shell.

Must not elaborate anything here: the design process does.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from hdl_lsp.cli import world
from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.cli.place import parse_place, show_place
from hdl_lsp.errors import UsageError
from hdl_lsp.features.elaborated import (
    module_at,
    signal_question,
    values_markdown,
    values_question,
)
from hdl_lsp.semantics.design_query import (
    ChildrenOf,
    DesignValues,
    InstanceInfo,
    InstancePage,
    InstancesOf,
    NotElaborated,
    Question,
    SignalAnswer,
    SignalOf,
    Site,
)
from hdl_lsp.server.session import Session
from hdl_lsp.workspace.files import FileId

ABOUT_THE_DESIGN = ("instances", "drivers", "loads")

LIMIT = 10_000

_PLACE = re.compile(r".:\d+:\d+$")


async def query_design(options: argparse.Namespace) -> int:
    """Answers one of ABOUT_THE_DESIGN about a hierarchical path or a place in a file."""
    is_place = _PLACE.search(options.place) is not None
    paths = [parse_place(options.place).path] if is_place else [Path.cwd()]
    async with world.opened(options, paths) as session:
        question = _at_place(options, session) if is_place else _on_path(options)
        answer = await session.design_query(question)
        if isinstance(answer, NotElaborated):
            raise UsageError(answer.reason)
        if isinstance(answer, InstancePage):
            if not answer.is_known:
                raise UsageError(f"the elaborated design has no instance {options.place}")
            return _print_instances(answer, as_json=options.json)
        assert isinstance(answer, SignalAnswer)
        if not answer.path:
            raise UsageError(f"the elaborated design has no signal {options.place}")
        sites = answer.drivers if options.what == "drivers" else answer.loads
        return _print_sites(session, answer, sites, as_json=options.json)


async def values_text(session: Session, file: FileId, offset: int) -> str:
    """What the name at *offset* is in the elaborated design, as Markdown; "" in a project nobody configured."""
    if not session.project.is_configured:
        return ""
    question = values_question(session.snapshot(), file, offset, "")
    answer = await session.design_query(question) if question is not None else None
    return values_markdown(answer) if isinstance(answer, DesignValues) else ""


def _on_path(options: argparse.Namespace) -> Question:
    if options.what == "instances":
        return ChildrenOf(options.place.strip("."), limit=LIMIT)
    return SignalOf(options.place, depth=options.depth, limit=LIMIT)


def _at_place(options: argparse.Namespace, session: Session) -> Question:
    place = parse_place(options.place)
    (file,) = world.files_of(session, [place.path])
    snapshot = session.snapshot()
    text = snapshot.text(file)
    offset = place.offset(text) if text is not None else 0
    if options.what == "instances":
        name = module_at(snapshot, file, offset)
        if not name:
            raise UsageError(f"there is no module at {options.place}")
        return InstancesOf(name, limit=LIMIT)
    found = signal_question(snapshot, file, offset, "")
    if found is None:
        raise UsageError(f"no signal is named at {options.place}")
    return SignalOf(file=found.file, offset=found.offset, depth=options.depth, limit=LIMIT)


def _print_instances(page: InstancePage, *, as_json: bool) -> int:
    if as_json:
        rows = [asdict(one) for one in page.instances]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for one in page.instances:
            print(_line(one))
    return CLEAN if page.instances else FINDINGS


def _line(one: InstanceInfo) -> str:
    values = " ".join(f"{name}={value}" for name, value in one.parameters if value)
    return "  ".join(piece for piece in (one.path, one.definition, values) if piece)


def _print_sites(
    session: Session, answer: SignalAnswer, sites: Sequence[Site], *, as_json: bool
) -> int:
    snapshot = session.snapshot()
    rows: list[dict[str, object]] = []
    for site in sites:
        file = snapshot.table.find(site.file)
        text = snapshot.text(file) if file is not None else None
        rows.append(
            {
                "place": show_place(site.file, text, site.span.start),
                "kind": site.kind.value,
                "instance": site.instance,
                "text": site.text,
                "through": list(site.through),
                "level": site.level,
            }
        )
    if as_json:
        signal = {"path": answer.path, "type": answer.type_text, "width": answer.bit_width}
        print(json.dumps({"signal": signal, "sites": rows}, indent=2, ensure_ascii=False))
    else:
        print(f"{answer.path}  {answer.type_text}".rstrip())
        for site, row in zip(sites, rows, strict=True):
            indent = "  " * site.level
            print(f"{indent}{row['place']}: {row['kind']} in {row['instance']}: {row['text']}")
    return CLEAN if rows else FINDINGS
