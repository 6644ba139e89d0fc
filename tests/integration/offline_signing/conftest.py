"""The same service and cases as the tests of signing."""

from tests.builders.desks import service, text_ready

__all__ = ["service", "text_ready"]
