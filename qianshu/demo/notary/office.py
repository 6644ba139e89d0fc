"""The notary office's own program: pulls packages, looks into them, calls the purchasers, decides, returns its
certificate. It knows the bureau by HTTP and by the bureau's root certificates, and nothing else of it.
"""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from qianshu.demo.city.browser import Browser
from qianshu.demo.notary.returned import Package, about_agreement, returned_parts
from qianshu.demo_data.notary_office import returned_bundle
from signing.containers import open_container
from signing.validation import TrustAnchors, Verdict

if TYPE_CHECKING:
    from datetime import date, datetime

    from qianshu.demo.city.browser import Answer
    from qianshu.demo_data.notary_office import DemoOffice

__all__ = ["OfficeProgram", "Package", "basic"]

PIECE_BYTES: Final = 1 << 20
"""A package comes in ranges (RFC 9110 § 14), so that a broken download goes on where it stopped."""

SCOPES: Final = "notary:read cases:act"


class OfficeProgram:
    """A client of the bureau."""

    def __init__(self, service_url: str, credentials: tuple[str, str], office: DemoOffice) -> None:
        self.office = office
        self._cursor: str | None = None
        self._browser = Browser(service_url)
        said = {"grant_type": "client_credentials", "scope": SCOPES}
        token = self._browser.form("/v1/oauth/token", said, Authorization=basic(*credentials)).json
        self._browser.headers["Authorization"] = f"Bearer {token['access_token']}"

    def news(self) -> list[dict[str, Any]]:
        """Lines of the feed that were not there the last time."""
        asked = {} if self._cursor is None else {"after": self._cursor}
        piece = self._browser.get("/v1/notary/packages", **asked, wait="20").json
        self._cursor = str(piece["cursor"])
        lines: list[dict[str, Any]] = piece["items"]
        return lines

    def pull(self, line: dict[str, Any], now: datetime) -> Package:
        """Download what a line is about, piece by piece, and verify it before a byte of it is used."""
        address = f"/v1/notary/packages/{line['case_no']}/{line['number']}.asice"
        content = b""
        while len(content) < line["size_bytes"]:
            last = min(len(content) + PIECE_BYTES, line["size_bytes"]) - 1
            content += self._browser.send("GET", address, None, Range=f"bytes={len(content)}-{last}").content
        if hashlib.sha256(content).hexdigest() != line["sha256"]:
            raise ValueError("the package is not the one the feed names")
        report = open_container(io.BytesIO(content), trust=self._trust(), now=now)
        loose = [member.name for member in report.members if _signable(member.name) and not member.covered]
        if report.verdict is not Verdict.PASSED or loose:
            raise ValueError(f"the package does not verify: {[finding.code for finding in report.findings]}")
        names = tuple(member.name for member in report.members)
        return Package(line["case_no"], line["number"], line["complete"], content, names)

    def send(self, method: str, path: str, **headers: str) -> Answer:
        """Any other request."""
        return self._browser.send(method, path, None, **headers)

    def act(self, case_no: str, act: str, **said: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an act takes
        """Do an act; what came of it."""
        answer: dict[str, Any] = self._browser.post(f"/v1/cases/{case_no}/{act}", said).json
        return answer

    def upload(self, path: str, said: str, file: tuple[str, bytes, str]) -> dict[str, Any]:
        """An act with a file."""
        answer: dict[str, Any] = self._browser.upload(path, said, file).json
        return answer

    def return_certificate(self, package: Package, number: str, now: datetime, day: date) -> dict[str, Any]:
        """Certify the agreement in the package, and send back everything of ZN-20."""
        parts = returned_parts(package, self.office.certificate(about_agreement(package, number, day), now))
        said = json.dumps({"number": number, "issued_on": day.isoformat()}, ensure_ascii=False)
        bundle = ("bundle.zip", returned_bundle(parts), "application/zip")
        return self.upload(f"/v1/cases/{package.case_no}/notary-issue", said, bundle)

    def _trust(self) -> TrustAnchors:
        roots = x509.load_pem_x509_certificates(self._browser.get("/v1/trust").content)
        return TrustAnchors(tuple(root.public_bytes(Encoding.DER) for root in roots))


def _signable(name: str) -> bool:
    """What a signature can cover: not the container's own mark and signatures."""
    return name != "mimetype" and not name.startswith("META-INF/")


def basic(client: str, secret: str) -> str:
    from base64 import b64encode  # noqa: PLC0415

    return f"Basic {b64encode(f'{client}:{secret}'.encode()).decode()}"
