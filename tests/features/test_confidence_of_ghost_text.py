"""What the model is not sure of does not come unasked; the setting says how sure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hdl_lsp.features.inline_completion import inline_completion
from hdl_lsp.postprocess.confidence import LEAST_LOGPROB
from tests.support.checker import checker
from tests.support.engine import ScriptedEngine
from tests.support.fixture import parse_fixture

BODY = "module m(input logic a, b, output logic y);\n  assign y =<|>\nendmodule\n"


async def shown(level: str, logprob: float | None, *, is_asked: bool) -> list[str]:
    """What comes when the model writes something so likely."""
    at = parse_fixture(BODY)
    snapshot = at.snapshot()
    inline = replace(snapshot.config.inline, level=level)
    snapshot = replace(snapshot, config=replace(snapshot.config, inline=inline))
    engine = ScriptedEngine()
    engine.enqueue(" a & b;", mean_logprob=logprob)
    items = await inline_completion(
        snapshot, at.file, at.offset, engine, checker(snapshot, at.file), is_asked=is_asked
    )
    return [item.text for item in items]


@pytest.mark.parametrize("level", LEAST_LOGPROB)
async def test_the_level_decides_what_comes_unasked(level: str) -> None:
    """Above the level's threshold it is shown, below it is not; who asks gets it anyway."""
    least = LEAST_LOGPROB[level]
    assert await shown(level, least + 0.01, is_asked=False) == [" a & b;"]
    assert await shown(level, least - 0.01, is_asked=False) == []
    assert await shown(level, least - 0.01, is_asked=True) == [" a & b;"]
    assert await shown(level, None, is_asked=False) == [" a & b;"]
