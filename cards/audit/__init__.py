"""Audit: who did what to what, when, from where. Entries are added and read, never changed."""
