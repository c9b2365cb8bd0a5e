"""YAML texts as values, with a parser that also ends soon.

Must not read files, nor raise for what stands in a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import yaml

MAX_DEPTH = 100  # of nested lists and tables
MAX_MERGED = 100_000  # keys that `<<` brings into tables; merges of merges double with every line
MAX_DIGITS = 1000  # of a number

_Base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where the wheel has it: ten times as quick."""


class _Loader(_Base):
    """A safe loader that also ends soon."""

    merged = 0

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Counts what is merged: every table is flattened before it is merged into another."""
        super().flatten_mapping(node)
        self.merged += len(node.value)
        if self.merged > MAX_MERGED:
            raise yaml.constructor.ConstructorError(
                None, None, "too much is merged", node.start_mark
            )


def _integer(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> object:
    """A number; text when it is so long that computing it takes forever."""
    text = cast("str", node.value)
    return loader.construct_yaml_int(node) if len(text) <= MAX_DIGITS else text


_Loader.add_constructor("tag:yaml.org,2002:int", _integer)


def parsed(text: str) -> tuple[object, str, int]:
    """The value of *text*; or a sentence about what is wrong with it, and its line (from 1; 0 for none)."""
    try:
        if _is_too_deep(text):
            return None, f"not read: nested more than {MAX_DEPTH} deep", 0
        values: object = yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as err:
        line1 = err.problem_mark.line + 1 if err.problem_mark else 0
        return None, f"not YAML: {err.problem or err}", line1
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as err:
        return None, f"not YAML: {err}", 0
    return values, "", 0


def _is_too_deep(text: str) -> bool:
    """Nested so deep that libyaml's binding, which recurses in C, would overflow the stack."""
    # A level costs a bracket, or at least one character at the start of a line.
    longest = max(map(len, text.split("\n")), default=0)
    if text.count("[") + text.count("{") + longest < 1000:
        return False
    depth = 0
    events = cast("Iterator[object]", yaml.parse(text, _Loader))  # pyright: ignore[reportUnknownMemberType] - untyped
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return False
