"""Runs: long pieces of work that someone watches. The run is the work; the queue is a doorbell."""
