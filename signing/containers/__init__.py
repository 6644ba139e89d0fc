"""ASiC-E containers with CAdES (ETSI EN 319 162-1 v1.1.1 § 4.4): written as a stream, read with suspicion.

``build_container`` · ``ContainerFile`` · ``ContainerSealer``; below them a ZIP writer that never turns back.
"""

from signing.containers.build import BuiltContainer, ContainerSealer, build_container
from signing.containers.files import MEDIA_TYPE, ContainerFile
from signing.containers.zip_writer import Sink

__all__ = ["MEDIA_TYPE", "BuiltContainer", "ContainerFile", "ContainerSealer", "Sink", "build_container"]
