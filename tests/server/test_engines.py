"""The session's engine follows the settings, and says why there is none."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from hdl_lsp.config import Config, LlmConfig, LogConfig
from hdl_lsp.errors import EngineError
from hdl_lsp.llm.engine import EngineState, FimPrompt, GenerateRequest, Lane
from hdl_lsp.server.engines import LazyEngine

NGRAM = Config(llm=LlmConfig(model="ngram", chat_model=""))
REQUEST = GenerateRequest(
    FimPrompt("", "a.sv", "assign a = b & c;\nassign a = b & c;\n", "assign a = b", ""),
    max_tokens=8,
)


async def test_no_model_is_a_status_with_a_reason() -> None:
    """Switched off, or no model named: OFF, a sentence, and an error only for who asks all the same."""
    engine = LazyEngine(lambda: Config(llm=LlmConfig(enabled=False)))
    assert engine.status().state is EngineState.OFF
    assert "llm.enabled" in engine.status().detail
    with pytest.raises(EngineError, match=r"llm\.enabled"):
        await engine.generate(REQUEST)
    nothing = LazyEngine(lambda: Config(llm=LlmConfig(model="", chat_model="")))
    assert "llm.model" in nothing.status().detail
    await nothing.warm()
    await nothing.close()


async def test_a_missing_library_is_a_status(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without llama-cpp-python local models are off; the built-in n-gram model is not."""
    monkeypatch.setattr("hdl_lsp.server.engines.find_spec", lambda _name: None)
    engine = LazyEngine(Config)
    assert engine.status().state is EngineState.OFF
    assert "llama-cpp-python" in engine.status().detail
    ngram = LazyEngine(lambda: NGRAM)
    assert ngram.status().state is EngineState.READY


async def test_other_settings_make_another_engine() -> None:
    """The next question after a change of settings goes to the model they name."""
    config = NGRAM
    engine = LazyEngine(lambda: config)
    assert (await engine.generate(REQUEST)).text
    assert engine.lane_status(Lane.CHAT).state is EngineState.OFF
    config = replace(config, llm=LlmConfig(enabled=False))
    assert engine.status().state is EngineState.OFF
    config = NGRAM
    assert (await engine.generate(REQUEST)).text
    await engine.close()


@pytest.mark.parametrize("is_asked_for", [False, True])
async def test_prompts_are_logged_only_when_asked_for(
    is_asked_for: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Source text reaches the log only with log.prompts."""
    caplog.set_level(logging.DEBUG)
    engine = LazyEngine(lambda: replace(NGRAM, log=LogConfig(prompts=is_asked_for)))
    await engine.generate(REQUEST)
    await engine.close()
    assert ("assign a = b" in caplog.text) is is_asked_for
