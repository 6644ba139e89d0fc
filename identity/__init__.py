"""Accounts, trust levels, one-time codes, who may act for whom."""
