"""What an attempt is refused for: codes of its findings."""

from __future__ import annotations

import pytest

from filing.errors import GuardsRefuse, InputRefused


def guards_of(attempt) -> set[str]:
    with pytest.raises(GuardsRefuse) as refused:
        attempt()
    return {finding.code for finding in refused.value.findings}


def inputs_of(attempt) -> set[str]:
    with pytest.raises(InputRefused) as refused:
        attempt()
    return {finding.code for finding in refused.value.findings}
