"""Scenarios that ship; data only."""
