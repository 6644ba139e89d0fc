"""The small record beside each object in a folder: media type, size, retention."""

from __future__ import annotations

import json

from storage.canonical import canonical_json, instant_from_text, instant_text
from storage.objects.ports import ObjectRef
from storage.objects.reading import object_altered

__all__ = ["facts_from_json", "facts_to_json"]


def facts_to_json(ref: ObjectRef) -> bytes:
    """Canonical JSON of what the file system does not say about an object."""
    return canonical_json(
        {"media_type": ref.media_type, "retain_until": instant_text(ref.retain_until), "size_bytes": ref.size_bytes}
    )


def facts_from_json(sha256: str, content: bytes) -> ObjectRef:
    """The facts of object ``sha256``; ``ObjectAltered`` when they cannot be read: unknown retention is no licence."""
    try:
        facts = json.loads(content)
        ref = ObjectRef(sha256, facts["size_bytes"], facts["media_type"], instant_from_text(facts["retain_until"]))
        intact = facts_to_json(ref) == content
    except (ValueError, KeyError, TypeError, AttributeError):
        intact = False
    if not intact:
        raise object_altered(
            sha256, zh="对象的保管信息已被改动或损坏", en="the facts kept beside the object were altered or damaged"
        )
    return ref
