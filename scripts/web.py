"""Run npm scripts of ``web``, one after the other: ``python scripts/web.py types test``."""

from __future__ import annotations

import sys

from build_pages import install, npm

if __name__ == "__main__":
    install()
    for word in sys.argv[1:]:
        npm("run", word, "--silent")
