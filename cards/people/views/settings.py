"""What an owner decides about their space."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cards.people.access import SpaceRequest, open_to
from cards.people.forms.users import SpaceForm
from cards.people.models import Role
from cards.people.spaces import change_space


@open_to(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def space_settings(request: SpaceRequest) -> HttpResponse:
    initial = {name: getattr(request.space, name) for name in SpaceForm.base_fields}
    form = SpaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_space(space=request.space, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("space_settings")
    return render(request, "people/space_settings.html", {"form": form}, status=422 if form.is_bound else 200)
