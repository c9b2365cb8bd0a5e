"""The analysis process through its client: answers, order, memory, and everything that can kill it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hdl_lsp.errors import WorkerError, WorkerGoneError
from hdl_lsp.semantics.client import FAILED_CODE, AnalysisClient, AnalysisStatus
from hdl_lsp.semantics.name_uses import Meaning, NamesRequest
from hdl_lsp.semantics.request import (
    CompileOptions,
    DesignRequest,
    DiagnosticsRequest,
    FactsRequest,
    Input,
    SummariesRequest,
)
from hdl_lsp.text.source import SourceText
from hdl_lsp.workers.supervisor import RestartPolicy

SMALL_STACK_BYTES = 1 << 23  # what the main thread of a process usually has


def file(name: str, text: str) -> Input:
    """An open file."""
    return Input(f"/project/{name}", SourceText.of(text).digest, text)


CLEAN = file(
    "clean.sv", "module clean(input logic a_i, output logic q_o);\n  assign q_o = a_i;\nendmodule\n"
)
WRONG = file("wrong.sv", "module wrong(output logic q_o);\n  assign q_o = nothing;\nendmodule\n")


def sum_of(terms: int) -> Input:
    """A module with one very long expression."""
    text = f"module long(input logic [31:0] a, output logic [31:0] q);\nassign q = {'+'.join(['a'] * terms)};\nendmodule\n"
    return file("long.sv", text)


@pytest.fixture
async def client() -> AsyncIterator[AnalysisClient]:
    """A client that is closed after the test."""
    client = AnalysisClient("the analysis process")
    yield client
    await client.close()


def pid_of(client: AnalysisClient) -> int:
    """The process behind a client."""
    pid = client._worker.pid
    assert pid is not None
    return pid


async def test_facts_and_diagnostics_of_a_file(client: AnalysisClient) -> None:
    """Both requests are answered with the digest they were asked for."""
    facts = await client.facts(FactsRequest(CLEAN))
    assert (facts.failure, facts.digest, facts.diagnostics) == ("", CLEAN.digest, ())
    symbol = facts.symbol_at((CLEAN.text or "").index("a_i;"))
    assert symbol is not None
    assert symbol.name == "a_i"
    checked = await client.diagnostics(DiagnosticsRequest(WRONG))
    assert [d.code for d in checked.diagnostics] == ["UndeclaredIdentifier"]
    assert client.status() == AnalysisStatus("running", 0, "")


async def test_summaries_keep_their_order(client: AnalysisClient, tmp_path: Path) -> None:
    """Many files, from memory and from disk, are answered in order; what can't be read is empty."""
    (tmp_path / "disk.sv").write_text("module from_disk; endmodule")
    files = [file(f"m{n}.sv", f"module m{n}; endmodule") for n in range(40)]
    files[7] = Input(str(tmp_path / "disk.sv"))
    files[9] = Input(str(tmp_path / "missing.sv"))
    summaries = await client.summaries(SummariesRequest(tuple(files)))
    names = [[d.name for d in summary.decls] for summary in summaries]
    assert names == [["from_disk"] if n == 7 else [] if n == 9 else [f"m{n}"] for n in range(40)]


async def test_names_in_more_files_than_one_batch(client: AnalysisClient) -> None:
    """A port is resolved in the named connections of every parent, and every batch is told."""
    leaf = file(
        "leaf.sv",
        "module leaf(input logic a_i, output logic q_o);\n  assign q_o = a_i;\nendmodule\n",
    )
    tops = [
        file(
            f"top{n}.sv", f"module top{n}(input logic x);\n  leaf u(.a_i(x), .q_o());\nendmodule\n"
        )
        for n in range(6)
    ]
    done: list[int] = []
    requests = tuple(FactsRequest(one, (leaf,)) for one in (leaf, *tops))
    found = await client.names(NamesRequest(frozenset({"a_i"}), requests), done.append)
    declared = Meaning(leaf.path, (leaf.text or "").index("a_i"))
    assert [use.means for one in found.files for use in one.uses] == [(declared,)] * 8
    assert done[-1] == 7


