"""Questions about a design that the design process has elaborated, and their answers.

Must not import pyslang: the server builds the questions and reads the answers. Frozen and picklable. Paths of
files are absolute; a hierarchical path is that of slang: "top.u_core.gen_x[1].u_alu", instances of one interface
or module array "u_many[0]".

How to ask: `await session.design_query(question)` gives the answer's dataclass, or NotElaborated with a sentence.
The design is elaborated first if nothing fresh is there.

    ChildrenOf(path)             -> InstancePage   one level of the instance tree
    InstancesOf(definition)      -> InstancePage   all paths of one module or interface
    InstanceAt(path)              -> InstancePage   the instance at a path, or nothing
    SignalOf(place or path)      -> SignalAnswer   type, width, drivers, loads, and their cone on demand
    ValuesOf(places)             -> DesignValues   types, widths and values per instance
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hdl_lsp.text.source import Span

MAX_PAGE = 500
"""Instances in one page."""

NO_TOP = "no top module is known, so nothing was elaborated: name one in project.tops"


# -- instances


@dataclass(frozen=True, slots=True)
class ChildrenOf:
    """The instances directly inside *path*, those in its generate blocks included; "" asks for the tops."""

    path: str = ""
    start: int = 0
    limit: int = MAX_PAGE


@dataclass(frozen=True, slots=True)
class InstancesOf:
    """Every instance of one module, interface or program."""

    definition: str
    start: int = 0
    limit: int = MAX_PAGE


@dataclass(frozen=True, slots=True)
class InstanceAt:
    """The one instance at *path*."""

    path: str


@dataclass(frozen=True, slots=True)
class InstanceInfo:
    """One instance of the elaborated design."""

    name: str  # below its parent: "u_alu", "gen_x[3].u_leaf" for one inside generate blocks
    definition: str
    path: str
    kind: str  # "module", "interface", "program", or "unknown": nobody declares the definition
    parameters: tuple[tuple[str, str], ...]  # name, value in SystemVerilog notation; in order
    file: str  # where the instance is written (for a top, its module); "" if in no file
    span: Span  # its name there
    definition_file: str  # "" for an unknown definition
    definition_span: Span  # the name in the declaration
    child_count: int  # instances directly inside


@dataclass(frozen=True, slots=True)
class InstancePage:
    """Some of the instances asked for, in order."""

    instances: tuple[InstanceInfo, ...]
    start: int  # number of the first of them
    total: int  # how many there are in all
    is_known: bool = True  # False: no such path, or nothing of that definition in the design


# -- signals


class SiteKind(Enum):
    """What drives or reads a signal at a place."""

    ASSIGN = "continuous assign"
    ALWAYS = "always"
    ALWAYS_COMB = "always_comb"
    ALWAYS_FF = "always_ff"
    ALWAYS_LATCH = "always_latch"
    INITIAL = "initial"
    FINAL = "final"
    PORT = "port connection"
    TOP_PORT = "port of the top"
    INITIALIZER = "declaration"
    ROUTINE = "function or task"
    GATE = "primitive"
    ASSERTION = "assertion"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SignalOf:
    """The signal at a hierarchical path, or the one declared at (file, offset), seen in *instance*."""

    signal: str = ""  # hierarchical path: "top.u_core.valid"; "" when a place is given
    file: str = ""
    offset: int = -1
    instance: str = ""  # path of an instance of the module that declares it; "" for the first
    depth: int = 1  # levels of the cone: 1 tells the sites of the signal itself
    limit: int = 200  # sites told in all, of drivers and loads each


@dataclass(frozen=True, slots=True)
class Site:
    """One place that drives or reads a signal."""

    kind: SiteKind
    file: str
    span: Span  # the signal's name there
    text: str  # the statement or connection on one line
    instance: str  # path of the instance whose text this is
    through: tuple[str, ...] = ()
    """Hierarchical paths of the signals on the other side: read by a driver, written by a load."""
    level: int = 1  # 1: the signal itself; 2: what drives (or reads) one of `through` of level 1


@dataclass(frozen=True, slots=True)
class SignalAnswer:
    """What is known of one signal. `path` "": there is no such signal in the design."""

    path: str
    kind: str = ""  # "net", "variable", "parameter"
    type_text: str = ""
    bit_width: int | None = None
    value: str | None = None  # of a constant
    file: str = ""
    span: Span | None = None  # its declaration
    drivers: tuple[Site, ...] = ()
    loads: tuple[Site, ...] = ()
    is_cut: bool = False  # there are more sites than were asked for


# -- values


@dataclass(frozen=True, slots=True)
class ValuesOf:
    """Types, widths and values of what is declared at (file, offset)."""

    name: str
    file: str
    offset: int
    digest: str  # of the file's text; another text was elaborated: nothing is told
    instance: str = ""  # only there; "" for all instances
    limit: int = 4  # different ones that are told


@dataclass(frozen=True, slots=True)
class ValueIn:
    """One meaning of a declaration, and the instances that have it."""

    instances: tuple[str, ...]  # paths, the first few
    total: int  # how many there are
    type_text: str
    bit_width: int | None
    value: str | None


@dataclass(frozen=True, slots=True)
class DesignValues:
    """What one declaration is in the elaborated design, most frequent first."""

    values: tuple[ValueIn, ...] = ()
    kinds: int = 0  # how many different ones there are; more than told when cut
    is_chosen: bool = False  # told for the one instance asked for


# -- asking

Question = ChildrenOf | InstancesOf | InstanceAt | SignalOf | ValuesOf
QuestionAnswer = InstancePage | SignalAnswer | DesignValues


@dataclass(frozen=True, slots=True)
class DesignQuestion:
    """A question about the design that was elaborated under *version*; about whichever is there when 0."""

    question: Question
    version: int = 0
    slot: int = 0  # number of the workspace folder


@dataclass(frozen=True, slots=True)
class NotElaborated:
    """There is no answer; `reason` is a sentence, "" when elaborating would help."""

    reason: str = ""
