"""The addresses of people. Of allauth's own, only signing out is wanted as it is."""

from allauth.account.views import logout
from django.urls import path
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import RedirectView

from cards.people.access import EVERYBODY, OPERATOR, STRANGER, declared_open_to
from cards.people.views import account, entrance, groups, settings, users

everybody = declared_open_to(*EVERYBODY)
account_page = RedirectView.as_view(pattern_name="account")
operators = declared_open_to(STRANGER, OPERATOR)

urlpatterns = [
    path("operator/login/", operators(entrance.OperatorSignIn.as_view()), name="operator_sign_in"),
    path("account/login/", everybody(entrance.SignIn.as_view()), name="account_login"),
    path("account/logout/", everybody(require_POST(logout)), name="account_logout"),
    # In place of the admin's own: signing out is audited, and the password is changed where the rest is.
    path("operator/logout/", everybody(require_POST(logout)), name="operator_sign_out"),
    path("operator/password_change/", everybody(require_safe(account_page)), name="operator_password"),
    path("account/", account.account, name="account"),
    path("account/password/change/", account.change_password, name="change_password"),
    path("account/second-factor/", account.second_factor_page, name="second_factor"),
    path("account/second-factor/set-up/", account.second_factor_set_up, name="second_factor_set_up"),
    path("account/second-factor/recovery-codes/", account.recovery_codes, name="recovery_codes"),
    path("account/second-factor/off/", account.second_factor_off, name="second_factor_off"),
    path("account/second-factor/sign-in/", account.second_factor_ask, name="second_factor_ask"),
    path("account/sessions/end/", account.sessions_end, name="sessions_end"),
    path("account/sessions/<slug:number>/end/", account.session_end, name="session_end"),
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
    path("users/<int:user_id>/sign-in/reset/", users.user_reset_sign_in, name="user_reset_sign_in"),
    path("users/<int:user_id>/second-factor/reset/", users.user_reset_second_factor, name="user_reset_second_factor"),
    path("users/<int:user_id>/groups/", users.user_join, name="user_join"),
    path("users/<int:user_id>/groups/<int:group_id>/leave/", users.user_leave, name="user_leave"),
    path("groups/", groups.groups, name="groups"),
    path("groups/add/", groups.group_add, name="group_add"),
    path("groups/<int:group_id>/", groups.group, name="group"),
    path("groups/<int:group_id>/edit/", groups.group_edit, name="group_edit"),
    path("groups/<int:group_id>/delete/", groups.group_delete, name="group_delete"),
    path("groups/<int:group_id>/members/<int:user_id>/add/", groups.member_add, name="member_add"),
    path("groups/<int:group_id>/members/<int:user_id>/remove/", groups.member_remove, name="member_remove"),
    path("settings/", settings.space_settings, name="space_settings"),
]
