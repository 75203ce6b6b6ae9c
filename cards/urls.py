"""Every address of the product, by area."""

from django.urls import include, path

from cards.people.access import EVERYBODY, declared_open_to
from cards.people.language import choose_language
from cards.spaces.operator_site import site
from cards.ui.themes import set_theme

urlpatterns = [
    path("language/", choose_language, name="set_language"),
    path("theme/", declared_open_to(*EVERYBODY)(set_theme), name="set_theme"),
    path("", include("cards.people.urls")),
    path("", include("cards.trainings.urls")),
    path("statistics/", include("cards.statistics.urls")),
    path("", include("cards.sso.urls")),
    path("", include("cards.integrations.catalogue.urls")),
    path("", include("cards.privacy.urls")),
    path("integrations/lucca/", include("cards.integrations.lucca.urls")),
    path("help/", include("cards.guide.urls")),
    path("", include("cards.health.urls")),
    path("operator/", site.urls),
]

handler400 = "cards.ui.errors.bad_request"
handler500 = "cards.ui.errors.server_error"
