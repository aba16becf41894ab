"""What does the network say? A domain in, findings and fixes out.

A room on the ground floor: plain Python, no Django. Start at README.md.
"""

from __future__ import annotations

from .diagnose import Diagnosis, diagnose
from .domain import Domain, NotADomain, read_domain
from .findings import Code, Finding, codes
from .network import Reach
from .platform import Platform, PlatformError, read_platform

__all__ = [
    "Code",
    "Diagnosis",
    "Domain",
    "Finding",
    "NotADomain",
    "Platform",
    "PlatformError",
    "Reach",
    "codes",
    "diagnose",
    "read_domain",
    "read_platform",
]
