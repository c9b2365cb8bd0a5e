"""All settings: frozen dataclasses whose field comments are the documentation; resolving.py makes one Config of layers.

Must not read files or the environment: the faces hand over raw mappings. `scripts/generate` turns this file
into docs/settings.md and the `configuration` block of the VS Code extension.

Sources, weakest first: defaults, the user's `config.toml`, the workspace's `hdl-lsp.toml`, client settings.
A workspace file may not name executables, addresses, keys or model files (metadata `user_only`): such a key
there is reported and ignored, so that a cloned repository can neither run nor leak anything.
"""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Layer(Enum):
    """Where a value came from; later ones win."""

    DEFAULT = "default"
    USER = "user config.toml"
    WORKSPACE = "hdl-lsp.toml"
    CLIENT = "editor settings"
    COMMAND_LINE = "command line"


def setting(
    default: Any,  # noqa: ANN401 - a dataclass field of any type
    doc: str,
    *,
    user_only: bool = False,
    choices: tuple[str, ...] = (),
) -> Any:  # noqa: ANN401 - a dataclass field of any type
    """A documented field. *user_only*: ignored, with a warning, in a workspace's hdl-lsp.toml."""
    return field(default=default, metadata={"doc": doc, "user_only": user_only, "choices": choices})


@dataclass(frozen=True, slots=True)
class ProjectConfig:
    """`[project]`: which files make the design."""

    sources: tuple[str, ...] = setting(
        (),
        "Globs of source files, relative to the folder of `hdl-lsp.toml`. Empty: all HDL files found.",
    )
    exclude: tuple[str, ...] = setting((), "Globs of files and folders to leave out of the scan.")
    max_files: int = setting(
        50_000,
        "Most HDL files that are looked for in the workspace; more are left out, which is said.",
    )
    filelists: tuple[str, ...] = setting(
        (),
        "`.f` file lists, read as simulators do (`-f`, `-F`, `+incdir+`, `+define+`, `-y`, `-v`, `+libext+`, `$VAR`).",
    )
    command: str = setting(
        "",
        "A program with its arguments that prints a file list; started without a shell, in the workspace folder, and only if `trust.workspaces` names that folder.",
    )
    include_dirs: tuple[str, ...] = setting((), "Folders searched for `` `include `` files.")
    defines: tuple[str, ...] = setting(
        (), "Macros defined before every file: `NAME` or `NAME=value`."
    )
    tops: tuple[str, ...] = setting((), "Top modules. Empty: modules that nobody instantiates.")
    target: str = setting(
        "",
        "The named build that counts, of those in `[targets.NAME]` or in the project file of another tool. Empty: none, or that file's own default.",
    )
    third_party: tuple[str, ...] = setting(
        (),
        "Globs of files and folders that are somebody else's: names in them are known, nothing is reported on them.",
    )


@dataclass(frozen=True, slots=True)
class TargetConfig:
    """`[targets.NAME]`: a named build; what it leaves out is as in `[project]`."""

    name: str
    sources: tuple[str, ...] = ()  # these and filelists: instead of the project's
    filelists: tuple[str, ...] = ()
    include_dirs: tuple[str, ...] = ()  # searched before the project's
    defines: tuple[str, ...] = ()  # besides the project's; the same name again wins
    tops: tuple[str, ...] = ()  # instead of the project's


@dataclass(frozen=True, slots=True)
class DiagnosticsConfig:
    """`[diagnostics]`: what is reported while you type."""

    enabled: bool = setting(True, "Report what slang finds in open files.")
    delay_ms: int = setting(
        40, "Pause after the last key before an open file is compiled again, in milliseconds."
    )
    warnings: tuple[str, ...] = setting(
        (),
        "slang warning options without `-W`: `width-trunc`, `case-default`, `error=width-trunc`.",
    )
    ignore: tuple[str, ...] = setting((), "Diagnostic codes that are never shown.")


