"""Notary offices: packages out, evidence in, certificates back."""
