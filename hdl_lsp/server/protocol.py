"""pygls' protocol with what it lacks: exactly one answer to every request, also to broken ones.

Must not know what requests mean. pygls' own copy of the open documents is not kept: nobody reads it, and
its edits are slow on large files.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from cattrs import Converter
from lsprotocol import converters, types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.lsp.server import LanguageServer
from pygls.protocol import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
    LanguageServerProtocol,
)

from hdl_lsp.server.capabilities import initialize_result

if TYPE_CHECKING:
    from pygls.server import ServerErrors

log = logging.getLogger(__name__)

_OURS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_EXECUTE_COMMAND,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
    types.INITIALIZE,
    types.SHUTDOWN,
    types.EXIT,
)


class Protocol(LanguageServerProtocol):
    """JSON-RPC and the handshake. `on_exit` is called with the exit code when the client says `exit`."""

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.on_exit: Callable[[int], None] = lambda _code: None
        self.on_initialize: Callable[[types.InitializeParams], None] = lambda _params: None
        self.is_initialized = False
        builtin: dict[str, object] = cast("Any", self.fm).builtin_features
        for method in _OURS:
            builtin.pop(method, None)

    @property
    def is_shut_down(self) -> bool:
        """The client has asked for the end; only `exit` is still obeyed."""
        return self._shutdown

    def greet(self, raw: object) -> None:
        """Takes the parameters of `initialize`, which was answered; unusable ones are those of a client without any."""
        self.is_initialized = True
        message = {"jsonrpc": "2.0", "id": 0, "method": types.INITIALIZE, "params": raw}
        try:
            request: object = self.structure_message(message)
        except JsonRpcException as err:
            log.warning("the parameters of initialize are not understood: %s", err.__cause__)
            request = None
        if isinstance(request, types.InitializeRequest):
            self.on_initialize(request.params)
        else:
            nothing = types.ClientCapabilities()
            self.on_initialize(types.InitializeParams(capabilities=nothing))

    def shut_down(self) -> None:
        """Cancels every request under way but the present one; each is answered, with RequestCancelled."""
        current = self.msg_id
        for id_, future in tuple(self._request_futures.items()):
            if id_ != current and not future.done():
                future.cancel()
        self._shutdown = True

    def receive(self, body: bytes) -> None:
        """Handles one message from the client; never raises."""
        try:
            raw: object = json.loads(body)
        except ValueError as err:
            log.warning("a message that is not JSON: %s", err)
            self._refuse(None, JsonRpcParseError())
            return
        if not isinstance(raw, dict):
            self._refuse(None, JsonRpcInvalidRequest())
            return
        message = cast("dict[str, Any]", raw)
        method, id_ = message.get("method"), message.get("id")
        if method == types.EXIT:
            self.on_exit(0 if self._shutdown else 1)
        elif not isinstance(method, str):
            self._receive_response(message)
        elif "id" in message:
            refusal = self._refusal(method)
            if refusal is not None:
                self._refuse(id_, refusal)
            elif method == types.INITIALIZE:
                self.greet(message.get("params"))
                answer = initialize_result(message.get("params"))
                self._send_response(cast("str | int", id_), answer)
            else:
                self._receive_call(message, id_)
        elif self.is_initialized and not self._shutdown:
            self._receive_call(message, None)

    def _refusal(self, method: str) -> JsonRpcException | None:
        """Why a request can't be answered in this state of the handshake; None when it can."""
        if self._shutdown:
            return JsonRpcInvalidRequest("the server is shutting down")
        if method == types.INITIALIZE:
            if self.is_initialized:
                return JsonRpcInvalidRequest("the server is initialized already")
            return None
        return None if self.is_initialized else JsonRpcServerNotInitialized("initialize first")

    def _receive_call(self, message: dict[str, Any], id_: str | int | None) -> None:
        """Hands a request or notification to its handler."""
        try:
            structured = self.structure_message(message)
        except JsonRpcException as err:
            log.warning("%s: parameters not understood", message.get("method"))
            if "id" in message:
                self._refuse(id_, JsonRpcInvalidParams(str(err.__cause__ or err)))
            return
        self.handle_message(cast("Any", structured))

    def _receive_response(self, message: dict[str, Any]) -> None:
        """Completes a request of ours; an answer that can't be understood fails it."""
        id_ = message.get("id")
        try:
            structured = self.structure_message(message)
        except JsonRpcException as err:
            future = self._request_futures.pop(id_, None) if id_ is not None else None
            if future is not None and not future.done():
                future.set_exception(err)
            return
        if id_ in self._request_futures:
            self.handle_message(cast("Any", structured))

    def _refuse(self, id_: str | int | None, error: JsonRpcException) -> None:
        """Answers with an error."""
        self._send_data(types.ResponseErrorMessage(id=id_, error=error.to_response_error()))


def converter() -> Converter:
    """A converter for LSP's types; parameters of methods it does not know stay plain dicts."""
    made = converters.get_converter()

    def request(raw: dict[str, Any], _cls: type) -> JsonRPCRequestMessage:
        return JsonRPCRequestMessage(raw["id"], raw["method"], "2.0", raw.get("params"))

    def notification(raw: dict[str, Any], _cls: type) -> JsonRPCNotification:
        return JsonRPCNotification(raw["method"], "2.0", raw.get("params"))

    def response(raw: dict[str, Any], _cls: type) -> JsonRPCResponseMessage:
        return JsonRPCResponseMessage(raw["id"], "2.0", raw.get("result"))

    made.register_structure_hook(JsonRPCRequestMessage, request)
    made.register_structure_hook(JsonRPCNotification, notification)
    made.register_structure_hook(JsonRPCResponseMessage, response)
    return made


class Server(LanguageServer):
    """pygls' server without its message boxes: an internal error is logged and counted, not shown."""

    internal_errors = 0

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """Counts what went wrong outside a request's handler."""
        if not isinstance(error, JsonRpcException) or isinstance(error, JsonRpcInternalError):
            self.internal_errors += 1
            log.error("internal error (%s)", source.__name__, exc_info=error)
