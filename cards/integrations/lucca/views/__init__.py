"""The pages of the integration. They ask; the sync arranges."""
