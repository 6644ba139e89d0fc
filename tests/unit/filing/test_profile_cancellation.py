"""The cancel tables, situation by situation, as the manuals describe them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from filing.lifecycle import TERMINAL, State
from filing.profile import (
    Actor,
    CancelRefusal,
    CancelSituation,
    QualificationState,
    RefusalReason,
    cancellation_for,
    load_cities,
)
from filing.profile.cancelling import CancelRule, CancelScope, Channel, Consent, Ground, WithdrawUntil
from filing.profile.signing import SignMethod
from identity.subjects import Side

CITIES = load_cities(Path(__file__).resolve().parents[3] / "cities")
SELLER, BUYER, DEVELOPER = Actor.SELLER, Actor.BUYER, Actor.DEVELOPER
BOTH = frozenset(Side)
APP = SignMethod.APP
WET = SignMethod.WET


def row_for(city: str, situation: CancelSituation) -> CancelRule:
    found = cancellation_for(CITIES[city], situation)
    assert isinstance(found, CancelRule), found
    return found


def refusal_for(city: str, situation: CancelSituation) -> CancelRefusal:
    found = cancellation_for(CITIES[city], situation)
    assert isinstance(found, CancelRefusal), found
    return found


class TestShenzhen:
    @pytest.mark.rule("SZ-86")
    @pytest.mark.rule("SZ-88")
    @pytest.mark.parametrize("state", [State.SIGNED, State.IN_REVIEW])
    @pytest.mark.parametrize("asker", [SELLER, BUYER])
    @pytest.mark.parametrize("code", QualificationState)
    def test_signed_by_both_either_asks_and_the_other_confirms(self, state, asker, code):
        row = row_for("shenzhen", CancelSituation(state, asker, signed_sides=BOTH, method=APP, qualification=code))
        assert row.consent is Consent.OTHER_SIDE
        assert "SZ-88" in row.rules

    @pytest.mark.rule("H-19")
    @pytest.mark.parametrize("side", Side)
    @pytest.mark.parametrize("asker", [SELLER, BUYER])
    def test_partly_signed_counts_as_signed(self, side, asker):
        situation = CancelSituation(State.SIGNING, asker, signed_sides=frozenset({side}), method=APP)
        assert row_for("shenzhen", situation).consent is Consent.OTHER_SIDE

    @pytest.mark.rule("SZ-89")
    @pytest.mark.rule("SZ-64")
    @pytest.mark.rule("H-18")
    @pytest.mark.parametrize("code", [QualificationState.APPLIED, QualificationState.PASSED])
    @pytest.mark.parametrize("asker", [SELLER, BUYER])
    @pytest.mark.parametrize(("method", "downloaded"), [(APP, False), (WET, False), (WET, True)])
    def test_unsigned_with_a_live_code_the_buyer_voids_it_first(self, code, asker, method, downloaded):
        situation = CancelSituation(State.TEXT_READY, asker, qualification=code, method=method, downloaded=downloaded)
        refusal = refusal_for("shenzhen", situation)
        assert refusal.reason is RefusalReason.FIRST
        assert refusal.first == "buyer_voids_code"
        assert refusal.code == "cancel.first"
        assert "SZ-89" in refusal.rules
        voided = replace(situation, qualification=QualificationState.VOIDED)
        assert isinstance(cancellation_for(CITIES["shenzhen"], voided), CancelRule)

    @pytest.mark.rule("SZ-90")
    @pytest.mark.parametrize("asker", [SELLER, BUYER])
    @pytest.mark.parametrize("state", [State.DRAFTING, State.TEXT_READY, State.SIGNING])
    @pytest.mark.parametrize("code", [QualificationState.NONE, QualificationState.REFUSED, QualificationState.VOIDED])
    def test_unsigned_online_without_a_code_needs_nobody(self, asker, state, code):
        row = row_for("shenzhen", CancelSituation(state, asker, method=APP, qualification=code))
        assert row.consent is Consent.NONE
        assert row.rules == ("SZ-90",)

    @pytest.mark.rule("SZ-91")
    @pytest.mark.rule("H-20")
    def test_unsigned_offline_needs_the_other_only_once_downloaded(self):
        downloaded = CancelSituation(State.SIGNING, BUYER, method=WET, downloaded=True)
        assert row_for("shenzhen", downloaded).consent is Consent.OTHER_SIDE
        assert row_for("shenzhen", replace(downloaded, downloaded=False)).consent is Consent.NONE
        assert "SZ-91" in row_for("shenzhen", downloaded).rules
        assert row_for("shenzhen", replace(downloaded, downloaded=False)).rules == ("H-20",)

    @pytest.mark.rule("SZ-92")
    @pytest.mark.rule("SZ-97")
    @pytest.mark.rule("H-21")
    @pytest.mark.parametrize("scope", CancelScope)
    def test_filed_is_cancelled_online_by_everybody_either_way(self, scope):
        row = row_for("shenzhen", CancelSituation(State.FILED, BUYER, scope=scope, signed_sides=BOTH, method=APP))
        assert row.consent is Consent.ALL_PARTIES
        assert row.channel is Channel.ONLINE
        assert row.demands.review

    @pytest.mark.rule("SZ-98")
    @pytest.mark.rule("SZ-102")
    def test_filed_takes_the_four_papers(self):
        row = row_for("shenzhen", CancelSituation(State.FILED, SELLER))
        titles = [CITIES["shenzhen"].templates[paper].title for paper in row.demands.papers]
        assert titles == [
            "电子证照调用授权书",
            "注销二手房买卖合同备案申请表",
            "注销网签备案承诺书",
            "买卖双方解除协议",
        ]

    @pytest.mark.rule("SZ-93")
    @pytest.mark.rule("SZ-94")
    def test_only_a_filed_contract_has_a_filing_to_cancel(self):
        unfiled = CancelSituation(State.SIGNED, SELLER, scope=CancelScope.FILING, signed_sides=BOTH, method=APP)
        assert refusal_for("shenzhen", unfiled).reason is RefusalReason.OTHER_SCOPE

    @pytest.mark.rule("SZ-96")
    def test_one_side_with_a_legal_instrument_goes_to_the_window(self):
        alone = CancelSituation(State.FILED, SELLER, ground=Ground.LEGAL_INSTRUMENT, channel=Channel.WINDOW)
        row = row_for("shenzhen", alone)
        assert row.consent is Consent.ONE_WITH_LEGAL_INSTRUMENT
        assert row.demands.appointment
        assert row_for("shenzhen", replace(alone, ground=Ground.AGREEMENT)).consent is Consent.ALL_PARTIES
        online = refusal_for("shenzhen", replace(alone, channel=Channel.ONLINE))
        assert online.reason is RefusalReason.OTHER_CHANNEL
        assert [nearest.name for nearest in online.nearest] == ["filed_by_instrument"]

    @pytest.mark.rule("SZ-87")
    @pytest.mark.rule("SZ-92")
    @pytest.mark.parametrize(("scope", "channel"), list(product(CancelScope, Channel)))
    def test_nothing_is_cancelled_once_the_registry_has_accepted(self, scope, channel):
        situation = CancelSituation(State.REGISTERING, SELLER, scope=scope, channel=channel)
        assert refusal_for("shenzhen", situation).code == "cancel.registry_accepted"


class TestZhongshan:
    @pytest.mark.rule("ZS-46")
    @pytest.mark.parametrize("asker", [SELLER, BUYER])
    def test_filed_is_cancelled_at_the_window_by_both_in_person(self, asker):
        row = row_for("zhongshan", CancelSituation(State.FILED, asker, channel=Channel.WINDOW))
        assert row.consent is Consent.ALL_PARTIES_IN_PERSON
        assert row.demands.papers == ("cancel_form",)
        assert row.demands.proofs == ("original_id",)
        online = refusal_for("zhongshan", CancelSituation(State.FILED, asker))
        assert online.reason is RefusalReason.OTHER_CHANNEL
        assert online.nearest == (row,)

    @pytest.mark.rule("ZS-47")
    @pytest.mark.rule("ZS-49")
    def test_minors_and_proxies_come_by_their_own_rules(self):
        row = row_for("zhongshan", CancelSituation(State.FILED, SELLER, channel=Channel.WINDOW))
        people = CITIES["zhongshan"].people
        (guardians,) = (each.rule for each in people.guardians if each.matter == row.demands.guardians_matter)
        assert guardians.papers == (("minor_guarantee",), ("household_register", "birth_certificate"))
        (mandate,) = (each for each in people.representation if row.demands.proxy_matter in each.matters)
        assert set(mandate.wording) == {"注销", "存量房买卖合同", "网签备案"}

    @pytest.mark.rule("H-07")
    def test_not_after_the_registry_has_accepted(self):
        refusal = refusal_for("zhongshan", CancelSituation(State.REGISTERING, SELLER, channel=Channel.WINDOW))
        assert refusal.reason is RefusalReason.REGISTRY_ACCEPTED

    @pytest.mark.rule("ZS-39")
    def test_a_contract_being_filed_is_asked_about_again_in_a_moment(self):
        refusal = refusal_for("zhongshan", CancelSituation(State.SIGNED, SELLER, signed_sides=BOTH))
        assert refusal.reason is RefusalReason.BEING_FILED


class TestHuangshi:
    @pytest.mark.rule("HS-20")
    @pytest.mark.rule("H-29")
    @pytest.mark.parametrize("state", [State.OPENED, State.DRAFTING, State.TEXT_READY])
    def test_before_signing_the_seller_alone_withdraws(self, state):
        method = None if state is State.OPENED else APP
        assert row_for("huangshi", CancelSituation(state, SELLER, method=method)).consent is Consent.NONE
        refusal = refusal_for("huangshi", CancelSituation(state, BUYER, method=method))
        assert refusal.reason is RefusalReason.OTHER_ASKER

    @pytest.mark.rule("H-29")
    @pytest.mark.parametrize("state", [State.SIGNING, State.SIGNED, State.IN_REVIEW])
    @pytest.mark.parametrize("asker", [SELLER, BUYER])
    def test_from_signing_to_review_the_other_side_confirms(self, state, asker):
        row = row_for("huangshi", CancelSituation(state, asker, signed_sides=BOTH, method=APP))
        assert row.consent is Consent.OTHER_SIDE

    @pytest.mark.rule("H-29")
    def test_filed_goes_to_the_window_by_agreement(self):
        row = row_for("huangshi", CancelSituation(State.FILED, BUYER, channel=Channel.WINDOW))
        assert row.consent is Consent.ALL_PARTIES
        assert refusal_for("huangshi", CancelSituation(State.FILED, BUYER)).reason is RefusalReason.OTHER_CHANNEL


class TestWuhan:
    @pytest.mark.rule("WH-13")
    @pytest.mark.rule("WH-43")
    @pytest.mark.parametrize("asker", [SELLER, BUYER])
    def test_either_side_alone_revokes_and_the_other_is_told(self, asker):
        row = row_for("wuhan", CancelSituation(State.SIGNED, asker, signed_sides=BOTH, method=SignMethod.OTP))
        assert row.consent is Consent.UNILATERAL
        assert set(row.demands.tell) == {SELLER, BUYER}

    @pytest.mark.rule("WH-41")
    def test_revoking_is_proved_by_number_id_picture_and_code(self):
        row = row_for("wuhan", CancelSituation(State.SIGNED, SELLER, signed_sides=BOTH, method=SignMethod.OTP))
        assert row.demands.proofs == ("contract_number", "id_number", "captcha", "code_to_reserved_phone")

    @pytest.mark.rule("WH-13")
    @pytest.mark.rule("H-35")
    def test_not_after_the_transfer_application(self):
        refusal = refusal_for("wuhan", CancelSituation(State.REGISTERING, BUYER))
        assert refusal.reason is RefusalReason.REGISTRY_ACCEPTED

    @pytest.mark.rule("H-35")
    def test_there_is_no_filing_to_cancel_only_the_net_sign(self):
        assert {scope for row in CITIES["wuhan"].cancelling.rows for scope in row.scopes} == {CancelScope.NET_SIGN}


class TestZhongshanNotary:
    @pytest.mark.rule("ZN-01")
    @pytest.mark.rule("ZN-02")
    @pytest.mark.rule("ZN-05")
    @pytest.mark.rule("H-36")
    def test_the_developer_asks_with_a_reason_and_the_buyers_go_to_the_notary(self):
        row = row_for("zhongshan-notary", CancelSituation(State.FILED, DEVELOPER))
        assert row.consent is Consent.NOTARISED
        assert row.demands.reason
        assert row.demands.papers == ("cancel_form", "termination_agreement")
        for other in (SELLER, BUYER):
            refusal = refusal_for("zhongshan-notary", CancelSituation(State.FILED, other))
            assert refusal.reason is RefusalReason.OTHER_ASKER

    @pytest.mark.rule("ZN-07")
    @pytest.mark.rule("H-41")
    def test_it_can_be_withdrawn_until_the_notary_accepts(self):
        row = row_for("zhongshan-notary", CancelSituation(State.FILED, DEVELOPER))
        assert row.demands.withdraw_until is WithdrawUntil.NOTARY_ACCEPTED

    @pytest.mark.rule("ZN-10")
    def test_four_files_are_read(self):
        profile = CITIES["zhongshan-notary"]
        procedure = profile.cancelling.notary["new_house_cancel"]
        titles = [profile.templates[each].title for each in procedure.read]
        assert [title.removeprefix("商品房买卖合同") for title in titles] == [
            "终止协议",
            "终止协议公证申请表",
            "终止协议合同公证告知",
            "收案记录",
        ]

    @pytest.mark.rule("ZN-13")
    def test_everybody_is_verified_twice_the_second_time_last(self):
        for steps in CITIES["zhongshan-notary"].cancelling.notary["new_house_cancel"].steps.values():
            verifying = [place for place, step in enumerate(steps) if step in ("face", "enter_id_document")]
            assert verifying == [1, len(steps) - 1]

    @pytest.mark.rule("ZN-12")
    @pytest.mark.rule("ZN-14")
    @pytest.mark.rule("ZN-15")
    @pytest.mark.rule("H-39")
    def test_others_than_mainlanders_show_papers_and_a_video_instead_of_their_face(self):
        procedure = CITIES["zhongshan-notary"].cancelling.notary["new_house_cancel"]
        steps = procedure.steps["overseas"]
        assert "face" not in steps
        assert {"upload_id_photos", "upload_id_in_hand", "upload_signature_image", "video"} <= set(steps)
        assert (procedure.video.target_seconds, procedure.video.longest_seconds) == (15, 30)


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("state", [State.REGISTERING, State.CANCELLING, *sorted(TERMINAL)])
@pytest.mark.parametrize(("asker", "channel", "scope"), list(product(Actor, Channel, CancelScope)))
def test_nobody_cancels_what_is_registering_asked_already_or_over(city, state, asker, channel, scope):
    situation = CancelSituation(state, asker, channel=channel, scope=scope)
    assert isinstance(cancellation_for(CITIES[city], situation), CancelRefusal)


@pytest.mark.parametrize("reason", RefusalReason)
def test_every_refusal_speaks_two_languages(reason):
    seen = {
        refusal.reason: refusal
        for city, profile in CITIES.items()
        for state, asker, scope, channel, ground, code in product(
            State, (SELLER, BUYER), CancelScope, Channel, Ground, (QualificationState.NONE, QualificationState.PASSED)
        )
        if isinstance(
            refusal := cancellation_for(
                profile,
                CancelSituation(
                    state, asker, scope=scope, channel=channel, ground=ground, qualification=code, method=APP
                ),
            ),
            CancelRefusal,
        )
    }
    refusal = seen[reason]
    assert refusal.code == f"cancel.{reason.value}"
    assert refusal.zh
    assert refusal.en.isascii()
