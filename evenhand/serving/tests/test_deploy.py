"""The systemd units are ones that systemd accepts."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[3] / "deploy"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", ["evenhand.service", "evenhand@.service"])
def test_systemd_accepts_the_unit(unit: str, tmp_path: Path) -> None:
    text = (DEPLOY / unit).read_text()
    assert "/opt/evenhand/.venv/bin/evenhand" in text
    named = unit.replace("@.", "@web.")
    (tmp_path / named).write_text(text.replace("/opt/evenhand/.venv/bin/evenhand", sys.executable))
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / named)], capture_output=True, text=True
    )
    about_it = [line for line in said.stderr.splitlines() if "evenhand" in line]
    assert (said.returncode, about_it) == (0, [])
