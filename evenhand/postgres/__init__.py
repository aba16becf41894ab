"""An embedded PostgreSQL for each home: started by whoever needs it first, stopped by whoever leaves last.

`Server(home)` starts or joins and is a context manager; `ensure_running(home)` joins until the process
ends; `dsn(home)` says the address and starts nothing.  See README.md in this folder.
"""

from evenhand.postgres.address import connection, default_home, secret
from evenhand.postgres.errors import DatabaseUnavailable
from evenhand.postgres.server import Server, destroy, dsn, ensure_running

__all__ = [
    "DatabaseUnavailable",
    "Server",
    "connection",
    "default_home",
    "destroy",
    "dsn",
    "ensure_running",
    "secret",
]
