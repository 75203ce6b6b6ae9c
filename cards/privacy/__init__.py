"""Privacy: what is kept of people, why and for how long; their export and erasure; and the log of who did what."""
