"""Evenhand: a support desk that carries out the policy its company published."""

__version__ = "0.1.0"
