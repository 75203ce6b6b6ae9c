"""The catalogue: the page "Integrations and applications", and what the operator has activated for a space."""
