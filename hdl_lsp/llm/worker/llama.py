"""llama.cpp's C interface, as little of it as we need. THE ONLY FILE THAT IMPORTS llama_cpp.

Must not know prompts, queues or messages. Only the thread that decodes may call it; tokenising reads
nothing but the vocabulary, which never changes, and may happen on another thread.
"""

from __future__ import annotations

import ctypes
import time
from collections import deque
from collections.abc import Mapping, Sequence
from importlib import metadata
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
from llama_cpp import _ggml, llama_cpp
from numpy.typing import NDArray

from hdl_lsp.errors import EngineError, ModelLoadError
from hdl_lsp.llm.worker.abort import AbortFlag
from hdl_lsp.llm.worker.prefill_threads import PrefillThreads

# The bindings annotate ctypes types where int and bytes come out: their annotations mislead.
lib: Any = llama_cpp
ggml: Any = _ggml.libggml

BATCH_TOKENS = 512
CPU_UBATCH_TOKENS = (
    128  # an aborted prompt keeps whole ubatches: smaller loses less, 128 is as fast
)
GPU_CHUNK_MS = (
    30.0  # no abort callback on CUDA and Vulkan: a decode should not take longer than this
)
GPU_FIRST_CHUNK_TOKENS = 64
SEQUENCES = 4  # the text being written, and forks of it
FORK_TOKENS = 192  # memory for what all forks write
CPU_CHUNK_TOKENS = 128  # a piece of a prompt after which the number of threads is thought over

# llama_context_default_params() of the bindings' own library. Bindings on another libllama read
# shifted fields without any error.
_KNOWN_DEFAULTS: Mapping[str, object] = {
    "n_ctx": 512, "n_batch": 2048, "n_ubatch": 512, "n_seq_max": 1, "flash_attn_type": -1,
    "type_k": 1, "type_v": 1, "offload_kqv": True, "op_offload": True, "swa_full": True,
}  # fmt: skip
_GPU_TYPES = (1, 2)  # ggml-backend.h: GPU, IGPU
_FLASH_ATTENTION_OFF = 0
ABORTED = 2  # llama_decode's result
_USER_DEFINED = 8  # llama.h LLAMA_TOKEN_ATTR_USER_DEFINED


_log_lines: deque[str] = deque(maxlen=50)


@lib.llama_log_callback
def _log(_level: int, text: bytes, _user: object) -> None:
    """Keeps llama.cpp's last words: they say why a load failed."""
    line = text.decode("utf-8", "replace").strip(" .\n")
    if line:
        _log_lines.append(line)


def reason() -> str:
    """The first error llama.cpp told since its log was cleared (the later ones follow from it)."""
    for line in _log_lines:
        if "error" in line or "failed" in line:
            return line
    return _log_lines[-1] if _log_lines else "llama.cpp gave no reason"


def start() -> None:
    """Prepares the library; raises ModelLoadError when bindings and library don't belong together."""
    lib.llama_log_set(_log, None)
    check_bindings()
    lib.llama_backend_init()


def gpu_names() -> tuple[str, ...]:
    """The devices that can take layers, e.g. ("CUDA0",); empty on a machine or build without."""
    if not lib.llama_supports_gpu_offload():
        return ()
    ggml.ggml_backend_dev_get.restype = ctypes.c_void_p
    ggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    ggml.ggml_backend_dev_name.restype = ctypes.c_char_p
    ggml.ggml_backend_dev_name.argtypes = [ctypes.c_void_p]
    ggml.ggml_backend_dev_type.argtypes = [ctypes.c_void_p]
    devices = [ggml.ggml_backend_dev_get(at) for at in range(ggml.ggml_backend_dev_count())]
    return tuple(
        ggml.ggml_backend_dev_name(device).decode()
        for device in devices
        if ggml.ggml_backend_dev_type(device) in _GPU_TYPES
    )


def check_bindings() -> None:
    """Raises ModelLoadError when llama-cpp-python and the library it found do not belong together."""
    found = lib.llama_context_default_params()
    for name, expected in _KNOWN_DEFAULTS.items():
        if getattr(found, name, None) != expected:
            raise ModelLoadError(
                f"llama-cpp-python {metadata.version('llama-cpp-python')} does not match its native"
                f" library ({name} is {getattr(found, name, None)}); reinstall llama-cpp-python"
            )


