"""Whether a suggestion of the model is likely enough to be shown unasked, at each of three levels.

Must not judge what was computed or asked for by hand: that is always shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SURE = "sure"
BALANCED = "balanced"
EAGER = "eager"

LEAST_LOGPROB: Mapping[str, float] = MappingProxyType({SURE: -0.35, BALANCED: -0.8, EAGER: -2.5})
"""Mean natural log probability of a suggestion's tokens from which it is shown.

Chosen on two cores that judge nothing else (`hdl-lsp eval completion`, docs/benchmarks.md, "How sure is sure").
"""


def is_likely(mean_logprob: float | None, level: str) -> bool:
    """Likely enough for *level*; an engine that gives no probabilities is believed."""
    return mean_logprob is None or mean_logprob >= LEAST_LOGPROB[level]
