"""A city that does not exist, as nothing but a folder: Huangshi's rules under another name, bent in a few places."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from qianshu.service.cities import CITIES

if TYPE_CHECKING:
    from pathlib import Path

NAME = "qiaogu"
TITLE = "桥谷市存量房网签备案"


def add_sixth_city(folder: Path) -> Path:
    """All cities and one more below ``folder``. What is bent: the seller types the buyers in and makes the text, nobody
    has to confirm it, nothing is stamped, and the number has a prefix.
    """
    root = folder / "cities"
    shutil.copytree(CITIES, root)
    city = root / NAME
    shutil.copytree(root / "huangshi", city)
    profile = city / "profile.yaml"
    text = profile.read_text(encoding="utf-8")
    for old, new in (
        (r"name: huangshi", f"name: {NAME}"),
        (r"title: 黄石市[^\n]*", f"title: {TITLE}"),
        (r'region_code: "420200"', 'region_code: "429900"'),
        (r"authority: [^\n]*", "authority: 桥谷市住房和城乡建设局"),
        (r"stamp: true[^\n]*", "stamp: false"),
        (
            r"case_number: \{label: ([^,]+), form: date_and_five_digits\}",
            r"case_number: {label: \1, form: prefix_and_date, prefix: 桥谷}",
        ),
        (r", stamp_filing", ""),
        (r"buyers: \{by: buyer, join: lookup, join_keys: [^\n]*", "buyers: {by: seller, join: own_login}"),
        (r"by: \[buyer\], guards: \[notice_read, face_checked, fields_filled", "by: [seller], guards: [fields_filled"),
        (r"confirmers: [^\n]*", "confirmers: nobody"),
        (r"confirmations_complete, ", ""),
        (r"      - \{template: signing_notice, sides: \[buyer\][^\n]*\n", ""),
    ):
        text, count = re.subn(old, new, text)
        if not count:
            raise LookupError(f"Huangshi's profile has no {old}")
    profile.write_text(text, encoding="utf-8")
    return root
