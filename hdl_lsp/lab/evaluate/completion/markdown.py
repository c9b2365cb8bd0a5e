"""The report as docs/benchmarks.md has it.

Must not count anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hdl_lsp.lab.evaluate.completion.curve import Point
from hdl_lsp.lab.evaluate.completion.report import SiteScore
from hdl_lsp.lab.evaluate.score import Bar

_VERDICTS = {True: "met", False: "missed", None: ""}


def markdown(
    bars: Sequence[Bar], sites: Sequence[SiteScore], curves: Mapping[str, Sequence[Point]]
) -> str:
    """Bars, then a table for each way of asking, then one for each curve."""
    return "\n".join([*_bars(bars), *_sites(sites), *_curves(curves), ""])


def _bars(bars: Sequence[Bar]) -> Iterator[str]:
    yield "| what | bar | measured | |"
    yield "|---|---|---|---|"
    for bar in bars:
        yield f"| {bar.what} | {bar.bar} | {bar.measured} | {_VERDICTS[bar.is_met]} |"


def _sites(sites: Sequence[SiteScore]) -> Iterator[str]:
    for engine in dict.fromkeys(score.engine for score in sites):
        yield f"\n{engine}:\n"
        yield "| site | asked | shown | exact | right if shown | alike | adds no error | p50 ms | p95 ms |"
        yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
        for one in sites:
            if one.engine == engine:
                cells = (
                    one.site,
                    str(one.count),
                    share(one.shown, one.count),
                    share(one.exact, one.count),
                    share(one.right, one.shown),
                    f"{one.similarity:.2f}",
                    share(one.elaborates, one.shown),
                    f"{one.latency_p50_ms:,.0f}",
                    f"{one.latency_p95_ms:,.0f}",
                )
                yield f"| {' | '.join(cells)} |"


def _curves(curves: Mapping[str, Sequence[Point]]) -> Iterator[str]:
    for name, curve in curves.items():
        yield f"\n{name}:\n"
        yield "| probability of a token, at least | shown | right if shown |"
        yield "|--:|--:|--:|"
        for point in curve:
            yield f"| {point.probability:.2f} | {point.shown:.1%} | {point.precision:.1%} |"


def share(part: int, whole: int) -> str:
    """`42 %`; a dash where there is nothing to have a share of."""
    return f"{100 * part / whole:.0f} %" if whole else "-"
