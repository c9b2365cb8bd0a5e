"""The index on disk: kept, shared, damaged, locked, deleted."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from hdl_lsp.semantics import summary_codec
from hdl_lsp.semantics.sealed import DamagedError, seal, unseal
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace import store as stores
from hdl_lsp.workspace.store import Store, prune, store_path
from hdl_lsp.workspace.store_lock import StoreLock
from hdl_lsp.workspace.store_tables import Blobs, StoredFile
from hdl_lsp.workspace.summaries import Summaries

FILES = [StoredFile(f"/rtl/f{n}.sv", n, 10 * n, f"digest{n}", 100 * n) for n in range(40)]
BLOBS = {
    file.key: Blobs(seal(b"summary", ("x" * 3_000, n)), b"names %d" % n)
    for n, file in enumerate(FILES)
}


def filled(path: Path) -> None:
    """A store with FILES and BLOBS."""
    store = Store(path, "1")
    store.put(FILES, BLOBS)
    store.put_postings({"slots": b"rows", "units": b"table"})
    store.close()


@contextmanager
def another_process(code: str, path: Path) -> Iterator[None]:
    """Python that runs *code*, which has printed something, until the end of the block."""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield
        process.stdin.close()


def test_what_was_put_is_there_for_the_next_store(tmp_path: Path) -> None:
    """Files, summaries, names and tables outlive the process."""
    path = tmp_path / "index" / "a.sqlite"
    filled(path)
    with closing(Store(path, "1")) as store:
        assert (store.state, store.problem) == ("on disk", "")
        assert store.files() == {file.path: file for file in FILES}
        assert store.postings() == {"slots": b"rows", "units": b"table"}
        assert store.blobs(FILES[3].key) == BLOBS[FILES[3].key]
        assert store.summary("nothing") is None
        store.forget([FILES[0].path])
    with closing(Store(path, "1")) as store:
        assert FILES[0].path not in store.files()


def test_names_that_are_not_unicode_are_kept(tmp_path: Path) -> None:
    """A path of another encoding comes back as it was."""
    odd = StoredFile(os.fsdecode(b"/rtl/\xff\xfe.sv"), 1, 2, "d", 3)
    with closing(Store(tmp_path / "a.sqlite", "1")) as store:
        store.put([odd], {})
    with closing(Store(tmp_path / "a.sqlite", "1")) as store:
        assert list(store.files()) == [odd.path]


def test_same_text_in_a_header_is_another_summary() -> None:
    """The ending of the name is part of the key."""
    assert StoredFile("/a.sv", 1, 1, "d", 1).key != StoredFile("/a.svh", 1, 1, "d", 1).key


def test_folders_in_any_order_have_one_store(tmp_path: Path) -> None:
    """The name comes from the set of folders."""
    assert store_path(tmp_path, ("/a", "/b")) == store_path(tmp_path, ("/b", "/a"))
    assert store_path(tmp_path, ("/a",)) != store_path(tmp_path, ("/b",))


def test_another_version_is_dropped(tmp_path: Path) -> None:
    """An index of another program is built again, never read."""
    filled(tmp_path / "a.sqlite")
    with closing(Store(tmp_path / "a.sqlite", "2")) as store:
        assert (store.files(), store.state) == ({}, "on disk")


@pytest.mark.parametrize("part", [0.0, 0.0001, 0.01, 0.3, 0.5, 0.9, 0.99])
def test_a_truncated_store_gives_no_wrong_blob(tmp_path: Path, part: float) -> None:
    """Whatever is missing is not there, or its seal is broken; the store after that is whole again."""
    path = tmp_path / "a.sqlite"
    filled(path)
    os.truncate(path, int(path.stat().st_size * part))
    for _ in range(2):
        with closing(Store(path, "1")) as store:
            assert set(store.files()) <= {file.path for file in FILES}
            for key, blobs in BLOBS.items():
                found = store.summary(key)
                if found is not None and found != blobs.summary:
                    with pytest.raises(DamagedError):
                        unseal(b"summary", found)
                    store.reject("test")
    filled(path)
    with closing(Store(path, "1")) as store:
        assert len(store.files()) == len(FILES)
        assert all(store.blobs(key) == blobs for key, blobs in BLOBS.items())


def test_a_file_that_is_no_database_is_replaced(tmp_path: Path) -> None:
    """Somebody else's bytes are not read."""
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"module a; endmodule\n" * 1000)
    filled(path)
    with closing(Store(path, "1")) as store:
        assert len(store.files()) == len(FILES)


def test_only_one_process_writes(tmp_path: Path) -> None:
    """A second server reads what the first has written, and keeps its own in memory."""
    path = tmp_path / "a.sqlite"
    filled(path)
    code = (
        "import sys; from pathlib import Path; from hdl_lsp.workspace.store import Store\n"
        "store = Store(Path(sys.argv[1]), '1'); print('ready', flush=True); sys.stdin.read()"
    )
    with another_process(code, path), closing(Store(path, "1")) as store:
        assert (store.is_writer, store.state) == (False, "on disk, written by another server")
        assert len(store.files()) == len(FILES)
        own = StoredFile("/own.sv", 1, 1, "own", 1)
        store.put([own], {own.key: Blobs(b"s", b"n")})
        assert store.summary(own.key) == b"s"
    with closing(Store(path, "1")) as store:
        assert store.is_writer
        assert "/own.sv" not in store.files()


