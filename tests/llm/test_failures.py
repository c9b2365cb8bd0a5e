"""What can go wrong with a model: its file, its process, its library. Each is a sentence, none is fatal."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from hdl_lsp.errors import EngineError, ModelLoadError, ModelNotFoundError, WorkerGoneError
from hdl_lsp.llm import catalogue, hardware
from hdl_lsp.llm.client import WorkerEngine
from hdl_lsp.llm.engine import ChatPrompt, EngineState, FimPrompt, GenerateRequest, Lane
from tests.llm.conftest import MakeEngine
from tests.support.gguf_file import write_gguf

pytestmark = pytest.mark.real

GHOST = GenerateRequest(FimPrompt("", "a.sv", "module a;\n", "  as", "\n"), 4)


def talk(text: str) -> GenerateRequest:
    """A chat request that goes on for long."""
    return GenerateRequest(ChatPrompt("", text), 2000, lane=Lane.CHAT)


async def crash(engine: WorkerEngine, request: GenerateRequest) -> str:
    """Kills the worker in the middle of *request*; the error's text."""
    begun = asyncio.Event()
    task = asyncio.create_task(engine.generate(request, lambda _piece: begun.set()))
    await begun.wait()
    assert engine.worker_pid is not None
    os.kill(engine.worker_pid, signal.SIGSEGV)
    with pytest.raises(WorkerGoneError) as caught:
        await task
    return str(caught.value)


async def test_crash_fails_the_request_and_the_next_one_works(
    smol: Path, make_engine: MakeEngine
) -> None:
    """A segmentation fault in the middle of an answer is an error; the next request is answered."""
    engine = make_engine(smol)
    text = await crash(engine, talk("Tell me a long story."))
    assert text.startswith(
        "the model process for SmolLM2-135M-Instruct.Q4_1.gguf ended (signal 11)"
    )
    answer = await engine.generate(GHOST)
    assert answer.timings.generated_tokens > 0
    status = engine.status()
    assert (status.state, status.restarts) == (EngineState.READY, 1)


async def test_prompt_that_crashed_twice_is_not_tried_again(
    smol: Path, make_engine: MakeEngine
) -> None:
    """The third time the prompt is refused without a process dying; restart() forgives."""
    engine = make_engine(smol)
    for _ in range(2):
        await crash(engine, talk("The killer."))
    with pytest.raises(EngineError, match="crashed twice on this request"):
        await engine.generate(talk("The killer."))
    assert engine.status().restarts == 2
    await engine.restart()
    short = GenerateRequest(ChatPrompt("", "The killer."), 2, lane=Lane.CHAT)
    assert (await engine.generate(short)).timings.generated_tokens == 2


async def test_waiting_requests_are_not_blamed_for_a_crash(
    smol: Path, make_engine: MakeEngine
) -> None:
    """A request that waited behind the one that crashed is not quarantined."""
    engine = make_engine(smol)
    innocent = GenerateRequest(ChatPrompt("", "Hi."), 2, lane=Lane.CHAT)
    for _ in range(2):
        begun = asyncio.Event()
        killer = asyncio.create_task(
            engine.generate(talk("Another killer."), lambda _piece, begun=begun: begun.set())
        )
        await begun.wait()
        waiting = asyncio.create_task(engine.generate(innocent))
        await engine.count_tokens("a barrier: the worker reads in order")
        assert engine.worker_pid is not None
        os.kill(engine.worker_pid, signal.SIGSEGV)
        with pytest.raises(WorkerGoneError):
            await killer
        with pytest.raises(WorkerGoneError):
            await waiting
        await engine.warm()
        engine._counts.clear()
    assert (await engine.generate(innocent)).timings.generated_tokens == 2


