"""`make test`: every test on the embedded PostgreSQL, then those that use the database on Debian's 15.

Closes with one line that names what was left out; with CI=true, anything left out is a failure.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from debian import CHROMIUM, POSTGRESQL_15, install_missing

HERE = Path(__file__).parents[1]
FAILED = 1
NO_TESTS = 5  # pytest's own status


def main() -> int:
    """Run both rounds; further words go to pytest."""
    install_missing(CHROMIUM, POSTGRESQL_15)
    failed, left_out = run_tests(sys.argv[1:], environment={})
    if POSTGRESQL_15.is_here():
        older = {"EVENHAND_TEST_PG_BIN": str(POSTGRESQL_15.found_at.parent)}
        print("\nOnce more what uses the database, on PostgreSQL 15", flush=True)
        failed_on_15, left_out_on_15 = run_tests([*sys.argv[1:], "-m", "sql"], environment=older)
        failed, left_out = failed or failed_on_15, left_out | left_out_on_15
    else:
        left_out.add(f"{POSTGRESQL_15.serves} ({POSTGRESQL_15.name} is not installed)")
    print("Left out:", "; ".join(sorted(left_out)) if left_out else "nothing.")
    return FAILED if failed or (left_out and os.environ.get("CI") == "true") else 0


def run_tests(words: list[str], *, environment: dict[str, str]) -> tuple[bool, set[str]]:
    """One round of pytest: whether it failed, and the reasons for which tests were skipped."""
    with tempfile.TemporaryDirectory() as place:
        skips = Path(place) / "skips.json"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--numprocesses=2", "--dist=worksteal", *words],
            cwd=HERE,
            env={**os.environ, **environment, "EVENHAND_TEST_SKIPS": str(skips)},
            check=False,
        )
        reasons = (
            set(json.loads(skips.read_text())) if skips.exists() else {"everything (pytest did not start)"}
        )
    return done.returncode not in (0, NO_TESTS), reasons


if __name__ == "__main__":
    sys.exit(main())
