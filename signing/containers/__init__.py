"""ASiC-E containers with CAdES (ETSI EN 319 162-1 v1.1.1 § 4.4): written as a stream, read with suspicion.

``build_container`` (to push) · ``ContainerStream`` (to pull) · ``open_container`` · ``read_directory``; below them a
ZIP writer that never turns back and a reader that accepts one meaning only.
"""

from signing.containers.build import BuiltContainer, ContainerSealer, ContainerStream, Sink, build_container
from signing.containers.codes import CONTAINER_CODES
from signing.containers.files import MEDIA_TYPE, ContainerFile
from signing.containers.lines import container_report_lines
from signing.containers.report import ContainerReport, MemberReport, SealReport, container_report_to_dict
from signing.containers.verify import is_container, open_container
from signing.containers.zip_reader import ContainerLimits, ZipDirectory, ZipEntry, read_directory

__all__ = [
    "CONTAINER_CODES",
    "MEDIA_TYPE",
    "BuiltContainer",
    "ContainerFile",
    "ContainerLimits",
    "ContainerReport",
    "ContainerSealer",
    "ContainerStream",
    "MemberReport",
    "SealReport",
    "Sink",
    "ZipDirectory",
    "ZipEntry",
    "build_container",
    "container_report_lines",
    "container_report_to_dict",
    "is_container",
    "open_container",
    "read_directory",
]
