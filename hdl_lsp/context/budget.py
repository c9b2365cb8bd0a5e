"""Which pieces of context fit into a number of tokens.

Must not know where pieces come from. Deterministic: equal input gives equal output.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

BYTES_PER_TOKEN = 3.3
"""Real SystemVerilog in Qwen's and Llama's vocabularies (3.31 and 3.36 characters per token)."""


class Stability(IntEnum):
    """How long a piece stays as it is while the user types; the most stable go first, for the KV cache."""

    PROJECT = 0  # packages, typedefs
    DESIGN = 1  # interfaces of other modules
    EDIT = 2  # recent edits, neighbours


@dataclass(frozen=True, slots=True)
class Piece:
    """A text from another place that may help. Higher `worth` is kept first."""

    text: str
    path: str  # where it is from, as the model is told
    worth: float
    stability: Stability


def estimate_tokens(text: str) -> int:
    """Tokens of *text*, estimated without a model, rounded up."""
    return int(len(text.encode()) / BYTES_PER_TOKEN) + 1


def pack(
    pieces: Iterable[Piece],
    budget_tokens: int,
    count: Callable[[str], int] = estimate_tokens,
) -> tuple[Piece, ...]:
    """The worthiest pieces that fit together into *budget_tokens*, ordered from stable to volatile.

    Equal texts are taken once. A piece that does not fit is passed over, smaller ones after it may fit.
    """
    left = budget_tokens
    chosen: list[Piece] = []
    seen: set[str] = set()
    for piece in sorted(pieces, key=lambda p: (-p.worth, p.path, p.text, p.stability)):
        cost = count(piece.text)
        if piece.text in seen or cost > left:
            continue
        seen.add(piece.text)
        chosen.append(piece)
        left -= cost
    return tuple(sorted(chosen, key=lambda p: (p.stability, p.path, p.text)))
