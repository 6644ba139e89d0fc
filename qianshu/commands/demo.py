"""``qianshu demo``: one sale from terms to a sealed archive, each step with its time."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["demo"]


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out/demo"), help="Where the results go."
)
def demo(out: Path) -> None:
    """One sale from terms to a sealed archive. 一笔买卖的全过程演示。

    Two co-owning sellers and one buyer in Huangshi. Killed at any point, it goes on where it stopped; when the sale is
    done, the next run makes a new one.
    """
    from qianshu.demo.run import run_demo  # noqa: PLC0415 - a second of imports that --help does not need

    run_demo(out)
