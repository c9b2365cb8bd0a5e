"""What a target of a FuseSoC core compiles: its filesets and those of all it depends on, told without FuseSoC.

Must not run generators: what only they can tell is reported.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from hdl_lsp.workspace.filelist import ProjectProblem
from hdl_lsp.workspace.paths import distance, is_hdl, is_header
from hdl_lsp.workspace.project_files.core_catalogue import Catalogue, Core
from hdl_lsp.workspace.project_files.core_names import Key, vlnv_of, wish_of
from hdl_lsp.workspace.project_files.core_words import words_of
from hdl_lsp.workspace.project_files.documents import Table, define_value
from hdl_lsp.workspace.project_files.world import World, counted

MAX_DEPTH = 200  # of dependencies; a longer chain is a mistake

_HDL_TYPES = ("systemverilogsource", "verilogsource")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Files, folders and macros of one build, dependencies first. Paths are absolute."""

    sources: tuple[str, ...]
    include_dirs: tuple[str, ...]
    defines: tuple[tuple[str, str], ...]
    tops: tuple[str, ...]
    cores: tuple[str, ...]  # the .core files that were used
    problems: tuple[ProjectProblem, ...]
    missing: int  # files and cores that are not there
    is_complete: bool  # False: generators make more files than can be known


def resolve(world: World, catalogue: Catalogue, core: Core, target: str) -> Resolved:
    """The build *target* of *core*."""
    resolver = _Resolver(world, catalogue, core, target)
    resolver.visit(core, 0)
    if resolver.generators:
        first = resolver.generators[0]
        problem = ProjectProblem(
            first.path,
            first.table.document.line_of("generate:"),
            f"files of {counted(len(resolver.generators), 'core')} are made by generators when FuseSoC runs, and known "
            "after 'fusesoc run --setup'",
        )
        resolver.problems.append(problem)
    tops = core.table.table("targets").table(target).texts("toplevel")
    return Resolved(
        tuple(resolver.sources),
        tuple(resolver.include_dirs),
        tuple(resolver.defines.items()),
        tuple(top for text in tops for top in words_of(text, resolver.top_flags)),
        tuple(resolver.used),
        tuple(resolver.problems),
        resolver.missing,
        not resolver.generators,
    )


