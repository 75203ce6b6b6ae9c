"""What editors fill in: trainings, chapters, questions."""

from hashlib import sha256
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cards.people.forms import fields_only
from cards.trainings.markdown import LONGEST
from cards.trainings.models import Chapter, Question, QuestionKind, Training
from cards.trainings.pictures import BadPicture, Encoded, encode
from cards.trainings.videos import SITES, video_at
from cards.trainings.writing import ChapterText, QuestionText

FIRST_CHOICES, MOST_CHOICES = 3, 6


class PictureField(forms.FileField):
    """An uploaded picture, cleaned into what is kept of it."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"})

    def clean(self, data: Any, initial: Any = None) -> Encoded | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return encode(file, file.size)
        except BadPicture as error:
            raise forms.ValidationError(str(error)) from error


class WritingForm(forms.Form):
    """A form for what is kept as `initial`: what others saved of it meanwhile is not written over unseen."""

    as_of = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = repr(sorted(self.initial.items())).encode()
        self._as_of_now = sha256(kept).hexdigest() if self.initial else ""
        self.initial["as_of"] = self._as_of_now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("as_of", "") not in ("", self._as_of_now):
            saved = format_html('<a href="" target="_blank">{}</a>', gettext("what is saved now"))
            sentence = gettext(
                "It was changed elsewhere after you had opened it. What you wrote is still here. Compare it with "
                "{saved}, then save again: yours takes its place."
            )
            self.add_error(None, format_html(sentence, saved=saved))
            # They know of it from here on.
            self.data = dict(self.data.items()) | {"as_of": self._as_of_now}
        return cleaned


class PicturedForm(WritingForm):
    """A form with a picture that can be chosen, exchanged and removed."""

    picture = PictureField(label=_("Picture"), required=False, help_text=_("JPEG, PNG, WebP or GIF, at most 8 MB."))
    remove_picture = forms.BooleanField(label=_("Remove the picture"), required=False)

    def __init__(self, *args: Any, shown: Training | Chapter | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if shown is None or shown.picture_id is None:
            del self.fields["remove_picture"]

    @property
    def chosen_picture(self) -> dict[str, Any]:
        """What the actions take of it."""
        cleaned = self.cleaned_data
        return {"picture": cleaned["picture"], "remove_picture": cleaned.get("remove_picture", False)}


class TrainingForm(PicturedForm):
    title = forms.CharField(label=_("Title"), max_length=190)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What people learn here, in two or three sentences."),
    )
    field_order = ["title", "description", "picture", "remove_picture"]

    helper = fields_only()

    def __init__(self, *args: Any, shown: Training | None = None, **kwargs: Any) -> None:
        initial = {"title": shown.title, "description": shown.description} if shown else None
        super().__init__(*args, shown=shown, initial=initial, **kwargs)


class ChapterForm(PicturedForm):
    title = forms.CharField(label=_("Title"), max_length=190)
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("**bold**, *italic*, # heading, - list, 1. numbered list, [words](https://link)"),
    )
    picture_description = forms.CharField(
        label=_("What the picture shows"),
        required=False,
        max_length=255,
        help_text=_("Read to those who cannot see it. Leave empty when it is only decoration."),
    )
    video = forms.CharField(
        label=_("Link to a video"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    field_order = ["title", "text", "picture", "remove_picture", "picture_description", "video"]

    helper = fields_only()

    def __init__(self, *args: Any, shown: Chapter | None = None, **kwargs: Any) -> None:
        names = ("title", "text", "picture_description", "video")
        initial = {name: getattr(shown, name) for name in names} if shown else None
        super().__init__(*args, shown=shown, initial=initial, **kwargs)
        sites = ", ".join(dict.fromkeys(SITES.values()))
        self.fields["video"].help_text = _("On %(sites)s. It opens in a window of its own.") % {"sites": sites}

    def clean_video(self) -> str:
        address: str = self.cleaned_data["video"].strip()
        if not address:
            return ""
        video = video_at(address)
        if video is None:
            raise forms.ValidationError(
                _("Paste the https:// link of a video on one of these sites: %(sites)s.")
                % {"sites": ", ".join(dict.fromkeys(SITES.values()))}
            )
        return video.address

    @property
    def chapter_text(self) -> ChapterText:
        names = ("title", "text", "video", "picture_description")
        return ChapterText(**{name: self.cleaned_data[name] for name in names})


class QuestionForm(WritingForm):
    """A question with up to MOST_CHOICES choices; empty ones are left out, the last wait behind *More choices*."""

    words = forms.CharField(label=_("Question"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=QuestionKind.choices,
        initial=QuestionKind.SINGLE,
        widget=forms.RadioSelect,
    )
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=100, initial=1)
    explanation = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown as soon as the question is answered."),
    )

    def __init__(self, answers: QueryDict | None, *, shown: Question | None = None) -> None:
        super().__init__(answers, initial=_initial(shown))
        for number in range(1, MOST_CHOICES + 1):
            self.fields[f"choice_{number}"] = forms.CharField(
                label=_("Choice %(number)d") % {"number": number}, required=False, max_length=500
            )
            self.fields[f"right_{number}"] = forms.BooleanField(label=_right(number), required=False)

    @property
    def helper(self) -> FormHelper:
        helper = fields_only()
        first = [_choice_row(number) for number in range(1, self._last_of_the_first + 1)]
        more = [_choice_row(number) for number in range(self._last_of_the_first + 1, MOST_CHOICES + 1)]
        if more:
            opening = format_html('<details class="choice-more"><summary>{}</summary>', gettext("More choices"))
            more = [HTML(opening), *more, HTML("</details>")]
        helper.layout = Layout(
            *("as_of", "words", "kind"), Div(*first, *more, css_class="choice-rows"), *("explanation", "points")
        )
        return helper

    @property
    def _last_of_the_first(self) -> int:
        """Up to which choice the form shows its places: what is filled in is never out of sight."""
        places = range(1, MOST_CHOICES + 1)
        filled = [place for place in places if self[f"choice_{place}"].value() or self[f"right_{place}"].value()]
        return max([FIRST_CHOICES, *filled])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(1, MOST_CHOICES + 1):
            if cleaned.get(f"right_{number}") and not cleaned.get(f"choice_{number}"):
                self.add_error(f"choice_{number}", _("A right answer needs words."))
        choices = [(words, is_right) for words, is_right in self._choices if words]
        right = sum(is_right for _words, is_right in choices)
        if len(choices) < 2:
            self.add_error(f"choice_{len(choices) + 1}", _("Offer at least two choices."))
        elif cleaned.get("kind") == QuestionKind.SINGLE and right != 1:
            self.add_error("kind", _("Tick the one choice that is right."))
        elif not right:
            self.add_error("kind", _("Tick at least one choice that is right."))
        return cleaned

    @property
    def _choices(self) -> list[tuple[str, bool]]:
        """Every place with what stands there, also nothing: the others keep theirs."""
        return [
            (self.cleaned_data.get(f"choice_{number}", ""), self.cleaned_data.get(f"right_{number}", False))
            for number in range(1, MOST_CHOICES + 1)
        ]

    @property
    def question_text(self) -> QuestionText:
        names = ("words", "kind", "points", "explanation")
        return QuestionText(choices=self._choices, **{name: self.cleaned_data[name] for name in names})


def _right(number: int) -> str:
    """What stands beside a choice: a word for the eye, a sentence for who hears it."""
    heard = gettext("Choice %(number)d is right") % {"number": number}
    return format_html(
        '<span class="visually-hidden">{}</span><span aria-hidden="true">{}</span>', heard, gettext("Right")
    )


def _choice_row(number: int) -> Div:
    return Div(
        Field(f"choice_{number}", wrapper_class="choice-words"),
        Field(f"right_{number}", wrapper_class="choice-right"),
        css_class="choice-row",
    )


def _initial(question: Question | None) -> dict[str, Any] | None:
    if question is None:
        return None
    initial = {name: getattr(question, name) for name in ("words", "kind", "points", "explanation")}
    for choice in question.choices.all():
        number = choice.position + 1
        initial |= {f"choice_{number}": choice.words, f"right_{number}": choice.is_right}
    return initial
