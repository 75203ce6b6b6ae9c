"""The first page after signing in, and everybody's own trainings."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role
from cards.people.views.home import overview
from cards.trainings.models import Attempt
from cards.trainings.queries import given_to


@require_safe
@open_to(Role.OWNER, Role.EDITOR, Role.LEARNER)
def home(request: SpaceRequest) -> HttpResponseBase:
    """A learner's trainings; for owners and editors what there is to do in the space."""
    if request.user.role == Role.LEARNER:
        return _trainings(request)
    return overview(request)


@require_safe
@open_to(Role.OWNER, Role.EDITOR)
def my_trainings(request: SpaceRequest) -> HttpResponse:
    """The trainings that an owner or editor has to follow, as a learner sees them."""
    return _trainings(request)


def _trainings(request: SpaceRequest) -> HttpResponse:
    attempts: dict[int, list[Attempt]] = {}
    for attempt in Attempt.objects.filter(user=request.user):
        attempts.setdefault(attempt.training_id, []).append(attempt)
    rows = []
    for training in given_to(request.user).order_by("position", "pk"):
        made = attempts.get(training.pk, [])
        counted = next((attempt for attempt in made if attempt.is_counted), None)
        rows.append(
            {
                "training": training,
                "counted": counted,
                "again": next((attempt for attempt in made if not attempt.completed_at and attempt != counted), None),
            }
        )
    return render(request, "trainings/my_trainings.html", {"rows": rows})
