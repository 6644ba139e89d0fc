"""City folders: what is wrong with one stops the boot, with file and line; a sixth folder is a sixth city."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from filing.lifecycle import CasePosition, Event, State
from filing.profile import (
    Actor,
    CancelSituation,
    NotInThisCity,
    ProfileInvalid,
    cancellation_for,
    city_transitions,
    load_cities,
    load_profile,
    parse_profile,
    signing_method,
    transition_for,
)
from filing.profile.cancelling import CancelRule, Consent

CITIES = Path(__file__).resolve().parents[3] / "cities"


def text_of(city: str) -> str:
    return (CITIES / city / "profile.yaml").read_text(encoding="utf-8")


def refused(text: str) -> ProfileInvalid:
    with pytest.raises(ProfileInvalid) as error:
        parse_profile(text, "broken/profile.yaml")
    assert error.value.code == "profile.invalid"
    return error.value


def line_of(text: str, mark: str) -> int:
    """Where the mark ends."""
    return text[: text.index(mark) + len(mark.rstrip("\n"))].count("\n") + 1


def test_the_five_cities_load():
    cities = load_cities(CITIES)
    assert list(cities) == ["huangshi", "shenzhen", "wuhan", "zhongshan", "zhongshan-notary"]
    assert all(profile.city.name == name for name, profile in cities.items())


# (city, what is there, what somebody writes instead, where the problem is expected, what it says)
BROKEN = {
    "unknown guard": (
        "shenzhen",
        "guards: [materials_complete]",
        "guards: [materials_done]",
        "[materials_done]",
        "materials_done",
    ),
    "unknown effect": (
        "wuhan",
        "effects: [issue_house_code]",
        "effects: [issue_house]",
        "[issue_house]",
        "issue_house",
    ),
    "unknown event": (
        "wuhan",
        "  registry_done:\n",
        "  registry_finished:\n",
        "registry_finished",
        "registry_finished",
    ),
    "unknown state": ("huangshi", "labels: {}", "labels: {sealed: 已签约}", "sealed", "sealed"),
    "unknown actor": ("huangshi", "submitted_by: [seller]", "submitted_by: [salesman]", "salesman", "salesman"),
    "unknown member": (
        "wuhan",
        "  stamp: false",
        "  stamp: false\n  stampp: true",
        "stampp",
        "unknown member 'stampp'",
    ),
    "missing member": (
        "wuhan",
        "  trigger: registry_accept ",
        "  # trigger: registry_accept ",
        "\nfiling:\n",
        "'trigger' is a required property",
    ),
    "wrong type": (
        "zhongshan",
        "expires_after_hours: 24",
        "expires_after_hours: soon",
        "expires_after_hours: soon",
        "not of type 'integer'",
    ),
    "out of bounds": (
        "zhongshan",
        "retention_years: 30",
        "retention_years: 4",
        "retention_years: 4",
        "less than the minimum of 5",
    ),
    "a rule nobody wrote": ("zhongshan", "rules: [ZS-34, ZS-38]", "rules: [ZS-34, XX-38]", "XX-38", "XX-38"),
    "duplicate key": (
        "zhongshan",
        "kind: stock_sale",
        "kind: stock_sale\nkind: stock_sale",
        "kind: stock_sale\nkind: stock_sale",
        "occurs twice",
    ),
    "alias": ("zhongshan", "labels:\n", "labels: &labels\n", "&labels", "anchors and aliases"),
    "tag": ("zhongshan", "version: 1", "version: !!int 1", "!!int", "tags"),
    "not YAML": ("zhongshan", "city:\n", "city: [\n", None, "not YAML"),
    "undeclared undertaking": (
        "shenzhen",
        "  undertaking: {title: 承诺书}\n",
        "",
        "{template: undertaking,",
        "template 'undertaking'",
    ),
    "undeclared cancel paper": (
        "shenzhen",
        "  cancel_undertaking: {title: 注销网签备案承诺书}\n",
        "",
        "papers: [e_licence_authorisation, cancel_form, cancel_undertaking",
        "template 'cancel_undertaking'",
    ),
    "undeclared notice": (
        "huangshi",
        "  signing_notice: {title: 合同网签须知}\n",
        "",
        "sides: [seller], before: verify_property",
        "template 'signing_notice'",
    ),
    "undeclared notary file": (
        "zhongshan-notary",
        "  acceptance_record: {title: 收案记录}\n",
        "",
        "read: [termination_agreement",
        "template 'acceptance_record'",
    ),
    "no contract template": (
        "wuhan",
        "  contract: {title: 武汉市存量房买卖合同}\n",
        "",
        "\ntemplates:",
        "template 'contract'",
    ),
    "unknown notary procedure": (
        "zhongshan-notary",
        "notary: new_house_cancel\n",
        "notary: old_house_cancel\n",
        "notary: old_house_cancel",
        "'old_house_cancel' is not declared",
    ),
    "unknown guardians' matter": (
        "zhongshan",
        "guardians_matter: cancel_filing",
        "guardians_matter: cancelling",
        "guardians_matter: cancelling",
        "'cancelling' is not declared",
    ),
    "unknown proxy's matter": (
        "zhongshan",
        "proxy_matter: cancel_filing",
        "proxy_matter: everything",
        "proxy_matter: everything",
        "'everything' is not declared",
    ),
    "unknown certificate form": ("wuhan", "[wh_new]", "[wh_newest]", "wh_newest", "wh_newest"),
    "face alone": (
        "huangshi",
        "{purpose: sign, sides: [seller, buyer], any_of: [face, window]",
        "{purpose: sign, sides: [seller, buyer], any_of: [face]",
        "any_of: [face],",
        "face recognition may not be the only way",
    ),
    "face alone by level": (
        "shenzhen",
        "counted: [yss_scan, yss_face, bank_cert, ca_cert, window]",
        "counted: [yss_scan, yss_face]",
        "  trust:",
        "face recognition may not be the only way",
    ),
    "repeated id row": (
        "wuhan",
        "{side: buyer, kind: person, region: MO,",
        "{side: buyer, kind: person, region: HK,",
        "  id_types:",
        "more than one row",
    ),
    "organisations by the side door": (
        "wuhan",
        "{side: buyer, kind: person, region: MO,",
        "{side: buyer, kind: enterprise, region: MO,",
        "{side: buyer, kind: enterprise,",
        "organisations are no parties",
    ),
    "organisations cannot log in": (
        "wuhan",
        "organisations: false",
        "organisations: true",
        "organisations: true",
        "login contradict",
    ),
    "sale of no sale": (
        "wuhan",
        "kind: stock_sale",
        "kind: new_sale_cancellation",
        "kind: new_sale_cancellation",
        "kind and sale contradict",
    ),
    "default without steps": ("huangshi", "default: app", "default: otp", "default: otp", "no steps"),
    "wet steps without condition": (
        "huangshi",
        "confirm]}   #",
        "confirm], wet: [download]}   #",
        "  signing:",
        "contradict",
    ),
    "event in a foreign state": (
        "huangshi",
        "sources: [filed], rules: [HS-34]",
        "sources: [signing], rules: [HS-34]",
        "sources: [signing], rules: [HS-34]",
        "registry_accept cannot happen in signing",
    ),
    "a state never reached": (
        "zhongshan",
        "- {by: [seller], sources: [text_ready, signing], rules: [ZS-42]}",
        "- {by: [seller], sources: [text_ready, in_review], rules: [ZS-42]}",
        "sources: [text_ready, in_review]",
        "no case gets to in_review",
    ),
    "two answers to one question": (
        "wuhan",
        "    - {by: [seller, buyer], sources: [signed], rules: [WH-13",
        "    - {by: [seller, buyer], rules: [WH-13",
        "    - {by: [seller, buyer], rules: [WH-13",
        "two rules of request_cancel",
    ),
    "(a) the seller answers for the registry": (
        "wuhan",
        "  registry_done:\n    - {by: [registry]}",
        "  registry_done:\n    - {by: [seller]}",
        "registry_done:\n    - {by: [seller]}",
        "registry_done is registry's alone",
    ),
    "a dead end": (
        "wuhan",
        "  registry_done:\n    - {by: [registry]}\n",
        "",
        "\ntransitions:",
        "no case ever gets to transferred",
    ),
    "begun in two ways": (
        "wuhan",
        "  verify_property:\n    - {by",
        "  import_filed:\n    - {by: [seller]}\n  verify_property:\n    - {by",
        "transitions:",
        "begins with open alone",
    ),
    "a trigger without its event": (
        "huangshi",
        "trigger: approval",
        "trigger: signing_complete",
        "trigger: signing_complete",
        "needs event auto_file",
    ),
    "review without a reviewer": (
        "huangshi",
        "review: true",
        "review: false",
        "review: false",
        "review and event approve_filing contradict",
    ),
    "stamp without a stamp": (
        "wuhan",
        "stamp: false",
        "stamp: true",
        "stamp: true",
        "stamp and stamp_filing of registry_accept contradict",
    ),
    "nobody to push to": (
        "huangshi",
        "  recipients: [registry]",
        "  # recipients: [registry]",
        "\nfiling:\n",
        "recipients and push_to_recipients",
    ),
    "filed for ever by a rejecting registry": (
        "wuhan",
        "effects: [revoke_filing, tell_parties]",
        "effects: [tell_parties]",
        "trigger: registry_accept",
        "rejecting must revoke",
    ),
    "expiry without a limit": (
        "zhongshan",
        "expires_after_hours: 24",
        "# expires_after_hours: 24",
        "  entry:",
        "event expire contradict",
    ),
    "amending without a rule": (
        "wuhan",
        "  registry_accept:\n    # Draft",
        "  amend:\n    - {by: [seller]}\n  registry_accept:\n    # Draft",
        "\nfiling:\n",
        "event amend contradict",
    ),
    "exempt without a way": (
        "shenzhen",
        "guards: [filing_not_required]",
        "guards: [logged_in]",
        "  exempt:",
        "way past filing",
    ),
    "a code nobody verifies": (
        "wuhan",
        "guards: [side_codes_verified, signing_steps_complete]",
        "guards: [signing_steps_complete]",
        "- {at: complete_signing",
        "must have guard side_codes_verified",
    ),
    "a qualification nobody asks for": (
        "shenzhen",
        "filing_required, qualification_settled, undertakings_complete",
        "filing_required, undertakings_complete",
        "qualification: {need:",
        "must have guard qualification_settled",
    ),
    "confirmations nobody waits for": (
        "huangshi",
        "guards: [confirmations_complete, signing_method_settled]",
        "guards: [signing_method_settled]",
        "confirmers: buyer_and",
        "must have guard confirmations_complete",
    ),
    "a guard without data": (
        "wuhan",
        "guards: [signing_method_settled]",
        "guards: [signing_method_settled, undertakings_complete]",
        "guards: [signing_method_settled, undertakings_complete]",
        "nothing is declared for guard undertakings_complete",
    ),
    "a stale title query": (
        "wuhan",
        "query_same_day: true",
        "query_same_day: false",
        "guards: [logged_in, notice_read, property_query_fresh",
        "nothing is declared for guard property_query_fresh",
    ),
    "overlapping cancel rows": (
        "shenzhen",
        "qualification: [none], methods: [app]}",
        "methods: [app]}",
        "- name: unfiled_app ",
        "fit one situation",
    ),
    "overlap only when partly signed": (
        "huangshi",
        "{states: [opened, drafting, text_ready]}",
        "{states: [opened, drafting, text_ready, signing], signatures: [any]}",
        "- name: signing_to_review",
        "'before_signing' and 'signing_to_review' fit one situation",
    ),
    "an uncovered state": (
        "huangshi",
        "when: {states: [signing, signed, in_review]}",
        "when: {states: [signing, signed]}",
        "cancelling:\n  rows:",
        "no row covers in_review",
    ),
    "an uncovered situation": (
        "shenzhen",
        "methods: [wet],\n             downloaded: [false]}",
        "methods: [wet],\n             downloaded: [true]}",
        "cancelling:\n  rows:",
        "no row covers",
    ),
    "a row for a state that cannot be cancelled": (
        "wuhan",
        "when: {states: [signed]}",
        "when: {states: [signed, registering]}",
        "when: {states: [signed, registering]}",
        "nothing can be cancelled in registering",
    ),
    "two rows of one name": ("wuhan", "- name: net_signed", "- name: before_net_sign", None, "occurs twice"),
    "a filing that never was": (
        "shenzhen",
        "signatures: [any]}\n      scopes: [net_sign]",
        "signatures: [any]}\n      scopes: [filing]",
        "scopes: [filing]\n",
        "only a filed contract",
    ),
    "a scope without its end": (
        "wuhan",
        "scopes: [net_sign]\n      consent: unilateral",
        "scopes: [filing]\n      consent: unilateral",
        "cancelling:\n  rows:",
        "scope filing and finish_cancel_filing contradict",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_contradiction_stops_the_boot_with_file_and_line(case):
    city, right, wrong, mark, says = BROKEN[case]
    text = text_of(city)
    assert right in text, f"{city} has changed: {right!r}"
    broken = text.replace(right, wrong, 1)
    error = refused(broken)
    assert error.fields["file"] == "broken/profile.yaml"
    said = [problem for problem in error.problems if says is None or says in problem.en]
    assert said, error.en
    if mark is not None:
        assert line_of(broken, mark) in {problem.line for problem in said}, error.en
    for problem in error.problems:
        assert problem.line >= 1
        assert f"broken/profile.yaml:{problem.line}" in error.zh
        assert f"broken/profile.yaml:{problem.line}: " in error.en


def test_every_problem_of_a_step_is_reported_at_once():
    broken = text_of("wuhan").replace("[issue_house_code]", "[issue_house]").replace("stamp: false", "stamp: maybe")
    assert len(refused(broken).problems) == 2


def test_yaml_words_that_look_like_something_else_stay_text():
    broken = text_of("wuhan").replace("co_owner_choice: true", "co_owner_choice: yes")
    assert "'yes' is not of type 'boolean'" in refused(broken).en


def test_nesting_without_end_is_refused_not_followed():
    assert "nested deeper" in refused("a: " + "[" * 5000 + "]" * 5000).en


@pytest.mark.parametrize("text", ["", "[]", "just text", "null"])
def test_what_is_no_profile_at_all_is_refused(text):
    assert refused(text).problems[0].line == 1


class TestFolder:
    @pytest.fixture
    def folder(self, tmp_path):
        return Path(shutil.copytree(CITIES / "wuhan", tmp_path / "wuhan"))

    def test_the_folder_is_the_city(self, folder):
        other = folder.rename(folder.parent / "yichang")
        with pytest.raises(ProfileInvalid) as error:
            load_profile(other)
        assert "yichang/profile.yaml:6: " in error.value.en

    def test_a_template_file_must_be_there(self, folder):
        path = folder / "profile.yaml"
        changed = path.read_text(encoding="utf-8").replace(
            "{title: 用户须知}", "{title: 用户须知, file: templates/notice.typ}"
        )
        path.write_text(changed, encoding="utf-8")
        with pytest.raises(ProfileInvalid) as error:
            load_profile(folder)
        assert "there is no file templates/notice.typ" in error.value.en
        (folder / "templates").mkdir(exist_ok=True)
        (folder / "templates" / "notice.typ").write_text("须知", encoding="utf-8")
        assert load_profile(folder).templates["user_notice"].file == "templates/notice.typ"

    def test_what_cannot_be_read_is_named(self, folder):
        (folder / "profile.yaml").write_bytes(b"\xff\xfe")
        with pytest.raises(ProfileInvalid) as error:
            load_profile(folder)
        assert "wuhan/profile.yaml:1: cannot be read" in error.value.en


# A made-up city: the buyer enters, everybody is reviewed, nothing is stamped, an unsigned draft lives for two days,
# and a filed contract is cancelled online by the buyer alone.
SIXTH = """
kind: stock_sale
city:
  {name: yunmeng, title: 云梦泽二手房网签, region_code: "429999", authority: 云梦泽房管局, version: 3,
   retention_years: 10,
   labels: {filed: 已存档}}
