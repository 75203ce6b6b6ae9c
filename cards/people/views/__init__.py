"""The pages of sign-in, home, users, groups and the space's settings."""
