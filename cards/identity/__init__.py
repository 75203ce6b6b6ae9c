"""What guards an account besides its password: the second factor, the sessions, the counts of attempts.

It knows whose account it is by key alone; who may use what is decided by `cards.people`.
"""
