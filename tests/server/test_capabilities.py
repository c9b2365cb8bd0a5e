"""What is announced is what is there, in LSP's own types."""

from __future__ import annotations

import importlib
import inspect
import re

import pytest
from lsprotocol import converters, types

from hdl_lsp.server import app, extensions
from hdl_lsp.server.capabilities import COMMANDS, PROVIDERS, initialize_result
from hdl_lsp.server.later import Later
from hdl_lsp.server.requests import execute_command

METHOD_OF = {
    "callHierarchyProvider": types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY,
    "semanticTokensProvider": types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL,
    "workspaceSymbolProvider": types.WORKSPACE_SYMBOL,
    "executeCommandProvider": types.WORKSPACE_EXECUTE_COMMAND,
}
UNANNOUNCED = {
    types.SHUTDOWN,
    types.CODE_ACTION_RESOLVE,
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA,
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE,
    types.WORKSPACE_SYMBOL_RESOLVE,
    types.WORKSPACE_DIAGNOSTIC,
    types.CALL_HIERARCHY_INCOMING_CALLS,
    types.CALL_HIERARCHY_OUTGOING_CALLS,
    types.CODE_LENS_RESOLVE,
    types.TEXT_DOCUMENT_PREPARE_RENAME,
}
"""Methods that belong to another's provider."""


def method_of(provider: str) -> str:
    """The method behind a member of ServerCapabilities."""
    name = re.sub(r"Provider$", "", provider)
    return METHOD_OF.get(provider, f"textDocument/{name}")


def test_every_announced_method_is_registered_and_the_other_way_round() -> None:
    """Nothing is promised that is missing, nothing is there that no client would find."""
    registered = {request.METHOD for request in app.REQUESTS} - UNANNOUNCED
    own = {request.METHOD for request in extensions.REQUESTS}
    assert {method_of(provider) for provider in PROVIDERS} == registered - own


@pytest.mark.parametrize("request_", app.REQUESTS, ids=lambda request: request.METHOD)
def test_every_request_has_a_handler_under_its_own_method(request_: Later) -> None:
    """A module is found under the name in the table, and is of that method."""
    module = importlib.import_module(f"hdl_lsp.server.{request_.module}")
    assert getattr(module, "METHOD", request_.METHOD) == request_.METHOD
    assert inspect.iscoroutinefunction(request_.handle)


def test_every_announced_command_exists() -> None:
    """The command dispatcher knows exactly the announced commands."""
    assert set(execute_command.COMMANDS) == set(COMMANDS)


def test_the_answer_has_lsp_s_shape() -> None:
    """Every member is one of LSP's ServerCapabilities, with a value of its type."""
    converter = converters.get_converter()
    raw = initialize_result({})
    typed = converter.structure(raw, types.InitializeResult)
    assert converter.unstructure(typed) == raw


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-32", "utf-8"], "utf-32"),
        (["utf-7", "utf-8", "utf-16"], "utf-8"),
        (["utf-7"], "utf-16"),
        ("utf-8", "utf-16"),
    ],
)
def test_the_client_s_first_known_encoding_is_taken(offered: object, chosen: str) -> None:
    """Position encodings are the client's choice; UTF-16 when it makes none we know."""
    answer = initialize_result({"capabilities": {"general": {"positionEncodings": offered}}})
    capabilities = answer["capabilities"]
    assert isinstance(capabilities, dict)
    assert capabilities["positionEncoding"] == chosen
