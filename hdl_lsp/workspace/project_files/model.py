"""What a project is: the record that every reader of a project file returns.

Must not know any format, nor which one wins (project.py does).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from hdl_lsp.workspace.filelist import ProjectProblem, matches


@dataclass(frozen=True, slots=True)
class Target:
    """One named way to build: what it compiles, complete in itself. Paths are absolute."""

    name: str
    sources: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    include_dirs: tuple[str, ...] = ()
    defines: tuple[tuple[str, str], ...] = ()
    tops: tuple[str, ...] = ()
    is_complete: bool = True
    """False: only the name and the tops are known so far; find_project() with it as *target* reads the rest."""


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
    folders: tuple[ProjectModel, ...] = ()
    """With several workspace folders one model for each, because their options must not mix; else ().

    What is above is then all of them together.
    """

    def of(self, path: str) -> ProjectModel:
        """The model whose options the file *path* gets: its own folder's, else that of a folder which names it."""
        if not self.folders:
            return self
        homes = [m for m in self.folders for root in m.roots if is_below(path, root)]
        if homes:
            return max(homes, key=lambda model: len(model.roots[0]))
        listing = (m for m in self.folders if path in m.sources or path in m.libraries)
        including = (
            m for m in self.folders if any(is_below(path, folder) for folder in m.include_dirs)
        )
        return next(iter((*listing, *including)), self)

    def is_third_party(self, path: str) -> bool:
        """*path* is somebody else's: nothing is reported on it."""
        return any(matches(pattern, path) for pattern in self.of(path).third_party)

    def with_target(self, name: str) -> ProjectModel:
        """The build *name* of this project instead of the one it has; itself when it has no such build.

        Also when that build is not complete.
        """
        chosen = next((target for target in self.targets if target.name == name), None)
        if chosen is None or not chosen.is_complete or name == self.target:
            return self
        is_said = (chosen.sources, chosen.include_dirs, chosen.defines) != (
            self.sources,
            self.include_dirs,
            self.defines,
        )
        return replace(
            self,
            is_configured=self.is_configured or is_said,
            kind="hdl-lsp.toml" if is_said and self.kind == "inferred" else self.kind,
            sources=chosen.sources,
            libraries=chosen.libraries,
            include_dirs=chosen.include_dirs,
            defines=chosen.defines,
            tops=chosen.tops,
            target=name,
        )


def is_below(path: str, folder: str) -> bool:
    """*path* lies in *folder*, at any depth."""
    return path.startswith(folder.rstrip(os.sep) + os.sep)
