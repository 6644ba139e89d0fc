"""Parts of addresses, with their bounds: nothing unprintable reaches a store."""

from typing import Annotated

from fastapi import Path

__all__ = ["CaseNo", "CityName", "Key"]

CaseNo = Annotated[str, Path(max_length=64, pattern=r"^[^\x00-\x20/\x7f]+$", description="Number of the case.")]
CityName = Annotated[str, Path(pattern="^[a-z][a-z0-9-]{0,63}$", description="Name of the city, as in `/v1/cities`.")]
Key = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{1,128}$", description="Identifier.")]