async def test_design_through_the_client(client: AnalysisClient) -> None:
    """A design is elaborated in the process."""
    request = DesignRequest((CLEAN,), CompileOptions(tops=("clean",), is_configured=True))
    facts = await client.design(request)
    assert (facts.tops, facts.failure) == (("clean",), "")


async def test_stack_is_deep(client: AnalysisClient) -> None:
    """The process survives an expression that is a segmentation fault on a stack of one MiB."""
    facts = await client.facts(FactsRequest(sum_of(8_000)))
    assert facts.failure == ""
    shallow = AnalysisClient("the analysis process", stack_bytes=1 << 20)
    try:
        assert (await shallow.facts(FactsRequest(sum_of(8_000)))).failure
    finally:
        await shallow.close()


async def test_file_that_takes_too_long_is_set_aside() -> None:
    """A call that does not end is ended with its process, once, and the next file is answered."""
    client = AnalysisClient("the analysis process", answer_limit_s=1.0)
    endless = sum_of(50_000)
    try:
        facts = await client.facts(FactsRequest(endless))
        assert facts.failure == "slang can't analyse this file: no answer within 1 s"
        assert (await client.facts(FactsRequest(CLEAN))).failure == ""
        assert client.status().restarts == 0
    finally:
        await client.close()


async def test_file_that_kills_the_process_twice_is_set_aside() -> None:
    """A real segmentation fault: the file gets a warning, other files and its next version go on."""
    client = AnalysisClient("the analysis process", stack_bytes=SMALL_STACK_BYTES)
    killer = sum_of(50_000)
    try:
        facts = await client.facts(FactsRequest(killer))
        assert facts.failure.startswith("slang can't analyse this file: the analysis process ended")
        assert (facts.path, facts.digest) == (killer.path, killer.digest)
        assert [d.code for d in facts.diagnostics] == [FAILED_CODE]
        assert SourceText.of(killer.text or "").line_of(facts.diagnostics[0].span.end) == 0
        assert client.status().restarts == 2
        again = await client.diagnostics(DiagnosticsRequest(killer))
        assert again.failure == facts.failure
        assert client.status().restarts == 2
        assert (await client.facts(FactsRequest(CLEAN))).failure == ""
        assert (await client.facts(FactsRequest(sum_of(5)))).failure == ""
    finally:
        await client.close()


async def test_design_that_kills_the_process_has_a_failure() -> None:
    """Elaboration of a design dies for good: the answer says so, the client lives."""
    client = AnalysisClient("the design process", stack_bytes=SMALL_STACK_BYTES)
    try:
        request = DesignRequest((sum_of(50_000),), CompileOptions(tops=("long",)))
        facts = await client.design(request)
        assert facts.failure.startswith(
            "slang can't elaborate this design: the design process ended"
        )
        assert (await client.facts(FactsRequest(CLEAN))).failure == ""
    finally:
        await client.close()


async def test_nesting_too_deep_is_a_diagnostic_not_a_death(client: AnalysisClient) -> None:
    """20,000 nested blocks are refused by slang's parser; the process goes on."""
    deep = file("deep.sv", "module m; initial " + "begin " * 20_000)
    facts = await client.facts(FactsRequest(deep))
    assert [d.code for d in facts.diagnostics] == ["ParseTreeTooDeep"]
    assert client.status().restarts == 0


async def test_death_in_the_middle_of_a_request_is_survived(client: AnalysisClient) -> None:
    """A process killed under a request is replaced, and the request is asked again."""
    await client.start()
    pid = pid_of(client)
    os.kill(pid, signal.SIGSTOP)
    asked = asyncio.create_task(client.facts(FactsRequest(CLEAN)))
    for _ in range(5):
        await asyncio.sleep(0)
    os.kill(pid, signal.SIGSEGV)
    os.kill(pid, signal.SIGCONT)
    assert (await asked).failure == ""
    assert pid_of(client) != pid
    assert client.status().restarts == 1


