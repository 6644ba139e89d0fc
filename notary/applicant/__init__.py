"""What an applicant does before a notary: each purchaser, or their agent with a mandate (ZN-08…17, H-37…H-39, H-42).

The acts, in the order in which an applicant meets them (``notary.applicant.inputs`` says what is said with each):
``notary-claim``, ``notary-face-begin``, ``notary-face-finish``, ``notary-enter-id``, ``notary-read-page``,
``notary-agree``, ``notary-upload-photo``, ``notary-give-signature``, ``notary-video-script``, ``notary-give-video``,
``notary-submit``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from notary.applicant.claim import CLAIM
from notary.applicant.document import ENTER_ID
from notary.applicant.face import FACE_BEGIN, FACE_FINISH
from notary.applicant.ink import GIVE_SIGNATURE
from notary.applicant.photos import UPLOAD_PHOTO
from notary.applicant.read import AGREE, READ_PAGE
from notary.applicant.submit import SUBMIT
from notary.applicant.video import GIVE_VIDEO, POSE_SCRIPT

if TYPE_CHECKING:
    from filing.acts.spec import ActSpec

__all__ = ["ACTS"]

ACTS: Final[tuple[ActSpec[Any, Any], ...]] = (
    CLAIM,
    FACE_BEGIN,
    FACE_FINISH,
    ENTER_ID,
    READ_PAGE,
    AGREE,
    UPLOAD_PHOTO,
    GIVE_SIGNATURE,
    POSE_SCRIPT,
    GIVE_VIDEO,
    SUBMIT,
)
"""In the order in which an applicant meets them."""
