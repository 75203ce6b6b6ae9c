"""Statistics are tested with the trainings of the trainings' own tests."""

from tests.cards.trainings.conftest import training

__all__ = ["training"]
