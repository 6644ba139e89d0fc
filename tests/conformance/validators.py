"""What others wrote to judge PDFs and signatures, each behind one typed function. Table of contents."""

from tests.conformance.command_line import (
    OpensslAnswer,
    PdfsigAnswer,
    QpdfAnswer,
    openssl_cms_verify,
    openssl_ts_verify,
    pdfsig,
    qpdf_check,
)
from tests.conformance.embedded import EmbeddedSignature, embedded_signatures, signature_time_stamps
from tests.conformance.java_harness import (
    DssChanges,
    DssReport,
    DssSignature,
    DssTimeStamp,
    DssTrust,
    DssVerdict,
    JavaHarnessError,
    VeraPdfReport,
    VeraPdfRule,
    dss,
    verapdf,
)

__all__ = [
    "DssChanges",
    "DssReport",
    "DssSignature",
    "DssTimeStamp",
    "DssTrust",
    "DssVerdict",
    "EmbeddedSignature",
    "JavaHarnessError",
    "OpensslAnswer",
    "PdfsigAnswer",
    "QpdfAnswer",
    "VeraPdfReport",
    "VeraPdfRule",
    "dss",
    "embedded_signatures",
    "openssl_cms_verify",
    "openssl_ts_verify",
    "pdfsig",
    "qpdf_check",
    "signature_time_stamps",
    "verapdf",
]
