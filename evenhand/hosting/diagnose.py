"""A domain explained: everything the other files look at, together, within one deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from .domain import Domain
from .findings import Finding, Findings
from .mail import check_mail
from .names import Names, check_names
from .network import Network, Reach
from .pages import check_pages
from .platform import Platform
from .registration import BOOTSTRAP, check_registration
from .tls import check_tls


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What was found. `complete` is False where the deadline cut it short; `seconds` is how long it took."""

    domain: Domain
    findings: tuple[Finding, ...]
    complete: bool
    seconds: float

    @property
    def all_well(self) -> bool:
        return not self.findings and self.complete


async def diagnose(
    domain: Domain, reach: Reach, platform: Platform | None = None, *, bootstrap: str | None = BOOTSTRAP
) -> Diagnosis:
    """Explain a domain. Never raises for what the network does; ends by `reach.deadline`.

    `bootstrap`: where RDAP's servers are listed; None leaves registration out.
    """
    began = time.monotonic()
    findings = Findings()
    network = Network(reach)
    work = _look(network, domain, platform or Platform(), bootstrap, findings)
    complete = True
    try:
        async with asyncio.timeout(reach.deadline):
            await work
    except TimeoutError:
        complete = False
        findings.add("out-of-time", domain.name, seconds=round(reach.deadline))
    finally:
        await network.close()
    return Diagnosis(
        domain=domain, findings=findings.in_order(), complete=complete, seconds=time.monotonic() - began
    )


async def _look(
    network: Network, domain: Domain, platform: Platform, bootstrap: str | None, findings: Findings
) -> None:
    names = await check_names(network, domain, platform, findings)
    further: list[Coroutine[Any, Any, None]] = []
    if bootstrap is not None and names.zone:
        further.append(check_registration(network, names.zone, findings, bootstrap))
    if names.exists:
        further.append(check_mail(network, domain.apex, platform, findings))
        further.append(_look_at_pages(network, names, platform, findings))
    await asyncio.gather(*further)


async def _look_at_pages(network: Network, names: Names, platform: Platform, findings: Findings) -> None:
    shown = await check_tls(network, names, findings)
    await check_pages(network, names, shown, platform, findings)
