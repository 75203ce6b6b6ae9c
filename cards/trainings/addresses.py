"""The address of a training that stays the same for ever: it is written into mails and into Lucca."""

from cards.spaces.addresses import absolute
from cards.trainings.models import Training


def training_link(training: Training) -> str:
    """The absolute link of `training`, on the host of its space. It opens the training after signing in."""
    return absolute(training.space, f"/t/{training.pk}/")
