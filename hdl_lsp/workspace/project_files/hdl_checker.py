"""`.hdl_checker.config`: sources with flags, one a line, or the same as JSON.

Must not know the simulators whose flags these are.
"""

from __future__ import annotations

import json
import shlex
from typing import cast

from hdl_lsp.text.decode import decode
from hdl_lsp.workspace.filelist import parse_arguments
from hdl_lsp.workspace.paths import is_hdl
from hdl_lsp.workspace.project_files.filelists import of_lists
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.world import World

FILES = (".hdl_checker.config",)

_FLAGS = ("global_build_flags", "single_build_flags", "dependencies_build_flags")


def read(world: World) -> ProjectModel | None:
    """The sources of its lines `verilog LIBRARY FILE FLAGS`, or of its JSON form; None when it names none."""
    path = world.absolute(FILES[0])
    data = world.disk.read(path)
    if data is None:
        return None
    text = decode(data).text
    words = _of_json(text) if text.lstrip().startswith("{") else _of_lines(text)
    if not words:
        return None
    found = parse_arguments(
        words,
        path=path,
        cwd=world.root,
        disk=world.disk,
        environment=world.environment,
        scanned=world.scanned,
    )
    if not found.sources:
        return None
    return of_lists(world, [found], FILES[0], watched=(path,))


def _of_lines(text: str) -> str:
    """The same as a file list, line for line, so that problems keep their lines."""
    return "\n".join(_of_line(line.strip()) for line in text.split("\n")).rstrip("\n")


def _of_line(line: str) -> str:
    kind, _, rest = line.partition(" ")
    if kind in {"verilog", "systemverilog"}:
        _, _, file_and_flags = rest.strip().partition(" ")
        return file_and_flags
    key, is_flags, flags = line.partition("=")
    name = key.strip().partition("[")[0]
    return flags.strip() if is_flags and name in _FLAGS and "vhdl" not in key else ""


def _of_json(text: str) -> str:
    try:
        raw: object = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    sources = cast("dict[str, object]", raw).get("sources") if isinstance(raw, dict) else None
    words: list[str] = []
    for item in cast("list[object]", sources) if isinstance(sources, list) else []:
        name = next(iter(cast("list[object]", item)), None) if isinstance(item, list) else item
        if isinstance(name, str) and is_hdl(name):
            words.append(shlex.quote(name))
    return "\n".join(words)