class Model:
    """A loaded model file and its vocabulary."""

    def __init__(self, path: Path, gpu_layers: int) -> None:
        parameters = lib.llama_model_default_params()
        parameters.n_gpu_layers = gpu_layers
        _log_lines.clear()
        handle = lib.llama_model_load_from_file(str(path).encode(), parameters)
        vocabulary = lib.llama_model_get_vocab(handle) if handle is not None else None
        if handle is None or vocabulary is None:
            raise ModelLoadError(f"can't load model {path.name}: {reason()}")
        self.handle = handle
        self.vocabulary = vocabulary
        self.vocabulary_size = lib.llama_vocab_n_tokens(vocabulary)
        self.layers = lib.llama_model_n_layer(handle)
        self.trained_tokens = lib.llama_model_n_ctx_train(handle)
        self._pieces: dict[int, bytes] = {}
        self._newline: list[int] = []
        if self._meta("tokenizer.ggml.add_space_prefix") == "true":
            self._newline = self._tokenise("\n", is_special=False)

    def close(self) -> None:
        """Frees the weights. Contexts first."""
        lib.llama_model_free(self.handle)

    @property
    def name(self) -> str:
        """The author's name for the model; "" when unknown."""
        return self._meta("general.name")

    @property
    def description(self) -> str:
        """llama.cpp's words for it, e.g. "gemma3 270M Q4_K - Medium"."""
        buffer = ctypes.create_string_buffer(256)
        lib.llama_model_desc(self.handle, buffer, 256)
        return buffer.value.decode("utf-8", "replace")

    @property
    def first_tokens(self) -> list[int]:
        """What every prompt starts with: the beginning-of-text token, if this model wants one."""
        if not lib.llama_vocab_get_add_bos(self.vocabulary):
            return []
        return [lib.llama_vocab_bos(self.vocabulary)]

    @property
    def is_recurrent(self) -> bool:
        """Whether its state can't be trimmed: every prompt is evaluated from its start."""
        return lib.llama_model_is_recurrent(self.handle) or lib.llama_model_is_hybrid(self.handle)

    def tokenise(self, text: str) -> list[int]:
        """Tokens of user text; text that looks like a control token stays text."""
        if not self._newline or not text:
            return self._tokenise(text, is_special=False)
        # SentencePiece models put a space before any text; after a newline they can't.
        tokens = self._tokenise("\n" + text, is_special=False)
        return tokens[len(self._newline) :]

    def tokenise_template(self, text: str) -> list[int]:
        """Tokens of our own text, control tokens included."""
        return self._tokenise(text, is_special=True)

    def special_token(self, text: str) -> int | None:
        """The id of the control or user-defined token spelled *text*; None when it is ordinary text."""
        tokens = self._tokenise(text, is_special=True)
        if len(tokens) != 1:
            return None
        attributes = lib.llama_vocab_get_attr(self.vocabulary, tokens[0])
        is_special = self.is_control(tokens[0]) or bool(attributes & _USER_DEFINED)
        return tokens[0] if is_special else None

    def is_control(self, token: int) -> bool:
        """Whether *token* is structure rather than text."""
        return bool(lib.llama_vocab_is_control(self.vocabulary, token))

    def is_end(self, token: int) -> bool:
        """Whether generation is over: end of text, of turn, or any other structure."""
        return bool(lib.llama_vocab_is_eog(self.vocabulary, token)) or self.is_control(token)

    def piece(self, token: int) -> bytes:
        """The bytes of *token*, of any length (may be half a UTF-8 character); b"" for control tokens."""
        known = self._pieces.get(token)
        if known is None:
            known = self._pieces[token] = self._read_piece(token)
        return known

    def beginnings(self, text: str) -> tuple[int, ...]:
        """The tokens that spell a start of *text*, or all of it, alone."""
        found = (self.tokenise(text[:length]) for length in range(1, len(text) + 1))
        return tuple(tokens[0] for tokens in found if len(tokens) == 1)

    def fim_ids(self) -> tuple[int, int, int]:
        """llama.cpp's own idea of prefix, suffix and middle tokens; -1 where it has none."""
        return (
            lib.llama_vocab_fim_pre(self.vocabulary),
            lib.llama_vocab_fim_suf(self.vocabulary),
            lib.llama_vocab_fim_mid(self.vocabulary),
        )

    def token_text(self, token: int) -> str:
        """The vocabulary's spelling of *token*."""
        return lib.llama_vocab_get_text(self.vocabulary, token).decode("utf-8", "replace")

    def apply_chat_template(self, system: str, user: str) -> str | None:
        """The conversation in the model's own template, ready for its answer; None: it has none we know."""
        template = lib.llama_model_chat_template(self.handle, None)
        if template is None:
            return None
        turns = [("system", system), ("user", user)] if system else [("user", user)]
        messages = (lib.llama_chat_message * len(turns))(
            *(lib.llama_chat_message(role.encode(), text.encode()) for role, text in turns)
        )
        size = 4 * (len(system) + len(user)) + 4096
        buffer = ctypes.create_string_buffer(size)
        length = lib.llama_chat_apply_template(template, messages, len(turns), True, buffer, size)
        return buffer.raw[:length].decode("utf-8", "replace") if 0 < length <= size else None

    def _tokenise(self, text: str, *, is_special: bool) -> list[int]:
        """llama_tokenize with a buffer that is always large enough."""
        encoded = text.encode("utf-8", "surrogatepass")
        room = len(encoded) + 8
        buffer = (lib.llama_token * room)()
        count = lib.llama_tokenize(
            self.vocabulary, encoded, len(encoded), buffer, room, False, is_special
        )
        if count < 0:
            raise EngineError("the model's tokenizer failed on this text")
        return list(buffer[:count])

    def _read_piece(self, token: int) -> bytes:
        """llama_token_to_piece with a buffer that grows: banner comments are tokens of over 32 bytes."""
        size = 64
        while True:
            buffer = ctypes.create_string_buffer(size)
            length = lib.llama_token_to_piece(self.vocabulary, token, buffer, size, 0, False)
            if length >= 0:
                return buffer.raw[:length]
            size = -length

    def _meta(self, key: str) -> str:
        """A value of the file's metadata as text; "" when absent."""
        buffer = ctypes.create_string_buffer(512)
        length = lib.llama_model_meta_val_str(self.handle, key.encode(), buffer, 512)
        return buffer.value.decode("utf-8", "replace") if length >= 0 else ""


