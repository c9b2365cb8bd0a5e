"""Findings of slang sorted by what a shallow compilation can know about them, as tables of DiagCode names.

Must not hold functions.
"""

from __future__ import annotations

MACRO_CODES = frozenset({"UnknownDirective"})
INCLUDE_CODES = frozenset({"CouldNotOpenIncludeFile"})

UNKNOWN_UNITS = frozenset(
    {
        "UnknownModule",
        "UnknownPackage",
        "UnknownInterface",
        "UnknownPrimitive",
        "UnknownLibrary",
        "UnknownClassOrPackage",
    }
)
"""Design units that are nowhere: an error in a configured project, information in one nobody configured."""

STANDARD_WARNINGS = ("default", "implicit-net", "inferred-latch")
"""On without a word in the settings: what slang's own command line starts from, and what every linter reports:
misspelt names that become nets (IEEE 1800-2023 6.10) and latches in an always_comb (9.2.2.2)."""

UNKNOWN_SCOPES = frozenset({"UnknownPackage", "UnknownClassOrPackage"})
"""Those that would have brought names with them: what is undeclared may be one of theirs."""

UNDECLARED = frozenset({"UndeclaredIdentifier", "TypoIdentifier", "ImplicitNamedPortNotFound"})
NOT_A_MEMBER = frozenset(
    {
        "PortDoesNotExist",
        "ParameterDoesNotExist",
        "ArgDoesNotExist",
        "UnknownPackageMember",
        "UnknownClassMember",
        "UnknownMember",
    }
)
"""Names that may be there when some `ifdef is decided otherwise, in the file that declares them."""

OUTSIDE_NAMES = frozenset(
    {*UNKNOWN_UNITS, *UNDECLARED, *NOT_A_MEMBER, "UndeclaredButFoundPackage", "UnknownSystemName"}
)

PART_SYNTAX = frozenset({"NotAllowedInCU", "ExpectedMember", "ExpectedDeclarator"})
"""How a file that is only ever included into the middle of another shows itself to the parser."""

DEFAULT_TYPE_ARTEFACTS = frozenset(
    {
        "InvalidMemberAccess",
        "NotAStruct",
        "BadConversion",
        "BadAssignment",
        "BadAssignmentPatternType",
        "AssignmentPatternMissingElements",
        "BadSystemSubroutineArg",
        "BadIndexExpression",
        "CannotIndexScalar",
        "BadUnaryExpression",
        "BadBinaryExpression",
        "BadReplicationExpression",
        "BadConcatExpression",
        "NotBooleanConvertible",
        "UnknownMember",
        "TypeIsNotAClass",
        "BadPatternType",
    }
)
"""Errors that a module with `parameter type T = logic` gives when it stands alone."""

DEFAULT_VALUE_ARTEFACTS = frozenset(
    {
        "IndexOOB",
        "RangeOOB",
        "BadRangeExpression",
        "RangeWidthOOB",
        "IndexValueInvalid",
        "SelectEndianMismatch",
        "SelectEndianDynamic",
        "ValueMustBePositive",
        "ValueMustNotBeNegative",
        "ValueMustNotBeUnknown",
        "ValueExceedsMaxBitWidth",
        "ObjectTooLarge",
        "ConstEvalAssertionFailed",
        "ConstEvalArrayIndexInvalid",
        "ConstEvalPartSelectInvalid",
        "ReplicationZeroOutsideConcat",
        "PackedDimsRequireFullRange",
        "PackedArrayTooLarge",
        "PackedTypeTooLarge",
        "StaticAssert",
        "ErrorTask",
        "FatalTask",
        "InvalidEnumBase",
        "EnumValueOutOfRange",
        "ParamHasNoValue",
        "DynamicNotProcedural",
        "PortWidthExpand",
        "PortWidthTruncate",
        "WidthTruncate",
        "WidthExpand",
        "ZeroWidthRange",
        "MaxGenerateStepsExceeded",
        "UnconnectedArg",
        "BadStreamSize",
        "LiteralSizeIsZero",
        "LiteralSizeTooLarge",
        "ArrayDimTooLarge",
        "DivideByZero",
    }
)
"""Findings that depend on parameter values nobody has given: we elaborate with the defaults."""

SEVERAL_DRIVERS = frozenset(
    {"MixedVarAssigns", "MultipleContAssigns", "MultipleAlwaysAssigns", "MultipleUWireDrivers"}
)
"""Drivers that overlap: with selects made of parameters, they may only do so for the defaults."""

LATCH = "InferredLatch"

VALUE_CODES = frozenset(
    {*DEFAULT_TYPE_ARTEFACTS, *DEFAULT_VALUE_ARTEFACTS, *SEVERAL_DRIVERS, LATCH}
) - {"UnknownMember"}
"""What the elaborated design knows better: an interface port, too, has parameters that only its instance tells."""

ALONE_ARTEFACTS = frozenset(
    {
        "TopModuleIfacePort",
        "TopModuleRefPort",
        "TopModuleUnnamedRefPort",
        "InvalidTopModule",
        "MissingTimeScale",
        "UnknownDefParam",
        "NoTopModules",
        "MaxInstanceDepthExceeded",
        "UnresolvedHierarchicalPath",
        "CouldNotResolveHierarchicalPath",
        "InvalidModportAccess",
        "InterfacePortNotConnected",
        "InfinitelyRecursiveHierarchy",
        "BindTargetInstance",
        "ObjectTooLarge",
    }
)
"""Findings about the hierarchy above, which a shallow compilation doesn't have, and slang's own limits."""

SOFT = frozenset({"UsedBeforeDeclared"})
"""Errors by the letter of the standard that every simulator lets pass."""

UNQUALIFIED = frozenset({"ParseTreeTooDeep"})
"""Findings that nothing excuses: slang gave up, and knows nothing of the file."""
