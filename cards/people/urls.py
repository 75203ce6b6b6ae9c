"""The addresses of people. Of allauth's own, only signing out is wanted as it is."""

from allauth.account.views import logout
from django.urls import path
from django.views.decorators.http import require_POST

from cards.people.views import entrance, home

urlpatterns = [
    path("", home.home, name="home"),
    path("operator/login/", entrance.OperatorSignIn.as_view(), name="operator_sign_in"),
    path("account/login/", entrance.SignIn.as_view(), name="account_login"),
    path("account/logout/", require_POST(logout), name="account_logout"),
    path("account/first-visit/", entrance.first_visit, name="first_visit"),
    path("account/password/lost/", entrance.lost_password, name="lost_password"),
    path("account/password/link-sent/", entrance.link_sent, name="link_sent"),
    path("account/password/<uidb64>/<token>/", entrance.SetPassword.as_view(), name="set_password"),
]