@dataclass(frozen=True, slots=True)
class DesignConfig:
    """`[design]`: the whole design, elaborated from its tops."""

    elaborate: str = setting(
        "idle",
        "When the whole design is elaborated: `idle` as soon as the text has rested, or only on `save`. What needs it (the instance tree, drivers, loads) asks for it by itself.",
        choices=("idle", "save"),
    )
    delay_ms: int = setting(
        60,
        "Pause after the last key before the design is elaborated, in milliseconds. For a design that takes longer than 0.4 s: at least as long as the last time took.",
    )
    keep_minutes: int = setting(
        10, "An elaborated design that nobody has asked about for so long is dropped from memory."
    )
    lens: bool = setting(True, "A line above every module that says how often it is instantiated.")


@dataclass(frozen=True, slots=True)
class HoverConfig:
    """`[hover]`."""

    explain: bool = setting(
        False,
        "Add an explanation in words, written by the model, to a hover that is asked again at the same place. Facts never wait for it.",
    )


@dataclass(frozen=True, slots=True)
class HintsConfig:
    """`[hints]`: inlay hints, shown between the characters of the code."""

    ports: bool = setting(True, "Direction and type of the port behind a connection.")
    ordered: bool = setting(True, "Names of ports and parameters connected by order.")
    wildcards: bool = setting(True, "What `.*` connects.")
    arguments: bool = setting(
        True, "Names of the arguments of functions, tasks and macros that take two or more."
    )
    values: bool = setting(True, "What a constant written as an expression works out to.")
    widths: bool = setting(True, "Bits of signals whose type has to be worked out.")
    block_ends: bool = setting(True, "Names at the ends of long blocks.")


@dataclass(frozen=True, slots=True)
class InlineConfig:
    """`[inline]`: ghost text."""

    enabled: bool = setting(True, "Suggest code as ghost text.")
    max_tokens: int = setting(48, "Longest suggestion, in tokens of the model.")
    multiline: bool = setting(
        True, "Suggest more than the rest of the line where the cursor is at the end of one."
    )
    as_completion: bool = setting(
        False,
        "Offer the same text as an item of the completion list, for editors without ghost text. Switched on by itself when the client does not announce inline completion.",
    )
    level: str = setting(
        "balanced",
        "How likely the model's suggestions have to be to come unasked: `sure` shows few, mostly right ones, `eager` nearly all. What is computed, and what you ask for by key, is always shown.",
        choices=("sure", "balanced", "eager"),
    )
    check: bool = setting(True, "Drop or shorten suggestions that slang would reject.")
    deadline_ms: int = setting(
        4000, "A suggestion that takes longer is shown as far as it got, in milliseconds."
    )


@dataclass(frozen=True, slots=True)
class LlmConfig:
    """`[llm]`: the local model."""

    enabled: bool = setting(True, "Use a model. Everything else works without.")
    model: str = setting(
        "gemma3-270m",
        "Model for ghost text: a name from `hdl-lsp models list`, or the path of a GGUF file.",
        user_only=True,
    )
    chat_model: str = setting(
        "smollm2-135m-instruct",
        "Model for words (explanations, fixes, review): a catalogue name or the path of a GGUF file.",
        user_only=True,
    )
    gpu_layers: int = setting(-1, "Layers on the GPU. -1: all that fit, none without a GPU.")
    threads: int = setting(
        0, "CPU threads of a model. 0: chosen so that a busy machine does not collapse."
    )
    context_tokens: int = setting(
        2048, "Longest prompt plus answer, in tokens. More costs memory and time."
    )
    chat_context_tokens: int = setting(4096, "The same for explanations, fixes and review.")
    address: str = setting(
        "",
        "Address of a llama-server or OpenAI-compatible server to use instead of a local model, e.g. `http://gpu-server:8080`. Empty: nothing leaves this machine.",
        user_only=True,
    )
    api_key: str = setting("", "Key for `llm.address`, sent as a bearer token.", user_only=True)


