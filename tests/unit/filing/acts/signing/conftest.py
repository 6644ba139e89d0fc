"""A service with real keys, and cases whose text is fixed."""

from tests.builders.desks import service, text_ready

__all__ = ["service", "text_ready"]
