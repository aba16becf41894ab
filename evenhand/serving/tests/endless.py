"""An application whose every answer is a stream that never ends, as a page's live updates are."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


async def application(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Send one event, then nothing, for ever."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-path", scope["raw_path"])]})
    await send({"type": "http.response.body", "body": b"data: open\n\n", "more_body": True})
    await asyncio.Event().wait()
