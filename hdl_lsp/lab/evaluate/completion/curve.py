"""How precision grows when a model is silent where it is unsure: the curve over the threshold, as data and drawn.

Must not choose the threshold: postprocess/confidence.py has the levels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from hdl_lsp.lab.evaluate.completion.scores import Row

STEPS = tuple(step / 20 for step in range(20))  # mean probability of a token: 0, 0.05 ... 0.95

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 400, 60, 50, 20, 20
_FONT = 'font-family="sans-serif" font-size="12"'
_COLOURS = ("#2f6fb5", "#c0562b", "#3d8f5b", "#8454a8")


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold comes to. Shares are 0 to 1."""

    probability: float  # e to the mean log probability of a token must be at least this
    shown: float  # of all places asked
    precision: float  # of what is shown
    count: int  # shown


def points(rows: Sequence[Row], steps: Sequence[float] = STEPS) -> tuple[Point, ...]:
    """One point for each threshold at which less is shown than before; rows without a score are never shown."""
    found: list[Point] = []
    for step in steps:
        least = math.log(step) if step > 0 else -math.inf
        kept = [row for row in rows if row.shown and row.score is not None and row.score >= least]
        if kept and (not found or len(kept) < found[-1].count):
            right = sum(row.is_right for row in kept) / len(kept)
            found.append(Point(step, len(kept) / len(rows), right, len(kept)))
    return tuple(found)


def svg(curves: Mapping[str, Sequence[Point]]) -> str:
    """The curves as an image: right, how often something is shown; up, how often that is right."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {_FONT} fill="none">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for tenth in range(0, 11, 2):
        share = tenth / 10
        parts += [
            _line(_x(0), _y(share), _x(1), _y(share)),
            _line(_x(share), _y(0), _x(share), _y(1)),
            _text(_x(share), _y(0) + 18, f"{share:.0%}", "middle"),
            _text(_x(0) - 8, _y(share) + 4, f"{share:.0%}", "end"),
        ]
    parts.append(_text((_x(0) + _x(1)) / 2, HEIGHT - 8, "shown, of all places asked", "middle"))
    turn = f'transform="rotate(-90 14 {(_y(0) + _y(1)) / 2:.0f})"'
    parts.append(_text(14, (_y(0) + _y(1)) / 2, "right, of what is shown", "middle", turn))
    for number, (name, curve) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{_x(p.shown):.1f},{_y(p.precision):.1f}" for p in curve)
        parts.append(f'<polyline points="{path}" stroke="{colour}" stroke-width="2"/>')
        for point in curve:
            at = f'cx="{_x(point.shown):.1f}" cy="{_y(point.precision):.1f}"'
            words = (
                f"{escape(name)}: probability at least {point.probability:.2f}, {point.count} shown"
            )
            parts.append(f'<circle {at} r="3" fill="{colour}"><title>{words}</title></circle>')
        parts.append(
            _text(_x(1) - 6, _y(1) + 18 * (number + 1), name, "end", f'style="fill:{colour}"')
        )
    return "\n".join([*parts, "</svg>", ""])


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="#d8d8d8"/>'


def _text(x: float, y: float, words: str, anchor: str, more: str = "") -> str:
    at = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {at} fill="#333333" {more}>{escape(words)}</text>'
