"""Accounts, trust levels, one-time codes, who may act for whom, and the numbers people and houses go by.

Live: ``acting`` (who acts), ``accounts``, ``codes``, ``sign_links``, ``face``, ``staff``; their stores are ``ports``,
kept by ``storage.people``. The outside world's part is ``outside``.

Its core is pure: ``numbers`` (forms and checks), ``eligibility`` (documents a city takes), ``capacity`` (civil
capacity), ``representation``, ``guardians`` and ``sides`` (who acts for whom), ``trust_level`` (how surely somebody
is who they say). What refuses an act is a tuple of ``findings``; what cannot be read raises one of ``errors``.
"""
