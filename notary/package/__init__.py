"""The package that goes to a notary office: planned as data, built as an ASiC-E container (docs/notary-package.md).

``plan_package`` · ``build_package`` · ``PackagePlan``.
"""

from notary.package.build import build_package
from notary.package.plan import PackagePlan, PlannedFile, plan_package

__all__ = ["PackagePlan", "PlannedFile", "build_package", "plan_package"]
