"""Rows added up by site, held against the bars.

Must not ask or judge a suggestion, and must not print.
"""

from __future__ import annotations

import statistics
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from hdl_lsp.lab.evaluate.completion.masks import COMPUTED, MaskKind
from hdl_lsp.lab.evaluate.completion.scores import Row
from hdl_lsp.lab.evaluate.score import Bar, percent

JUDGED_COMPUTED = frozenset(
    {
        MaskKind.PORT_MAP.value,
        MaskKind.PORTS_LEFT.value,
        MaskKind.CASE_ARMS.value,
        MaskKind.CASE_ARMS_LEFT.value,
        MaskKind.RESET_BRANCH.value,
        MaskKind.STRUCT_LITERAL.value,
    }
)
"""Computed sites with a bar."""

MOST_SEMANTIC = 0.005  # of what is shown
LEAST_RIGHT = 0.9
LEAST_SHOWN = 0.7
LEAST_TIMES_RAW = 1.5
LEAST_TIMES_UNGATED = 2
OURS = ("all", "asked", "computed", "model")
"""Ways of asking that go through the gate."""


@dataclass(frozen=True, slots=True)
class SiteScore:
    """One line of the table: one way of asking at one kind of site. Shares are 0 to 1."""

    engine: str
    site: str
    count: int
    shown: int
    exact: int
    right: int  # exact or equivalent
    same: int
    similarity: float  # mean over what was shown
    parses: int  # of what was shown
    elaborates: int
    parts_given: int
    parts_right: int
    parts_wanted: int
    latency_p50_ms: float
    latency_p95_ms: float
    prompt_tokens: float  # mean over what was asked of a model
    generated_tokens: float

    @property
    def precision(self) -> float:
        """Share of right ones among those shown; 0 when none was."""
        return self.right / self.shown if self.shown else 0.0


def site_scores(rows: Iterable[Row]) -> tuple[SiteScore, ...]:
    """Every site that was asked, in the order of MaskKind, for each way of asking, then all sites together."""
    by_engine: dict[str, list[Row]] = {}
    for row in rows:
        by_engine.setdefault(_way(row), []).append(row)
    found: list[SiteScore] = []
    for way, some in by_engine.items():
        for kind in MaskKind:
            of_site = [row for row in some if row.site == kind.value]
            if of_site:
                found.append(_score(way, kind.value, of_site))
        found.append(_score(way, "all sites", some))
    return tuple(found)


def bars(rows: Sequence[Row]) -> tuple[Bar, ...]:
    """What documentation promises, as far as *rows* can tell."""
    gated = [row for row in rows if row.engine.split(",")[0] in OURS]
    shown = [row for row in gated if row.shown]
    syntax = sum(not row.parses for row in shown)
    semantic = sum(row.parses and not row.elaborates for row in shown)
    found = [
        Bar(
            "shown suggestions that add a syntax error",
            "0",
            f"{syntax} of {len(shown):,}",
            syntax == 0 if shown else None,
        ),
        Bar(
            "shown suggestions that add another error",
            f"≤ {MOST_SEMANTIC:.1%}",
            percent(semantic, len(shown)),
            semantic <= MOST_SEMANTIC * len(shown) if shown else None,
        ),
    ]
    found += _beside(rows)
    computed = [row for row in gated if row.site in JUDGED_COMPUTED and row.engine != "model"]
    for site in [kind.value for kind in MaskKind if kind.value in JUDGED_COMPUTED]:
        found += _computed_bars(site, [row for row in computed if row.site == site])
    return tuple(found)


