"""What the call, instance or macro around the cursor expects, and which argument is being written.

Must not need complete text: the call is open while it is being typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hdl_lsp.presentation.markup import one_line
from hdl_lsp.semantics.summary import MacroDef
from hdl_lsp.syntax.comments import doc_comment
from hdl_lsp.syntax.cursor import CallAt, CursorKind, InstanceAt, cursor
from hdl_lsp.syntax.words import SYSTEM_TASKS
from hdl_lsp.workspace.calls import callables
from hdl_lsp.workspace.declared import Declared, with_fact
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.lookup import parameters_of, ports_of
from hdl_lsp.workspace.names import macros, units
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.written import bare_type, parameter_line, port_line


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument as its signature's label spells it."""

    label: str
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call; every parameter's label stands in *label*, in order."""

    label: str
    documentation: str
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class SignatureHelp:
    """Signatures, which of them is meant, and the 0-based parameter being written; None: none of them."""

    signatures: tuple[Signature, ...]
    active_signature: int
    active_parameter: int | None


def signature_help(snapshot: Snapshot, file: FileId, offset: int) -> SignatureHelp | None:
    """What is expected at *offset*; None outside calls, instances and macro arguments."""
    text = snapshot.text(file)
    if text is None:
        return None
    at = cursor(snapshot.syntax(file), offset)
    if at.kind in {CursorKind.COMMENT, CursorKind.INCLUDE}:
        return None
    if at.call is not None:
        shown = _call(snapshot, file, offset, at.call)
        if shown is not None:
            return shown
    if at.instance is not None:
        return _instance(snapshot, file, at.instance)
    return None


def _macro(snapshot: Snapshot, file: FileId, offset: int, call: CallAt) -> SignatureHelp | None:
    name = call.name[1:]
    found = [d for d in macros(snapshot, file, offset, name) if d.macro and d.macro.arguments]
    if not found:
        return None
    signatures: dict[str, Signature] = {}
    for one in found:
        if isinstance(one.macro, MacroDef):
            parameters = [Parameter(argument) for argument in one.macro.arguments or ()]
            built = _signature(f"`{name}", parameters, _documentation(snapshot, one))
            signatures.setdefault(built.label, built)
    return _help(tuple(signatures.values()), call.argument0)


def _call(snapshot: Snapshot, file: FileId, offset: int, call: CallAt) -> SignatureHelp | None:
    if call.name.startswith("$"):
        return _system_call(call)
    if call.name.startswith("`"):
        return _macro(snapshot, file, offset, call)
    base = tuple(call.base)
    found = callables(snapshot, file, offset, base, call.name)
    facts = snapshot.facts(file)
    signatures: list[Signature] = []
    active: int | None = call.argument0
    for one in found:
        arguments = ports_of(snapshot, one)
        labels = [
            Parameter(port_line(with_fact(snapshot, argument, facts))) for argument in arguments
        ]
        head = bare_type(one).partition("(")[0].strip() or f"{one.kind} {one.name}"
        signatures.append(_signature(head, labels, _documentation(snapshot, one)))
        if call.argument_name and one is found[0]:
            names = [argument.name for argument in arguments]
            active = names.index(call.argument_name) if call.argument_name in names else None
    return _help(tuple(signatures), active)


def _system_call(call: CallAt) -> SignatureHelp | None:
    task = SYSTEM_TASKS.get(call.name)
    if task is None:
        return None
    label, documentation = task
    inside = label[label.find("(") + 1 : label.rfind(")")] if "(" in label else ""
    names = tuple(Parameter(part.strip(" []")) for part in inside.split(",") if part.strip(" []"))
    signature = Signature(label, documentation, names)
    argument = call.argument0
    if names and argument >= len(names) and "..." in names[-1].label:
        argument = len(names) - 1
    return _help((signature,), argument)


def _instance(snapshot: Snapshot, file: FileId, instance: InstanceAt) -> SignatureHelp | None:
    found = units(snapshot, file, instance.definition)
    if not found:
        return None
    unit = found[0]
    if instance.is_in_parameters:
        declared: Sequence[Declared] = parameters_of(snapshot, unit)
        labels = [Parameter(parameter_line(one), _documentation(snapshot, one)) for one in declared]
        head = f"{unit.name} #"
    else:
        declared = ports_of(snapshot, unit)
        labels = [Parameter(port_line(one), _documentation(snapshot, one)) for one in declared]
        head = f"{unit.name} {instance.name}".rstrip() + " "
    signature = _signature(head, labels, _documentation(snapshot, unit))
    names = [one.name for one in declared]
    if instance.connection is not None:
        known = instance.connection in names
        return _help((signature,), names.index(instance.connection) if known else None)
    connected = (
        instance.connected_parameters if instance.is_in_parameters else instance.connected_ports
    )
    if any(connected):
        return _help((signature,), _next_free(names, connected))
    return _help((signature,), instance.argument0)


def _next_free(names: Sequence[str], connected: Iterable[str]) -> int | None:
    taken = frozenset(connected)
    return next((index for index, name in enumerate(names) if name not in taken), None)


def _signature(head: str, parameters: Sequence[Parameter], documentation: str) -> Signature:
    label = f"{head}({', '.join(one.label for one in parameters)})"
    return Signature(label, documentation, tuple(parameters))


def _help(signatures: tuple[Signature, ...], argument0: int | None) -> SignatureHelp | None:
    if not signatures:
        return None
    active = 0
    if argument0 is not None:
        fits = (i for i, one in enumerate(signatures) if argument0 < len(one.parameters))
        active = next(fits, 0)
        if argument0 >= len(signatures[active].parameters):
            argument0 = None
    return SignatureHelp(signatures, active, argument0)


def _documentation(snapshot: Snapshot, declared: Declared) -> str:
    text = snapshot.text(declared.file) if declared.file is not None else None
    if text is None:
        return ""
    return one_line(doc_comment(text, declared.focus.start), 240)
