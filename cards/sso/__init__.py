"""Signing in with the company's own account: the identity provider of a space, by OpenID Connect or SAML 2.0.

Only accounts that exist enter; signing in never makes one.
"""
