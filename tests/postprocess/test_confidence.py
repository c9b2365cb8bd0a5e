"""How likely a suggestion has to be at each level."""

from __future__ import annotations

from hdl_lsp.config import InlineConfig, settings
from hdl_lsp.postprocess.confidence import LEAST_LOGPROB, is_likely


def test_each_level_shows_what_a_stricter_one_shows() -> None:
    """Sure, balanced, eager: fewer and righter, or more; and the settings offer just these."""
    thresholds = [LEAST_LOGPROB[name] for name in ("sure", "balanced", "eager")]
    assert thresholds == sorted(thresholds, reverse=True)
    assert len(set(thresholds)) == 3
    (level,) = [one for one in settings() if one.camel == "inline.level"]
    assert set(level.choices or ()) == set(LEAST_LOGPROB)
    assert InlineConfig().level == "balanced"


def test_the_mean_of_the_tokens_decides() -> None:
    """At the threshold it is shown, below it is not; without probabilities nothing is held back."""
    for level, least in LEAST_LOGPROB.items():
        assert is_likely(least, level)
        assert not is_likely(least - 0.01, level)
        assert is_likely(None, level)
