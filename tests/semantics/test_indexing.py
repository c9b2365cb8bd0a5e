"""Indexing files on disk through the client: order, batches, what can't be read, what kills the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hdl_lsp.semantics.child.indexing import BATCH_BYTES, index
from hdl_lsp.semantics.client import AnalysisClient
from hdl_lsp.semantics.index_names import TABLES, decode_names, index_names
from hdl_lsp.semantics.request import FAILED_CODE, IndexRequest
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.semantics.summary_codec import decode
from hdl_lsp.text import decode as text_decode

SMALL_STACK_BYTES = 1 << 23  # what the main thread of a process usually has


@pytest.fixture
async def client() -> AsyncIterator[AnalysisClient]:
    """A client that is closed after the test."""
    client = AnalysisClient("the analysis process")
    yield client
    await client.close()


def write(folder: Path, **texts: bytes) -> list[str]:
    """Files NAME.sv with those bytes; their paths."""
    for name, data in texts.items():
        (folder / f"{name}.sv").write_bytes(data)
    return [str(folder / f"{name}.sv") for name in texts]


def modified(path: str) -> int:
    """When the file was written, in nanoseconds."""
    return Path(path).stat().st_mtime_ns


async def test_index_is_what_the_server_would_make(client: AnalysisClient, tmp_path: Path) -> None:
    """Digest, size, time, summary and names are those of the decoded text, in the order of the paths."""
    contents = {
        "plain": b"module plain(input a_i); endmodule\n",
        "marked": b"\xef\xbb\xbfmodule marked; endmodule\n",
        "latin": b"// caf\xe9\nmodule latin; endmodule\n",
        "empty": b"",
    }
    paths = write(tmp_path, **contents)
    texts = dict(zip(paths, contents.values(), strict=True))
    made = await client.index(IndexRequest(tuple(paths)))
    assert [file.path for file in made] == paths
    for file in made:
        data = texts[file.path]
        text = text_decode.decode(data)
        summary = summarise(text, file.path)
        assert (file.size_bytes, file.digest) == (len(data), text.digest)
        assert file.mtime_ns == modified(file.path)
        assert decode(file.summary) == summary
        names = dict(zip(TABLES, map(frozenset, decode_names(file.names)), strict=True))
        assert names == index_names(file.path, summary)


async def test_what_cannot_be_read_is_empty(client: AnalysisClient, tmp_path: Path) -> None:
    """A missing file, a folder and an impossible name have no digest, and do not disturb the others."""
    (good,) = write(tmp_path, good=b"module good; endmodule")
    paths = (str(tmp_path / "missing.sv"), str(tmp_path), "/a\0b.sv", good)
    made = await client.index(IndexRequest(paths))
    assert [(f.path, bool(f.digest), bool(f.summary)) for f in made] == [
        *((path, False, False) for path in paths[:3]),
        (good, True, True),
    ]


def test_a_batch_ends_with_its_bytes(tmp_path: Path) -> None:
    """The process answers for the first files only, once they are together as large as a batch."""
    half = b"module m; endmodule\n" + b" " * (BATCH_BYTES // 2)
    paths = write(tmp_path, a=half, b=half, c=half, d=half * 4)
    assert [f.path for f in index(IndexRequest(tuple(paths)))] == paths[:2]
    assert [f.path for f in index(IndexRequest(tuple(paths[3:] + paths)))] == paths[3:]


async def test_many_batches_make_one_answer(client: AnalysisClient, tmp_path: Path) -> None:
    """Large and small files, more than one batch of each, all come back once and in order."""
    texts = {f"m{n}": b"module m%d; endmodule\n" % n + b" " * (n % 7 * 20_000) for n in range(150)}
    paths = write(tmp_path, **texts)
    made = await client.index(IndexRequest(tuple(paths)))
    assert [file.path for file in made] == paths
    assert [decode(file.summary).decls[0].name for file in made] == list(texts)


async def test_a_file_that_kills_the_process_is_indexed_without_slang(tmp_path: Path) -> None:
    """The others of its batch keep their summaries; it keeps its names, digest, and says what happened."""
    client = AnalysisClient("the analysis process", stack_bytes=SMALL_STACK_BYTES)
    events = b" or ".join([b"a"] * 150_000)
    deep = b"`define D 1\nmodule deep; sub u(); always @(" + events + b") q = 1; endmodule"
    paths = write(tmp_path, one=b"module one; endmodule", deep=deep, two=b"module two; endmodule")
    made = await client.index(IndexRequest(tuple(paths)))
    await client.close()
    first, killer, last = (decode(file.summary) for file in made)
    assert ([d.name for d in first.decls], [d.name for d in last.decls]) == (["one"], ["two"])
    assert killer.decls == ()
    assert [macro.name for macro in killer.macros] == ["D"]
    assert {"deep", "sub"} <= killer.identifiers
    assert [problem.code for problem in killer.problems] == [FAILED_CODE]
    assert made[1].digest == text_decode.decode(deep).digest


async def test_a_closed_client_gives_no_index(tmp_path: Path) -> None:
    """Closing ends a running index with the error that says so."""
    client = AnalysisClient("the analysis process")
    (path,) = write(tmp_path, m=b"module m; endmodule")
    await client.index(IndexRequest((path,)))
    running = asyncio.create_task(client.index(IndexRequest((path,) * 5000)))
    await asyncio.sleep(0)
    await client.close()
    with pytest.raises(Exception, match="stopped"):
        await running
