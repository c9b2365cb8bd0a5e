"""What to ask the elaborated design about a place in a file, and its values in words.

Must not wait: the face asks the design process, and shows nothing of it when there is no answer.
"""

from __future__ import annotations

from hdl_lsp.presentation.markup import bits, code, one_line
from hdl_lsp.semantics.design_query import DesignValues, SignalOf, ValueIn, ValuesOf
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.lookup import look_up
from hdl_lsp.workspace.snapshot import Snapshot

INSTANTIATED = frozenset({DeclKind.MODULE, DeclKind.INTERFACE, DeclKind.PROGRAM})

VALUED = frozenset(
    {
        DeclKind.PARAMETER.value,
        DeclKind.LOCALPARAM.value,
        DeclKind.PORT.value,
        DeclKind.NET.value,
        DeclKind.VARIABLE.value,
        DeclKind.GENVAR.value,
        DeclKind.TYPEDEF.value,
    }
)
"""What may be something else in every instance."""

_LONGEST_TYPE = 80  # characters
_SHOWN = 4


def values_question(
    snapshot: Snapshot, file: FileId, offset: int, instance: str
) -> ValuesOf | None:
    """What to ask about the name at *offset* for a hover; None when it is the same in every instance."""
    declared = _declared(snapshot, file, offset)
    if declared is None or declared.file is None or declared.kind not in VALUED:
        return None
    text = snapshot.text(declared.file)
    if text is None:
        return None
    return ValuesOf(
        declared.name,
        snapshot.path(declared.file),
        declared.focus.start,
        text.digest,
        instance,
        _SHOWN + 1,
    )


def signal_question(
    snapshot: Snapshot, file: FileId, offset: int, instance: str
) -> SignalOf | None:
    """The signal named at *offset*, as it is in *instance*; None where no signal is named."""
    declared = _declared(snapshot, file, offset)
    if declared is None or declared.file is None:
        return None
    return SignalOf(
        file=snapshot.path(declared.file), offset=declared.focus.start, instance=instance
    )


def module_at(snapshot: Snapshot, file: FileId, offset: int) -> str:
    """The module, interface or program around *offset*, else the only one of the file; "" for none.

    On the name of another one (where it is instantiated) that one is meant.
    """
    declared = _declared(snapshot, file, offset)
    if declared is not None and declared.kind in {kind.value for kind in INSTANTIATED}:
        return declared.name
    units = [d for d in snapshot.summary(file).decls if d.kind in INSTANTIATED]
    around = [d for d in units if d.span.contains(offset)]
    if around:
        return around[-1].name
    return units[0].name if len(units) == 1 else ""


def values_markdown(values: DesignValues) -> str:
    """One line about the elaborated values; "" when there are none.

    One value that all instances agree on is told as such; of different ones at most four, with an
    instance each.
    """
    if not values.values:
        return ""
    shown = [_meaning(value) for value in values.values]
    if values.is_chosen:
        return f"in {code(values.values[0].instances[0])}: {_either(shown)}"
    if values.kinds == 1:
        total = values.values[0].total
        where = f"all {total} instances" if total > 1 else code(values.values[0].instances[0])
        return f"in {where}: {shown[0]}"
    told = [
        f"{meaning} (in {_where(value)})"
        for meaning, value in zip(shown, values.values[:_SHOWN], strict=False)
    ]
    more = values.kinds - len(told)
    return "elaborated: " + ", ".join(told) + (f", and {more} more" if more > 0 else "")


def _declared(snapshot: Snapshot, file: FileId, offset: int) -> Declared | None:
    found = look_up(snapshot, file, offset)
    return found.best if found is not None else None


def _either(shown: list[str]) -> str:
    return ", ".join(shown[:_SHOWN]) + (", ..." if len(shown) > _SHOWN else "")


def _where(value: ValueIn) -> str:
    more = value.total - 1
    return code(value.instances[0]) + (f" and {more} more" if more else "")


def _meaning(value: ValueIn) -> str:
    if value.value is not None:
        return code(one_line(value.value))
    text = code(one_line(value.type_text, _LONGEST_TYPE))
    return f"{text}, {bits(value.bit_width)}" if value.bit_width else text
