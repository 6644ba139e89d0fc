"""What happens when a promise is not kept, and who decides."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from documents.contract.fields import Choice, count, line, named

__all__ = ["Delay", "Dispute", "Forum", "Liability"]


class Forum(Choice):
    """Who decides a dispute."""

    COURT = "court", "依法向房屋所在地人民法院起诉"
    ARBITRATION = "arbitration", "提交约定的仲裁机构仲裁"


@dataclass(frozen=True, slots=True)
class Delay:
    """The price of being late."""

    daily_rate: Annotated[Decimal, named("日违约金（万分比）")]
    """Ten-thousandths per day of what is overdue; ``5.00`` is 万分之五."""

    terminate_after_days: Annotated[int, count("可解除合同的逾期日数", 1, 365)]
    """Days of delay after which the other side may terminate."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """Settlement of disputes."""

    forum: Annotated[Forum, named("争议解决方式")]
    """A court or an arbitral body."""

    arbitration_body: Annotated[str, line("仲裁机构", 60)] | None = None
    """The body by its full name (仲裁法: an unnamed body makes no agreement)."""


@dataclass(frozen=True, slots=True)
class Liability:
    """Breach, termination, disputes."""

    late_payment: Annotated[Delay, named("逾期付款责任")]
    """The buyer pays late."""

    late_transfer: Annotated[Delay, named("逾期办理转移登记责任")]
    """Either side delays the transfer."""

    late_delivery: Annotated[Delay, named("逾期交付责任")]
    """The seller delivers late."""

    damages_percent: Annotated[Decimal, named("根本违约违约金比例（%）")]
    """Per cent of the price due by whoever makes the contract fail."""

    dispute: Annotated[Dispute, named("争议解决")]
    """Court or arbitration."""
