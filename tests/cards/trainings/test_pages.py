"""Who may open what: every address of the trainings and the statistics, for Ada, Eli, Lou and Zoé."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from cards.audit.models import Entry
from cards.people.models import Group, Membership, User
from cards.spaces.models import Space
from cards.trainings import actions, learning
from cards.trainings.forms import MOST_CHOICES
from cards.trainings.models import Attempt, Chapter, Choice, Picture, Question, Status, Training
from cards.trainings.pictures import encode
from tests.cards.trainings.conftest import MORNING, a_training, choice_of

ClientOf = Callable[[User], Client]


@pytest.fixture
def sales(acme: Space, lou: User) -> Group:
    group = Group.objects.create(space=acme, name="Sales")
    Membership.objects.create(group=group, user=lou, added_at=MORNING)
    return group


@pytest.fixture
def ids(training: Training, sales: Group, lou: User, eli: User) -> dict[str, int]:
    """What the addresses speak of, all of it at Acme."""
    chapter = training.chapters.order_by("position")[1]
    learning.start(training=training, by=lou, number=1)
    picture = BytesIO()
    Image.new("RGB", (40, 20), "navy").save(picture, "PNG")
    picture.seek(0)
    actions.change_training(
        training=training, by=eli, title=training.title, description="", picture=encode(picture, 100)
    )
    question = chapter.questions.get(points=3)
    return {
        "training_id": training.pk,
        "chapter_id": chapter.pk,
        "question_id": question.pk,
        "group_id": sales.pk,
        "user_id": lou.pk,
        "picture_id": Picture.objects.get().pk,
    }


# Address → the ids it takes. Learners may open the first ones, only owners and editors the others.
LEARNING = {
    "training_link": ["training_id"],
    "learn_chapter": ["training_id", "chapter_id"],
    "picture": ["picture_id"],
}
READING = {
    "trainings": [],
    "my_trainings": [],
    "training_add": [],
    "training": ["training_id"],
    "training_edit": ["training_id"],
    "training_delete": ["training_id"],
    "training_preview": ["training_id"],
    "preview_chapter": ["training_id", "chapter_id"],
    "chapter_add": ["training_id"],
    "chapter": ["training_id", "chapter_id"],
    "chapter_delete": ["training_id", "chapter_id"],
    "question_add": ["training_id", "chapter_id"],
    "question": ["training_id", "chapter_id", "question_id"],
    "statistics": [],
    "statistics_csv": [],
    "statistics_everything_csv": [],
    "statistics_training": ["training_id"],
    "statistics_training_csv": ["training_id"],
    "statistics_groups": [],
    "statistics_groups_csv": [],
    "statistics_people": [],
    "statistics_person": ["user_id"],
    "statistics_person_csv": ["user_id"],
}
LEARNING_ACTS = {
    "learn_start": ["training_id"],
    "learn_complete": ["training_id", "chapter_id"],
    "learn_answer": ["training_id", "question_id"],
}
EDITING_ACTS = {
    "training_duplicate": ["training_id"],
    "training_give": ["training_id"],
    "training_take": ["training_id", "group_id"],
    "preview_answer": ["training_id", "question_id"],
}
WISHES = [
    ("training_change", ["training_id"], wish)
    for wish in ("publish", "withdraw", "up", "down", "everyone", "not-everyone")
]
WISHES += [("chapter_change", ["training_id", "chapter_id"], wish) for wish in ("up", "down", "duplicate")]
WISHES += [("question_change", ["training_id", "chapter_id", "question_id"], wish) for wish in ("up", "down", "delete")]


def address(name: str, takes: list[str], ids: dict[str, int], *more: str) -> str:
    return reverse(name, args=[*(ids[each] for each in takes), *more])


def test_every_address_is_in_a_table() -> None:
    from cards.statistics.urls import urlpatterns as statistics
    from cards.trainings.urls import urlpatterns as trainings

    names = {pattern.name for pattern in [*trainings, *statistics]}
    acts = {name for name, _takes, _wish in WISHES}
    assert names == {*LEARNING, *READING, *LEARNING_ACTS, *EDITING_ACTS, *acts, "home", "text_preview"}


@pytest.mark.parametrize("name", LEARNING)
def test_a_learner_opens_what_was_given(name: str, ids: dict[str, int], lou: User, client_of: ClientOf) -> None:
    assert client_of(lou).get(address(name, LEARNING[name], ids)).status_code == 200


@pytest.mark.parametrize("name", LEARNING | LEARNING_ACTS)
@pytest.mark.parametrize("why", ["not given", "draft"])
def test_a_learner_finds_nothing_else(
    name: str, why: str, ids: dict[str, int], lou: User, training: Training, client_of: ClientOf
) -> None:
    if why == "draft":
        Training.objects.update(status=Status.DRAFT)
    else:
        Training.objects.update(is_for_everyone=False)
    where = address(name, (LEARNING | LEARNING_ACTS)[name], ids)
    client = client_of(lou)
    assert (client.get(where) if name in LEARNING else client.post(where)).status_code == 404


@pytest.mark.parametrize("name", READING)
def test_an_editor_opens_every_page_and_a_learner_none_of_them(
    name: str, ids: dict[str, int], eli: User, lou: User, client_of: ClientOf
) -> None:
    where = address(name, READING[name], ids)
    assert client_of(eli).get(where).status_code == 200
    assert client_of(lou).get(where).status_code == 403


@pytest.mark.parametrize("name", [name for name, takes in (LEARNING | READING).items() if takes])
def test_another_space_finds_nothing(name: str, ids: dict[str, int], zoe: User, client_of: ClientOf) -> None:
    assert client_of(zoe).get(address(name, (LEARNING | READING)[name], ids)).status_code == 404


@pytest.mark.parametrize("name", [name for name, takes in READING.items() if not takes])
def test_the_lists_of_another_space_show_nothing_of_this_one(
    name: str, ids: dict[str, int], zoe: User, client_of: ClientOf
) -> None:
    answer = client_of(zoe).get(reverse(name))
    content = answer.getvalue().decode()
    assert answer.status_code == 200
    assert "Fire safety" not in content
    assert "Sales" not in content
    assert "lou@" not in content


@pytest.mark.parametrize(("name", "takes", "wish"), WISHES)
def test_only_editors_of_the_space_change_something(
    name: str,
    takes: list[str],
    wish: str,
    ids: dict[str, int],
    eli: User,
    lou: User,
    zoe: User,
    client_of: ClientOf,
) -> None:
    where = address(name, takes, ids, wish)
    assert client_of(zoe).post(where).status_code == 404
    assert client_of(lou).post(where).status_code == 403
    assert client_of(eli).get(where).status_code == 405
    assert client_of(eli).post(where).status_code == 302


@pytest.mark.parametrize("name", EDITING_ACTS)
def test_only_editors_of_the_space_use_its_trainings(
    name: str, ids: dict[str, int], eli: User, lou: User, zoe: User, client_of: ClientOf
) -> None:
    where = address(name, EDITING_ACTS[name], ids)
    assert client_of(zoe).post(where).status_code == 404
    assert client_of(lou).post(where).status_code == 403
    assert client_of(eli).post(where).status_code in {302, 422}


@pytest.mark.parametrize("name", LEARNING_ACTS)
def test_nobody_learns_in_another_space(name: str, ids: dict[str, int], zoe: User, client_of: ClientOf) -> None:
    assert client_of(zoe).post(address(name, LEARNING_ACTS[name], ids)).status_code == 404


@pytest.mark.requirement("R60")
def test_the_link_of_a_training_opens_it_after_signing_in(training: Training, lou: User, client: Client) -> None:
    answer = client.get(f"/t/{training.pk}/", SERVER_NAME="acme.example")
    assert answer["Location"] == f"/account/login/?next=/t/{training.pk}/"


@pytest.mark.requirement("R60")
def test_the_link_is_absolute_on_the_host_of_the_space(training: Training) -> None:
    from cards.trainings.addresses import training_link

    assert training_link(training) == f"https://acme.example/t/{training.pk}/"


def test_an_editor_to_whom_it_is_not_given_lands_in_the_preview(
    training: Training, eli: User, client_of: ClientOf
) -> None:
    Training.objects.update(is_for_everyone=False)
    assert client_of(eli).get(f"/t/{training.pk}/")["Location"] == f"/trainings/{training.pk}/preview/"


def test_a_learners_home_shows_what_was_given_and_nothing_else(
    training: Training, acme: Space, lou: User, client_of: ClientOf
) -> None:
    Training.objects.filter(pk=a_training(acme, "Secret").pk).update(status=Status.DRAFT)
    Training.objects.filter(pk=a_training(acme, "For others").pk).update(is_for_everyone=False)
    page = client_of(lou).get("/").content.decode()
    assert "Fire safety" in page
    assert "Secret" not in page
    assert "For others" not in page


# --- learning without JavaScript --------------------------------------------------------------------


def test_a_training_is_done_by_plain_forms_and_doing_each_twice_changes_nothing(
    training: Training, lou: User, client_of: ClientOf
) -> None:
    client = client_of(lou)
    first, second = training.chapters.order_by("position")
    for _ in range(2):
        answer = client.post(f"/t/{training.pk}/start/", {"number": "1"})
        assert answer["Location"] == f"/t/{training.pk}/chapters/{first.pk}/"
    for _ in range(2):
        answer = client.post(f"/t/{training.pk}/chapters/{first.pk}/done/", {"attempt": "1"})
        assert answer["Location"] == f"/t/{training.pk}/chapters/{second.pk}/"
    for question in second.questions.all():
        chosen = choice_of(question, right=question.points == 3)
        for _ in range(2):
            answer = client.post(
                f"/t/{training.pk}/questions/{question.pk}/answer/", {"attempt": "1", "choice": chosen}
            )
            assert answer["Location"].endswith(f"#question-{question.pk}")
    for _ in range(2):
        answer = client.post(f"/t/{training.pk}/chapters/{second.pk}/done/", {"attempt": "1"})
        assert answer["Location"] == f"/t/{training.pk}/"
    attempt = Attempt.objects.get()
    assert (attempt.progress, attempt.score) == (100, 75)
    assert "75%" in client.get(f"/t/{training.pk}/").content.decode()
    assert "Right answer" in client.get(f"/t/{training.pk}/chapters/{second.pk}/").content.decode()


def test_the_bar_of_a_chapter_shows_what_is_done_and_ticks_stay_after_the_finish(
    acme: Space, lou: User, client_of: ClientOf
) -> None:
    training = a_training(acme, "Short", quizzes=((), ()))
    client = client_of(lou)
    first, second = training.chapters.order_by("position")
    attempt = learning.start(training=training, by=lou, number=1)
    learning.complete_chapter(attempt=attempt, chapter=first)
    assert 'value="1" max="2"' in client.get(f"/t/{training.pk}/chapters/{second.pk}/").content.decode()
    learning.complete_chapter(attempt=attempt, chapter=second)
    assert 'value="2" max="2"' in client.get(f"/t/{training.pk}/chapters/{first.pk}/").content.decode()
    assert client.get(f"/t/{training.pk}/").content.decode().count('class="is-done"') == 2


@pytest.mark.parametrize(("language", "words"), [("en", "1 point of 4"), ("fr", "1 point sur 4")])
def test_points_are_counted_as_the_language_counts_them(
    language: str, words: str, training: Training, lou: User, client_of: ClientOf
) -> None:
    attempt = learning.start(training=training, by=lou, number=1)
    done = {"completed_at": MORNING, "completed_on": MORNING.date(), "chapters_done": 2}
    Attempt.objects.update(points=1, maximum_points=4, **done)
    User.objects.filter(pk=lou.pk).update(language=language)
    assert words in client_of(lou).get(f"/t/{attempt.training_id}/").content.decode()


def test_an_answer_is_marked_at_once_with_its_explanation(attempt: Attempt, lou: User, client_of: ClientOf) -> None:
    question = Question.objects.get(points=3)
    Question.objects.filter(pk=question.pk).update(explanation="Others must know first.")
    where = f"/t/{attempt.training_id}/questions/{question.pk}/answer/"
    fields = {"attempt": "1", "choice": choice_of(question, right=False)}
    page = client_of(lou).post(where, fields, headers={"HX-Request": "true"}).content.decode()
    assert "Not quite." in page
    assert "Others must know first." in page
    assert "<html" not in page


def test_an_answer_without_a_choice_is_refused_beside_its_question(
    attempt: Attempt, lou: User, client_of: ClientOf
) -> None:
    question = Question.objects.get(points=3)
    answer = client_of(lou).post(f"/t/{attempt.training_id}/questions/{question.pk}/answer/", {"attempt": "1"})
    assert answer.status_code == 422
    assert "Choose an answer." in answer.content.decode()


def test_going_on_before_the_quiz_is_answered_leads_back_to_it(
    attempt: Attempt, lou: User, client_of: ClientOf
) -> None:
    second = attempt.training.chapters.order_by("position")[1]
    where = f"/t/{attempt.training_id}/chapters/{second.pk}/"
    answer = client_of(lou).post(f"{where}done/", {"attempt": "1"}, follow=True)
    assert answer.redirect_chain == [(where, 302)]
    assert "Answer every question of the quiz first." in answer.content.decode()


def test_a_preview_keeps_nothing(training: Training, eli: User, client_of: ClientOf) -> None:
    question = Question.objects.get(points=3)
    where = f"/trainings/{training.pk}/preview/questions/{question.pk}/"
    page = client_of(eli).post(where, {"choice": choice_of(question, right=True)}).content.decode()
    assert "Right!" in page
    assert not Attempt.objects.exists()


# --- writing ----------------------------------------------------------------------------------------


def test_an_editor_writes_a_training_by_plain_forms(acme: Space, eli: User, sales: Group, client_of: ClientOf) -> None:
    client = client_of(eli)
    client.post("/trainings/add/", {"title": "Welcome", "description": "Your first day."})
    training = Training.objects.get()
    assert (training.status, training.space) == ("draft", acme)
    assert client.post(f"/trainings/{training.pk}/publish/", follow=True).context["training"].status == "draft"
    client.post(f"/trainings/{training.pk}/chapters/add/", {"title": "Hello", "text": "# One\n\n**Two**"})
    chapter = Chapter.objects.get()
    question = {"words": "Where?", "kind": "single", "points": "2", "choice_1": "Here", "choice_3": "There"}
    where = f"/trainings/{training.pk}/chapters/{chapter.pk}/questions/add/"
    assert client.post(where, question).status_code == 422
    assert client.post(where, question | {"right_1": "on", "right_3": "on"}).status_code == 422
    assert client.post(where, question | {"right_3": "on"}).status_code == 302
    choices = list(Question.objects.get().choices.values_list("words", "is_right"))
    assert choices == [("Here", False), ("There", True)]
    client.post(f"/trainings/{training.pk}/groups/", {"group": sales.pk})
    client.post(f"/trainings/{training.pk}/publish/")
    training.refresh_from_db()
    assert (training.is_published, list(training.groups.all())) == (True, [sales])
    support = Group.objects.create(space=acme, name="Support")
    client.post(f"/trainings/{training.pk}/groups/", {"group": support.pk})
    client.post(f"/trainings/{training.pk}/groups/{sales.pk}/remove/")
    assert list(training.groups.all()) == [support]
    told = Entry.objects.filter(target=f"training {training.pk}", action="training_taken")
    assert list(told.values_list("details", flat=True)) == [{"group": sales.pk}]


def test_a_training_is_given_to_everyone_and_withdrawn_alone(
    acme: Space, eli: User, lou: User, client_of: ClientOf
) -> None:
    first, second = a_training(acme, "First"), a_training(acme, "Second")
    Training.objects.update(is_for_everyone=False)
    client, reader = client_of(eli), client_of(lou)

    def given() -> list[str]:
        return [each.title for each in (first, second) if reader.get(f"/t/{each.pk}/").status_code == 200]

    acts = {"everyone": ["First"], "not-everyone": [], "withdraw": [], "publish": ["First"]}
    for act in ("everyone", "not-everyone", "everyone", "withdraw", "publish"):
        assert client.post(f"/trainings/{first.pk}/{act}/").status_code == 302
        assert given() == acts[act], act
    told = Entry.objects.filter(target=f"training {first.pk}", actor=eli).order_by("pk")
    assert list(told.values_list("action", flat=True)) == [
        *["training_given"] * 3,
        "training_withdrawn",
        "training_published",
    ]


def test_a_question_shows_places_for_three_choices_and_every_place_that_is_filled(
    attempt: Attempt, eli: User, client_of: ClientOf
) -> None:
    question = Question.objects.get(points=3)
    of_chapter = f"/trainings/{attempt.training_id}/chapters/{question.chapter_id}/questions"
    client = client_of(eli)

    def in_sight(page: str) -> int:
        first, _, _rest = page.partition('<details class="choice-more">')
        return sum(f'name="choice_{place}"' in first for place in range(1, MOST_CHOICES + 1))

    page = client.get(f"{of_chapter}/add/").content.decode()
    assert (in_sight(page), page.count('name="choice_')) == (3, MOST_CHOICES)
    Choice.objects.create(question=question, position=4, words="Take the stairs")
    assert in_sight(client.get(f"{of_chapter}/{question.pk}/").content.decode()) == 5
    unfinished = client.post(
        f"{of_chapter}/add/", {"words": "Where?", "kind": "single", "points": "1", "right_6": "on"}
    )
    assert in_sight(unfinished.content.decode()) == 6
    assert "<details" not in unfinished.content.decode()


def test_a_choice_that_is_taken_out_leaves_the_answers_to_the_others_as_they_were_given(
    attempt: Attempt, eli: User, client_of: ClientOf
) -> None:
    question = Question.objects.get(points=3)
    last = Choice.objects.create(question=question, position=2, words="Take the stairs")
    learning.answer(attempt=attempt, question=question, chosen=[last.pk])
    client = client_of(eli)
    where = f"/trainings/{attempt.training_id}/chapters/{question.chapter_id}/questions/{question.pk}/"
    fields = {"words": "What first?", "kind": "single", "points": "3", "right_1": "on"}
    without_the_second = {"choice_1": "Raise the alarm", "choice_2": "", "choice_3": "Take the stairs"}
    assert client.post(where, fields | without_the_second).status_code == 302
    assert set(question.choices.values_list("pk", "words")) >= {(last.pk, "Take the stairs")}
    assert question.choices.count() == 2
    # The form shows each where it stands, so that saving once more changes nothing.
    page = client.get(where).context["form"]
    assert (page["choice_2"].value(), page["choice_3"].value()) == (None, "Take the stairs")


def test_what_another_editor_saved_meanwhile_is_not_written_over_unseen(
    attempt: Attempt, eli: User, ada: User, client_of: ClientOf
) -> None:
    question = Question.objects.get(points=3)
    chapter = question.chapter
    training = chapter.training
    address = f"/trainings/{training.pk}/edit/", f"/trainings/{training.pk}/chapters/{chapter.pk}/"
    for where in (*address, f"{address[1]}questions/{question.pk}/"):
        elis, adas = client_of(eli), client_of(ada)
        forms = [client.get(where).context["form"] for client in (elis, adas)]
        filled = [{field.name: field.value() or "" for field in form if field.value() is not True} for form in forms]
        filled[0] |= {"right_1": "on"}
        filled[1] |= {"right_1": "on"}
        [name] = {"title", "words"} & filled[0].keys()
        assert adas.post(where, filled[1] | {name: "Ada’s words"}).status_code == 302
        refused = elis.post(where, filled[0] | {name: "Eli’s words"})
        assert refused.status_code == 422
        page = refused.content.decode()
        assert "It was changed elsewhere after you had opened it." in page
        assert '<a href="" target="_blank">what is saved now</a>' in page
        assert "Eli’s words" in page
        assert adas.get(where).context["form"][name].value() == "Ada’s words"
        knowing = {field.name: field.value() or "" for field in refused.context["form"] if field.value() is not True}
        assert elis.post(where, knowing | {"right_1": "on"}).status_code == 302
        assert adas.get(where).context["form"][name].value() == "Eli’s words"


def test_deleting_a_training_asks_first_and_says_what_becomes_of_results(
    attempt: Attempt, eli: User, client_of: ClientOf
) -> None:
    client = client_of(eli)
    where = f"/trainings/{attempt.training_id}/delete/"
    page = client.get(where).content.decode()
    assert "The results of 1 person are deleted too" in page
    assert Training.objects.exists()
    client.post(where)
    assert not Training.objects.exists()
    assert not Attempt.objects.exists()


def test_a_copy_has_the_content_and_neither_learners_nor_results(
    attempt: Attempt, eli: User, client_of: ClientOf
) -> None:
    client_of(eli).post(f"/trainings/{attempt.training_id}/duplicate/")
    copy = Training.objects.get(title="Fire safety (copy)")
    assert (copy.status, copy.is_for_everyone, copy.attempts.count()) == ("draft", False, 0)
    assert Question.objects.filter(chapter__training=copy).count() == 2
    assert [len(question.choices.all()) for question in Question.objects.filter(chapter__training=copy)] == [2, 2]


def test_trainings_change_places_and_stay_at_the_ends(acme: Space, eli: User, client_of: ClientOf) -> None:
    one, two, three = (a_training(acme, title, quizzes=((),)) for title in ("One", "Two", "Three"))
    client = client_of(eli)
    for training, wish in ((three, "up"), (three, "up"), (three, "up"), (two, "down")):
        client.post(f"/trainings/{training.pk}/{wish}/")
    assert list(Training.objects.filter(space=acme)) == [three, one, two]


def test_chapters_and_questions_change_places_within_their_own_and_are_deleted_one_by_one(
    training: Training, eli: User, client_of: ClientOf
) -> None:
    other = a_training(training.space, title="Other", quizzes=[[1], [1]])
    client, where = client_of(eli), f"/trainings/{training.pk}/chapters/"
    first, second, *_rest = Chapter.objects.filter(training=training).order_by("position")
    questions = [Question.objects.create(chapter=second, position=each, words="?", points=1).pk for each in (10, 11)]
    elsewhere = places_of(other)
    client.post(f"{where}{second.pk}/up/")
    client.post(f"{where}{second.pk}/questions/{questions[1]}/up/")
    assert places_of(training)[:2] == [second.pk, first.pk]
    assert list(second.questions.order_by("position").values_list("pk", flat=True))[-2:] == questions[::-1]
    client.post(f"{where}{first.pk}/duplicate/")
    copy = Chapter.objects.get(pk=places_of(training)[-1])
    assert copy.title == f"{first.title} (copy)"
    client.post(f"{where}{second.pk}/questions/{questions[0]}/delete/")
    client.post(f"{where}{copy.pk}/delete/")
    assert copy.pk not in places_of(training)
    assert not Question.objects.filter(pk=questions[0]).exists()
    assert places_of(other) == elsewhere
    told = Entry.objects.filter(actor=eli).values_list("action", "target", "details")
    assert ("chapter_moved", f"chapter {second.pk}", {"up": True}) in told
    assert ("question_moved", f"question {questions[1]}", {"up": True}) in told
    assert ("chapter_deleted", f"chapter {copy.pk}", {}) in told


def places_of(training: Training) -> list[int]:
    return list(Chapter.objects.filter(training=training).order_by("position").values_list("pk", flat=True))


def test_a_published_training_keeps_its_last_chapter(acme: Space, eli: User, client_of: ClientOf) -> None:
    training = a_training(acme, quizzes=((),))
    chapter = training.chapters.get()
    where = f"/trainings/{training.pk}/chapters/{chapter.pk}/delete/"
    answer = client_of(eli).post(where, follow=True)
    assert "A published training keeps at least one chapter." in answer.content.decode()
    assert Chapter.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"GIF89a no picture", "cannot be read as a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "cannot be read as a picture"),
    ],
)
def test_what_is_no_picture_is_refused(
    content: bytes, sentence: str, acme: Space, eli: User, client_of: ClientOf
) -> None:
    upload = SimpleUploadedFile("a.png", content, content_type="image/png")
    answer = client_of(eli).post("/trainings/add/", {"title": "One", "picture": upload})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Training.objects.exists()


def test_a_picture_cannot_run_as_a_page_of_this_site(ids: dict[str, int], lou: User, client_of: ClientOf) -> None:
    answer = client_of(lou).get(f"/pictures/{ids['picture_id']}/")
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "private" in answer["Cache-Control"]


def test_a_picture_that_nothing_shows_is_forgotten(ids: dict[str, int], training: Training, eli: User) -> None:
    training.refresh_from_db()
    actions.change_training(training=training, by=eli, title="One", description="", remove_picture=True)
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("https://www.youtube.com/watch?v=abc", 302),
        ("https://vimeo.com/123", 302),
        ("http://vimeo.com/123", 422),
        ("https://evil.example/vimeo.com/1", 422),
        ("https://vimeo.com@evil.example/1", 422),
        ("ftp://vimeo.com/1", 422),
        ("https://[", 422),
    ],
)
def test_videos_come_from_known_sites_alone(
    address: str, status: int, training: Training, eli: User, client_of: ClientOf
) -> None:
    answer = client_of(eli).post(f"/trainings/{training.pk}/chapters/add/", {"title": "Film", "video": address})
    assert answer.status_code == status
