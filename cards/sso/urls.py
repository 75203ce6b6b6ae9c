from django.urls import path

from cards.sso import views

urlpatterns = [
    path("account/sso/", views.sign_in, name="sso_sign_in"),
    path("account/sso/openid/", views.openid, name="sso_openid"),
    path("account/sso/saml/", views.saml, name="sso_saml"),
    path("account/sso/saml/finish/", views.saml_finish, name="sso_saml_finish"),
    path("account/sso/saml/metadata/", views.saml_metadata, name="sso_saml_metadata"),
]
