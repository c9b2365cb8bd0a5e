"""How long the next key is waited for follows from how fast somebody types."""

from __future__ import annotations

import asyncio
import time

import pytest

from hdl_lsp.llm.engine import FimPrompt, GenerateRequest
from hdl_lsp.server.patient_engine import PatientEngine
from hdl_lsp.server.typing_rhythm import FASTEST_S, LONGEST_S, TypingRhythm
from tests.support.engine import ScriptedEngine


def typed(*gaps: float) -> tuple[TypingRhythm, float]:
    """A rhythm after keys with these gaps, and the time of the last one."""
    rhythm, now = TypingRhythm(), 100.0
    rhythm.key(now)
    for gap in gaps:
        now += gap
        rhythm.key(now)
    return rhythm, now


@pytest.mark.parametrize(
    ("gaps", "waits"),
    [
        ((), 0.0),
        ((0.1, 0.1, 0.1), 0.0),
        ((0.1,) * 5, 0.08),
        ((0.01,) * 5, FASTEST_S),
        ((1.0,) * 5, LONGEST_S),
        ((0.1, 0.1, 1.9, 0.1, 0.1), 0.08),
        ((0.1, 60.0, 0.1, 0.1, 0.1), 0.08),
    ],
)
def test_a_fast_typist_is_waited_for_less(gaps: tuple[float, ...], waits: float) -> None:
    """A share of the usual gap, inside bounds; one pause does not count, and thinking is no typing."""
    rhythm, now = typed(*gaps)
    assert rhythm.wait_s(now) == pytest.approx(waits)


def test_what_has_passed_counts() -> None:
    """Who stopped typing long ago waits for nothing more."""
    rhythm, now = typed(*(0.1,) * 6)
    assert rhythm.wait_s(now + 0.05) == pytest.approx(0.03)
    assert rhythm.wait_s(now + 5) == 0.0


async def test_a_request_overtaken_by_the_next_key_never_reaches_the_model() -> None:
    """It is cancelled while it waits; the one after it is asked when the fingers rest."""
    rhythm, _ = TypingRhythm(), 0.0
    for number in range(8):
        rhythm.key(time.monotonic() - 0.8 + number / 10)
    inner = ScriptedEngine()
    inner.enqueue("q <= d;")
    engine = PatientEngine(inner, rhythm)
    request = GenerateRequest(FimPrompt("", "a.sv", "", "", ""), 8)
    rhythm.key(time.monotonic())
    overtaken = asyncio.create_task(engine.generate(request))
    await asyncio.sleep(0)
    overtaken.cancel()
    assert (await engine.generate(request)).text == "q <= d;"
    assert len(inner.asked) == 1
