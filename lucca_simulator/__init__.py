"""A pretend Lucca, for demonstrations, tests and rehearsals.

It behaves as the public evidence says Lucca does, and can be told to be wrong in every way the real one might.
It knows nobody: neither the client nor Cards.
"""
