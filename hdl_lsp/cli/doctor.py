"""`hdl-lsp doctor`: what was found and decided, and what to do about what is missing.

Must not look at a single file (doctor_file.py does).
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hdl_lsp import __version__, config
from hdl_lsp.cli import doctor_file, world
from hdl_lsp.cli.exits import CLEAN, ENVIRONMENT
from hdl_lsp.errors import HdlLspError
from hdl_lsp.llm.engine import ChatPrompt, EngineState, GenerateRequest, Lane
from hdl_lsp.semantics.design_query import NO_TOP, ChildrenOf, NotElaborated
from hdl_lsp.server.session import Session
from hdl_lsp.workspace.project_files.model import ProjectModel

PACKAGES = ("pyslang", "tree-sitter-systemverilog", "pygls", "llama-cpp-python")
Rows = list[tuple[str, str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp doctor`."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="a folder of the design; one file: what is decided for that file",
    )
    parser.add_argument("--no-model", action="store_true", help="do not load a model to try it")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    world.add_project_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """0, or 3 when something that is switched on does not work."""
    return world.run(_doctor(options))


async def _doctor(options: argparse.Namespace) -> int:
    if len(options.paths) == 1 and options.paths[0].is_file():
        return await doctor_file.report(options, options.paths[0])
    problems: list[str] = []
    async with world.opened(options, options.paths) as session:
        session.listeners.problems = problems.extend
        report: dict[str, Rows] = {
            "Versions": _versions(),
            "Project": _project(session),
            "Index": _index(session),
            "slang": await _slang(session, problems),
            "Design": await _design(session),
            "Model": await _model(session, options, problems),
        }
        settings = _settings(session)
    if options.json:
        facts = {title: dict(rows) for title, rows in report.items()}
        print(json.dumps({**facts, "settings": settings, "problems": problems}, indent=2))
    else:
        _print(report, settings, problems)
    return ENVIRONMENT if problems else CLEAN


def _versions() -> Rows:
    rows = [
        ("hdl-lsp", __version__),
        ("Python", sys.version.split()[0]),
        ("System", platform.platform()),
    ]
    for package in PACKAGES:
        try:
            rows.append((package, importlib.metadata.version(package)))
        except importlib.metadata.PackageNotFoundError:
            rows.append((package, "not installed"))
    return rows


def _project(session: Session) -> Rows:
    project, index = session.project, session.index
    return [
        ("folder", ", ".join(session.roots)),
        ("found by", f"{project.kind}: {project.why}"),
        ("sources", f"{len(project.sources)} files ({len(index.files())} HDL files known)"),
        *_targets(project),
        *([("not used", ", ".join(project.others))] if project.others else []),
        ("tops", ", ".join(project.tops) or "none chosen: checked file by file"),
        ("include folders", ", ".join(project.include_dirs) or "found by name"),
        ("defines", ", ".join(f"{n}={v}" if v else n for n, v in project.defines) or "none"),
        *(("problem", f"{p.path}:{p.line1}: {p.message}") for p in project.problems[:10]),
    ]


def _index(session: Session) -> Rows:
    store = session.files.store
    size = store.size_bytes()
    rows = [("kept", store.state)]
    if store.path is not None:
        rows.append(("file", f"{store.path} ({size / 1e6:.1f} MB)" if size else str(store.path)))
    if store.problem:
        rows.append(("problem", store.problem))
    return rows


MAX_NAMES = 8  # a folder with FuseSoC cores has hundreds of targets


def _targets(project: ProjectModel) -> Rows:
    listed = [target.name for target in project.targets]
    names = ", ".join(listed[:MAX_NAMES])
    if len(listed) > MAX_NAMES:
        names += f" and {len(listed) - MAX_NAMES} more"
    return [("target", f"{project.target or 'none chosen'} (of {names})")] if names else []


async def _slang(session: Session, problems: list[str]) -> Rows:
    """Compiles one source file in the analysis process."""
    known = (session.table.find(path) for path in session.project.sources)
    file = next((f for f in known if f is not None and session.vfs.text(f) is not None), None)
    if file is None:
        return [("analysis", "no source file to try it on")]
    facts = await session.facts(file)
    if facts is None:
        problems.append(
            f"slang's analysis process does not answer: {session.shallow.status().detail}"
        )
        return [("analysis", "does not answer")]
    return [
        (
            "analysis",
            f"answers; tried on {Path(facts.path).name} with {len(facts.depends_on)} files it names",
        ),
        ("unknown macros", ", ".join(facts.missing_macros) or "none there"),
        ("missing includes", ", ".join(facts.missing_includes) or "none there"),
    ]


async def _design(session: Session) -> Rows:
    """Elaborates the whole design, if somebody has said what that is."""
    if not session.project.is_configured:
        return [("elaborated", "no: the project is not configured ('hdl-lsp init' proposes how)")]
    answer = await session.design_query(ChildrenOf())
    facts = session.design_facts
    if facts is None or facts.is_lint_only or not facts.tops:
        reason = answer.reason if isinstance(answer, NotElaborated) else ""
        return [("elaborated", f"no: {reason or (facts.failure if facts else '') or NO_TOP}")]
    counts = facts.counts
    return [
        ("elaborated", f"from {', '.join(facts.tops)}, in {session.designer.duration_s:.1f} s"),
        ("instances", f"{counts.instances} of {counts.definitions} modules and interfaces"),
        ("findings", f"{counts.errors} errors, {counts.warnings} warnings in {counts.files} files"),
    ]


async def _model(session: Session, options: argparse.Namespace, problems: list[str]) -> Rows:
    if not session.config.llm.enabled:
        return [("model", "switched off by llm.enabled")]
    if options.no_model:
        return [("model", "not tried")]
    rows: Rows = []
    for lane, what in ((Lane.INLINE, "ghost text"), (Lane.CHAT, "words")):
        try:
            made = await session.engine.generate(
                GenerateRequest(ChatPrompt("", "module counter"), 8, lane)
            )
        except HdlLspError as error:
            problems.append(f"{what}: {error}")
            rows.append((what, f"does not work: {error}"))
            continue
        rows.append((what, f"works: first token after {made.timings.first_token_ms:.0f} ms"))
    status = session.engine.status()
    if status.state is not EngineState.OFF:
        rows += [("model", status.model), ("device", status.device), ("FIM", status.fim)]
        if status.detail:
            rows.append(("note", status.detail))
    return rows


def _settings(session: Session) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for info in config.settings():
        section, _, name = info.key.partition(".")
        value: object = getattr(getattr(session.config, section), name)
        shown = "(set)" if info.key == "llm.api_key" and value else json.dumps(value)
        origin = session.origin(info.key)
        if origin is config.Layer.CLIENT:
            origin = config.Layer.COMMAND_LINE  # here no editor is the client
        rows.append({"key": info.camel, "value": shown, "from": origin.value})
    return rows


def _print(
    report: dict[str, Rows], settings: Sequence[dict[str, str]], problems: Sequence[str]
) -> None:
    console = Console(highlight=False)
    for title, rows in report.items():
        table = Table(
            title=title, title_justify="left", show_header=False, box=None, pad_edge=False
        )
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for row in rows:
            table.add_row(*map(escape, row))
        console.print(table)
        console.print()
    table = Table(
        "setting", "value", "from", title="Settings", title_justify="left", box=None, pad_edge=False
    )
    for row in settings:
        table.add_row(row["key"], escape(row["value"]), row["from"])
    console.print(table)
    for problem in problems:
        console.print(f"\n[bold red]problem:[/bold red] {escape(problem)}")
