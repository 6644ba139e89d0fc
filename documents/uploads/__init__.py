"""Uploads: let in, or refused with a reason, and made clean before the first signature."""

from documents.uploads.errors import REFUSALS
from documents.uploads.facts import EmbeddedFile, MediaType, NormalisedUpload, PixelSize, UploadFacts
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
    "UploadFacts",
    "UploadLimits",
    "combine_uploads",
    "inspect_upload",
    "normalise_upload",
]
