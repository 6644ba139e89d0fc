"""From the plan to the sealed container: streams in, one stream out, memory constant."""

from __future__ import annotations

import io
import zlib
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from signing.containers import BuiltContainer, ContainerFile, ContainerStream, build_container

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notary.package.plan import PackagePlan, PlannedFile
    from notary.ports import KeptFiles
    from signing.containers import ContainerSealer, Sink

__all__ = ["build_package", "package_stream"]


def package_stream(plan: PackagePlan, files: KeptFiles, sealer: ContainerSealer) -> ContainerStream:
    """The package, built while it is read: for a store that takes what it keeps from a stream, and its digest.

    Raises as :func:`build_package` does; ``sealed_at`` is known once it was read to its end.
    """
    return ContainerStream(_container_files(plan, files), sealer)


def build_package(plan: PackagePlan, files: KeptFiles, sealer: ContainerSealer, sink: Sink) -> BuiltContainer:
    """Build the package into ``sink``: its SHA-256, size, and the time of the time-stamp on its seal.

    ``sink`` is only written to, and worth nothing when this raises: ``SignatureStateError``
    (``container.file_differs``), ``TimeStampError``, ``StorageError`` from ``files``.
    """
    return build_container(_container_files(plan, files), sealer, sink)


def _container_files(plan: PackagePlan, files: KeptFiles) -> Iterator[ContainerFile]:
    for number, file in enumerate(plan.files):
        if file.content is None:
            kept = files.facts(plan.case_no, file.sha256)
            crc32, size = kept.crc32, kept.size_bytes
            opened = partial(files.open, plan.case_no, file.sha256)
        else:
            crc32, size = zlib.crc32(file.content), len(file.content)
            opened = partial(_in_memory, file)
        yield ContainerFile(file.name, file.media_type, file.sha256, crc32, size, opened, is_root=number == 0)


def _in_memory(file: PlannedFile) -> AbstractContextManager[BinaryIO]:
    assert file.content is not None
    return nullcontext(io.BytesIO(file.content))
