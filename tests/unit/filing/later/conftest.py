"""The service and its cases, for every test here."""

from tests.builders.filed import make, service

__all__ = ["make", "service"]
