"""People who act for others, on their own telephones: a child's parents, a company's people, an agent by mandate.

What is before and after is done through the other way in; here is what the representative does and how it is told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.builders.browsers import PHONE
from tests.builders.house import cheap_guessing
from tests.builders.service import city_service, visitors, walked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qianshu.demo.city.client import Client
    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

CITIES = ("huangshi", "zhongshan")

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityService]:
    """Cities at once: each has people of another kind."""
    with cheap_guessing(), city_service(tmp_path_factory.mktemp("city"), CITIES) as found:
        found.lay_cheap_keys()
        with found.serving(), visitors():
            found.admit(CITIES)
            yield found


def begun(city: CityService, name: str, house: str, owners: tuple[str, ...], buyer: str) -> Sale:
    """A sale whose house is checked and whose sellers are entered, by the first of the owners."""
    sale = city.sale(name)
    sale.stage = replace(sale.stage, cast=replace(sale.stage.cast, house=house, owners=owners, buyer=buyer))
    walked(sale.steps(), "出卖人信息")
    return sale


def enters_the_father(mother: Person, father: Client) -> None:
    page = mother.page
    mother.follows("填写谁代陈小雨办理")
    page.get_by_text("须由监护人代为办理").wait_for()
    assert page.get_by_text("法定代表人").count() == 0
    mother.finds_nothing_wrong("represent-child")
    mother.types("姓名", father.me["name"])
    page.get_by_label("证件类型").select_option(label="居民身份证")
    mother.types("证件号码", father.identity["id_number"])
    mother.types("手机号码", father.phone)
    page.get_by_label("父亲").check()
    mother.presses("保存代为办理人")
    page.get_by_text("已落实").wait_for()
    mother.finds_nothing_wrong("represent-settled")
    mother.follows("完成")
    page.get_by_text("由陈建国代为办理（监护人）").wait_for()


def test_a_mother_names_her_childs_father(chromium: Chromium, city: CityService) -> None:
    sale = begun(city, "huangshi", "hs-minor", ("li-xiulan", "chen-xiaoyu"), "handler-huangshi")
    father = city.client("chen-jianguo")
    with chromium.person(city.url, PHONE) as mother:
        mother.logs_in("李秀兰", f"/cases/{sale.case_no}")
        enters_the_father(mother, father)
