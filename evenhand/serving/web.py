"""The web process: uvicorn on a socket that the group opened, so a restarted one refuses nobody."""

import logging
import os
import socket
from collections.abc import Callable

import uvicorn

GRACE = 2  # seconds that open requests and streams get when asked to stop


class WithoutQuery(logging.Filter):
    """Keeps what people typed out of the access log: the path stays, the query goes."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; shortens the third argument of uvicorn's access line, the path."""
        if isinstance(record.args, tuple) and len(record.args) == 5:
            client, method, path, version, status = record.args
            record.args = (client, method, str(path).partition("?")[0], version, status)
        return True


def run(
    descriptor: int, *, when_ready: Callable[[], None], application: str = "evenhand.asgi:application"
) -> None:
    """Serve `application` on the listening socket `descriptor` until SIGTERM or SIGINT."""
    logging.getLogger("uvicorn.access").addFilter(WithoutQuery())
    config = uvicorn.Config(
        application,
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=logging.getLogger().isEnabledFor(logging.INFO),
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    config.load()
    with socket.socket(fileno=os.dup(descriptor)) as listening:
        Announcing(config, when_ready).run(sockets=[listening])


class Announcing(uvicorn.Server):
    """A uvicorn that says when it accepts."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Uvicorn's own, then the word."""
        await super().startup(sockets)
        self.when_ready()
