"""`make demo`: everything Cards needs on one machine, with a pretend Lucca and a local mailbox."""
