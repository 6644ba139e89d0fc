"""Build the pages of ``web`` into ``qianshu/built_pages``, unless what is there was made of the same sources,
and lay the fonts that come with their packages where documents are set.

    python scripts/build_pages.py [--check]

``--check`` builds nothing and fails if they are missing or stale. Node.js is the one in this virtual environment
(``requirements/web.lock``), else the machine's.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import rare_fonts

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
BUILT = ROOT / "qianshu" / "built_pages"
MARK = BUILT / "source.sha256"
MODULES = WEB / "node_modules"
MODULES_MARK = MODULES / ".lock.sha256"

SOURCES = ("package-lock.json", "package.json", "vite.config.ts", "tsconfig.json", "index.html", "desk.html")
FOLDERS = ("src", "public", "build")


def main() -> int:
    digest = sources_digest()
    if rare_fonts.are_laid() and MARK.is_file() and MARK.read_text(encoding="ascii") == digest:
        return 0
    if "--check" in sys.argv[1:]:
        print("the pages are missing or stale: make web")
        return 1
    print("building the pages 正在构建页面 …", flush=True)
    install()
    rare_fonts.lay()
    npm("run", "build", "--silent")
    MARK.write_text(digest, encoding="ascii")
    return 0


def sources_digest() -> str:
    """One digest of everything the pages are made of."""
    files = [WEB / name for name in SOURCES]
    files += [file for folder in FOLDERS for file in sorted((WEB / folder).rglob("*")) if _is_source(file)]
    # The forms of clauses, and the client, come from these.
    files += [ROOT / "docs" / "schemas" / name for name in ("openapi.json", "contract.schema.json")]
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.relative_to(ROOT)}\0".encode())
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def install() -> None:
    """The packages of the lock file, if they are not there already."""
    digest = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if MODULES_MARK.is_file() and MODULES_MARK.read_text(encoding="ascii") == digest:
        return
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    MODULES_MARK.write_text(digest, encoding="ascii")


def npm(*words: str) -> None:
    """One npm command in ``web``, with the Node.js of this environment first."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    program = shutil.which("npm", path=path)
    if program is None:
        raise SystemExit("no npm: pip install --require-hashes -r requirements/web.lock")
    subprocess.run([program, *words], cwd=WEB, env={**os.environ, "PATH": path}, check=True)


def _is_source(file: Path) -> bool:
    # Generated from the interface's document, which is counted itself.
    return file.is_file() and file.name != "schema.d.ts" and ".generated" not in file.parts


if __name__ == "__main__":
    sys.exit(main())
