"""How layers of raw settings become one Config, with what was wrong on the way.

Must not read files or the environment, and never raises: what can't be used is a Problem.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from hdl_lsp.config import (
    TARGETS,
    Config,
    Layer,
    Problem,
    Resolved,
    TargetConfig,
    camel_case,
    sections,
    settings,
)


def _checked(raw: object, expected: str, choices: tuple[str, ...]) -> tuple[object, str]:
    """The value in its Python form, or a sentence saying why it can't be used."""
    match expected:
        case "boolean" if isinstance(raw, bool):
            return raw, ""
        case "integer" if isinstance(raw, int) and not isinstance(raw, bool):
            return raw, ""
        case "string" if isinstance(raw, str):
            if choices and raw not in choices:
                return None, f"expected one of {', '.join(choices)}"
            return raw, ""
        case "string[]" if isinstance(raw, Sequence) and not isinstance(raw, str):
            items = typing.cast("Sequence[object]", raw)
            if all(isinstance(item, str) for item in items):
                return tuple(items), ""
        case _:
            pass
    return None, f"expected {expected}"


def resolve(layers: Mapping[Layer, Mapping[str, object]]) -> Resolved:
    """One Config from raw layers (nested mappings, keys in snake_case or camelCase); never raises.

    A value of the wrong type falls back to the weaker layer and is reported, with unknown keys.
    """
    known = {info.camel: info for info in settings()}
    values: dict[str, object] = {info.key: info.default for info in known.values()}
    origin = {info.key: Layer.DEFAULT for info in known.values()}
    problems: list[Problem] = []
    names_of = {name for name, _ in sections()}
    targets: dict[str, TargetConfig] = {}
    for layer in Layer:
        for section, content in layers.get(layer, {}).items():
            if section == TARGETS:
                targets |= {target.name: target for target in _targets(layer, content, problems)}
                continue
            if section not in names_of or not isinstance(content, Mapping):
                if section != "server":  # the VS Code extension's own section
                    problems.append(Problem(layer, str(section), "no such section of settings"))
                continue
            for key, raw in typing.cast("Mapping[str, object]", content).items():
                info = known.get(camel_case(f"{section}.{key}"))
                if info is None:
                    problems.append(Problem(layer, f"{section}.{key}", "no such setting"))
                    continue
                if info.user_only and layer is Layer.WORKSPACE:
                    problems.append(
                        Problem(
                            layer,
                            info.key,
                            "ignored: only your own settings may set this, not a repository's",
                        )
                    )
                    continue
                value, wrong = _checked(raw, info.type_name, info.choices)
                if wrong:
                    problems.append(Problem(layer, info.key, wrong))
                    continue
                values[info.key] = value
                origin[info.key] = layer
    parts: dict[str, Any] = {TARGETS: tuple(targets.values())}
    for section, cls in sections():
        names = [f.name for f in dataclasses.fields(cls)]
        parts[section] = cls(**{name: values[f"{section}.{name}"] for name in names})
    return Resolved(Config(**parts), types.MappingProxyType(origin), tuple(problems))


def _targets(layer: Layer, content: object, problems: list[Problem]) -> list[TargetConfig]:
    """The builds that `[targets]` holds; what can't be used goes to *problems*."""
    if not isinstance(content, Mapping):
        problems.append(Problem(layer, TARGETS, "expected tables [targets.NAME]"))
        return []
    names = {camel_case(f.name): f.name for f in dataclasses.fields(TargetConfig)[1:]}
    found: list[TargetConfig] = []
    for target, raw in typing.cast("Mapping[str, object]", content).items():
        if not isinstance(raw, Mapping):
            problems.append(Problem(layer, f"{TARGETS}.{target}", "expected a table"))
            continue
        values: dict[str, Any] = {}
        for key, given in typing.cast("Mapping[str, object]", raw).items():
            name = names.get(camel_case(key))
            value, wrong = _checked(given, "string[]", ()) if name else (None, "no such setting")
            if name is None or wrong:
                problems.append(Problem(layer, f"{TARGETS}.{target}.{key}", wrong))
            else:
                values[name] = value
        found.append(TargetConfig(target, **values))
    return found