def _beside(rows: Sequence[Row]) -> list[Bar]:
    """Ours beside the same model without us, where both were asked at the same places."""
    found: list[Bar] = []
    ours, raw = _at_the_same(rows, "asked", "raw-prefix", {MaskKind.NEXT_LINE.value})
    if ours:
        exact, theirs = (sum(row.shown and row.exact for row in some) for some in (ours, raw))
        found.append(
            Bar(
                "next line: exact when asked for by hand, beside a raw prefix prompt",
                f"≥ {LEAST_TIMES_RAW} times",
                f"{exact} beside {theirs} of {len(ours)}",
                exact >= LEAST_TIMES_RAW * theirs if exact or theirs else None,
            )
        )
    written = {kind.value for kind in MaskKind if kind not in COMPUTED}
    ours, raw = _at_the_same(rows, "all", "ungated", written)
    if ours:
        mine, theirs = _precision(ours), _precision(raw)
        found.append(
            Bar(
                "right when shown, beside the same without gate and silence",
                f"≥ {LEAST_TIMES_UNGATED} times",
                f"{mine:.1%} beside {theirs:.1%}",
                mine >= LEAST_TIMES_UNGATED * theirs if mine or theirs else None,
            )
        )
    return found


def _at_the_same(
    rows: Iterable[Row], one: str, other: str, sites: Container[str]
) -> tuple[list[Row], list[Row]]:
    """Rows of two ways of asking, at places where both were asked."""
    found: dict[str, dict[tuple[object, ...], Row]] = {one: {}, other: {}}
    for row in rows:
        if row.engine in found and row.site in sites:
            found[row.engine][row.key[1:]] = row
    both = [key for key in found[one] if key in found[other]]
    return [found[one][key] for key in both], [found[other][key] for key in both]


def _precision(rows: Sequence[Row]) -> float:
    shown = [row for row in rows if row.shown]
    return sum(row.is_right for row in shown) / len(shown) if shown else 0.0


def _computed_bars(site: str, rows: Sequence[Row]) -> list[Bar]:
    by_rule = [row for row in rows if row.shown and row.origin != "model"]
    if not rows:
        return []
    right = sum(row.is_right for row in by_rule)
    sound = sum(row.is_sound for row in by_rule)
    return [
        Bar(
            f"{site}: computed and shown",
            f"≥ {LEAST_SHOWN:.0%}",
            percent(len(by_rule), len(rows)),
            len(by_rule) >= LEAST_SHOWN * len(rows),
        ),
        Bar(
            f"{site}: of these exact or equivalent",
            f"≥ {LEAST_RIGHT:.0%}",
            percent(right, len(by_rule)),
            right >= LEAST_RIGHT * len(by_rule) if by_rule else None,
        ),
        Bar(f"{site}: of these right as far as they go", "", percent(sound, len(by_rule))),
    ]


def new_errors(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Everything shown that added an error."""
    return tuple(row for row in rows if row.shown and not row.elaborates)


def _way(row: Row) -> str:
    return f"{row.engine} ({row.model})" if row.model else row.engine


def _score(way: str, site: str, rows: Sequence[Row]) -> SiteScore:
    shown = [row for row in rows if row.shown]
    asked = [row for row in rows if row.prompt_tokens]
    latencies = sorted(row.latency_ms for row in rows)
    return SiteScore(
        engine=way,
        site=site,
        count=len(rows),
        shown=len(shown),
        exact=sum(row.exact for row in shown),
        right=sum(row.is_right for row in shown),
        same=sum(row.same for row in shown),
        similarity=_mean([row.similarity for row in shown]),
        parses=sum(row.parses for row in shown),
        elaborates=sum(row.elaborates for row in shown),
        parts_given=sum(row.given for row in shown),
        parts_right=sum(row.right for row in shown),
        parts_wanted=sum(row.wanted for row in shown),
        latency_p50_ms=quantile(latencies, 0.5),
        latency_p95_ms=quantile(latencies, 0.95),
        prompt_tokens=_mean([row.prompt_tokens for row in asked]),
        generated_tokens=_mean([row.generated_tokens for row in asked]),
    )


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else 0.0


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest of *ordered* that *share* of them do not exceed; 0 for none."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]
