"""People: users, groups, memberships with their origin, how they sign in, and the mails they get."""
