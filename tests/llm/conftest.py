"""Real models and engines for the tests of llm."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from hdl_lsp.llm import catalogue
from hdl_lsp.llm.client import WorkerEngine, WorkerOptions

MakeEngine = Callable[..., WorkerEngine]


@pytest.fixture(scope="session")
def smol() -> Path:
    """SmolLM2-135M-Instruct."""
    return catalogue.resolve("smollm2-135m-instruct")


@pytest.fixture(scope="session")
def gemma() -> Path:
    """Gemma 3 270M, a base model with sliding-window attention."""
    return catalogue.resolve("gemma3-270m")


@pytest.fixture(params=["gemma3-270m", "smollm2-135m-instruct"])
def model(request: pytest.FixtureRequest) -> Path:
    """Each of the two installed models in turn."""
    return catalogue.resolve(request.param)


@pytest.fixture
async def make_engine() -> AsyncIterator[MakeEngine]:
    """Makes WorkerEngines that are closed after the test."""
    engines: list[WorkerEngine] = []

    def make(
        path: Path, on_change: Callable[[], None] | None = None, **options: int
    ) -> WorkerEngine:
        engine = WorkerEngine(
            path,
            name=path.name,
            options=WorkerOptions(threads=1, **options),
            on_change=on_change,
        )
        engines.append(engine)
        return engine

    yield make
    for engine in engines:
        await engine.close()
