"""What the ways in need; the wiring (``qianshu``) fulfils it. Small protocols of plain values: no SQL, no HTTP client.

Every method is one use case in one transaction of its own and MUST be durable when it returns: the answer is sent
after. All of them are called from worker threads, many at once, unless said otherwise.
"""

from __future__ import annotations

from api.ports.acts import Acts, Keep, KeptAnswer, RequestBook, RequestKey
from api.ports.cases import CasePage, CaseReader, FileReader, Found, JournalLine, LinkOpened, Listed, PageAsked
from api.ports.machines import MachineBook, MachineRecord, WebhookBook, WebhookDelivery, WebhookSubscription
from api.ports.notary import MemberAsked, OfficeDesk, PackageExaminer
from api.ports.operations import Operations, Task, TaskCounts
from api.ports.operator_desk import (
    ArchiveCheck,
    Attempt,
    CertificateLine,
    DeliveryState,
    KindCounts,
    OperatorActLine,
    OperatorDesk,
    OutsideLine,
    OutsideState,
    RenewalLine,
    RenewalTotals,
    SubscriberLine,
    WorkLine,
)
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
    "ArchiveCheck",
    "Attempt",
    "Authority",
    "CasePage",
    "CaseReader",
    "CertificateLine",
    "CityLink",
    "DeliveryState",
    "FeedLine",
    "FeedReader",
    "FileReader",
    "Found",
    "HandlerAsked",
    "HandlerView",
    "JournalLine",
    "Keep",
    "KeptAnswer",
    "KindCounts",
    "LinkOpened",
    "Listed",
    "LoginDesk",
    "MachineBook",
    "MachineRecord",
    "MemberAsked",
    "OfficeDesk",
    "Operations",
    "OperatorActLine",
    "OperatorDesk",
    "OutsideLine",
    "OutsideState",
    "PackageExaminer",
    "PageAsked",
    "PublicDesk",
    "PublicFiling",
    "ReceivingUpload",
    "RenewalLine",
    "RenewalTotals",
    "RequestBook",
    "RequestKey",
    "SessionFacts",
    "SessionRecords",
    "Somebody",
    "StaffDesk",
    "SubscriberLine",
    "Task",
    "TaskCounts",
    "UploadAnnounced",
    "UploadDesk",
    "WebhookBook",
    "WebhookDelivery",
    "WebhookSubscription",
    "WorkLine",
]
