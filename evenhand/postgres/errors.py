"""The one refusal of this room: PostgreSQL cannot be had, and what the operator does next."""


class DatabaseUnavailable(Exception):
    """The embedded PostgreSQL cannot be started, joined or prepared; the text says why and what to do."""
