"""Which sentences of a model may be shown: those that stand on what it was given.

Must not rewrite a sentence; it is kept or left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_IDENTIFIER = re.compile(r"[A-Za-z]\w*(?:_\w+)+|`([A-Za-z_]\w*)`")
_JOINED = re.compile(r"[A-Za-z]\w*_\w+")
_NUMBER = re.compile(r"(?<![\w'])\d[\d_]*(?!\w)")
_PROPER = re.compile(r"(?<=[a-z,] )[A-Z]\w+")
_WORD = re.compile(r"[a-z]{4,}")
_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]")

STEM = 4
"""Words are the same when they agree in so many letters: `push`, `pushed`, `pushing`."""

EMPTY_WORDS = frozenset(
    """
    also based been being code compo declare define descri design each exampl file follow from function given
    hardware have implem input inside into know line logic makes manage module more name other output param
    part perform port provi purpose repres same signal specif state system that their them then there these
    they this type used using value variab verilog well when where which will with within would
    """.split()
)
"""Stems (first STEM letters at most) that say nothing about one design in particular."""

_EMPTY = frozenset(word[:STEM] for word in EMPTY_WORDS)


def _named(words: str) -> frozenset[str]:
    """What looks like an identifier: words with an underscore, and words in backticks."""
    return frozenset(m[1] or m[0] for m in _IDENTIFIER.finditer(words))


def _written(words: str) -> frozenset[str]:
    """Identifiers with an underscore, as they stand in code."""
    return frozenset(_JOINED.findall(words))


def _content(words: str) -> frozenset[str]:
    """Stems of the words in *words* that say something, parts of identifiers included."""
    return frozenset(word[:STEM] for word in _WORD.findall(words.lower())) - _EMPTY


def grounded(words: str, is_known: frozenset[str], given: str = "") -> str:
    """The sentences of *words* that may be shown; an unfinished last one is dropped.

    Each names only what is in *is_known* and says something that no sentence before it said. With *given*, the
    text that the model was shown: numbers, proper names and quoted words are from there, and so is at least one
    word that says something.
    """
    sentences = _SENTENCE_END.split(" ".join(words.split()))
    if sentences and not sentences[-1].endswith((".", "!", "?")):
        sentences = sentences[:-1]
    return " ".join(_kept(sentences, is_known, given))


def _kept(sentences: list[str], is_known: frozenset[str], given: str) -> Iterator[str]:
    said: frozenset[str] = frozenset()
    for sentence in sentences:
        content = _content(sentence) | _named(sentence)
        if not content or content <= said or not _named(sentence) <= is_known:
            continue
        if given and not _is_from(sentence, given):
            continue
        said |= content
        yield sentence


def _is_from(sentence: str, given: str) -> bool:
    """Numbers, proper names and quoted words are in *given*, and a word that says something is."""
    lower = given.lower()
    claimed = (*_PROPER.findall(sentence), *_QUOTED.findall(sentence))
    return (
        set(_NUMBER.findall(sentence)) <= set(_NUMBER.findall(given))
        and all(word.lower() in lower for word in claimed)
        and not (_content(sentence) | _written(sentence)).isdisjoint(
            _content(given) | _written(given)
        )
    )


def grounded_words(snapshot: Snapshot, file: FileId, words: str, given: str = "") -> str:
    """The sentences of *words* that stand on *given* and name only what occurs in *file* or the workspace."""
    here = snapshot.summary(file).identifiers
    elsewhere = frozenset(n for n in _named(words) - here if snapshot.index.files_naming(n))
    return grounded(words, here | elsewhere, given)