people:
  entrant: buyer
  organisations: false
  login: [{group: mainland, methods: [face, sms]}]
  phones: {rule: own_mobile}
  id_types: {rows: [{side: buyer, kind: person, region: CN, id_types: [resident_id]},
                    {side: seller, kind: person, region: CN, id_types: [resident_id]}]}
sale:
  contract: {place: 云梦泽市, registry: 云梦泽市不动产登记中心}
  house: {lookups: [{keys: [unit_number]}], states_allowed: [valid, mortgaged]}
  entry: {buyers: {by: buyer, join: own_login}, co_ownership: [sole, joint], expires_after_hours: 48}
  preparation: {qualification: {need: never}, confirmers: nobody}
  signing: {default: app, steps: {app: [handwriting, confirm]}, started_by: [buyer]}
filing:
  {trigger: approval, review: true, stamp: false, submitted_by: [buyer],
   case_number: {label: 流水号, form: prefix_and_date, prefix: 云}}
transitions:
  open: [{by: [buyer], guards: [logged_in]}]
  verify_property: [{by: [buyer], guards: [property_found]}]
  generate_text: [{by: [buyer], guards: [fields_filled]}]
  start_signing: [{by: [buyer]}]
  complete_signing: [{by: [system]}]
  submit_filing: [{by: [buyer]}]
  approve_filing: [{by: [reviewer], effects: [assign_filing_number]}]
  return_text: [{by: [reviewer]}]
  return_materials: [{by: [reviewer]}]
  registry_accept: [{by: [registry], sources: [filed]}]
  registry_reject: [{by: [registry]}]
  registry_done: [{by: [registry]}]
  request_cancel: [{by: [buyer]}]
  drop_cancel: [{by: [buyer]}]
  finish_cancel_netsign: [{by: [system]}]
  expire: [{by: [system]}]
