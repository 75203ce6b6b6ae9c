"""The forms of sign-in, users, groups and the space."""
