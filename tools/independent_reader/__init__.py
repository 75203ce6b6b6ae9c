"""The pretend Lucca, read by a client that Lucca wrote."""
