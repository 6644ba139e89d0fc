"""Uploads: let in, or refused with a reason, and made clean before the first signature.

What comes from strangers goes through :func:`take_in`, which reads it in a process of its own.
"""

from documents.uploads.errors import REFUSALS
from documents.uploads.facts import EmbeddedFile, MediaType, NormalisedUpload, PixelSize, UploadFacts
from documents.uploads.guard import TakenIn, take_in
from documents.uploads.inspect import Source, inspect_upload
from documents.uploads.limits import DEFAULT_LIMITS, UploadLimits
from documents.uploads.normalise import combine_uploads, normalise_upload

__all__ = [
    "DEFAULT_LIMITS",
    "REFUSALS",
    "EmbeddedFile",
    "MediaType",
    "NormalisedUpload",
    "PixelSize",
    "Source",
    "TakenIn",
    "UploadFacts",
    "UploadLimits",
    "combine_uploads",
    "inspect_upload",
    "normalise_upload",
    "take_in",
]
