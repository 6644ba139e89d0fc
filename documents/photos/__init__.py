"""Photos of documents and people, taken in: upright, without metadata, sharp enough to read; drawn ink as a picture."""

from __future__ import annotations

from documents.photos.drawing import picture_of_drawing
from documents.photos.errors import PhotoFinding, PhotoRefused
from documents.photos.take import Photo, take_photo

__all__ = ["Photo", "PhotoFinding", "PhotoRefused", "picture_of_drawing", "take_photo"]