@dataclass(frozen=True, slots=True)
class TrustConfig:
    """`[trust]`: what may be run that is not part of hdl-lsp."""

    workspaces: tuple[str, ...] = setting(
        (),
        "Folders (absolute, or from `~`) whose project files may run a command that prints a file list: `project.command`, and `builds` of `.slang/server.json`. Folders inside them are trusted too.",
        user_only=True,
    )


@dataclass(frozen=True, slots=True)
class StatsConfig:
    """`[stats]`: what becomes of suggestions."""

    enabled: bool = setting(
        False,
        "Count how many suggestions are shown and accepted, by site and origin, for `hdl-lsp stats`. Numbers only, kept on this machine, never sent.",
        user_only=True,
    )


@dataclass(frozen=True, slots=True)
class LogConfig:
    """`[log]`."""

    level: str = setting(
        "info",
        "`debug`, `info`, `warning` or `error`; goes to the editor's output window.",
        choices=("debug", "info", "warning", "error"),
    )
    prompts: bool = setting(
        False, "Log source text, prompts and answers at `debug`. Off: never logged.", user_only=True
    )


@dataclass(frozen=True, slots=True)
class Config:
    """Every effective setting."""

    project: ProjectConfig = ProjectConfig()
    diagnostics: DiagnosticsConfig = DiagnosticsConfig()
    design: DesignConfig = DesignConfig()
    hover: HoverConfig = HoverConfig()
    hints: HintsConfig = HintsConfig()
    inline: InlineConfig = InlineConfig()
    llm: LlmConfig = LlmConfig()
    trust: TrustConfig = TrustConfig()
    stats: StatsConfig = StatsConfig()
    log: LogConfig = LogConfig()
    targets: tuple[TargetConfig, ...] = ()  # not a section of settings: a table for every build


@dataclass(frozen=True, slots=True)
class Problem:
    """A setting that was not used, and why. `where` is a dotted key as the user wrote it."""

    layer: Layer
    where: str
    message: str
    path: str = ""  # of the file, where there is one
    line1: int = 0  # 1-based; 0 when it is not known


@dataclass(frozen=True, slots=True)
class Resolved:
    """A Config, the layer every dotted key (`llm.gpu_layers`) came from, and what was wrong on the way."""

    config: Config
    origin: Mapping[str, Layer]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """One setting as the generated documents show it."""

    key: str  # "llm.gpu_layers"
    camel: str  # "llm.gpuLayers"
    type_name: str  # "string", "integer", "boolean", "string[]"
    default: object
    doc: str
    user_only: bool
    choices: tuple[str, ...]


def camel_case(name: str) -> str:
    """`gpu_layers` as `gpuLayers`; dots stay."""
    return re.sub(r"_([a-z])", lambda m: m.group(1).upper(), name)


def sections() -> tuple[tuple[str, type], ...]:
    """The parts of a Config with their classes, in order; the targets are none."""
    hints = typing.get_type_hints(Config)
    return tuple((f.name, hints[f.name]) for f in dataclasses.fields(Config) if f.name != TARGETS)


TARGETS = "targets"

_TYPE_NAMES = {bool: "boolean", int: "integer", str: "string"}


def settings() -> tuple[SettingInfo, ...]:
    """Every setting, in the order of this file."""
    found: list[SettingInfo] = []
    for section, cls in sections():
        hints = typing.get_type_hints(cls)
        for f in dataclasses.fields(cls):
            key = f"{section}.{f.name}"
            kind = _TYPE_NAMES.get(hints[f.name], "string[]")
            meta = f.metadata
            found.append(
                SettingInfo(
                    key,
                    camel_case(key),
                    kind,
                    f.default,
                    meta["doc"],
                    meta["user_only"],
                    meta["choices"],
                )
            )
    return tuple(found)
