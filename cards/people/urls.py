"""The addresses of people. Of allauth's own, only signing out is wanted as it is."""

from allauth.account.views import logout
from django.urls import path
from django.views.decorators.http import require_POST

from cards.people.access import EVERYBODY, OPERATOR, STRANGER, declared_open_to
from cards.people.views import entrance, groups, settings, users

everybody = declared_open_to(*EVERYBODY)
operators = declared_open_to(STRANGER, OPERATOR)

urlpatterns = [
    path("operator/login/", operators(entrance.OperatorSignIn.as_view()), name="operator_sign_in"),
    path("account/login/", everybody(entrance.SignIn.as_view()), name="account_login"),
    path("account/logout/", everybody(require_POST(logout)), name="account_logout"),
    path("account/first-visit/", entrance.first_visit, name="first_visit"),
    path("account/password/lost/", entrance.lost_password, name="lost_password"),
    path("account/password/link-sent/", entrance.link_sent, name="link_sent"),
    path("account/password/<uidb64>/<token>/", everybody(entrance.SetPassword.as_view()), name="set_password"),
    path("users/", users.users, name="users"),
    path("users/add/", users.user_add, name="user_add"),
    path("users/invite/", users.users_invite, name="users_invite"),
    path("users/connection-mode/", users.users_connection_mode, name="users_connection_mode"),
    path("users/<int:user_id>/", users.user, name="user"),
    path("users/<int:user_id>/edit/", users.user_edit, name="user_edit"),
    path("users/<int:user_id>/invite/", users.user_invite, name="user_invite"),
    path("users/<int:user_id>/activate/", users.user_activate, name="user_activate"),
    path("users/<int:user_id>/deactivate/", users.user_deactivate, name="user_deactivate"),
    path("users/<int:user_id>/groups/", users.user_join, name="user_join"),
    path("users/<int:user_id>/groups/<int:group_id>/leave/", users.user_leave, name="user_leave"),
    path("groups/", groups.groups, name="groups"),
    path("groups/add/", groups.group_add, name="group_add"),
    path("groups/<int:group_id>/", groups.group, name="group"),
    path("groups/<int:group_id>/edit/", groups.group_edit, name="group_edit"),
    path("groups/<int:group_id>/members/<int:user_id>/add/", groups.member_add, name="member_add"),
    path("groups/<int:group_id>/members/<int:user_id>/remove/", groups.member_remove, name="member_remove"),
    path("settings/", settings.space_settings, name="space_settings"),
]