class Context:
    """One sequence of evaluated tokens. Invariant: `tokens` is what llama.cpp holds for it."""

    def __init__(
        self,
        model: Model,
        size_tokens: int,
        threads: int,
        *,
        is_on_gpu: bool,
        prefill_threads: int = 0,
    ) -> None:
        """*prefill_threads*: at most so many threads read a prompt; below *threads* it is as many as generate."""
        self.abort = AbortFlag()
        self.tokens: list[int] = []
        self._model = model
        self._chunk_tokens = GPU_FIRST_CHUNK_TOKENS if is_on_gpu else CPU_CHUNK_TOKENS
        self._threads = threads
        self._prefill = PrefillThreads(threads, threads if is_on_gpu else prefill_threads)
        self._is_on_gpu = is_on_gpu
        parameters = lib.llama_context_default_params()
        parameters.n_ctx = size_tokens + FORK_TOKENS
        parameters.n_seq_max = SEQUENCES
        parameters.kv_unified = True  # forks share the memory of the prompt
        parameters.n_batch = BATCH_TOKENS
        parameters.n_ubatch = BATCH_TOKENS if is_on_gpu else CPU_UBATCH_TOKENS
        parameters.n_threads = threads
        parameters.n_threads_batch = threads
        parameters.swa_full = (
            True  # sliding windows that forget can't be trimmed to a common prefix
        )
        parameters.no_perf = True
        if not is_on_gpu:
            # On a CPU flash attention makes results depend on how the prompt was split.
            parameters.flash_attn_type = _FLASH_ATTENTION_OFF
        parameters.abort_callback = self.abort.callback
        parameters.abort_callback_data = self.abort.argument
        _log_lines.clear()
        handle = lib.llama_init_from_model(model.handle, parameters)
        if handle is None:
            raise ModelLoadError(
                f"no memory for a context of {size_tokens} tokens: {reason()};"
                " lower llm.contextTokens"
            )
        self.handle = handle
        self.size_tokens = size_tokens
        self.memory = lib.llama_get_memory(handle)
        self.is_forked = False  # forks.py made sequences that share tokens of this one

    def close(self) -> None:
        """Frees the sequence."""
        lib.llama_free(self.handle)

    def common_prefix(self, tokens: list[int]) -> int:
        """How many tokens of *tokens* need no evaluation; at least the last one does."""
        if self.tokens == tokens[: len(self.tokens)]:  # the usual case, and fast
            return min(len(self.tokens), len(tokens) - 1)
        pairs = zip(self.tokens, tokens, strict=False)
        return min(
            sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)), len(tokens) - 1
        )

    def evaluate(self, tokens: list[int]) -> bool:
        """Holds exactly *tokens*, so that `logits` are those after the last; False when aborted.

        What was evaluated before an abort stays; calling again goes on from there with the same result.
        The last token is evaluated alone: a prompt asked again evaluates nothing but it, and the scores of a
        token among others differ in their last digits, which is enough to choose another where two are near.
        """
        self.join()
        self._trim(self.common_prefix(tokens))
        while len(self.tokens) < len(tokens):
            if self.abort.is_set:
                return False
            start = len(self.tokens)
            end = min(start + self._chunk_tokens, max(len(tokens) - 1, start + 1))
            chunk = tokens[start:end]
            if not self._decode(chunk):
                return False
        return True

    def join(self) -> None:
        """Forgets all forks."""
        if self.is_forked:
            for sequence in range(1, SEQUENCES):
                lib.llama_memory_seq_rm(self.memory, sequence, -1, -1)
            self.is_forked = False

    def logits(self, row: int = -1) -> NDArray[np.float32]:
        """Scores of every token as the next one, after the last or one of the batch. A view until the next decode."""
        pointer = lib.llama_get_logits_ith(self.handle, row)
        return np.ctypeslib.as_array(pointer, (self._model.vocabulary_size,))

    def _trim(self, length: int) -> None:
        """Forgets all but the first *length* tokens; all of them when the model can't forget some."""
        if length == len(self.tokens):
            return
        if length == 0 or not lib.llama_memory_seq_rm(self.memory, 0, length, -1):
            lib.llama_memory_clear(self.memory, True)
            length = 0
        del self.tokens[length:]

    def _decode(self, tokens: Sequence[int]) -> bool:
        """One llama_decode; False when aborted."""
        array = (lib.llama_token * len(tokens))(*tokens)  # the batch only points to it
        batch = lib.llama_batch_get_one(array, len(tokens))
        reading = self._prefill.next(len(tokens))
        lib.llama_set_n_threads(self.handle, self._threads, reading)
        before = time.perf_counter()
        result = lib.llama_decode(self.handle, batch)
        if result == 0:
            self.tokens += tokens
            seconds = time.perf_counter() - before
            self._prefill.measured(reading, len(tokens), seconds)
            self._tune(len(tokens), seconds)
            return True
        kept = lib.llama_memory_seq_pos_max(self.memory, 0) + 1 - len(self.tokens)
        self.tokens += tokens[: max(kept, 0)]
        self._trim(len(self.tokens))
        if result == ABORTED:
            return False
        raise EngineError(f"llama.cpp could not evaluate the prompt (code {result})")

    def _tune(self, tokens: int, seconds: float) -> None:
        """On a GPU: the next chunk takes about GPU_CHUNK_MS."""
        if self._is_on_gpu and tokens >= GPU_FIRST_CHUNK_TOKENS:
            ideal = int(tokens * GPU_CHUNK_MS / max(seconds * 1000, 0.01))
            self._chunk_tokens = min(max(ideal, GPU_FIRST_CHUNK_TOKENS), BATCH_TOKENS)
