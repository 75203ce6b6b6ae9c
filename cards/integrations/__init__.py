"""Integrations: other software that a space may work with, once the operator has activated it."""
