"""`python3 scripts/new_environment.py DIRECTORY`: a virtual environment there, or a clear line why not.

Runs under whatever Python there is, so it says so where that is too old.
"""

import subprocess
import sys
from importlib.util import find_spec

OLDEST = (3, 11)


def main(directory: str) -> int:
    """Make the environment; an existing one is kept."""
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:2]))
        return refuse(
            f"Evenhand needs Python 3.11 or later, and {sys.executable} is {found}. "
            "Name a newer one: make PYTHON=python3.12 setup"
        )
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        return refuse("Python's venv is missing. On Debian: apt-get install make python3-venv")
    made = subprocess.run([sys.executable, "-m", "venv", directory], check=False)
    return made.returncode


def refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
