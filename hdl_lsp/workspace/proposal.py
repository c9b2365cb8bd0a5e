"""A proposed hdl-lsp.toml: every choice with what it is worth, and the text to write.

Must not find the choices (candidates.py) nor measure them (server/proposing.py).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

MAX_UNSOLVED = 20


class Kind(Enum):
    """The key of `[project]` that a choice belongs to; SHARED is none, because hdl-lsp does it unasked."""

    INCLUDE_DIR = "include_dirs"
    SHARED = "shared macros"
    DEFINE = "defines"
    EXCLUDE = "exclude"
    TOP = "tops"


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the file. `value` as it is written there: a folder relative to the root, `NAME=VALUE`, a module."""

    kind: Kind
    value: str
    before: int  # errors in all files without it
    after: int  # and with it
    files: int  # files whose errors became fewer or more; of a top: files below it
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was tried, in order, and what is left."""

    root: str
    files: int  # compiled by themselves
    before: int  # errors with nothing said
    after: int  # errors with everything that is kept
    choices: tuple[Choice, ...] = ()
    unsolved: tuple[
        tuple[str, int], ...
    ] = ()  # what the errors that are left say, the most frequent first
    other_tops: tuple[str, ...] = ()
    failure: str = ""  # why nothing could be measured; "" when all went well

    def kept(self, kind: Kind) -> tuple[Choice, ...]:
        """The choices of one key that are worth it."""
        return tuple(c for c in self.choices if c.kind is kind and c.is_kept)


def relative(root: str, path: str) -> str:
    """*path* as hdl-lsp.toml names it."""
    return os.path.relpath(path, root).replace(os.sep, "/")


def proof(choice: Choice) -> str:
    """What a choice is worth, in a few words."""
    if choice.kind is Kind.TOP:
        return f"{_count(choice.files, 'file')}; elaborates with {_count(choice.after, 'error')}"
    gain = choice.before - choice.after
    if choice.kind is Kind.EXCLUDE:
        return f"leaves out {_count(gain, 'error')} in {_count(choice.files, 'file')}; the design does not need it"
    return f"removes {_count(gain, 'error')} in {_count(choice.files, 'file')}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"


def toml(proposal: Proposal) -> str:
    """The text of hdl-lsp.toml; every line says why it is there."""
    lines = [
        f"# Proposed by 'hdl-lsp init' for {_count(proposal.files, 'file')}:",
        f"# {_count(proposal.before, 'error')} without this file, {proposal.after} with it.",
    ]
    lines += [f"# {c.value}: {proof(c)}." for c in proposal.kept(Kind.SHARED)]
    lines.append("[project]")
    for kind in Kind:
        kept = proposal.kept(kind)
        if kept and kind is not Kind.SHARED:
            lines += [f"{kind.value} = [", *(_line(choice) for choice in kept), "]"]
    if not any(choice.is_kept for choice in proposal.choices):
        lines.append("# nothing that was tried removes an error")
    if proposal.other_tops:
        lines.append(f"# Other modules that nobody instantiates: {', '.join(proposal.other_tops)}")
    if any("`uvm_" in text for text, _ in proposal.unsolved):
        lines.append(
            "# UVM is not in this folder: add its src to include_dirs, src/uvm_pkg.sv to sources"
        )
    if proposal.unsolved:
        lines.append("# Most frequent of the errors that are left:")
        lines += [f"#   {number} x {_one_line(text)}" for text, number in proposal.unsolved[:5]]
    return "\n".join((*lines, ""))


def _line(choice: Choice) -> str:
    # A JSON string of these values is a TOML basic string too.
    return f"  {json.dumps(choice.value, ensure_ascii=False)}, # {proof(choice)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def gained(before: dict[str, int], after: dict[str, int]) -> int:
    """In how many files the number of errors differs."""
    return sum(1 for path in {*before, *after} if before.get(path, 0) != after.get(path, 0))


def unsolved(messages: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """The most frequent of *messages*."""
    counts: dict[str, int] = {}
    for message in messages:
        counts[message] = counts.get(message, 0) + 1
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(ordered[:MAX_UNSOLVED])
