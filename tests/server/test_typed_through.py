"""A suggestion is served on while its own words are typed, and only then."""

from __future__ import annotations

from hdl_lsp.features.inline_completion import InlineItem
from hdl_lsp.server.typed_through import MOST_KEPT, TypedThrough
from hdl_lsp.text.source import Offset, SourceText, span
from hdl_lsp.workspace.files import FileId

FILE, OTHER = FileId(1), FileId(2)
BEFORE, AFTER = "module m;\n  assign y =", "\nendmodule\n"


def at(typed: str, before: str = BEFORE, after: str = AFTER) -> tuple[SourceText, Offset]:
    """The text with *typed* at the cursor, and the cursor."""
    return SourceText.of(before + typed + after), Offset(len((before + typed).encode()))


def shown(suggestion: str, file: FileId = FILE) -> TypedThrough:
    """A memory in which *suggestion* was shown at the end of BEFORE."""
    memory = TypedThrough()
    text, offset = at("")
    memory.keep(file, text, offset, (InlineItem(suggestion, span(offset, offset)),))
    return memory


def rest(memory: TypedThrough, typed: str, file: FileId = FILE) -> str | None:
    """What is served after *typed*."""
    items = memory.rest(file, *at(typed))
    return items[0].text if items else None


def test_the_rest_is_served_while_its_words_are_typed() -> None:
    """Each letter shortens what is shown."""
    memory = shown(" a & b;")
    assert [rest(memory, typed) for typed in ("", " ", " a", " a & b")] == [
        " a & b;",
        "a & b;",
        " & b;",
        ";",
    ]


def test_nothing_is_served_after_another_word_or_at_the_end() -> None:
    """What was not suggested, and nothing left, are not served."""
    memory = shown(" a & b;")
    assert [rest(memory, typed) for typed in (" b", " a & b;", " a & b; ")] == [None, None, None]


def test_going_back_serves_the_whole_again() -> None:
    """Deleting what was typed brings the suggestion back."""
    memory = shown(" a;")
    assert (rest(memory, " a"), rest(memory, "")) == (";", " a;")


def test_of_several_suggestions_those_are_served_that_go_on_as_typed() -> None:
    """One can still cycle through them, and each says where it came from."""
    memory = TypedThrough()
    text, offset = at("")
    here = span(offset, offset)
    items = (
        InlineItem(" a;", here, "series"),
        InlineItem(" b;", here),
        InlineItem(" a & b;", here),
    )
    memory.keep(FILE, text, offset, items)
    left = memory.rest(FILE, *at(" a"))
    assert [(item.text, item.origin) for item in left] == [(";", "series"), (" & b;", "model")]


def test_another_text_around_the_cursor_is_another_place() -> None:
    """A change above the line or right of the cursor ends it."""
    memory = shown(" a;")
    assert memory.rest(FILE, *at("", before="module n;\n  assign y =")) == ()
    assert memory.rest(FILE, *at("", after=" // c\nendmodule\n")) == ()


def test_another_file_is_another_place() -> None:
    """Two files with the same text do not share suggestions, and the newer file forgets the older."""
    memory = shown(" a;")
    assert rest(memory, "", OTHER) is None
    text, offset = at("")
    memory.keep(OTHER, text, offset, (InlineItem(" b;", span(offset, offset)),))
    assert (rest(memory, "", FILE), rest(memory, "", OTHER)) == (None, " b;")


def test_the_range_is_the_cursor_after_non_ascii_text() -> None:
    """Offsets are bytes."""
    memory = TypedThrough()
    text, offset = at("", before="// größe\nassign y =")
    memory.keep(FILE, text, offset, (InlineItem(" ä;", span(offset, offset)),))
    text, offset = at(" ä", before="// größe\nassign y =")
    assert memory.rest(FILE, text, offset) == (InlineItem(";", span(offset, offset)),)


def test_only_the_newest_are_kept() -> None:
    """The memory is bounded."""
    memory = TypedThrough()
    for number in range(MOST_KEPT + 1):
        text, offset = at("", before=f"// {number}\n")
        memory.keep(FILE, text, offset, (InlineItem("x", span(offset, offset)),))
    assert memory.rest(FILE, *at("", before="// 0\n")) == ()
    assert memory.rest(FILE, *at("", before="// 1\n"))
