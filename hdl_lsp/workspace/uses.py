"""The uses of a declaration over the workspace, as far as texts and scopes prove them; what they can't is said.

Must not ask slang: whoever needs the rest decided does (features/references.py). Comments and strings hold no uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from hdl_lsp.semantics.summary import DeclKind, FileSummary, InstanceUse, MacroDef
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.certain_types import certain_member
from hdl_lsp.workspace.declared import Declared, of_decl
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.macro_arguments import argument_spans
from hdl_lsp.workspace.meanings import Answer, Meanings
from hdl_lsp.workspace.members import after_dots, type_of
from hdl_lsp.workspace.names import units
from hdl_lsp.workspace.occurrences import CALL, Around, Code, Occurrence
from hdl_lsp.workspace.upward import upward
from hdl_lsp.workspace.use_target import Target, can_be_plain

_PRIVATE = frozenset({DeclKind.MODULE.value, DeclKind.PROGRAM.value})
_NOT_BEHIND_A_DOT = (b"`define", b"bind", b"*/")
"""Where one of these is written, a name may be meant that no dot stands before."""
_HOLD_TYPES = frozenset({DeclKind.PORT, DeclKind.VARIABLE, DeclKind.NET})


class Verdict(Enum):
    """Whether an occurrence of the name means the target."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"  # texts and scopes can't tell
    SHORTHAND = "shorthand"  # `.name` of an instance: of the port and of the signal, one of which is the target


@dataclass(frozen=True, slots=True)
class Use:
    """One occurrence of the target's name, with what can be said of it."""

    file: FileId
    span: Span
    verdict: Verdict
    around: Around
    is_declaration: bool = False
    is_port_side: bool = False  # SHORTHAND: the target is the port or parameter, not the signal
    macro: MacroDef | None = None  # in the body of this macro
    is_super: bool = False  # `super.name`: slang gives the overriding method
    is_shorthand: bool = False  # `.name` alone, which stands for two names


def sure(use: Use) -> Use:
    """*use*, now that something has told that it means the target."""
    return replace(use, verdict=Verdict.SHORTHAND if use.is_shorthand else Verdict.YES)


