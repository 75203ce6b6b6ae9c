"""Trainings: what editors write, to whom it is given, and what learners do with it. It knows no statistics."""
