"""Where something was changed lately: newest first, joined when near, moved by what is inserted above."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.text.edit import TextEdit
from hdl_lsp.text.source import SourceText, span
from hdl_lsp.workspace.files import FileTable
from hdl_lsp.workspace.recent_edits import KEPT, LONGEST_LINES
from hdl_lsp.workspace.vfs import Vfs

TABLE = FileTable()
A, B = TABLE.id_of("/a.sv"), TABLE.id_of("/b.sv")


def opened() -> Vfs:
    """Two open files of 200 numbered lines."""
    vfs = Vfs()
    for file in (A, B):
        vfs.open(file, SourceText.of("".join(f"line {n}\n" for n in range(200))))
    return vfs


def replaced(vfs: Vfs, first0: int, lines: int, text: str, *, in_b: bool = False) -> None:
    """An editor replaces whole lines from *first0* on by *text*."""
    source = vfs.text(B if in_b else A)
    assert source is not None
    starts = (*source.line_starts, source.size_bytes)
    where = span(starts[first0], starts[first0 + lines])
    vfs.edit(B if in_b else A, [TextEdit(where, text)])


def edited(vfs: Vfs) -> list[list[str]]:
    """The lines of every recent edit as they are now, newest first."""
    found: list[list[str]] = []
    for edit in vfs.edits:
        text = vfs.text(edit.file)
        assert text is not None
        found.append([text.line_text(n) for n in range(edit.first0, edit.last0 + 1)])
    return found


def typed(vfs: Vfs, line0: int, letters: str, *, in_b: bool = False) -> None:
    """A person types *letters* at the beginning of a line, one after the other."""
    file = B if in_b else A
    for n, letter in enumerate(letters):
        source = vfs.text(file)
        assert source is not None
        at = source.line_starts[line0] + n
        vfs.edit(file, [TextEdit(span(at, at), letter)])


def test_typing_is_one_edit() -> None:
    """Every letter, and every next line, belongs to the same edit; another place is another."""
    vfs = opened()
    typed(vfs, 10, "abc\nd\ne")
    typed(vfs, 90, "f")
    typed(vfs, 50, "g", in_b=True)
    assert edited(vfs) == [["gline 50"], ["fline 88"], ["abc", "d", "eline 10"]]


def test_coming_back_makes_it_the_newest() -> None:
    """Two edits that grew together are one."""
    vfs = opened()
    typed(vfs, 10, "a")
    typed(vfs, 90, "b")
    typed(vfs, 12, "c")
    assert edited(vfs) == [["aline 10", "line 11", "cline 12"], ["bline 90"]]


def test_edits_move_with_their_lines() -> None:
    """What is inserted or removed above moves an edit, in its own file only."""
    vfs = opened()
    typed(vfs, 50, "a")
    typed(vfs, 50, "b", in_b=True)
    replaced(vfs, 3, 0, "new\n" * 7)
    assert edited(vfs)[1:] == [["bline 50"], ["aline 50"]]
    replaced(vfs, 20, 12, "")
    assert ["aline 50"] in edited(vfs)


def test_large_changes_are_no_edits() -> None:
    """A formatter or another branch says nothing about what the user is doing; what it replaced is gone."""
    vfs = opened()
    typed(vfs, 50, "a")
    typed(vfs, 150, "b")
    replaced(vfs, 40, LONGEST_LINES + 1, "formatted\n")
    assert edited(vfs) == [["bline 150"]]
    replaced(vfs, 2, 0, "pasted\n" * (LONGEST_LINES + 1))
    assert edited(vfs) == [["bline 150"]]


def test_old_edits_are_forgotten() -> None:
    """Only the last ones count."""
    vfs = opened()
    for n in range(KEPT + 3):
        typed(vfs, 10 * n, "x")
    assert edited(vfs) == [[f"xline {10 * n}"] for n in range(KEPT + 2, 2, -1)]


@given(
    st.lists(
        st.tuples(st.integers(0, 150), st.integers(0, 60), st.integers(0, 60), st.booleans()),
        max_size=12,
    )
)
def test_edits_lie_in_their_files(changes: list[tuple[int, int, int, bool]]) -> None:
    """Whatever is changed: at most KEPT edits, each in order and inside of its file."""
    vfs = opened()
    for first, removed, added, in_b in changes:
        source = vfs.text(B if in_b else A)
        assert source is not None
        lines = source.line_count - 1
        first0 = min(first, lines)
        replaced(vfs, first0, min(removed, lines - first0), "new\n" * added, in_b=in_b)
        assert len(vfs.edits) <= KEPT
        for edit in vfs.edits:
            text = vfs.text(edit.file)
            assert text is not None
            assert 0 <= edit.first0 <= edit.last0 < text.line_count
