"""The running desk: its processes, its health, its backups."""
