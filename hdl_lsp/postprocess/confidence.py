"""Whether a suggestion of the model is likely enough to be shown unasked, at each of three levels.

Must not judge what was computed or asked for by hand: that is always shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SURE = "sure"
BALANCED = "balanced"
EAGER = "eager"

LEAST_LOGPROB: Mapping[str, float] = MappingProxyType({SURE: -0.11, BALANCED: -0.25, EAGER: -0.7})
"""Mean natural log probability of a suggestion's tokens from which it is shown.

A token at 0.9, 0.78 and 0.5: where about 67 %, 40 % and 27 % of what is shown is right for the default model
(`hdl-lsp eval completion`, docs/benchmarks.md, "How sure is sure").
"""


def is_likely(mean_logprob: float | None, level: str) -> bool:
    """Likely enough for *level*; an engine that gives no probabilities is believed."""
    return mean_logprob is None or mean_logprob >= LEAST_LOGPROB[level]
