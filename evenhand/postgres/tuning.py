"""What PostgreSQL is told at every start: safety first, then memory to fit the machine."""

import os
from collections.abc import Mapping
from pathlib import Path

from evenhand.postgres.layout import PORT, Layout

MEBIBYTE = 1024 * 1024
CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def server_settings(layout: Layout, *, extra: Mapping[str, str]) -> dict[str, str]:
    """All settings by name; `extra` comes last and wins."""
    return {
        "listen_addresses": "",  # no TCP: the socket directory's mode is the outer door
        "port": str(PORT),
        "unix_socket_directories": str(layout.socket),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "max_connections": "100",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        # A refused statement carries customers' words: they stay out of the log.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        # A desk's queries are short; parallel plans and JIT would only take the second core from the others.
        "jit": "off",
        "max_parallel_workers_per_gather": "0",
        "random_page_cost": "1.1",
        "wal_compression": "on",
        **memory_settings(memory_here()),
        **extra,
    }


def memory_settings(total: int) -> dict[str, str]:
    """Memory for a machine of `total` bytes that also runs the web, the worker and the mail listener."""
    return {
        "shared_buffers": _share(total, 1 / 8, least=32, most=1024),
        "effective_cache_size": _share(total, 1 / 2, least=128, most=16 * 1024),
        "work_mem": _share(total, 1 / 512, least=4, most=32),
        "maintenance_work_mem": _share(total, 1 / 32, least=32, most=512),
    }


def memory_here() -> int:
    """Bytes of memory this machine, or this container, has."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([total, *(limit for file in CGROUP_LIMITS if (limit := _limit(file)))])


def _limit(file: Path) -> int | None:
    try:
        said = file.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(said) if said.isdigit() else None


def _share(total: int, part: float, *, least: int, most: int) -> str:
    return f"{min(most, max(least, int(total * part / MEBIBYTE)))}MB"
