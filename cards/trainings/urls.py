"""The addresses of trainings. `/t/<id>/` is written into Lucca: it must never change."""

from django.urls import path

from cards.trainings.views import editing, home, learning, pictures, preview, writing

ONE = "trainings/<int:training_id>/"
CHAPTER = f"{ONE}chapters/<int:chapter_id>/"
QUESTION = f"{CHAPTER}questions/<int:question_id>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("my-trainings/", home.my_trainings, name="my_trainings"),
    path("t/<int:training_id>/", learning.training, name="training_link"),
    path("t/<int:training_id>/start/", learning.start, name="learn_start"),
    path("t/<int:training_id>/chapters/<int:chapter_id>/", learning.chapter, name="learn_chapter"),
    path("t/<int:training_id>/chapters/<int:chapter_id>/done/", learning.complete, name="learn_complete"),
    path("t/<int:training_id>/questions/<int:question_id>/answer/", learning.answer, name="learn_answer"),
    path("pictures/<int:picture_id>/", pictures.picture, name="picture"),
    path("trainings/", editing.trainings, name="trainings"),
    path("trainings/add/", editing.training_add, name="training_add"),
    path("trainings/text-preview/", writing.text_preview, name="text_preview"),
    path(ONE, editing.training, name="training"),
    path(f"{ONE}edit/", editing.training_edit, name="training_edit"),
    path(f"{ONE}delete/", editing.training_delete, name="training_delete"),
    path(f"{ONE}duplicate/", editing.training_duplicate, name="training_duplicate"),
    path(f"{ONE}groups/", editing.training_give, name="training_give"),
    path(f"{ONE}groups/<int:group_id>/remove/", editing.training_take, name="training_take"),
    path(f"{ONE}preview/", preview.training, name="training_preview"),
    path(f"{ONE}preview/chapters/<int:chapter_id>/", preview.chapter, name="preview_chapter"),
    path(f"{ONE}preview/questions/<int:question_id>/", preview.answer, name="preview_answer"),
    path(f"{ONE}chapters/add/", writing.chapter_add, name="chapter_add"),
    path(CHAPTER, writing.chapter, name="chapter"),
    path(f"{CHAPTER}delete/", writing.chapter_delete, name="chapter_delete"),
    path(f"{CHAPTER}questions/add/", writing.question_add, name="question_add"),
    path(QUESTION, writing.question, name="question"),
    path(f"{QUESTION}<str:wish>/", writing.question_change, name="question_change"),
    path(f"{CHAPTER}<str:wish>/", writing.chapter_change, name="chapter_change"),
    path(f"{ONE}<str:wish>/", editing.training_change, name="training_change"),
]
