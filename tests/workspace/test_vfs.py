"""Open buffers over disk."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.text.edit import TextEdit
from hdl_lsp.text.source import SourceText, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.vfs import Closed, Edited, OnDisk, Opened, Vfs

ONE, TWO = FileId(1), FileId(2)


def test_open_buffer_wins_over_disk_until_closed() -> None:
    """What the editor shows counts; after closing, the disk counts again."""
    vfs = Vfs()
    assert vfs.disk(ONE, SourceText.of("disk")) == {ONE}
    assert vfs.open(ONE, SourceText.of("buffer")) == {ONE}
    assert vfs.disk(ONE, SourceText.of("disk 2")) == frozenset()
    assert vfs.files[ONE].text == "buffer"
    assert vfs.close(ONE) == {ONE}
    assert vfs.files[ONE].text == "disk 2"
    assert vfs.open_files == frozenset()


def test_open_empty_buffer_wins_over_disk() -> None:
    """An empty buffer is a text, not a missing one."""
    vfs = Vfs()
    vfs.apply((OnDisk(ONE, SourceText.of("disk")), Opened(ONE, SourceText.of(""))))
    assert vfs.text(ONE) == SourceText.of("")
    assert vfs.files[ONE].text == ""


def test_change_that_changes_nothing_names_no_file() -> None:
    """Opening a file with the text of the disk is not a change."""
    vfs = Vfs()
    vfs.disk(ONE, SourceText.of("same"))
    assert vfs.open(ONE, SourceText.of("same")) == frozenset()
    assert vfs.close(TWO) == frozenset()


def test_file_gone_from_disk_is_gone() -> None:
    """A deleted file has no text, and is named as changed once."""
    vfs = Vfs()
    vfs.disk(ONE, SourceText.of("x"))
    assert vfs.disk(ONE, None) == {ONE}
    assert vfs.disk(ONE, None) == frozenset()
    assert ONE not in vfs.files


def test_old_file_map_does_not_change() -> None:
    """A snapshot's files stay what they were."""
    vfs = Vfs()
    vfs.open(ONE, SourceText.of("a"))
    before = vfs.files
    vfs.edit(ONE, (TextEdit(span(0, 1), "b"),))
    assert before[ONE].text == "a"
    assert vfs.files[ONE].text == "b"


@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.text(max_size=8)), max_size=8),
)
def test_edits_equal_a_text_made_from_scratch(
    start: str, edits: list[tuple[int, int, str]]
) -> None:
    """Edits in order, each counting in the text the one before left, give what plain string cutting gives."""
    vfs = Vfs()
    expected = start
    changes: list[Opened | Edited | Closed] = [Opened(ONE, SourceText.of(start))]
    for first, second, new in edits:
        low, high = sorted((min(first, len(expected)), min(second, len(expected))))
        low_byte = len(expected[:low].encode())
        high_byte = len(expected[:high].encode())
        changes.append(Edited(ONE, (TextEdit(span(low_byte, high_byte), new),)))
        expected = expected[:low] + new + expected[high:]
    changed = vfs.apply(changes)
    assert vfs.files[ONE].text == expected
    assert changed == {ONE}
