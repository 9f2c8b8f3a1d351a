"""The trained network: loaded once, at first use, and shared by all turns of the process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dialog.interpret.edit.window import MESSAGE_WORDS, Window

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]

    from dialog.interpret.edit.decode import Decision
    from dialog.interpret.edit.head import Head
    from dialog.interpret.edit.wordpiece import WordPieces

WEIGHTS = Path(__file__).parent / "weights"
INPUTS = ("pieces", "roles", "marks", "pairs", "recency", "cuts")
"""What the encoder reads, by the names that `features.Features` has too."""
FILES = ("encoder.onnx", "head.npz", "pieces.txt")


class NetworkMissing(RuntimeError):
    """The trained rewriter cannot run here; the message says what to install."""


class EditNetwork:
    """Decides about windows. Safe to share between threads: nothing is kept between calls.

    Numpy and onnxruntime are imported at the first decision, not with this module. `folder` holds the files of
    `training/export.py`.
    """

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self.folder = folder
        self.absent = threading.Event()
        """Set by who found that the network cannot be loaded, so that it is tried, and said, once."""
        self._loading = threading.Lock()

    def load(self) -> None:
        """Load now what the first decision would (about half a second); NetworkMissing when that is impossible."""
        with self._loading:
            _ = self._session, self._head, self._spelling

    def decide(self, window: Window, *, nothing: float = 0.5, rivals: Sequence[str] = ()) -> Decision | None:
        """What to do with the message of `window`, and how likely each of `rivals`, other rewrites of it, is; None when
        there is no message, nothing was said before, or it is too long to be read. NetworkMissing when the network
        cannot be loaded. Blocks for some milliseconds."""
        if not 0 < len(window.message.words) <= MESSAGE_WORDS or len(window.passages) == 1:
            return None
        self.load()
        from dialog.interpret.edit.decode import decide
        from dialog.interpret.edit.features import TooLong, features_of

        try:
            features = features_of(window, self._spelling)
        except TooLong:
            return None
        inputs = {each.name: getattr(features, each.name) for each in self._session.get_inputs()}
        (states,) = self._session.run(["states"], inputs)
        return decide(self._head, states, features, window, nothing=nothing, rivals=rivals)

    @cached_property
    def _session(self) -> InferenceSession:
        try:
            import numpy  # noqa: F401
            import onnxruntime
        except ImportError as missing:
            raise NetworkMissing(
                f"the trained rewriter needs {missing.name}; install the extra: pip install 'antecedent[local]'"
            ) from None
        if absent := [name for name in FILES if not (self.folder / name).exists()]:
            raise NetworkMissing(f"the trained rewriter has no weights ({', '.join(absent)} not in {self.folder.name})")
        options = onnxruntime.SessionOptions()
        # One thread that does not spin: turns run beside one another, and a spinning pool starves the rest.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(
            str(self.folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _head(self) -> Head:
        import numpy as np

        from dialog.interpret.edit.head import Head

        with np.load(self.folder / "head.npz", allow_pickle=False) as weights:
            return Head(dict(weights))

    @cached_property
    def _spelling(self) -> WordPieces:
        from dialog.interpret.edit.wordpiece import WordPieces

        return WordPieces.from_file(self.folder / "pieces.txt")


@cache
def shared_network() -> EditNetwork:
    """The network of the shipped weights: one for the process, however many interpreters lean on it."""
    return EditNetwork()
