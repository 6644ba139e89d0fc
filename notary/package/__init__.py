"""The package that goes to a notary office: planned as data, built as an ASiC-E container (docs/notary-package.md).

``plan_package`` · ``package_stream`` (to pull) · ``build_package`` (to push) · ``PackagePlan``.
"""

from notary.package.build import build_package, package_stream
from notary.package.plan import PackagePlan, PlannedFile, contract_sent, plan_package

__all__ = ["PackagePlan", "PlannedFile", "build_package", "contract_sent", "package_stream", "plan_package"]
