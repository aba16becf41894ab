"""Memory settings fit the machine."""

from evenhand.postgres.tuning import MEBIBYTE, memory_here, memory_settings


def test_a_machine_of_one_gigabyte_keeps_most_of_it_for_the_desk() -> None:
    settings = memory_settings(1024 * MEBIBYTE)
    assert settings["shared_buffers"] == "128MB"
    assert settings["work_mem"] == "4MB"


def test_a_large_machine_does_not_give_postgresql_more_than_it_can_use() -> None:
    assert memory_settings(256 * 1024 * MEBIBYTE)["shared_buffers"] == "1024MB"


def test_this_machine_has_memory() -> None:
    assert memory_here() > 128 * MEBIBYTE
