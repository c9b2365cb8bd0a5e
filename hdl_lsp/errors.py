"""Every failure of the outside world that a user may be told about, and how an impossible state is reported.

Must not hold control flow: broken HDL is never an exception (ARCHITECTURE.md, invariant 7).

    HdlLspError                    a sentence for the user: what, where, what to do
    ├── ConfigError                a setting or project file can't be used
    ├── ProjectError               a file list, a path or a project can't be read
    ├── WorkerError                a child process can't be started, died, or answered nonsense
    │   └── WorkerGoneError        the child died while this request was waiting
    ├── ModelError                 a model can't be used
    │   ├── ModelNotFoundError     no such file, or no such name in the catalogue
    │   └── ModelLoadError         the file is there and can't be loaded
    ├── EngineError                a generation failed; the engine may still live
    └── UsageError                 the command line is off
"""

from __future__ import annotations

import logging
import os

log = logging.getLogger(__name__)


class HdlLspError(Exception):
    """A failure outside our control; its text is one sentence a user can act on, without a trailing dot."""


class ConfigError(HdlLspError):
    """A setting has the wrong type or names something that is not allowed there."""


class ProjectError(HdlLspError):
    """A project file, file list or directory can't be read."""


class WorkerError(HdlLspError):
    """A child process can't be started, or its answer can't be understood."""


class WorkerGoneError(WorkerError):
    """The child process died while a request was waiting for its answer."""


class ModelError(HdlLspError):
    """A model can't be used."""


class ModelNotFoundError(ModelError):
    """No model file at that path, or no such name in the catalogue."""


class ModelLoadError(ModelError):
    """The model file exists and can't be loaded (not a GGUF, truncated, too large, unknown architecture)."""


class EngineError(HdlLspError):
    """A generation failed; the engine itself may still be usable."""


class UsageError(HdlLspError):
    """The command line asks for something that does not exist."""


def bug(message: str, *args: object) -> None:
    """A state that can't be: logged as an error and survived; raises AssertionError under pytest."""
    log.error("bug: %s", message % args if args else message, stack_info=True)
    if "PYTEST_CURRENT_TEST" in os.environ:
        raise AssertionError(message % args if args else message)
