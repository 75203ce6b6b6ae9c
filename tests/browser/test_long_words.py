"""What people type may be one long word: no page gets wider than its window by it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from cards.people import actions
from cards.people.models import User
from cards.spaces.models import Space
from cards.trainings.models import Chapter, Choice, Question
from tests.browser.watch import assert_not_wider
from tests.cards.trainings.conftest import a_training

pytestmark = pytest.mark.django_db(transaction=True)

WORD = "Sécurité_incendie_2026_version_validée_" * 4


def test_a_long_word_widens_no_page(acme: Space, ada: User, page_of: Callable[..., Page]) -> None:
    training = a_training(acme, WORD)
    Chapter.objects.update(title=WORD)
    Question.objects.update(words=WORD)
    Choice.objects.update(words=WORD)
    group = actions.create_group(space=acme, by=ada, name=WORD)
    chapter = training.chapters.latest("position").pk
    page = page_of(ada)
    for address in (
        "/",
        "/groups/",
        f"/groups/{group.pk}/",
        "/trainings/",
        f"/trainings/{training.pk}/",
        f"/trainings/{training.pk}/chapters/{chapter}/",
        f"/trainings/{training.pk}/preview/chapters/{chapter}/",
        "/my-trainings/",
        f"/t/{training.pk}/",
        "/statistics/",
        "/statistics/groups/",
    ):
        page.goto(address)
        assert_not_wider(page)
