"""`python -m evenhand.cli`: the command where no script is installed."""

import sys

from evenhand.cli import main

sys.exit(main())
