"""Showing uploaded pictures: only to those who may open a training with them, and never as a page of this site."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role
from cards.trainings.models import Picture
from cards.trainings.pictures import MEDIA_TYPE
from cards.trainings.queries import may_see_picture

HEADERS = {
    # Opened by itself, it is saved to disk; in a page, <img> shows it all the same.
    "Content-Disposition": 'attachment; filename="picture.webp"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    # The picture of an id never changes.
    "Cache-Control": "private, max-age=86400, immutable",
}


@require_safe
@open_to(Role.OWNER, Role.EDITOR, Role.LEARNER)
def picture(request: SpaceRequest, picture_id: int) -> HttpResponse:
    found = get_object_or_404(Picture, pk=picture_id, space=request.space)
    if not may_see_picture(request.user, found, is_editor=request.user.role != Role.LEARNER):
        raise Http404
    return HttpResponse(bytes(found.content), content_type=MEDIA_TYPE, headers=HEADERS)
