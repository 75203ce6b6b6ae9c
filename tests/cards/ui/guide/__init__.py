"""Pages that show every component, for the tests and for whoever wants to look at them."""

from pathlib import Path
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import RequestContext, Template
from django.urls import include, path

from cards.ui.errors import bad_request, server_error
from cards.ui.keyset import Page

HERE = Path(__file__).parent
STATES = [
    ("Not imported", "neutral", "", ""),
    ("Imported", "success", "", ""),
    ("No e-mail", "warning", "mail-off", "Enter a professional e-mail in Lucca."),
    ("Same e-mail twice", "error", "", "Also used by Jean Roux."),
    ("Arrives on 1 December", "info", "calendar", ""),
]
NAMES = ["Adam André", "Zoé Lefèvre", "Inès Moreau-Delacroix", "Léo Petit", "Chloé Garnier", "Ève Le Goff", "Paul Roy"]


class ConnectionForm(forms.Form):
    url = forms.URLField(
        label="Url", assume_scheme="https", help_text="The address of your Lucca account, as in your browser."
    )
    key = forms.CharField(
        label="Lucca key", widget=forms.PasswordInput, help_text="Stored encrypted, never shown again."
    )
    statistics = forms.BooleanField(label="Activate synchronization", required=False, help_text="Each night.")
    mode = forms.ChoiceField(
        label="Connection mode",
        choices=[("password", "E-mail and password"), ("sso", "SSO")],
        widget=forms.RadioSelect,
        help_text="How imported people sign in.",
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    helper = FormHelper()
    helper.add_input(Submit("save", "Save"))


class SignInForm(forms.Form):
    email = forms.EmailField(label="E-mail")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)

    helper = FormHelper()
    helper.layout = Layout("email", "password")
    helper.add_input(Submit("sign-in", "Sign in", css_class="w-100"))


def guide(request: HttpRequest, name: str) -> HttpResponse:
    form_class = SignInForm if name == "centered" else ConnectionForm
    form = form_class(request.POST or None)
    rows = [
        {
            "name": NAMES[number % len(NAMES)],
            "email": f"person{number}@acme.example",
            "department": "Stores – Sud-Ouest",
            **dict(zip(("state", "tone", "icon", "hint"), STATES[number % len(STATES)], strict=True)),
        }
        for number in range(14)
    ]
    pages: Page[Any] = Page(rows=[], previous=None, next=9)
    context = RequestContext(request, {"form": form, "rows": rows, "page": pages, "user": request.user})
    page = Template((HERE / f"{name}.html").read_text()).render(context)
    return HttpResponse(page, status=200 if request.method == "GET" or form.is_valid() else 422)


def area(request: HttpRequest) -> HttpResponse:
    context = {
        "question": "Undo this import?",
        "consequences": ["142 accounts are removed.", "3 who already signed in are kept."],
        "action": "Undo the import",
        "back": "/",
    }
    return render(request, "ui/confirm.html", context)


def work(request: HttpRequest) -> HttpResponse:
    """A piece of work that is a quarter further on with each look at it."""
    done = min(int(request.GET.get("done", 0)), 4)
    template = "{% extends 'ui/base.html' %}{% block content %}" + FRAGMENT + "{% endblock %}"
    words = ["started", "a quarter", "half", "three quarters", "finished"][done]
    context = {"done": done, "running": done < 4, "words": words, "address": f"?done={done + 1}"}
    return HttpResponse(
        Template(FRAGMENT if "HX-Request" in request.headers else template).render(RequestContext(request, context))
    )


FRAGMENT = """{% load ui %}<div id="work" {% poll address running=running seconds=1 say=words %}>
{% include "ui/components/progress.html" with label="Import" total=4 %}</div>"""


def failing(request: HttpRequest, fault: str) -> HttpResponse:
    raise {
        "400": SuspiciousOperation(fault),
        "403": PermissionDenied(fault),
        "404": Http404(fault),
        "500": ValueError(fault),
        "503": OperationalError(fault),
    }[fault]


handler400 = bad_request
handler500 = server_error
urlpatterns = [
    path("failing/<str:fault>/", failing),
    path("guide/<str:name>/", guide),
    path("work/", work),
    *(path(f"{name}/", area, name=name) for name in ("trainings", "users", "groups", "statistics", "integrations")),
    path("", area, name="home"),
    path("", include("cards.urls")),
]
