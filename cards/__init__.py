"""Cards: a learning space for companies whose HR file is in Lucca."""
