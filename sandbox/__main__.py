"""``python -m sandbox [--port 8400]``: the outside world on this machine."""

from __future__ import annotations

import argparse

import uvicorn

from sandbox.app import create_app
from sandbox.options import SandboxOptions


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8400, help="port to listen on")
    parser.add_argument("--public-url", help="how browsers reach it, if not by the address the service calls")
    parser.add_argument("--title-query-seconds", type=float, default=5.0, help="how long a query for own titles takes")
    parser.add_argument("--return-to", action="append", default=[], help="another start of addresses to send back to")
    given = parser.parse_args()
    options = SandboxOptions(
        public_url=given.public_url,
        title_query_seconds=given.title_query_seconds,
        redirect_prefixes=(*SandboxOptions().redirect_prefixes, *given.return_to),
    )
    uvicorn.run(create_app(options), host=given.host, port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
