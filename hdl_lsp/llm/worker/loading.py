"""From a path to a model that is ready: checks first, then GPU layers, contexts and the FIM format.

Must not generate, and must not be called off the decoding thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hdl_lsp.errors import EngineError, ModelLoadError
from hdl_lsp.llm import fim, gguf, hardware
from hdl_lsp.llm.engine import Lane
from hdl_lsp.llm.fim import FimFormat, Order
from hdl_lsp.llm.wire import Load, Ready
from hdl_lsp.llm.worker import llama
from hdl_lsp.llm.worker.llama import Context, Model

MEMORY_OVERHEAD_BYTES = 128 << 20  # buffers and the interpreter


@dataclass(slots=True)
class LoadedModel:
    """A model, one context per lane, and how it was loaded."""

    model: Model
    fim_format: FimFormat | None
    threads: int
    prefill_threads: int  # at most
    gpu_layers: int
    ready: Ready
    sizes: dict[Lane, int]  # tokens of each lane; 0: not used
    contexts: dict[Lane, Context] = field(default_factory=dict[Lane, Context])

    def context(self, lane: Lane) -> Context:
        """The context of *lane*, made when first used.

        One llama_context per lane, not two sequences in one: each has its own size, abort flag and logits, so
        an interrupted answer resumes exactly where it was.
        """
        context = self.contexts.get(lane)
        if context is None:
            if self.sizes[lane] == 0:
                raise EngineError(f"this model was not loaded for {lane.value} requests")
            context = Context(
                self.model,
                self.sizes[lane],
                self.threads,
                is_on_gpu=self.gpu_layers > 0,
                prefill_threads=self.prefill_threads,
            )
            self.contexts[lane] = context
        return context

    def close(self) -> None:
        """Frees everything."""
        for context in self.contexts.values():
            context.close()
        self.contexts.clear()
        self.model.close()


def load(request: Load) -> LoadedModel:
    """The model of *request*; raises ModelNotFoundError or ModelLoadError with one sentence."""
    path = Path(request.path)
    header = gguf.read_gguf(path)
    names = llama.gpu_names()
    if not names:
        _check_memory(path, header.size_bytes)
    threads = request.threads or hardware.default_threads()
    failures: list[str] = []
    for layers in _layer_attempts(request.gpu_layers, header.layers + 1, is_possible=bool(names)):
        try:
            return _load_with(request, path, threads, layers, names)
        except ModelLoadError as err:
            failures.append(str(err))
    raise ModelLoadError(failures[0])


def _check_memory(path: Path, size_bytes: int) -> None:
    """Raises ModelLoadError when the weights can't stay in memory (they would be read from disk per token)."""
    available = hardware.available_memory_bytes()
    needed = size_bytes + MEMORY_OVERHEAD_BYTES
    if available is not None and needed > available:
        raise ModelLoadError(
            f"can't load model {path.name}: it needs {needed / 1e9:.1f} GB of memory and"
            f" {available / 1e9:.1f} GB are free; choose a smaller model or quantisation"
        )


def _layer_attempts(wanted: int | None, layers: int, *, is_possible: bool) -> tuple[int, ...]:
    """Numbers of layers to try on the GPU, most first; the last is always none."""
    if not is_possible or wanted == 0:
        return (0,)
    most = layers if wanted is None else min(wanted, layers)
    attempts = [most]
    while attempts[-1] > 1:
        attempts.append(attempts[-1] // 2)
    return (*attempts, 0)


def _load_with(
    request: Load, path: Path, threads: int, gpu_layers: int, names: tuple[str, ...]
) -> LoadedModel:
    """One attempt with a number of GPU layers."""
    model = Model(path, gpu_layers)
    fim_format = _fim_format(model)
    sizes = {
        Lane.INLINE: _context_size(request.inline_tokens, model),
        Lane.CHAT: _context_size(request.chat_tokens, model),
    }
    ready = Ready(
        device=_device(threads, gpu_layers, model.layers + 1, names),
        detail=_detail(request, gpu_layers, model, fim_format, names),
        fim=fim_format.name if fim_format is not None else fim.PREFIX_ONLY,
        inline_tokens=sizes[Lane.INLINE],
        chat_tokens=sizes[Lane.CHAT],
        description=model.description,
    )
    loaded = LoadedModel(
        model,
        fim_format,
        threads,
        request.threads or hardware.physical_cores(),
        gpu_layers,
        ready,
        sizes,
    )
    try:
        first_lane = Lane.INLINE if sizes[Lane.INLINE] else Lane.CHAT
        loaded.context(first_lane)
    except ModelLoadError:
        loaded.close()
        raise
    return loaded


def _context_size(wanted: int, model: Model) -> int:
    """Tokens for a lane, not more than the model was trained for."""
    return min(wanted, model.trained_tokens) if model.trained_tokens > 0 else wanted


def _fim_format(model: Model) -> FimFormat | None:
    """The format of the model's family, else what llama.cpp found in the file, else None."""
    known = fim.detect(lambda text: model.special_token(text) is not None, model.name)
    if known is not None:
        return known
    ids = model.fim_ids()
    if min(ids) < 0:
        return None
    pre, suf, mid = (model.token_text(token) for token in ids)
    if any(model.special_token(text) is None for text in (pre, suf, mid)):
        return None
    return FimFormat("generic", Order.PSM, pre, suf, mid)


def _device(threads: int, gpu_layers: int, layers: int, names: tuple[str, ...]) -> str:
    """Where it runs."""
    cpu = f"CPU, {threads} thread{'s' if threads != 1 else ''}"
    if gpu_layers == 0:
        return cpu
    share = f"all {layers}" if gpu_layers >= layers else f"{gpu_layers} of {layers}"
    where = f"{'+'.join(names)} ({share} layers)"
    return where if gpu_layers >= layers else f"{where}, {cpu}"


def _detail(
    request: Load,
    gpu_layers: int,
    model: Model,
    fim_format: FimFormat | None,
    names: tuple[str, ...],
) -> str:
    """How the device was chosen, and what the model can't do."""
    notes: list[str] = []
    if not names:
        notes.append("no GPU support in this llama.cpp")
    elif request.gpu_layers == 0:
        notes.append("GPU switched off by llm.gpuLayers")
    elif gpu_layers < (request.gpu_layers or model.layers + 1):
        notes.append("fewer GPU layers than asked for: the GPU's memory did not suffice")
    if fim_format is None and request.inline_tokens:
        notes.append("prefix-only: no FIM tokens")
    if model.is_recurrent:
        notes.append("recurrent: every prompt is evaluated from its start")
    return "; ".join(notes)