cancelling:
  rows:
    - {name: any_time, rules: [], when: {states: [opened, drafting, text_ready, signing, signed, in_review, filed]},
       by: [buyer], scopes: [net_sign], consent: unilateral}
  notary: {}
templates: {contract: {title: 云梦泽合同}}
"""


class TestSixthCity:
    @pytest.fixture
    def cities(self, tmp_path):
        shutil.copytree(CITIES, tmp_path / "cities")
        folder = tmp_path / "cities" / "yunmeng"
        folder.mkdir()
        (folder / "profile.yaml").write_text(SIXTH, encoding="utf-8")
        return load_cities(tmp_path / "cities")

    def test_a_sixth_folder_is_a_sixth_city(self, cities):
        assert len(cities) == 6
        assert cities["yunmeng"].city.version == 3

    def test_it_has_its_own_transitions(self, cities):
        theirs = {(arrow.source, arrow.event) for arrow in city_transitions(cities["yunmeng"])}
        for name, other in cities.items():
            if name != "yunmeng":
                assert theirs != {(arrow.source, arrow.event) for arrow in city_transitions(other)}
        assert transition_for(cities["yunmeng"], None, Event.OPEN, Actor.BUYER).target is State.OPENED
        with pytest.raises(NotInThisCity) as refused_amend:
            transition_for(cities["yunmeng"], CasePosition(State.FILED), Event.AMEND, Actor.SELLER)
        assert "yunmeng" in refused_amend.value.en

    def test_it_has_its_own_rules(self, cities):
        row = cancellation_for(cities["yunmeng"], CancelSituation(State.FILED, Actor.BUYER))
        assert isinstance(row, CancelRule)
        assert row.consent is Consent.UNILATERAL
        assert signing_method(cities["yunmeng"].sale, ()).method == "app"
