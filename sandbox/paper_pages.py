"""``/sandbox/papers``: a page of forms, each of which gives a file to keep and to hand in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import anyio
from starlette.responses import Response
from starlette.routing import Route

from sandbox.answers import escaped, page, refuse
from sandbox.papers import BUNDLES, DECISIONS, DEVELOPERS, PURCHASERS, SIDES, PaperError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sandbox.papers import FiledElsewhere, PaperMaker
    from sandbox.people import Person
    from sandbox.world import World

__all__ = ["paper_pages"]

MOST_PACKAGE_BYTES: Final = 256 * 1024 * 1024
BEIJING: Final = timedelta(hours=8)
NOBODY_MAKES: Final = (
    "只有 qianshu serve 启动的沙箱能制作材料 only a sandbox that qianshu serve started can make papers"
)


def paper_pages(world: World) -> Sequence[BaseRoute]:
    """The page, and what its forms make."""

    async def show(request: Request) -> Response:
        del request
        if world.options.papers is None:
            return page("带来的材料 papers from outside", f"<p>{escaped(NOBODY_MAKES)}</p>")
        return page("带来的材料 papers from outside", _contract_form(world) + _photos(world) + _office_forms(world))

    return [Route("/papers", show), *_contract_routes(world), *_photo_routes(world), *_office_routes(world)]


def _contract_routes(world: World) -> Sequence[BaseRoute]:
    made: dict[str, FiledElsewhere] = {}

    async def make(request: Request) -> Response:
        form = await request.form()
        developer = _person(world, str(form.get("developer", "")))
        purchasers = [_person(world, str(each)) for each in form.getlist("purchaser")]
        if not purchasers:
            raise refuse(422, "purchaser_missing")
        filed = await anyio.to_thread.run_sync(lambda: _maker(world).filed_contract(developer, purchasers))
        made[filed.filing_number] = filed
        return page("已备案的合同 a filed contract", _told(filed, developer, purchasers))

    async def file(request: Request) -> Response:
        filed = made.get(request.path_params["number"])
        if filed is None:
            raise refuse(404, "contract_unknown")
        return _file(filed.pdf, "application/pdf", f"{filed.filing_number}.pdf")

    return [Route("/papers/contract", make, methods=["POST"]), Route("/papers/contract/{number}.pdf", file)]


def _photo_routes(world: World) -> Sequence[BaseRoute]:
    async def photo(request: Request) -> Response:
        person, side = _person(world, request.path_params["person"]), request.path_params["side"]
        if side not in SIDES:
            raise refuse(404, "side_unknown")
        content = await anyio.to_thread.run_sync(lambda: _maker(world).document_photo(person, side))
        return _file(content, "image/jpeg", f"{person.id}-{side}.jpg")

    async def film(request: Request) -> Response:
        del request
        content = await anyio.to_thread.run_sync(_maker(world).film)
        if content is None:
            raise refuse(404, "no_film_can_be_made")
        return _file(content, "video/mp4", "recording.mp4")

    return [Route("/papers/photo/{person}/{side}.jpg", photo), Route("/papers/recording.mp4", film)]


def _office_routes(world: World) -> Sequence[BaseRoute]:
    async def bundle(request: Request) -> Response:
        async with request.form(max_part_size=MOST_PACKAGE_BYTES) as form:
            package = form.get("package")
            content = b"" if package is None or isinstance(package, str) else await package.read()
            number, day, kind = _said(form, BUNDLES)
        try:
            made = await anyio.to_thread.run_sync(lambda: _maker(world).certificate_bundle(content, number, day, kind))
        except PaperError as error:
            return _sent_back(str(error))
        return _file(made, "application/zip", "bundle.zip")

    async def decision(request: Request) -> Response:
        number, day, kind = _said(await request.form(), DECISIONS)
        content = await anyio.to_thread.run_sync(lambda: _maker(world).decision(kind, number, day))
        return _file(content, "application/pdf", "decision.pdf")

    return [
        Route("/papers/bundle.zip", bundle, methods=["POST"]),
        Route("/papers/decision.pdf", decision, methods=["POST"]),
    ]


def _maker(world: World) -> PaperMaker:
    maker = world.options.papers
    if maker is None:
        raise refuse(404, "papers_are_made_by_qianshu_serve")
    return maker


def _person(world: World, name: str) -> Person:
    person = world.people.get(name)
    if person is None:
        raise refuse(422, "person_unknown")
    return person


def _said(form: FormData, kinds: dict[str, str]) -> tuple[str, date, str]:
    number, kind = str(form.get("number", "")).strip(), str(form.get("kind", ""))
    try:
        day = date.fromisoformat(str(form.get("day", "")))
    except ValueError as error:
        raise refuse(422, "day") from error
    if not number:
        raise refuse(422, "number")
    if kind not in kinds:
        raise refuse(422, "kind_unknown")
    return number, day, kind


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


def _sent_back(why: str) -> Response:
    response = page(
        "做不成 cannot be made", f'<p role="alert">{escaped(why)}</p><p><a href="../papers">返回 back</a></p>'
    )
    response.status_code = 422
    return response


# --- the page ---------------------------------------------------------------------------------------------------------


def _purchasers(world: World) -> list[Person]:
    return [world.people[name] for name in PURCHASERS]


def _contract_form(world: World) -> str:
    developers = "".join(
        f'<option value="{escaped(one.id)}">{escaped(one.name)}</option>'
        for one in (world.people[name] for name in DEVELOPERS)
    )
    purchasers = "".join(
        f'<label><input type="checkbox" name="purchaser" value="{escaped(one.id)}"> {escaped(one.name)}'
        f" <small>{escaped(one.id)}</small></label><br>"
        for one in _purchasers(world)
    )
    return (
        "<h2>另一系统备案的商品房买卖合同 a contract filed in another system</h2>"
        '<form method="post" action="papers/contract">'
        f"<p><label>开发企业 developer <select name=developer>{developers}</select></label></p>"
        f"<fieldset><legend>买受人 purchasers</legend>{purchasers}</fieldset>"
        "<p><button>生成合同 make it</button></p></form>"
    )


def _photos(world: World) -> str:
    rows = "".join(
        f"<tr><td>{escaped(one.name)}</td>"
        + "".join(f'<td><a href="papers/photo/{escaped(one.id)}/{side}.jpg">{side}</a></td>' for side in SIDES)
        + "</tr>"
        for one in _purchasers(world)
    )
    return (
        "<h2>证件照片与录像 photos of documents, a recording</h2>"
        f"<table><tr><th>姓名<th>正面<th>反面<th>手持</tr>{rows}</table>"
        '<p><a href="papers/recording.mp4">录像 recording</a>（没有摄像头时用 where there is no camera）</p>'
    )


def _office_forms(world: World) -> str:
    today = (world.now() + BEIJING).date()
    fields = (
        '<p><label>公证书编号 number <input name="number" size="36" required '
        f'value="（{today.year}）粤中石岐第001234号"></label></p>'
        f'<p><label>日期 date <input type="date" name="day" required value="{today}"></label></p>'
    )
    return (
        "<h2>公证处自己的系统 the notary office's own system</h2>"
        "<p>真实的公证处用自己的系统和印章制作公证书。这里代为制作：印章证书在启动时已向主管部门登记。"
        " A real office makes its certificate with a system and a seal of its own; here the sandbox does, with a seal"
        " that was registered with the bureau at the start.</p>"
        '<form method="post" action="papers/bundle.zip" enctype="multipart/form-data">'
        "<h3>返回材料包 certificate bundle</h3><p><label>最新材料包 newest package (.asice) "
        '<input type="file" name="package" accept=".asice" required></label></p>'
        f"{fields}{_choice(BUNDLES)}<p><button>制作公证书 make the bundle</button></p></form>"
        '<form method="post" action="papers/decision.pdf"><h3>撤销或者更正的决定 decision (公证法 39)</h3>'
        f"{fields}{_choice(DECISIONS)}<p><button>制作决定 make the decision</button></p></form>"
    )


def _choice(choices: dict[str, str]) -> str:
    options = "".join(f'<option value="{escaped(name)}">{escaped(text)}</option>' for name, text in choices.items())
    return f'<p><label>内容 kind <select name="kind">{options}</select></label></p>'


def _told(filed: FiledElsewhere, developer: Person, purchasers: Sequence[Person]) -> str:
    rows = [
        ("备案编号 filing number", filed.filing_number),
        ("备案时间 filed on", filed.filed_on.isoformat()),
        ("坐落 location", filed.location),
        ("面积 area", filed.floor_area),
        ("开发企业 developer", f"{developer.name}　{developer.phone}"),
        ("法定代表人 legal representative", "欧阳听雨"),
        *(
            ("买受人 purchaser", f"{one.name}　{one.id_type}　{one.id_number}　{one.phone}　{one.region}")
            for one in purchasers
        ),
    ]
    table = "".join(f"<tr><th>{escaped(name)}<td>{escaped(value)}</tr>" for name, value in rows)
    link = f'<p><a href="contract/{escaped(filed.filing_number)}.pdf">下载合同 download the contract</a></p>'
    return f'{link}<p>导入时填写 to be typed in:</p><table>{table}</table><p><a href="../papers">返回 back</a></p>'
