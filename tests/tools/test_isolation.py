"""The rule that queries go through their space (`make check`) finds what is loose, and lets pass what is tied."""

from pathlib import Path

import pytest

from tools import isolation
from tools.isolation import look_ups, path_to_space

HEAD = """
from django.db.models import OuterRef, Prefetch, Q
from django.shortcuts import get_object_or_404
from cards.people.models import Group, Membership, User
from cards.trainings import models as trainings

"""
TIED = [
    "def of(request, user_id): return get_object_or_404(User, pk=user_id, space=request.space)",
    "def of(space): return User.objects.filter(Q(space=space) & Q(is_active=True))",
    "def of(space, user_id):\n    users = User.objects.filter(space=space)\n    return users.get(pk=user_id)",
    "def of(group): return Membership.objects.filter(group=group)",
    "def of(user): return User.objects.select_for_update().get(pk=user.pk)",
    "def of(): return Membership.objects.filter(user=OuterRef('pk'))",
    "def of(space, ids): return trainings.Chapter.objects.filter(pk__in=ids, training__space=space)",
    "def of(groups): return groups.prefetch_related(Prefetch('memberships', Membership.objects.order_by('pk')))",
    "def of(space): return Group.objects.create(space=space, name='Sales')",
]
LOOSE = [
    "def of(request, user_id): return get_object_or_404(User, pk=user_id)",
    "def of(request, user_id): return get_object_or_404(User.objects.select_related('space'), pk=user_id)",
    "def of(email): return User.objects.filter(email_key=email)",
    "def of(ids): return Group.objects.filter(pk__in=ids)",
    "def of(training_id): return trainings.Chapter.objects.filter(training=training_id)",
    "def of(space): return User.objects.exclude(space=space)",
    "def of(ids): return Membership.objects.filter(group__in=ids)",
    "def of(pk):\n    users = User.objects.all()\n    return users.get(pk=pk)",
]


def judged(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    monkeypatch.setattr(isolation, "ROOT", folder)
    monkeypatch.syspath_prepend(folder)
    path = folder / f"looked_at_{abs(hash(code))}.py"
    path.write_text(HEAD + code)
    return [found.is_tied for found in look_ups(path)]


@pytest.mark.parametrize("code", TIED)
def test_a_look_up_that_leads_to_the_space_passes(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(judged(code, tmp_path, monkeypatch))


@pytest.mark.parametrize("code", LOOSE)
def test_a_look_up_that_hangs_on_nothing_is_found(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert False in judged(code, tmp_path, monkeypatch)


def test_the_way_to_the_space_is_the_shortest() -> None:
    from cards.trainings.models import Choice

    assert path_to_space(Choice) == "question__chapter__training__space"
