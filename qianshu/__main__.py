"""``python -m qianshu``."""

from __future__ import annotations

from qianshu.cli import main

main()
