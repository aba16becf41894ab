"""A shelf of trained readers: each trained once for what it learns from, found again by its fingerprint."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from evenhand.reading.triage import Model, ModelError, fingerprint, train


def shelf() -> Path:
    """Where trained readers are kept: below `EVENHAND_HOME`, or in the user's cache."""
    home = os.environ.get("EVENHAND_HOME")
    if home:
        return Path(home) / "models"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "evenhand" / "models"


def reader_of(topics: Mapping[str, Sequence[str]], folder: Path | None = None) -> Model:
    """The reader of `topics` (topic → description and sayings), trained now or taken from the shelf.

    A damaged file is trained anew and replaced; a shelf that cannot be written costs time, not the answer.
    """
    version = fingerprint(topics)
    file = (folder or shelf()) / f"{version}.npz"
    try:
        kept = Model.load(file)
        if kept.version == version:
            return kept
    except ModelError:
        pass  # not there yet, or damaged: trained below
    model = train(topics)
    _put(model, file)
    return model


def _put(model: Model, file: Path) -> None:
    """Write the file whole or not at all, also while another process does the same."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as held:
            held.write(model.to_bytes())
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
