"""What waits for owners and editors in the trainings."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from cards.people.models import User
from cards.people.todo import Todo
from cards.spaces.models import Space
from cards.trainings.models import Status
from cards.trainings.queries import trainings_of


def training_to_publish(space: Space, _user: User) -> Iterable[Todo]:
    """A space in which there is nothing to learn yet."""
    if not trainings_of(space).filter(status=Status.PUBLISHED).exists():
        yield Todo(_("Learners find no training yet: none is published."), reverse("trainings"), _("Trainings"))
