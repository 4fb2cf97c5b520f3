"""Frozen values every other room speaks in."""
