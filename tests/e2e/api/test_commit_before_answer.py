"""The commit precedes the answer: when its first byte leaves, another connection sees the row.

FastAPI ends a dependency after the answer unless told otherwise; the second half shows that this test would notice.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI


class Watch:
    """Looks, with a connection of its own, at the very moment in which an answer begins."""

    def __init__(self, app: Any, database: str, query: str) -> None:
        self.app, self.database, self.query = app, database, query
        self.seen: list[list[Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def watched(message: Any) -> None:
            if message["type"] == "http.response.start" and scope["method"] == "POST":
                with sqlite3.connect(self.database) as other:
                    self.seen.append([row[0] for row in other.execute(self.query)])
            await send(message)

        await self.app(scope, receive, watched)


def test_case_is_committed_when_the_first_byte_leaves(town: Any) -> None:
    client = town.log_in("chen-jianguo")
    stack = town.served.app
    database = str(town.service.records.database.file)
    stack.middleware_stack = watch = Watch(stack.middleware_stack, database, "SELECT case_no FROM cases")
    try:
        opened = client.post("/v1/cases", json={"city": "huangshi"})
    finally:
        stack.middleware_stack = watch.app
    assert opened.status_code == 201, opened.text
    assert opened.json()["case"]["case_no"] in watch.seen[0]


@pytest.mark.parametrize(("scope", "committed"), [("function", True), ("request", False)])
def test_default_of_the_framework_would_be_noticed(tmp_path: Path, scope: Any, committed: bool) -> None:
    database = str(tmp_path / "rows.db")
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE rows (name TEXT)")

    def unit_of_work() -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(database, check_same_thread=False)
        yield connection
        connection.commit()
        connection.close()

    app = FastAPI()

    @app.post("/rows")
    def add(connection: Annotated[sqlite3.Connection, Depends(unit_of_work, scope=scope)]) -> str:
        connection.execute("INSERT INTO rows VALUES ('one')")
        return "done"

    watch = Watch(app, database, "SELECT name FROM rows")

    async def ask() -> int:
        transport = httpx.ASGITransport(watch)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.post("/rows")).status_code

    import asyncio  # noqa: PLC0415

    assert asyncio.run(ask()) == 200
    assert watch.seen == [["one"] if committed else []]
