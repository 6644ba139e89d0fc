"""Photos are read once: the same bytes give the same photo, and a process for each would be most of the time here."""

from __future__ import annotations

from functools import cache

import pytest

from documents.photos import take_photo
from notary.applicant import photos
from tests.builders.desks import service

__all__ = ["service"]

_taken = cache(take_photo)


@pytest.fixture(autouse=True)
def photos_read_once(monkeypatch):
    monkeypatch.setattr(photos, "take_photo", _taken)