@dataclass
class _Resolver:
    """State while cores are visited: ordered sets as dicts."""

    world: World
    catalogue: Catalogue
    top: Core
    target: str
    sources: dict[str, None] = field(default_factory=dict[str, None])
    include_dirs: dict[str, None] = field(default_factory=dict[str, None])
    defines: dict[str, str] = field(default_factory=dict[str, str])
    used: dict[str, None] = field(default_factory=dict[str, None])
    problems: list[ProjectProblem] = field(default_factory=list[ProjectProblem])
    generators: list[Core] = field(default_factory=list[Core])
    missing: int = 0

    def __post_init__(self) -> None:
        """What holds for the whole build: flags, renamed cores, cores that are needed under their own names."""
        wanted = self.top.table.table("targets").table(self.target)
        tool = wanted.text("default_tool") or wanted.table("flow_options").text("tool")
        flags = {f"target_{self.target}"} | ({f"tool_{tool}"} if tool else set[str]())
        for name, value in wanted.table("flags").values.items():
            if value is True:
                flags.add(name)
            elif isinstance(value, str):
                flags.add(f"{name}_{value}")
        self.flags = frozenset(flags)
        self.top_flags = frozenset({*flags, "is_toplevel"})
        self.known = frozenset(self.world.scanned)
        mapping = self.top.table.table("mapping")
        self.mapping = {
            vlnv_of(name).key: mapping.text(name) for name in mapping.values if mapping.text(name)
        }
        self.required = self._required()

    def visit(self, core: Core, depth: int) -> None:
        """Adds *core* after all it depends on."""
        if core.path in self.used or depth > MAX_DEPTH:
            return
        self.used[core.path] = None
        filesets = self._filesets(core)
        for fileset in filesets:
            for text in self._dependencies(core, fileset):
                needed = self._find(text, core)
                if needed is not None:
                    self.visit(needed, depth + 1)
        for fileset in filesets:
            self._take_files(core, fileset)
        target = self._target(core)
        self._take_parameters(core, target)
        if any(words_of(text, self._flags(core)) for text in _both(target, "generate")):
            self.generators.append(core)

    def _flags(self, core: Core) -> frozenset[str]:
        return self.top_flags if core is self.top else self.flags

    def _target(self, core: Core) -> Table:
        return core.table.table("targets").table(self.target if core is self.top else "default")

    def _filesets(self, core: Core) -> list[Table]:
        known = core.table.table("filesets")
        names = (
            name
            for text in _both(self._target(core), "filesets")
            for name in words_of(text, self._flags(core))
        )
        return [known.table(name) for name in dict.fromkeys(names)]

    def _dependencies(self, core: Core, fileset: Table) -> Iterator[str]:
        for text in _both(fileset, "depend"):
            yield from words_of(text, self._flags(core))

    def _required(self) -> frozenset[Key]:
        """The cores reached without choosing who provides a virtual one: these provide it if they can."""
        reached: dict[Key, None] = {}
        waiting = [self.top]
        while waiting:
            core = waiting.pop()
            if core.name.key in reached:
                continue
            reached[core.name.key] = None
            for fileset in self._filesets(core):
                for text in self._dependencies(core, fileset):
                    needed = self.catalogue.find(wish_of(self._mapped(text)))
                    if needed is not None:
                        waiting.append(needed)
        return frozenset(reached)

    def _mapped(self, text: str) -> str:
        return self.mapping.get(wish_of(text).core.key, text)

    def _find(self, text: str, asking: Core) -> Core | None:
        wish = wish_of(self._mapped(text))
        found = self.catalogue.find(wish)
        if found is not None:
            return found
        providers = self.catalogue.providers.get(wish.core.key, ())
        if providers:
            return min(providers, key=lambda core: self._rank(core, asking))
        self.missing += 1
        has_others = wish.core.key in self.catalogue.by_name
        self._problem(
            asking,
            f"no core {text} was found" + (", only other versions of it" if has_others else ""),
            text,
        )
        return None

    def _rank(self, provider: Core, asking: Core) -> tuple[bool, bool, int, str]:
        """The least is the provider that is most likely meant."""
        return (
            provider.name.key not in self.required,
            "generic" not in str(provider.name),
            distance(asking.path, provider.path) + distance(self.top.path, provider.path),
            provider.path,
        )

    def _take_files(self, core: Core, fileset: Table) -> None:
        usual = fileset.text("file_type")
        for key in ("files", "files_append"):
            given = fileset.values.get(key)
            for item in cast("list[object]", given) if isinstance(given, list) else []:
                attributes = Table(core.table.document, {})
                if isinstance(item, dict):
                    entry = cast("dict[object, object]", item)
                    name = next(iter(entry), None)
                    of_item = Table(core.table.document, {str(name): entry.get(name)})
                    if of_item.values[str(name)] is not None:
                        attributes = of_item.table(str(name))
                else:
                    name = item
                for word in words_of(str(name), self._flags(core)):
                    self._take_file(core, word, attributes, usual)

    def _take_file(self, core: Core, name: str, attributes: Table, usual: str) -> None:
        kind = (attributes.text("file_type") or usual).lower()
        is_included = bool(attributes.values.get("is_include_file"))
        if kind and not kind.startswith(_HDL_TYPES):
            return
        if not (is_hdl(name) or is_included):
            return  # test vectors and the like, in a fileset of sources
        path = os.path.normpath(os.path.join(core.folder, name))
        if path not in self.known and not self.world.disk.is_file(path):
            if not is_hdl(name):
                return
            self.missing += 1
            self._problem(core, f"no such file: {path}", name)
            return
        if is_included or is_header(path):
            given = attributes.text("include_path")
            folder = os.path.join(core.folder, given) if given else os.path.dirname(path)
            self.include_dirs[os.path.normpath(folder)] = None
        else:
            self.sources[path] = None

    def _take_parameters(self, core: Core, target: Table) -> None:
        known = core.table.table("parameters")
        for text in _both(target, "parameters"):
            for word in words_of(text, self._flags(core)):
                name, is_given, value = word.partition("=")
                parameter = known.table(name)
                if parameter.text("paramtype") != "vlogdefine":
                    continue
                made = value if is_given else parameter.values.get("default")
                if made is None or made is False or str(made).lower() == "false":
                    continue
                is_true = made is True or str(made).lower() == "true"
                self.defines[name] = "1" if is_true else define_value(made)

    def _problem(self, core: Core, message: str, words: str) -> None:
        line1 = core.table.document.line_of(words)
        self.problems.append(ProjectProblem(core.path, line1, message))


def _both(table: Table, key: str) -> tuple[str, ...]:
    """The strings of *key* and of `key_append`, which a target adds to those it inherits."""
    return (*table.texts(key), *table.texts(f"{key}_append"))
