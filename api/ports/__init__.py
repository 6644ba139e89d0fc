"""What the ways in need; the wiring (``qianshu``) fulfils it. Small protocols of plain values: no SQL, no HTTP client.

Every method is one use case in one transaction of its own and MUST be durable when it returns: the answer is sent
after. All of them are called from worker threads, many at once, unless said otherwise.
"""

from __future__ import annotations

from api.ports.acts import Acts, Keep, KeptAnswer, RequestBook, RequestKey
from api.ports.cases import CasePage, CaseReader, FileReader, Found, JournalLine, LinkOpened, Listed, PageAsked
from api.ports.machines import MachineBook, MachineRecord, WebhookBook, WebhookDelivery, WebhookSubscription
from api.ports.notary import MemberAsked, OfficeDesk
from api.ports.operations import Operations, Task, TaskCounts
from api.ports.people import (
    AgentAsked,
    AgentBindingView,
    Authority,
    CityLink,
    HandlerAsked,
    HandlerView,
    LoginDesk,
    SessionFacts,
    SessionRecords,
    Somebody,
    StaffDesk,
)
from api.ports.public import PublicDesk, PublicFiling
from api.ports.registry import FeedLine, FeedReader
from api.ports.uploads import ReceivingUpload, UploadAnnounced, UploadDesk

__all__ = [
    "Acts",
    "AgentAsked",
    "AgentBindingView",
    "Authority",
    "CasePage",
    "CaseReader",
    "CityLink",
    "FeedLine",
    "FeedReader",
    "FileReader",
    "Found",
    "HandlerAsked",
    "HandlerView",
    "JournalLine",
    "Keep",
    "KeptAnswer",
    "LinkOpened",
    "Listed",
    "LoginDesk",
    "MachineBook",
    "MachineRecord",
    "MemberAsked",
    "OfficeDesk",
    "Operations",
    "PageAsked",
    "PublicDesk",
    "PublicFiling",
    "ReceivingUpload",
    "RequestBook",
    "RequestKey",
    "SessionFacts",
    "SessionRecords",
    "Somebody",
    "StaffDesk",
    "Task",
    "TaskCounts",
    "UploadAnnounced",
    "UploadDesk",
    "WebhookBook",
    "WebhookDelivery",
    "WebhookSubscription",
]
