"""The audit log as the operator reads it. Nobody changes it."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cards.audit.export import as_table, manager_of
from cards.audit.models import Entry
from cards.audit.words import ACTS
from cards.spaces.operator_site import site


@admin.register(Entry, site=site)
class EntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("happened_at", "space", "said", "action", "target", "address")
    actions = ("download",)
    list_filter = ("action", "space")
    search_fields = ("target",)
    date_hierarchy = "happened_at"
    list_per_page = 50
    show_full_result_count = False

    @admin.action(description=_("Download as CSV"))
    def download(self, request: HttpRequest, queryset: QuerySet[Entry]) -> StreamingHttpResponse:
        return as_table(queryset, who=manager_of)

    @admin.display(description=_("What happened"))
    def said(self, entry: Entry) -> str:
        """The sentence, with people and things by what was recorded: of learners the operator needs no names."""
        act, what = ACTS.get(entry.action), entry.target or gettext("an unknown account")
        return str(act.sentence).format(who=manager_of(entry) or "Cards", what=what) if act else entry.action

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return super().get_queryset(request).select_related("space", "actor")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False
