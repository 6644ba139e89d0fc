"""What an applicant does before a notary: each purchaser, or their agent with a mandate (ZN-08…17, H-37…H-39, H-42).

The acts, in the order in which an applicant meets them (``notary.applicant.inputs`` says what is said with each):
``notary-claim``, ``notary-face-begin``, ``notary-face-finish``, ``notary-enter-id``, ``notary-read-page``,
``notary-agree``, ``notary-upload-photo``, ``notary-give-signature``, ``notary-video-script``, ``notary-give-video``,
``notary-submit``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from filing.acts.spec import ActSpec

__all__ = ["ACTS"]

ACTS: Final[tuple[ActSpec[Any, Any], ...]] = ()
"""In the order in which an applicant meets them."""
