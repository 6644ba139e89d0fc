"""The sandbox for every test here."""

from tests.builders.sandbox import sandbox_server

__all__ = ["sandbox_server"]
