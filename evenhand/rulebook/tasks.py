"""Training runs apart: it takes seconds."""

from __future__ import annotations

from evenhand.jobs import task
from evenhand.rulebook import actions


@task("rulebook.train")
def train(version_id: int) -> None:
    actions.train(version_id)
