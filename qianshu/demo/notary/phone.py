"""A purchaser's telephone: scan the code, then every step in the order the service tells, whoever they are.

What comes next is asked of the service each time, so that another telephone goes on where this one stopped.
"""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from notary.scan_codes import whose_token
from qianshu.demo.notary.photos import photo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from qianshu.demo.city.client import Client

__all__ = ["Phone"]

TUS = {"Tus_Resumable": "1.0.0"}

OCTETS = "application/offset+octet-stream"

DOCUMENT_NAMES = {"resident_id": "居民身份证", "hm_permit": "港澳居民来往内地通行证"}


class Phone:
    """One telephone in somebody's hand."""

    def __init__(self, client: Client, address: str, make_video: Callable[[], bytes] | None = None) -> None:
        """``address`` is what the code says that was scanned; ``make_video`` records."""
        token = address.rstrip("/").rpartition("/")[2].rpartition("#")[2]
        found = whose_token(token)
        if found is None:
            raise ValueError("this is no code to scan")
        self.client, self.token, (self.case_no, self.party) = client, token, found
        self._make_video = make_video
        self.seen_pages = 0
        self.recorded = b""
        self.broken_off = (0, 0)
        """How much of the video was there when the connection was lost, and how much there was to send."""

    def claim(self) -> dict[str, Any]:
        """Scan: the task is this person's from here on."""
        return self.client.act(self.case_no, "notary-claim", party=self.party, token=self.token)

    def steps(self) -> Iterator[str]:
        """Do what comes next, until nothing does; each step by its name, done."""
        doing = {
            "face": self._show_face,
            "read_all": self._read_all,
            "enter_id_document": self._enter_document,
            "upload_id_photos": self.take_photos,
            "upload_id_in_hand": self._hold_document,
            "upload_signature_image": self._write,
            "video": self._record,
        }
        while (step := self.task["next_step"]) is not None:
            doing[step]()
            yield str(step)

    def submit(self) -> dict[str, Any]:
        """提交资料: the agreement is signed by it."""
        agreement = self.matter["agreement"]["text_sha256"]
        return self.client.act(self.case_no, "notary-submit", party=self.party, agreement_sha256=agreement)

    @property
    def matter(self) -> dict[str, Any]:
        """The matter as this person sees it."""
        current: dict[str, Any] = self.client.browser.get(f"/v1/notary/matters/{self.case_no}").json["current"]
        return current

    @property
    def task(self) -> dict[str, Any]:
        """What this person does, and how far it is."""
        return next(task for task in self.matter["tasks"] if task["party"] == self.party)

    def take_photos(self, *, number: str | None = None) -> None:
        """Both sides of the document; ``number`` tells which time, so that no two photos are alike."""
        who = self.client.identity
        front = photo(f"姓名 {who['name']}", f"证件号码 {who['id_number']}", self._document, *self._note(number))
        back = photo(self._document, "签发机关 示例出入境管理局", "有效期限 2024.01.01-2034.01.01", *self._note(number))
        self._upload("id_front", front)
        self._upload("id_back", back)

    def _note(self, number: str | None) -> tuple[str, ...]:
        return () if number is None else (f"第{number}次拍摄",)

    @property
    def _document(self) -> str:
        id_type = str(self.client.identity["id_type"])
        return DOCUMENT_NAMES.get(id_type, id_type)

    def _hold_document(self) -> None:
        who = self.client.identity
        self._upload("id_in_hand", photo(f"姓名 {who['name']}", f"证件号码 {who['id_number']}", held=True))

    def _upload(self, kind: str, content: bytes) -> None:
        file = (f"{kind}.jpg", content, "image/jpeg")
        self.client.consent(self.case_no, "id_photo")
        self.client.upload(self.case_no, "notary-upload-photo", file, party=self.party, kind=kind)

    def _show_face(self) -> None:
        back = f"{self.client.browser.base_url}/v1/me"
        self.client.consent(self.case_no, "face")
        begun = self.client.act(self.case_no, "notary-face-begin", party=self.party, return_url=back)
        self.client.show_face(begun["answer"]["url"])
        self.client.act(self.case_no, "notary-face-finish", party=self.party)

    def _enter_document(self) -> None:
        who = self.client.identity
        said = {name: who[name] for name in ("id_type", "id_number", "name")}
        self.client.act(self.case_no, "notary-enter-id", party=self.party, **said)

    def _read_all(self) -> None:
        matter, look = self.matter, self.client.browser
        city = self.client.case(self.case_no)["city"]
        profile = look.get(f"/v1/cities/{city}").json["profile"]
        wanted = profile["cancelling"]["notary"][matter["procedure"]]["read"]
        papers = [paper for paper in matter["papers"] if paper["paper"] in wanted]
        for paper in papers:
            shown = look.get(f"/v1/notary/matters/{self.case_no}/papers/{paper['sha256']}.pdf").content
            if hashlib.sha256(shown).hexdigest() != paper["sha256"]:
                raise ValueError("this is not the paper that is to be read")
            for page in range(1, paper["page_count"] + 1):
                said = {"paper": paper["paper"], "sha256": paper["sha256"], "page": page}
                self.client.act(self.case_no, "notary-read-page", party=self.party, **said)
                self.seen_pages += 1
        digests = {paper["paper"]: paper["sha256"] for paper in papers}
        self.client.act(self.case_no, "notary-agree", party=self.party, digests=digests)

    def _write(self) -> None:
        name = f"{self.party}.json" if self.party == "buyer-1" else "seller-2.json"
        drawn = json.loads((files("qianshu.demo_data") / "strokes" / name).read_text(encoding="utf-8"))
        self.client.act(self.case_no, "notary-give-signature", party=self.party, strokes=drawn)

    def _record(self) -> None:
        if self._make_video is None:
            raise ValueError("this telephone has no camera")
        self.client.consent(self.case_no, "video")
        posed = self.client.act(self.case_no, "notary-video-script", party=self.party)["answer"]
        self.recorded = self._make_video()
        upload_id = self._send(self.recorded, posed["attempt"])
        said = {"attempt": posed["attempt"], "upload_id": upload_id}
        self.client.act(self.case_no, "notary-give-video", party=self.party, **said)

    def _send(self, video: bytes, attempt: str) -> str:
        """By tus 1.0: announced, lost half way, asked how far it came, and sent on from there."""
        look = self.client.browser
        about = {"case_no": self.case_no, "party": self.party, "attempt": attempt, "filename": "video.mp4"}
        made = look.send(
            "POST", "/v1/uploads", b"", **TUS, Upload_Length=str(len(video)), Upload_Metadata=_metadata(about)
        )
        address = made.headers["location"]
        look.break_off("PATCH", address, video, len(video) // 2, **TUS, Upload_Offset="0", Content_Type=OCTETS)
        offset = int(look.send("HEAD", address, None, **TUS).headers["upload-offset"])
        self.broken_off = (offset, len(video))
        rest = {"Upload_Offset": str(offset), "Content_Type": OCTETS}
        sent = look.send("PATCH", address, video[offset:], **TUS, **rest)
        if int(sent.headers["upload-offset"]) != len(video):
            raise ValueError("the video did not arrive whole")
        return address.rpartition("/")[2]


def _metadata(about: Mapping[str, str]) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in about.items())
