"""Debian packages that the tests and pictures need: installed where missing, by root alone."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OWN_CLUSTERS = Path("/etc/postgresql-common/createcluster.conf")


@dataclass(frozen=True)
class Package:
    """`found_at`: where it shows; `serves`: what is left out without it."""

    name: str
    found_at: Path
    serves: str

    def is_here(self) -> bool:
        return self.found_at.exists()


CHROMIUM = Package("chromium", Path("/usr/bin/chromium"), "pages in a browser")
POSTGRESQL_15 = Package("postgresql-15", Path("/usr/lib/postgresql/15/bin/postgres"), "SQL on PostgreSQL 15")


def install_missing(*packages: Package) -> None:
    """As root on Debian, install what is missing; elsewhere, or where that fails, do without."""
    missing = [package for package in packages if not package.is_here()]
    if not missing or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print("Installing", *(package.name for package in missing), flush=True)
    if POSTGRESQL_15 in missing:
        _without_a_cluster_of_its_own()
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], env=quiet, check=False)
    for package in missing:
        subprocess.run(
            ["apt-get", "-qq", "-y", "install", "--no-install-recommends", package.name],
            env=quiet,
            stdout=subprocess.DEVNULL,
            check=False,
        )


def _without_a_cluster_of_its_own() -> None:
    """Debian's package would otherwise start a server that nobody asked for."""
    if not OWN_CLUSTERS.exists():
        OWN_CLUSTERS.parent.mkdir(parents=True, exist_ok=True)
        OWN_CLUSTERS.write_text("create_main_cluster = false\n")
