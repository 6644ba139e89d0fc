"""``qianshu demo``: one sale from terms to a sealed archive, each step with its time."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["demo"]


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out/demo"), help="Where the results go."
)
@click.option(
    "--city",
    help="Walk a sale of this city, or the notary's cancellation, through the service. 经由接口办理一个城市的买卖。",
)
def demo(out: Path, city: str | None) -> None:
    """One sale from terms to a sealed archive. 一笔买卖的全过程演示。

    Two co-owning sellers and one buyer in Huangshi. Killed at any point, it goes on where it stopped; when the sale is
    done, the next run makes a new one.
    """
    if city is not None:
        _through_the_service(city, out)
        return
    from qianshu.demo.run import run_demo  # noqa: PLC0415 - a second of imports that --help does not need

    run_demo(out)


def _through_the_service(city: str, out: Path) -> None:
    from qianshu.demo.city.cast import CASTS  # noqa: PLC0415
    from qianshu.demo.city.run import run_city_demo  # noqa: PLC0415
    from qianshu.demo.notary.run import CITY, run_notary_demo  # noqa: PLC0415

    if city not in CASTS and city != CITY:
        raise click.BadParameter(f"{city}: one of {', '.join((*CASTS, CITY))}", param_hint="--city")
    folder = out / city
    folder.mkdir(parents=True, exist_ok=True)
    if city == CITY:
        run_notary_demo(folder)
    else:
        run_city_demo(city, folder)
