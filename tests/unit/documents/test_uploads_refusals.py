"""Every way to be wrong, one file each, refused by its own code in two languages."""

from __future__ import annotations

import io
import re

import pytest

from documents.errors import UploadError
from documents.uploads import inspect_upload
from tests.builders.hostile_pdf import HOSTILE


@pytest.mark.parametrize(
    ("code", "build"), [(code, build) for code, _, build in HOSTILE], ids=[f"{c}: {what}" for c, what, _ in HOSTILE]
)
def test_refuses(code, build):
    with pytest.raises(UploadError) as refused:
        inspect_upload(io.BytesIO(build()))
    assert refused.value.code == code
    assert re.search("[\u4e00-\u9fff]", refused.value.zh)
    assert not re.search("[\u4e00-\u9fff]|[{}]", refused.value.en)
