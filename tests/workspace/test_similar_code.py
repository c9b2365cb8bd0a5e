"""The full-text index: finds by rare words, keeps up with the files, is shared, damaged and deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.similar_code import CHUNK_LINES, Chunk, SimilarCode, similar_path, words

FILES = {
    "/rtl/a.sv": "module a;\n  assign grantCount_q = arbiter_tree;\nendmodule\n",
    "/rtl/b.sv": "\n" * 9 + "  logic parity_error;\n",
    "/rtl/c.sv": "module c;\n  logic parity_error, credit_left;\nendmodule\n",
}


def updated(code: SimilarCode, files: Mapping[str, str]) -> None:
    """*code* is about *files*, texts by path."""
    texts = {path: SourceText.of(text) for path, text in files.items()}
    code.update({path: text.digest for path, text in texts.items()}, texts.get, lambda: False)


def found(code: SimilarCode, *wanted: str) -> list[tuple[str, int]]:
    """Paths and lines of what has the words *wanted*, best first."""
    chunks = code.search(wanted, 8)
    assert chunks is not None
    return [(chunk.path, chunk.line0) for chunk in chunks]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where an index may be made."""
    return similar_path(tmp_path / "index" / "abc.sqlite")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("axiReq_t", ["axi", "req", "t"]),
        ("SRAM_depth0 <= 8'hFF;", ["sram", "depth0", "8", "h", "ff"]),
        ("`CLK_Period", ["clk", "period"]),
        ("größe_q", ["gr", "e", "q"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    """Identifiers fall apart at underscores and humps; case does not count."""
    assert words(text) == expected


def test_rare_words_are_found(path: Path) -> None:
    """More of the words is better, and the place is that of the chunk."""
    with closing(SimilarCode(path)) as code:
        updated(code, FILES)
        assert found(code, "credit", "parity") == [("/rtl/c.sv", 0), ("/rtl/b.sv", CHUNK_LINES)]
        assert found(code, "grant", "nothing") == [("/rtl/a.sv", 0)]
        assert found(code, "nothing") == []
        assert found(code) == []


def test_words_of_the_query_language_are_words(path: Path) -> None:
    """Nothing a file says is a query to SQLite."""
    with closing(SimilarCode(path)) as code:
        updated(code, {"/a.sv": "and or not near or_ NEAR"})
        assert found(code, "near", "not", "and") == [("/a.sv", 0)]
        assert found(code, *words('x" OR words:*; DROP TABLE text')) == [("/a.sv", 0)]


def test_it_outlives_the_process(path: Path) -> None:
    """The next one finds what was indexed, and reads only what is another text."""
    with closing(SimilarCode(path)) as code:
        updated(code, FILES)
    read: list[str] = []
    digests = {p: SourceText.of(text).digest for p, text in FILES.items()} | {"/rtl/c.sv": "new"}

    def reading(wanted: str) -> SourceText:
        read.append(wanted)
        return SourceText.of("  logic parity_wrong;")

    with closing(SimilarCode(path)) as code:
        assert found(code, "grant") == [("/rtl/a.sv", 0)]
        code.update(digests, reading, lambda: False)
        assert read == ["/rtl/c.sv"]
        assert found(code, "credit") == []
        assert found(code, "wrong") == [("/rtl/c.sv", 0)]


def test_a_file_that_is_gone_is_not_found(path: Path) -> None:
    """Neither where it left the project nor where it can't be read."""
    with closing(SimilarCode(path)) as code:
        updated(code, FILES)
        updated(code, {"/rtl/b.sv": FILES["/rtl/b.sv"]})
        assert found(code, "parity", "grant") == [("/rtl/b.sv", CHUNK_LINES)]
        code.update({"/rtl/b.sv": "other"}, lambda _path: None, lambda: False)
        assert found(code, "parity") == []


def test_an_update_that_was_ended_goes_on(path: Path) -> None:
    """What was done is kept; the next update does the rest."""
    texts = {p: SourceText.of(text) for p, text in FILES.items()}
    digests = {p: text.digest for p, text in texts.items()}
    read: list[str] = []

    def reading(wanted: str) -> SourceText:
        read.append(wanted)
        return texts[wanted]

    with closing(SimilarCode(path)) as code:
        code.update(digests, reading, lambda: True)
        code.update(digests, reading, lambda: False)
        assert read == list(FILES)
        assert found(code, "credit") == [("/rtl/c.sv", 0)]


def test_an_update_that_was_ended_after_its_last_file(path: Path) -> None:
    """Everything was read but nothing can be found yet: the next update sees to it."""
    texts = {p: SourceText.of(text) for p, text in FILES.items()}
    digests = {p: text.digest for p, text in texts.items()}
    left = iter([False, False, True])
    with closing(SimilarCode(path)) as code:
        code.update(digests, texts.get, lambda: next(left))
        assert found(code, "credit") == []
        code.update(digests, texts.get, lambda: False)
        assert found(code, "credit") == [("/rtl/c.sv", 0)]


def test_texts_that_came_and_went_are_thrown_out(path: Path) -> None:
    """After many changes the index is made anew and as small as it was."""
    with closing(SimilarCode(path)) as code:
        big = {f"/f{n}.sv": f"  logic word{n};\n" * 99 for n in range(40)}
        updated(code, big)
        before = path.stat().st_size
        for turn in range(8):
            updated(code, {p: f"// {turn}\n{text}" for p, text in big.items()})
        assert found(code, "word7")[0][0] == "/f7.sv"
    with closing(sqlite3.connect(path)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    assert (pages - free) * size < 3 * before


def test_a_second_server_reads_only(path: Path) -> None:
    """Whoever comes second finds what the first one wrote, and changes nothing."""
    with closing(SimilarCode(path)) as first:
        updated(first, FILES)
        with closing(SimilarCode(path)) as second:
            assert (first.is_writer, second.is_writer) == (True, False)
            updated(second, {})
            assert found(second, "grant") == [("/rtl/a.sv", 0)]
    with closing(SimilarCode(path)) as third:
        assert third.is_writer


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + b"x" * 9000])
def test_a_damaged_file_is_made_anew(path: Path, damage: bytes) -> None:
    """Whatever stands there instead of an index."""
    path.parent.mkdir()
    path.write_bytes(damage)
    with closing(SimilarCode(path)) as code:
        assert found(code, "grant") == []
        updated(code, FILES)
        assert found(code, "grant") == [("/rtl/a.sv", 0)]


def test_of_another_version_is_made_anew(path: Path) -> None:
    """An index of a later hdl-lsp is not read."""
    with closing(SimilarCode(path)) as code:
        updated(code, FILES)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE meta SET version = '0'")
        connection.commit()
    with closing(SimilarCode(path)) as code:
        assert found(code, "grant") == []


def test_damage_that_is_met_while_searching(path: Path) -> None:
    """Nothing is found, the user's key is answered, and the next server makes it anew."""
    with closing(SimilarCode(path)) as code:
        updated(code, {f"/f{n}.sv": f"  logic word{n};\n" * 99 for n in range(40)})
        data = path.read_bytes()
        path.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))
        assert found(code, "word7", "logic", "word8") == []
        assert "damaged" in code.problem
        updated(code, FILES)
    with closing(SimilarCode(path)) as code:
        updated(code, FILES)
        assert found(code, "grant") == [("/rtl/a.sv", 0)]


def test_without_a_folder_nothing_is_found(tmp_path: Path) -> None:
    """No place for an index, or one in which others can write, is no error."""
    with closing(SimilarCode(None)) as code:
        updated(code, FILES)
        assert found(code, "grant") == []
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with closing(SimilarCode(tmp_path / "open" / "x.similar.sqlite")) as code:
        updated(code, FILES)
        assert found(code, "grant") == []
        assert "others can write" in code.problem
    (tmp_path / "file").write_text("")
    with closing(SimilarCode(tmp_path / "file" / "x.similar.sqlite")) as code:
        assert code.search(["grant"], 8) == ()


def test_names_that_are_not_unicode_are_kept(path: Path) -> None:
    """A path of another encoding comes back as it was."""
    with closing(SimilarCode(path)) as code:
        updated(code, {"/rtl/\udcff.sv": "logic parity;"})
        assert code.search(["parity"], 1) == (Chunk("/rtl/\udcff.sv", 0),)
