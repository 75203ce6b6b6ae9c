"""Spaces: a customer's area, found by the host of the request. A space never sees another."""