def test_a_store_that_is_locked_is_done_without(tmp_path: Path) -> None:
    """A process that locks the database itself holds nobody up."""
    path = tmp_path / "a.sqlite"
    filled(path)
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('BEGIN EXCLUSIVE'); print('ready', flush=True); sys.stdin.read()"
    )
    with another_process(code, path), closing(Store(path, "1")) as store:
        assert store.state == "in memory"
        assert "locked" in store.problem
        store.put(FILES, BLOBS)
        assert store.summary(FILES[1].key) == BLOBS[FILES[1].key].summary
    with closing(Store(path, "1")) as store:
        assert len(store.files()) == len(FILES)


def test_a_folder_that_can_not_be_made_is_done_without(tmp_path: Path) -> None:
    """Where nothing can be written the index is in memory, and that is said."""
    (tmp_path / "file").write_text("")
    with closing(Store(tmp_path / "file" / "index" / "a.sqlite", "1")) as store:
        assert store.state == "in memory"
        assert "can't write" in store.problem
        store.put(FILES, BLOBS)
        assert store.names(FILES[2].key) == b"names 2"


def test_two_threads_may_close_it(tmp_path: Path) -> None:
    """A reload that was given up and the end of the server: the lock's descriptor is closed once."""
    with ThreadPoolExecutor(4) as pool:
        for _ in range(60):
            store = Store(tmp_path / "index.sqlite", "1")
            together = threading.Barrier(4)

            def close(store: Store = store, together: threading.Barrier = together) -> None:
                together.wait()
                store.close()

            for closed in [pool.submit(close) for _ in range(4)]:
                closed.result()


def test_deleting_it_while_it_is_used_is_harmless(tmp_path: Path) -> None:
    """What was read stays readable, nothing is written beside it, and the next store starts anew."""
    path = tmp_path / "a.sqlite"
    filled(path)
    store = Store(path, "1")
    path.unlink()
    assert len(store.files()) == len(FILES)
    more = StoredFile("/more.sv", 1, 1, "more", 1)
    store.put([more], {more.key: Blobs(b"s", b"n")})
    assert store.summary(more.key) == b"s"
    store.close()
    assert "deleted" in store.problem
    assert not path.exists()
    filled(path)
    with closing(Store(path, "1")) as again:
        assert len(again.files()) == len(FILES)


def test_a_damaged_summary_is_made_again_from_the_text(tmp_path: Path) -> None:
    """Bytes that changed on disk are never decoded."""
    text = SourceText.of("module fifo; logic a; endmodule\n")
    summary = summarise(text, "/fifo.sv")
    row = StoredFile("/fifo.sv", 1, 1, text.digest, 1)
    path = tmp_path / "a.sqlite"
    with closing(Store(path, "1")) as store:
        store.put([row], {row.key: Blobs(summary_codec.encode(summary), b"")})
    with closing(sqlite3.connect(path)) as connection:
        (data,) = connection.execute("SELECT summary FROM summary").fetchone()
        broken = data[:-3] + b"xyz"
        connection.execute("UPDATE summary SET summary = ?", (broken,))
        connection.commit()
    with closing(Store(path, "1")) as store:
        summaries = Summaries(store, lambda _path: text)
        assert summaries.summary("/fifo.sv", text.digest) == summary
        assert "damaged" in store.problem
    assert not path.exists()


def test_old_stores_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes that nobody used for long go, and those that are too much together; one in use stays."""
    for number, name in enumerate(("new", "mid", "old")):
        filled(tmp_path / f"{name}.sqlite")
        age = number * stores.UNUSED_S * 0.6
        os.utime(tmp_path / f"{name}.sqlite", (2e9 - age, 2e9 - age))
    prune(tmp_path / "new.sqlite")
    assert sorted(path.name for path in tmp_path.glob("*.sqlite")) == ["mid.sqlite", "new.sqlite"]
    monkeypatch.setattr(stores, "MOST_BYTES", 1)
    lock = StoreLock.taken(tmp_path / "mid.lock")
    assert lock is not None
    prune(tmp_path / "new.sqlite")
    assert (tmp_path / "mid.sqlite").exists()
    lock.release()
    prune(tmp_path / "new.sqlite")
    assert [path.name for path in tmp_path.glob("*.sqlite")] == ["new.sqlite"]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE file SET digest = CAST(x'ff' AS TEXT)",
        "UPDATE meta SET version = CAST(x'ff' AS TEXT)",
    ],
)
def test_text_that_is_no_text_is_damage(tmp_path: Path, damage: str) -> None:
    """A flipped bit in a text is found when it is read, and the next store starts anew."""
    path = tmp_path / "a.sqlite"
    filled(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(damage)
    with closing(Store(path, "1")) as store:
        assert store.files() == {}
    with closing(Store(path, "1")) as store:
        assert (store.state, store.files()) == ("on disk", {})


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_folder_that_others_can_write_is_not_used(tmp_path: Path) -> None:
    """What somebody else may have planted is not read: marshal trusts what the checksum covers."""
    path = tmp_path / "index" / "a.sqlite"
    filled(path)
    path.parent.chmod(0o777)
    with closing(Store(path, "1")) as store:
        assert store.files() == {}
        assert "others can write" in store.problem
