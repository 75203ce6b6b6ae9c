"""The pages of personal data and of the audit log."""
