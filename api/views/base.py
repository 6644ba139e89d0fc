"""Base of every model that is answered."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer

__all__ = ["At", "Sha256", "View"]

At = Annotated[datetime, PlainSerializer(lambda at: at.isoformat(), return_type=str, when_used="json")]
"""An aware time, ISO 8601 with offset."""

Sha256 = str
"""Hex."""


class View(BaseModel):
    """An answer, filled from values of the core by attribute; its fields are all that leaves the house."""

    model_config = ConfigDict(from_attributes=True, frozen=True, use_attribute_docstrings=True)
