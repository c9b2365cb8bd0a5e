"""What is asked of an analysis process.

Must not import pyslang: the server builds these. Frozen and picklable. Paths are absolute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_FILE_BYTES = (
    30_000_000  # larger ones are netlists; slang would take seconds and hold the process
)

FAILED_CODE = "hdl-analysis-failed"
"""Code of the diagnostic on a file that slang can't be given."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file of a compilation. `text` None: the child reads it from disk (and keeps it while size and mtime stay)."""

    path: str
    digest: str = ""  # "" when text is None
    text: str | None = None
    is_listed: bool = False  # the project compiles it by itself: it is no fragment of another file


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """Options of slang that come from the project."""

    include_dirs: tuple[str, ...] = ()
    defines: tuple[tuple[str, str], ...] = ()  # name, value ("" for a bare define)
    macro_files: tuple[
        str, ...
    ] = ()  # files whose `defines make the project-wide macro table (inheritedMacros)
    tops: tuple[str, ...] = ()
    is_configured: bool = (
        False  # False: the project was inferred, unknown macros and includes become one hint
    )
    warnings: tuple[str, ...] = ()  # slang -W options, e.g. "width-trunc", "error=width-trunc"
    timescale: str = "1ns/1ps"


@dataclass(frozen=True, slots=True)
class FactsRequest:
    """Shallow compilation of *main* with *context* (the files it names, transitively for packages)."""

    main: Input
    context: tuple[Input, ...] = ()
    options: CompileOptions = field(default_factory=CompileOptions)
    overlays: tuple[Input, ...] = ()  # open buffers of headers that differ from the disk
    includers: tuple[Input, ...] = ()
    """Files around *main* if it is only a fragment: the first includes main, each next one the one before.

    The last of them is what is compiled; the answer is about main as it is in there.
    """


@dataclass(frozen=True, slots=True)
class DiagnosticsRequest:
    """As FactsRequest, but only FileFacts.diagnostics (and failure) are wanted: checking a candidate edit."""

    main: Input
    context: tuple[Input, ...] = ()
    options: CompileOptions = field(default_factory=CompileOptions)
    overlays: tuple[Input, ...] = ()  # open buffers of headers that differ from the disk
    includers: tuple[Input, ...] = ()  # as in FactsRequest


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What becomes of the diagnostics of one file if something is inserted at one place of it.

    `before` asks about the text without any insertion; its main input has the text with it. `before.context` is
    good for all insertions. The answer is one Checked.
    """

    before: DiagnosticsRequest
    offset: int  # bytes
    insertions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummariesRequest:
    """Summaries of many files, in order; the answer is a tuple of them as summary_codec writes them."""

    files: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class DesignRequest:
    """Elaboration of a whole design with `options.tops`.

    No tops: lint only, because a library without a top reports artefacts of default type parameters.
    """

    files: tuple[Input, ...]
    options: CompileOptions = field(default_factory=CompileOptions)
    overlays: Mapping[str, str] = field(default_factory=dict[str, str])
    version: int = 0  # the asker's number for this design; follow-up questions name it
    slot: int = 0  # number of the workspace folder: each one's last design is kept


@dataclass(frozen=True, slots=True)
class IndexRequest:
    """Summaries of files on disk as bytes; the answer is a tuple of IndexedFile for the first of *paths*.

    How many the child does at a time it decides by their size, at least one. *failure* is why slang
    can't parse these: they are summarised without it, and the words become their problem.
    """

    paths: tuple[str, ...]
    failure: str = ""


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """What the index keeps of one file on disk; all of the file's own fields are empty if it can't be read."""

    path: str
    size_bytes: int = 0  # on disk, before decoding
    mtime_ns: int = 0
    digest: str = ""  # SourceText.digest of the decoded text
    summary: bytes = b""  # summary_codec.decode
    names: bytes = b""  # index_names.decode_names
