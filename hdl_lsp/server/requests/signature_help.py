"""textDocument/signatureHelp. Latency class: typing.

Must not wait for facts: ports and parameters come from the index.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.signature_help import Signature, signature_help
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.to_lsp import words

METHOD = types.TEXT_DOCUMENT_SIGNATURE_HELP


async def handle(
    connection: Connection, params: types.SignatureHelpParams
) -> types.SignatureHelp | None:
    """What the call, instance or macro around the cursor expects."""
    place = connection.place(params)
    if place is None:
        return None
    found = signature_help(place.snapshot, place.file, place.offset)
    if found is None or not found.signatures:
        return None
    signatures = [_signature(connection, signature) for signature in found.signatures]
    count = len(found.signatures[found.active_signature].parameters)
    # LSP 3.18: null means "none of them", for clients that know it; the others take one past the end.
    active = count if found.active_parameter is None else found.active_parameter
    return types.SignatureHelp(signatures, found.active_signature, active)


def _signature(connection: Connection, signature: Signature) -> types.SignatureInformation:
    as_markdown = connection.client.signature_markdown
    end = 0
    parameters: list[types.ParameterInformation] = []
    for parameter in signature.parameters:
        label: str | tuple[int, int] = parameter.label
        start = signature.label.find(parameter.label, end)
        if connection.client.label_offsets and start >= 0:
            end = start + len(parameter.label)
            label = (_units(signature.label[:start]), _units(signature.label[:end]))
        shown = words(parameter.documentation, as_markdown=as_markdown)
        parameters.append(types.ParameterInformation(label, shown))
    shown = words(signature.documentation, as_markdown=as_markdown)
    return types.SignatureInformation(signature.label, shown, parameters)


def _units(text: str) -> int:
    """Length in UTF-16 code units: label offsets count them (LSP 3.18, ParameterInformation)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
