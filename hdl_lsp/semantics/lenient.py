"""What the big simulators let pass is not marked as an error (slang's own `--compat all`).

Must not hold what only one kind of compilation wants.
"""

from __future__ import annotations

from pyslang import ast

LENIENT = (
    ast.CompilationFlags.RelaxEnumConversions
    | ast.CompilationFlags.RelaxStringConversions
    | ast.CompilationFlags.AllowHierarchicalConst
    | ast.CompilationFlags.AllowRecursiveImplicitCall
    | ast.CompilationFlags.AllowBareValParamAssignment
    | ast.CompilationFlags.AllowSelfDeterminedStreamConcat
    | ast.CompilationFlags.AllowMergingAnsiPorts
    | ast.CompilationFlags.AllowUnnamedGenerate
    | ast.CompilationFlags.AllowVirtualIfaceWithOverride
    | ast.CompilationFlags.AllowArrayConcatAssignPattern
    | ast.CompilationFlags.AllowCrossAutoBinMax
)
