"""A small stand-in for the workspace: the files of a folder that one file needs to be compiled with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from hdl_lsp.semantics.request import CompileOptions, DiagnosticsRequest, FactsRequest, Input
from hdl_lsp.text.decode import decode

UNIT = re.compile(
    r"^[ \t]*(?:(?:virtual\s+)?class|module|package|interface|program|primitive)\s+"
    r"(?:static\s+|automatic\s+)?([A-Za-z_]\w*)",
    re.MULTILINE,
)
PACKAGE = re.compile(r"^[ \t]*package\s+(?:static\s+|automatic\s+)?([A-Za-z_]\w*)", re.MULTILINE)
INTERFACE = re.compile(r"^[ \t]*interface\s+([A-Za-z_]\w*)", re.MULTILINE)
NAME = re.compile(r"[A-Za-z_]\w*")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
SUFFIXES = {".sv", ".v", ".svh", ".vh"}


@dataclass
class Folder:
    """Names of design units of all files below some folders; nothing is configured."""

    roots: tuple[Path, ...]
    texts: dict[str, str] = field(default_factory=dict)
    names: dict[str, frozenset[str]] = field(default_factory=dict)
    units: dict[str, list[str]] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for root in self.roots:
            for path in sorted(root.rglob("*")):
                if path.suffix in SUFFIXES and path.is_file():
                    text = COMMENT.sub(" ", decode(path.read_bytes()).text)
                    self.texts[str(path)] = text
                    self.names[str(path)] = frozenset(NAME.findall(text))
                    for name in UNIT.findall(text):
                        self.units.setdefault(name, []).append(str(path))
                    for name in PACKAGE.findall(text) + INTERFACE.findall(text):
                        self.shared.setdefault(name, str(path))

    def options(self) -> CompileOptions:
        """Folders that hold headers, and all files with macros."""
        headers = [p for p in self.texts if p.endswith(("h",))]
        dirs = {str(Path(p).parent) for p in headers}
        dirs |= {str(Path(p).parent.parent) for p in headers}
        files = [p for p, t in self.texts.items() if "`define" in t]
        files.sort(key=lambda p: (not p.endswith("h"), p))
        return CompileOptions(include_dirs=tuple(sorted(dirs)), macro_files=tuple(files))

    def context(self, path: str) -> tuple[Input, ...]:
        """Files declaring what *path* names, and the packages and interfaces those need."""
        own = set(UNIT.findall(self.texts[path]))
        found: dict[str, None] = {}
        todo = [(path, True)]
        while todo:
            file, is_main = todo.pop()
            for name in self.names[file]:
                place = self.shared.get(name)
                if place is None and is_main and name in self.units:
                    place = min(self.units[name], key=lambda p: distance(p, path))
                if place is not None and name not in own and place != path and place not in found:
                    if place.endswith("h"):
                        continue
                    found[place] = None
                    todo.append((place, False))
        return tuple(Input(p) for p in found)

    def facts_request(self, path: str, options: CompileOptions) -> FactsRequest:
        """What the server would ask for that file."""
        return FactsRequest(Input(path), self.context(path), options)

    def diagnostics_request(self, path: str, options: CompileOptions) -> DiagnosticsRequest:
        """As facts_request, findings only."""
        return DiagnosticsRequest(Input(path), self.context(path), options)


def distance(one: str, other: str) -> int:
    """Steps between two paths through the folders."""
    a, b = Path(one).parts, Path(other).parts
    same = 0
    for left, right in zip(a, b, strict=False):
        if left != right:
            break
        same += 1
    return len(a) + len(b) - 2 * same
