"""The models known by name, and where their files are: a path, the cache directory, installed packages.

Must not use the network (pull.py does) and must not import the packages that carry models: their code would run
in the server process, and only their files are wanted.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any, BinaryIO, cast

from hdl_lsp.errors import ModelError, ModelNotFoundError
from hdl_lsp.llm import fim, gguf
from hdl_lsp.llm.engine import Lane
from hdl_lsp.llm.gguf import Gguf
from hdl_lsp.llm.models_folder import cache_directory

COPY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of the catalogue; see models.toml."""

    name: str
    file: str
    role: Lane
    fim: str
    context_tokens: int
    size_mb: int
    licence: str
    about: str
    packages: tuple[str, ...]  # "name==version"; empty when it comes from a URL
    parts: tuple[str, ...]  # files to put together; empty when `file` is inside a package
    url: str  # "" when it comes from packages
    sha256: str  # "" when not pinned


@dataclass(frozen=True, slots=True)
class ModelListing:
    """A catalogue entry and whether it is on this machine."""

    entry: ModelEntry
    path: Path | None  # None: not here; packages with parts count only when put together
    is_installed: bool  # usable without a download


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Everything about one model: what the catalogue says (None for other files) and what its file says."""

    entry: ModelEntry | None
    path: Path
    header: Gguf

    @property
    def fim(self) -> str:
        """Name of the FIM format its vocabulary has, or "prefix-only"."""
        known = fim.detect(self.header.special_tokens.__contains__, self.header.name)
        return known.name if known is not None else fim.PREFIX_ONLY


@cache
def entries() -> tuple[ModelEntry, ...]:
    """The catalogue, in the order of the file."""
    text = resources.files("hdl_lsp.models").joinpath("models.toml").read_text("utf-8")
    tables = cast("list[dict[str, Any]]", tomllib.loads(text)["model"])  # our own file
    return tuple(
        ModelEntry(
            name=table["name"],
            file=table["file"],
            role=Lane(table["role"]),
            fim=table["fim"],
            context_tokens=table["context_tokens"],
            size_mb=table["size_mb"],
            licence=table["licence"],
            about=table["about"],
            packages=tuple(table.get("packages", ())),
            parts=tuple(table.get("parts", ())),
            url=table.get("url", ""),
            sha256=table.get("sha256", ""),
        )
        for table in tables
    )


def entry(name: str) -> ModelEntry:
    """The entry called *name*; raises ModelNotFoundError naming those there are."""
    for candidate in entries():
        if candidate.name == name:
            return candidate
    known = ", ".join(candidate.name for candidate in entries())
    raise ModelNotFoundError(f"no model called {name}; known are {known}, or give a GGUF file")


def resolve(name_or_path: str, directory: Path | None = None) -> Path:
    """The file of a model: an explicit path, then the cache *directory*, then installed packages.

    Puts a model that packages carry in parts together in the cache, which takes a second. Raises
    ModelNotFoundError with what to do, or ModelError when the cache can't be written.
    """
    if _is_path(name_or_path):
        path = Path(name_or_path).expanduser()
        if not path.is_file():
            raise ModelNotFoundError(f"no model file {path}")
        return path
    wanted = entry(name_or_path)
    found = locate(wanted, directory)
    if found is not None:
        return found
    carried = _carried_parts(wanted)
    if carried is None:
        raise ModelNotFoundError(
            f"model {wanted.name} is not on this machine; 'hdl-lsp models pull {wanted.name}' gets it"
        )
    with_streams = (path.open("rb") for path in carried)
    return assemble(wanted, with_streams, directory)


def locate(wanted: ModelEntry, directory: Path | None = None) -> Path | None:
    """The whole file of *wanted* in the cache or inside an installed package; None when there is none."""
    cached = (directory or cache_directory()) / wanted.file
    if cached.is_file():
        return cached
    if wanted.parts:
        return None
    return next(iter(_package_files(wanted.packages, (wanted.file,))), None)


def listings(directory: Path | None = None) -> tuple[ModelListing, ...]:
    """Every model of the catalogue with what is on this machine."""
    found = ((candidate, locate(candidate, directory)) for candidate in entries())
    return tuple(
        ModelListing(candidate, path, path is not None or _carried_parts(candidate) is not None)
        for candidate, path in found
    )


def info(name_or_path: str, directory: Path | None = None) -> ModelInfo:
    """What is known about a model on this machine; raises ModelError."""
    path = resolve(name_or_path, directory)
    known = None if _is_path(name_or_path) else entry(name_or_path)
    return ModelInfo(known, path, gguf.read_gguf(path))


def assemble(
    wanted: ModelEntry, streams: Iterable[BinaryIO], directory: Path | None = None
) -> Path:
    """Writes the model from its parts (each is closed) into the cache: whole and checked, or not at all."""
    target_directory = directory or cache_directory()
    target = target_directory / wanted.file
    temporary: Path | None = None
    try:
        target_directory.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with tempfile.NamedTemporaryFile(
            dir=target_directory, prefix=f".{wanted.file}.", delete=False
        ) as out:
            temporary = Path(out.name)
            for stream in streams:
                with stream:
                    while block := stream.read(COPY_BYTES):
                        digest.update(block)
                        out.write(block)
        if wanted.sha256 and digest.hexdigest() != wanted.sha256:
            raise ModelError(
                f"model {wanted.name} is damaged: its SHA-256 is not the published one"
            )
        temporary.replace(target)
    except OSError as err:
        raise _write_error(wanted, target_directory, err) from err
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    return target


def check_space(wanted: ModelEntry, directory: Path, needed_bytes: int) -> None:
    """Raises ModelError when the disk of *directory* (which exists) can't take *needed_bytes* more."""
    free = shutil.disk_usage(directory).free
    if free < needed_bytes:
        raise ModelError(
            f"no space for model {wanted.name}: {needed_bytes / 1e6:,.0f} MB needed,"
            f" {free / 1e6:,.0f} MB free in {directory}"
        )


def _write_error(wanted: ModelEntry, directory: Path, err: OSError) -> ModelError:
    """The sentence for a cache that can't be written."""
    if err.errno in (errno.ENOSPC, errno.EDQUOT):
        return ModelError(
            f"no space for model {wanted.name}: {wanted.size_mb:,} MB needed in {directory}"
        )
    return ModelError(f"can't store model {wanted.name} in {directory}: {err.strerror or err}")


def _is_path(name_or_path: str) -> bool:
    """Whether the user means a file rather than a name of the catalogue."""
    has_separator = os.sep in name_or_path or "/" in name_or_path
    return has_separator or name_or_path.lower().endswith(".gguf")


def _carried_parts(wanted: ModelEntry) -> tuple[Path, ...] | None:
    """The files of installed packages that make up the model, in order; None unless all are there."""
    if not wanted.parts:
        return None
    found = _package_files(wanted.packages, wanted.parts)
    by_name = {path.name: path for path in found}
    if any(part not in by_name for part in wanted.parts):
        return None
    return tuple(by_name[part] for part in wanted.parts)


def _package_files(packages: Iterable[str], names: tuple[str, ...]) -> tuple[Path, ...]:
    """Existing files called one of *names* inside the installed ones of *packages*."""
    found: list[Path] = []
    for requirement in packages:
        try:
            files = metadata.files(requirement.partition("==")[0])
        except metadata.PackageNotFoundError:
            continue
        candidates = (Path(str(file.locate())) for file in files or () if file.name in names)
        found += [path for path in candidates if path.is_file()]
    return tuple(found)
