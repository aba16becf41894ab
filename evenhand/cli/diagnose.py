"""`evenhand diagnose`: a domain explained; the room `hosting` does it."""

from __future__ import annotations

from evenhand.hosting.command import describe, run

__all__ = ["describe", "run"]