async def test_urgent_requests_overtake_and_cancelled_ones_vanish(client: AnalysisClient) -> None:
    """While the process is busy: facts go before summaries, and a cancelled request wedges nothing."""
    await client.start()
    os.kill(pid_of(client), signal.SIGSTOP)
    finished: list[str] = []

    def asking(name: str, question: object) -> asyncio.Task[object]:
        task = asyncio.ensure_future(question)
        task.add_done_callback(lambda _: finished.append(name))
        return task

    running = asking("running, then cancelled", client.facts(FactsRequest(CLEAN)))
    await asyncio.sleep(0)
    background = asking("summaries", client.summaries(SummariesRequest((CLEAN, WRONG))))
    cancelled = asking("waiting, then cancelled", client.facts(FactsRequest(CLEAN)))
    urgent = asking("facts", client.facts(FactsRequest(WRONG)))
    await asyncio.sleep(0)
    running.cancel()
    cancelled.cancel()
    await asyncio.sleep(0)
    os.kill(pid_of(client), signal.SIGCONT)
    assert len(await background) == 2
    assert (await urgent).diagnostics
    assert finished[2:] == ["facts", "summaries"]
    assert (await client.facts(FactsRequest(CLEAN))).digest == CLEAN.digest


async def test_innocent_file_is_not_blamed_for_an_abandoned_call() -> None:
    """Behind a call that never ends and that nobody waits for any more, the next file is answered."""
    client = AnalysisClient("the analysis process", answer_limit_s=1.0)
    try:
        await client.start()
        endless = asyncio.create_task(client.facts(FactsRequest(sum_of(50_000))))
        for _ in range(5):
            await asyncio.sleep(0)
        endless.cancel()
        facts = await client.facts(FactsRequest(CLEAN))
        assert (facts.failure, facts.diagnostics) == ("", ())
    finally:
        await client.close()


async def test_close_in_the_middle_of_a_call_ends_everything(client: AnalysisClient) -> None:
    """Whoever waits is told, and no process is left."""
    await client.start()
    pid = pid_of(client)
    waiting = asyncio.create_task(client.facts(FactsRequest(sum_of(50_000))))
    for _ in range(5):
        await asyncio.sleep(0)
    await client.close()
    with pytest.raises(WorkerGoneError, match="stopped"):
        await waiting
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_process_that_grew_too_big_is_replaced_when_idle() -> None:
    """Over the memory limit a new process takes over, which counts as no restart."""
    client = AnalysisClient("the analysis process", memory_limit_bytes=1)
    try:
        await client.start()
        pid = pid_of(client)
        assert (await client.facts(FactsRequest(CLEAN))).failure == ""
        assert (await client.facts(FactsRequest(CLEAN))).failure == ""
        assert pid_of(client) != pid
        assert client.status().restarts == 0
    finally:
        await client.close()


async def test_states_are_announced_and_reset_brings_it_back() -> None:
    """After too many deaths the client says it failed; reset() starts over."""
    seen: list[str] = []
    client = AnalysisClient(
        "the analysis process",
        on_state=lambda status: seen.append(status.state),
        stack_bytes=SMALL_STACK_BYTES,
        restart=RestartPolicy(max_restarts=1, delays_s=(0.0,)),
    )
    try:
        assert (await client.facts(FactsRequest(sum_of(50_000)))).failure
        with pytest.raises(WorkerError, match="gave up after 1 restarts"):
            await client.facts(FactsRequest(CLEAN))
        assert client.status().state == "failed"
        assert "gave up" in client.status().detail
        await client.reset()
        assert (await client.facts(FactsRequest(CLEAN))).failure == ""
        assert seen[:4] == ["starting", "running", "restarting", "running"]
        assert "failed" in seen
    finally:
        await client.close()
    assert seen[-1] == "stopped"


@pytest.mark.slow
async def test_endless_include(client: AnalysisClient) -> None:
    """An `include of a device that never ends costs the facts of that file, not the machine's memory."""
    facts = await client.facts(FactsRequest(file("bomb.sv", '`include "/dev/zero"\n')))
    assert facts.failure
    assert (await client.facts(FactsRequest(CLEAN))).failure == ""
