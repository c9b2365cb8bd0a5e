"""What a project is: the record that every reader of a project file returns.

Must not know any format, nor which one wins (project.py does).
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.workspace.filelist import ProjectProblem


@dataclass(frozen=True, slots=True)
class Target:
    """One named way to build: what it compiles, complete in itself. Paths are absolute."""

    name: str
    sources: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    include_dirs: tuple[str, ...] = ()
    defines: tuple[tuple[str, str], ...] = ()
    tops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectModel:
    """What is compiled, and how. Paths are absolute."""

    roots: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()  # in compile order, headers left out unless they are listed
    libraries: tuple[
        str, ...
    ] = ()  # files of -v and -y: compiled when somebody names their modules
    include_dirs: tuple[str, ...] = ()
    defines: tuple[tuple[str, str], ...] = ()  # name, value ("" for a bare define)
    tops: tuple[str, ...] = ()
    kind: str = "inferred"  # or the name of the file or format that won, e.g. "hdl-lsp.toml"
    why: str = "no project file was found"  # a sentence for the user, without a final dot
    is_configured: bool = False  # False: include folders and macros are guessed from the contents
    problems: tuple[ProjectProblem, ...] = ()
    watched: tuple[str, ...] = ()  # files whose change makes another project
    targets: tuple[Target, ...] = ()  # the named builds the project file knows
    target: str = ""  # the one this model was built from; "" for none
    third_party: tuple[str, ...] = ()  # absolute globs: what matches is indexed, never reported on
    others: tuple[str, ...] = ()  # project files that were seen but lost against `kind`
