"""slang's findings about a text and about what may be inserted into it, plain and unsoftened.

Must not import pyslang: the server compares these. What an editor shows of a file is another thing (facts.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of one compilation."""

    code: str  # slang's DiagCode
    message: str
    start: (
        int | None
    )  # byte offset in the text, at the macro's use if it comes from one; None: in another file
    is_error: bool
    is_syntax: bool = False
    may_recur: bool = False
    """Nothing is worse if it is there once more: its cause lies outside the text, or in values nobody has given."""

    @property
    def key(self) -> tuple[str, str]:
        """What makes two findings of two texts the same one: places shift."""
        return self.code, self.message


@dataclass(frozen=True, slots=True)
class Reading:
    """What slang says of one text."""

    problems: tuple[Problem, ...] = ()
    failure: str = ""  # why nothing is known; "" when all went well

    def errors(self) -> Iterator[Problem]:
        """The problems that are errors."""
        return (problem for problem in self.problems if problem.is_error)


@dataclass(frozen=True, slots=True)
class Checked:
    """A text, and that text with each of the insertions, in the order they were asked.

    `before` is empty where no insertion leaves anything to compare.
    """

    before: Reading
    after: tuple[Reading, ...]
