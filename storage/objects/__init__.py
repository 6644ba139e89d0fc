"""Write-once objects under their SHA-256: the port, a folder, and MinIO.

``storage.objects.bucket`` is imported by whoever uses it: the MinIO client costs 30 MB and a quarter of a second.
"""

from __future__ import annotations

from storage.objects.folder import FolderObjectStore
from storage.objects.ports import ObjectRef, ObjectStore, Source
from storage.objects.reading import read_verified

__all__ = ["FolderObjectStore", "ObjectRef", "ObjectStore", "Source", "read_verified"]
