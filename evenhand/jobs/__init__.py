"""Work that is done later: queued in the transaction that causes it, done at least once by a worker.

    @task("mail.send")                                  # in a room's tasks.py; the body is one line
    def send_letter(letter_id: int) -> None: ...

    later("mail.send", letter_id=letter.pk)             # in an action, inside its transaction

A worker may be killed anywhere and the job is done again, so every task must bear being repeated.
"""

from evenhand.jobs.queue import later
from evenhand.jobs.tasks import periodic, task

__all__ = ["later", "periodic", "task"]
