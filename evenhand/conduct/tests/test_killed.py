"""`kill -9` while a lead confirms: either nothing happened, or the step and exactly one letter."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.db import connection

from evenhand.conduct.models import Proposal, Step
from evenhand.conduct.tests.scene import a_breach
from evenhand.intake.tests.post import letters
from evenhand.people.models import Brand, Person

CONFIRM = """
import os, signal, sys, django
django.setup()
from evenhand.conduct.models import Proposal
from evenhand.people.models import Person
from evenhand.tickets.actions import steps

def die(*args, **facts):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[1] == "before":  # the letter is queued, nothing is committed
    steps.tell = die
steps.confirm_step(Proposal.objects.get(), by=Person.objects.get(email="leo@desk.example"))
die()
"""


def killed(when: str) -> int:
    """How a process ended that confirms the one proposal and dies before or after it commits."""
    name = connection.settings_dict["NAME"]
    address = re.sub(r"@/evenhand_\d+\?", f"@/{name}?", os.environ["DATABASE_URL"])
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "evenhand.settings"}
    return subprocess.run([sys.executable, "-c", CONFIRM, when], env=environment).returncode


@pytest.mark.django_db(transaction=True)
def test_killed_before_the_commit_nothing_happened(
    ac: Brand, cora: Person, leo_lead: Person, published: object
) -> None:
    a_breach(ac, cora)
    assert killed("before") == -signal.SIGKILL
    assert (Proposal.objects.get().state, letters(cora)) == ("waiting", [])


@pytest.mark.django_db(transaction=True)
def test_killed_after_the_commit_the_letter_leaves_once(
    ac: Brand, cora: Person, leo_lead: Person, published: object, do_jobs: Callable[[], int]
) -> None:
    a_breach(ac, cora)
    assert killed("after") == -signal.SIGKILL
    do_jobs()
    assert [(letter.state, letter.tries) for letter in letters(cora)] == [("sent", 1)]
    assert Step.objects.get().notice_id == letters(cora)[0].message_id
