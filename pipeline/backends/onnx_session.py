"""How a graph of onnxruntime's is run: by one thread, on the processor, and without a word on the console."""

from __future__ import annotations

from typing import Any


def session(graph: str | bytes) -> Any:
    """A graph, by its path or its bytes, ready to run in one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