async def test_closing_during_a_generation_ends_it(smol: Path, make_engine: MakeEngine) -> None:
    """close() fails the waiting request, leaves no process, and may be repeated."""
    engine = make_engine(smol)
    begun = asyncio.Event()
    task = asyncio.create_task(engine.generate(talk("A story."), lambda _piece: begun.set()))
    await begun.wait()
    pid = engine.worker_pid
    await engine.close()
    await engine.close()
    with pytest.raises(WorkerGoneError):
        await task
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert engine.status().state is EngineState.OFF


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>Not found</html>", "can't load model bad.gguf: not a GGUF file"),
        (b"GGUF\x03\x00\x00\x00", "can't load model bad.gguf: the file is cut short"),
    ],
)
async def test_damaged_file_is_a_sentence_and_a_status(
    tmp_path: Path, make_engine: MakeEngine, content: bytes, sentence: str
) -> None:
    """A file that is no model fails every request with the same sentence and no process stays."""
    path = tmp_path / "bad.gguf"
    path.write_bytes(content)
    engine = make_engine(path)
    for _ in range(2):
        with pytest.raises(ModelLoadError) as caught:
            await engine.generate(GHOST)
        assert str(caught.value).startswith(sentence)
    status = engine.status()
    assert status.state is EngineState.FAILED
    assert status.detail.startswith(sentence)
    assert engine.worker_pid is None


async def test_unknown_architecture_is_llamas_own_reason(
    tmp_path: Path, make_engine: MakeEngine
) -> None:
    """A whole GGUF that llama.cpp can't load fails with its words, not with a crash."""
    path = write_gguf(tmp_path / "new.gguf", {"general.architecture": "quantum"})
    with pytest.raises(ModelLoadError, match=r"can't load model new\.gguf: .*quantum"):
        await make_engine(path).generate(GHOST)


async def test_model_that_is_not_here_is_a_status(make_engine: MakeEngine) -> None:
    """No such name: the error says so, and so does the status."""
    engine = WorkerEngine(lambda: catalogue.resolve("no-such-model"), name="no-such-model")
    with pytest.raises(ModelNotFoundError, match="no model called no-such-model"):
        await engine.generate(GHOST)
    assert engine.status().state is EngineState.FAILED
    await engine.close()


async def test_repaired_file_is_loaded_after_restart(
    tmp_path: Path, smol: Path, make_engine: MakeEngine
) -> None:
    """The user puts the right file in place and restarts the engine."""
    path = tmp_path / "late.gguf"
    engine = make_engine(path)
    with pytest.raises(ModelLoadError):
        await engine.generate(GHOST)
    path.symlink_to(smol)
    await engine.restart()
    assert (await engine.generate(GHOST)).timings.generated_tokens > 0


async def test_without_llama_cpp_python_the_status_says_what_to_install(
    tmp_path: Path, smol: Path, make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without the library gets a sentence with the command, and a live server."""
    (tmp_path / "llama_cpp.py").write_text("raise ImportError('No module named llama_cpp')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    engine = make_engine(smol)
    with pytest.raises(ModelLoadError, match=r"pip install 'hdl-lsp\[llm\]'"):
        await engine.generate(GHOST)
    assert engine.status().state is EngineState.FAILED


def test_model_larger_than_memory_is_refused_before_loading(
    smol: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would swap for ever is a sentence with both sizes."""
    from hdl_lsp.llm.wire import Load
    from hdl_lsp.llm.worker import loading

    monkeypatch.setattr(hardware, "available_memory_bytes", lambda: 50_000_000)
    with pytest.raises(ModelLoadError, match=r"needs 0\.2 GB of memory and 0\.1 GB are free"):
        loading.load(Load(str(smol), 1, None, 256, 0))


def test_bindings_of_another_library_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shifted defaults mean that bindings and library don't match."""
    from hdl_lsp.llm.worker import llama

    llama.check_bindings()
    monkeypatch.setattr(llama, "_KNOWN_DEFAULTS", {"n_ctx": 513})
    with pytest.raises(ModelLoadError, match=r"does not match its native library \(n_ctx is 512\)"):
        llama.check_bindings()


def test_this_machine_has_cores_and_memory() -> None:
    """At least one core and some memory are found, and one core is left for others."""
    assert 1 <= hardware.physical_cores() <= (os.cpu_count() or 1)
    assert hardware.default_threads() == max(hardware.physical_cores() - 1, 1)
    available = hardware.available_memory_bytes()
    assert available is not None
    assert available > 1 << 20