@dataclass(slots=True)
class UseFinder:
    """Decides occurrences of one target's name, file by file."""

    meanings: Meanings
    target: Target
    _by_file: dict[FileId, dict[int, tuple[str, bool]]] | None = None

    def in_file(self, file: FileId) -> Iterator[Use]:
        """Every occurrence of the name in *file* that is not proved to be something else, in text order."""
        code = self.meanings.code(file)
        if code is None:
            return
        if self.target.formal is not None:
            yield from self._of_formal(file, code, self.target.formal)
            return
        if self._is_far(file) and not any(sign in code.data for sign in _NOT_BEHIND_A_DOT):
            yield from self._behind_dots(file, code)
            return
        found = code.occurrences(self.target.name)
        summary = self.meanings.snapshot.summary(file)
        if not found:
            return
        connections = _connections(summary.instances)
        declared = {
            int(decl.name_span.start) for decl in summary.decls if decl.name == self.target.name
        }
        if self.target.is_macro:
            declared = {int(m.name_span.start) for m in summary.macros}
        for where in found:
            place = (file, int(where.start))
            if place in self.target.places:
                yield Use(file, where, Verdict.YES, Around.PLAIN, is_declaration=True)
                continue
            macro = _macro_around(summary.macros, where)
            if where.start in declared and (macro is None or self.target.is_macro):
                if self._continues(file, summary, int(where.start)):
                    yield Use(file, where, Verdict.MAYBE, Around.PLAIN, is_declaration=True)
                continue
            seen = code.look(where)
            verdict, is_port_side = self._decided(file, summary, seen, connections, macro)
            if verdict is not Verdict.NO:
                yield Use(
                    file,
                    where,
                    verdict,
                    seen.around,
                    is_port_side=is_port_side,
                    macro=macro,
                    is_super=seen.base[:1] == ("super",),
                    is_shorthand=seen.is_shorthand,
                )

    def _of_formal(self, file: FileId, code: Code, macro: MacroDef) -> Iterator[Use]:
        """An argument of a macro is known in its definition only; there nothing else can have its name (22.5.1)."""
        for where in argument_spans(code, macro, self.target.name):
            is_declaration = (file, int(where.start)) in self.target.places
            yield Use(file, where, Verdict.YES, Around.PLAIN, is_declaration=is_declaration)

    def _behind_dots(self, file: FileId, code: Code) -> Iterator[Use]:
        """In other files a module's own names stand after a dot only; their summaries need not be read for that."""
        known = self._connected().get(file, {})
        for where in code.after_dots(self.target.name):
            is_known = int(where.start) in known
            seen = code.connection(where) if is_known else code.look(where)
            verdict, is_port_side = Verdict.NO, False
            if seen.around is Around.MEMBER:
                verdict = self._member(file, seen)
            elif seen.around is Around.NAMED:
                verdict, is_port_side = self._named(file, seen, known)
            if verdict is not Verdict.NO:
                yield Use(
                    file,
                    where,
                    verdict,
                    seen.around,
                    is_port_side=is_port_side,
                    is_shorthand=seen.is_shorthand,
                )

    def _connected(self) -> Mapping[FileId, dict[int, tuple[str, bool]]]:
        """The connections of the target's module, by file."""
        if self._by_file is None:
            self._by_file = {}
            for ref in self.meanings.snapshot.index.instances_of(self.target.unit):
                known = self._by_file.setdefault(ref.file, {})
                known |= _connections((ref.instance,))
        return self._by_file

    def _is_far(self, file: FileId) -> bool:
        """A plain name in *file*, outside macros and `bind`, never means the target: it is a module's own."""
        target = self.target
        is_private = target.unit_kind in _PRIVATE
        return is_private and not can_be_plain(self.meanings.snapshot, target, file)

    # -- one occurrence

    def _decided(
        self,
        file: FileId,
        summary: FileSummary,
        seen: Occurrence,
        connections: dict[int, tuple[str, bool]],
        macro: MacroDef | None,
    ) -> tuple[Verdict, bool]:
        target = self.target
        if (seen.around is Around.MACRO) != target.is_macro:
            return Verdict.NO, False
        if target.is_macro:
            return Verdict.YES, False
        if macro is not None and macro.arguments:
            if target.name in macro.arguments:
                return Verdict.NO, False
            base = tuple("" if name in macro.arguments else name for name in seen.base)
            seen = replace(seen, base=base)
        match seen.around:
            case Around.PLAIN | Around.KEY:
                return self._plain(file, summary, seen, macro), False
            case Around.LABEL:
                return self._label(file, summary, seen.span), False
            case Around.SCOPED:
                return self._scoped(file, seen), False
            case Around.MEMBER:
                return self._member(file, seen), False
            case Around.PASTED:
                return Verdict.NO, False
            case _:
                return self._named(file, seen, connections)

    def _plain(
        self, file: FileId, summary: FileSummary, seen: Occurrence, macro: MacroDef | None
    ) -> Verdict:
        target = self.target
        if target.is_field:
            return Verdict.MAYBE if seen.around is Around.KEY else Verdict.NO
        if macro is not None:
            return Verdict.MAYBE
        if seen.bound_to and seen.bound_to == target.unit:
            return Verdict.MAYBE
        if not seen.bound_to and self._is_far(file):
            return Verdict.NO
        if target.is_unit and self._names_unit(summary, seen.span):
            return Verdict.YES if self._is_ours(file, target.name) else Verdict.NO
        verdict = self._by(self.meanings.plain(file, int(seen.span.start), target.name))
        if seen.around is Around.KEY and verdict is Verdict.YES:
            return Verdict.MAYBE  # a field of that name would be meant instead (10.9.2)
        return verdict

    def _by(self, answer: Answer) -> Verdict:
        if answer is None or not (answer or self.target.is_known):
            return Verdict.MAYBE
        return Verdict.YES if answer & self.target.places else Verdict.NO

    def _names_unit(self, summary: FileSummary, where: Span) -> bool:
        return any(use.definition_span == where for use in summary.instances)

    def _is_ours(self, file: FileId, name: str) -> bool:
        """The best design unit *name* as seen from *file* is the target or holds it."""
        if len(refs := self.meanings.snapshot.index.units(name)) == 1:
            return refs[0].file in self.target.files
        found = units(self.meanings.snapshot, file, name)[:1]
        return any(
            one.file == home and one.full.start <= start <= one.full.end
            for one in found
            for home, start in self.target.places
        )

    def _label(self, file: FileId, summary: FileSummary, where: Span) -> Verdict:
        """`end : name` belongs to the declaration that ends there."""
        ends = [
            (file, int(decl.name_span.start))
            for decl in summary.decls
            if decl.name == self.target.name and decl.span.end == where.end
        ]
        if not ends:
            return Verdict.MAYBE
        return Verdict.YES if self.target.places & set(ends) else Verdict.NO

    def _scoped(self, file: FileId, seen: Occurrence) -> Verdict:
        target, base = self.target, seen.base
        if target.is_field:
            return Verdict.NO
        if len(base) == 1 and self.meanings.is_package(base[0]):
            return self._by(self.meanings.in_package(file, base[0], target.name))
        if base in {("$unit",), ("$root",), ("local",)} or "" in base:
            return Verdict.MAYBE
        if target.unit in base:
            return Verdict.MAYBE
        # Classes and typedefs of them: only what a class holds can be named through one.
        return (
            Verdict.MAYBE if target.is_class_member or target.unit or target.holders else Verdict.NO
        )

    def _member(self, file: FileId, seen: Occurrence) -> Verdict:
        target, base = self.target, seen.base
        if target.is_unit or (
            target.package and not target.is_class_member and not target.is_field
        ):
            return Verdict.NO if not target.is_unit else Verdict.MAYBE
        if target.is_field:
            return self._field(file, seen)
        if target.is_class_member or not base:
            return Verdict.MAYBE
        if base[-1] and base[-1] not in target.holders and "" not in target.holders:
            return Verdict.NO  # nor through a call, which is no part of a hierarchical name
        return self._through(file, seen)

    def _field(self, file: FileId, seen: Occurrence) -> Verdict:
        """A field, by the types that are written along the way; slang is asked when one of them is not certain."""
        base = seen.base
        if not base or "" in base or CALL in base:
            return Verdict.MAYBE
        root = self._root(file, int(seen.span.start), base[0])
        if root is None:
            return Verdict.MAYBE
        last = certain_member(self.meanings, root, (*base[1:], self.target.name))
        if last is None:
            return Verdict.MAYBE
        return Verdict.YES if last in self.target.places else Verdict.NO

    def _through(self, file: FileId, seen: Occurrence) -> Verdict:
        """A hierarchical name (23.6), followed by names: an instance of the target's unit leads to it."""
        base = seen.base
        if not base or "" in base or CALL in base:
            return Verdict.MAYBE
        root = self._root(file, int(seen.span.start), base[0])
        if root is None:
            return Verdict.MAYBE
        found: tuple[Declared, ...] = (root,)
        found = after_dots(self.meanings.snapshot, found, base[1:])
        for holder in found[:1]:
            is_typed = holder.decl is not None and holder.decl.kind in _HOLD_TYPES
            if is_typed and type_of(self.meanings.snapshot, holder) is None:
                return Verdict.MAYBE
        last = after_dots(self.meanings.snapshot, found, (self.target.name,))
        if not last:
            return Verdict.MAYBE
        places = {(one.file, int(one.focus.start)) for one in last if one.file is not None}
        return Verdict.YES if places & self.target.places else Verdict.NO

    def _root(self, file: FileId, offset: int, name: str) -> Declared | None:
        """The one declaration that the first part of a hierarchical name means."""
        places = self.meanings.plain(file, offset, name) or upward(
            self.meanings, file, offset, name
        )
        if not places or len(places) > 1:
            return None
        where, start = next(iter(places))
        for index, decl in enumerate(self.meanings.snapshot.summary(where).decls):
            if decl.name_span.start == start:
                return of_decl(self.meanings.snapshot, where, index)
        return None

    def _named(
        self, file: FileId, seen: Occurrence, connections: dict[int, tuple[str, bool]]
    ) -> tuple[Verdict, bool]:
        """`.name(...)` or `.name` of an instance, a call, or a modport."""
        target = self.target
        known = connections.get(int(seen.span.start))
        written = seen.callee if seen.is_parameter else seen.definition
        definition = known[0] if known else written
        if target.is_field or target.is_unit or target.package:
            is_connection = known is not None or bool(definition)
            if not (seen.is_shorthand and is_connection) or target.is_field:
                return (
                    (Verdict.NO, False)
                    if is_connection
                    else (Verdict.MAYBE if target.is_class_member else Verdict.NO, False)
                )
        is_port = (
            target.is_connected and definition == target.unit and self._is_ours(file, definition)
        )
        if is_port:
            return (Verdict.SHORTHAND, True) if seen.is_shorthand else (Verdict.YES, True)
        if target.is_connected and not known and not definition:
            return Verdict.MAYBE, True
        if seen.is_shorthand and self._is_far(file):
            return Verdict.NO, False
        if seen.is_shorthand:
            signal = self._by(self.meanings.plain(file, int(seen.span.start), target.name))
            return (Verdict.SHORTHAND if signal is Verdict.YES else signal), False
        if target.routine:
            is_ours = seen.callee == target.routine and not definition
            return (Verdict.MAYBE if is_ours else Verdict.NO), False
        if target.is_class_member and not definition:
            return Verdict.MAYBE, False
        return Verdict.NO, False

    def _continues(self, file: FileId, summary: FileSummary, start: int) -> bool:
        """Another declaration that belongs to the target: a method's prototype and its body, a forward typedef."""
        target = self.target
        kinds = {DeclKind.FUNCTION.value, DeclKind.TASK.value, DeclKind.CONSTRAINT.value}
        kinds |= {DeclKind.CLASS.value, DeclKind.TYPEDEF.value}
        if target.kind not in kinds and not (target.routine and target.kind == "port"):
            return False
        home = target.best.file
        for decl in summary.decls:
            if decl.name_span.start != start or decl.kind.value != target.kind:
                continue
            if target.is_class_member or "::" in decl.type_text or target.routine:
                return True
            return file == home
        return False


def _connections(instances: Iterable[InstanceUse]) -> dict[int, tuple[str, bool]]:
    """Start of every name after a dot in a connection to what is instantiated and whether it sets a parameter."""
    found: dict[int, tuple[str, bool]] = {}
    for use in instances:
        for one in use.ports:
            found[int(one.name_span.start)] = (use.definition, False)
        for one in use.parameters:
            found[int(one.name_span.start)] = (use.definition, True)
    return found


def _macro_around(macros: Iterable[MacroDef], where: Span) -> MacroDef | None:
    """The `` `define `` whose body holds *where*; its own name is not part of that."""
    return next(
        (m for m in macros if m.name_span.end <= where.start and m.span.covers(where)), None
    )
