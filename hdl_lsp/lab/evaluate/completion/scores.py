"""One row for each mask that was asked for, and the CSV file that keeps them.

Must not add anything up: report.py does.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from hdl_lsp.errors import UsageError

Key = tuple[str, str, str, str, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """What was asked, what was shown and how good it was. The fields are the columns.

    A suggestion's text is not kept: these files go into repositories with licences of their own.
    """

    file: str  # relative to the design's folder
    digest: str  # of the file's text: another text is another question
    offset: int
    length: int
    site: str
    engine: str  # how it was asked: "all", "computed", "model", ... with what was left out
    model: str
    shown: bool
    exact: bool
    same: bool
    equivalent: bool
    similarity: float
    given: int
    right: int
    wanted: int
    origin: str
    score: float | None  # mean natural log probability of a token
    parses: bool  # adds no syntax error
    elaborates: bool  # adds no error at all
    reason: str  # the first error it adds, and what was shown
    latency_ms: float
    prompt_tokens: int
    generated_tokens: int

    @property
    def key(self) -> Key:
        """What makes it the same question."""
        return (
            self.engine,
            self.model,
            f"{self.file} {self.digest}",
            self.site,
            self.offset,
            self.length,
        )

    @property
    def is_right(self) -> bool:
        """What was shown is what stood there, or means the same."""
        return self.shown and (self.exact or self.equivalent)

    @property
    def is_sound(self) -> bool:
        """Right, or a list that stops early and has nothing in it that did not stand there."""
        return self.is_right or (self.shown and 0 < self.given == self.right)


COLUMNS = tuple(field.name for field in fields(Row))


def write(path: Path, rows: Iterable[Row]) -> None:
    """Appends *rows*; a new file begins with the columns' names."""
    is_new = not path.exists() or not path.stat().st_size
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if is_new:
            writer.writerow(COLUMNS)
        writer.writerows([_cell(value) for value in asdict(row).values()] for row in rows)


def read(path: Path) -> tuple[Row, ...]:
    """The rows of *path*; () for a file that is not there. Raises UsageError for another kind of file.

    A last line that was cut off (the run was killed) is left out, and asked again.
    """
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != COLUMNS:
            raise UsageError(f"{path} has other columns than this version writes; give a new file")
        return tuple(_row(cells) for cells in reader if len(cells) == len(COLUMNS))


def _cell(value: object) -> str:
    match value:
        case bool():
            return "1" if value else "0"
        case float():
            return f"{value:.4f}".rstrip("0").rstrip(".")
        case None:
            return ""
        case _:
            return str(value)


def _row(cells: list[str]) -> Row:
    at = dict(zip(COLUMNS, cells, strict=True))
    flags = {name: at[name] == "1" for name in ("shown", "exact", "same", "equivalent")}
    return Row(
        file=at["file"],
        digest=at["digest"],
        offset=int(at["offset"]),
        length=int(at["length"]),
        site=at["site"],
        engine=at["engine"],
        model=at["model"],
        **flags,
        similarity=float(at["similarity"]),
        given=int(at["given"]),
        right=int(at["right"]),
        wanted=int(at["wanted"]),
        origin=at["origin"],
        score=float(at["score"]) if at["score"] else None,
        parses=at["parses"] == "1",
        elaborates=at["elaborates"] == "1",
        reason=at["reason"],
        latency_ms=float(at["latency_ms"]),
        prompt_tokens=int(at["prompt_tokens"]),
        generated_tokens=int(at["generated_tokens"]),
    )
