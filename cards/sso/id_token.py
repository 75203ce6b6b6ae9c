"""Who an OpenID provider says somebody is: the ID token, believed only if everything about it is right.

No network and no clock of ours here; the keys are given. (OpenID Connect Core 1.0, section 3.1.3.7)
"""

import hmac
from typing import Any

import jwt

# Signatures that only the provider can make. Never "none", and none with a secret that both sides know.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
# How far the provider's clock may be from ours, in seconds.
CLOCK_SKEW = 60


class IdTokenRefusedError(Exception):
    """The token is not one that this provider made, now, for us and for this sign-in."""


def claims_of(id_token: str, *, keys: dict[str, Any], issuer: str, client_id: str, nonce: str) -> dict[str, Any]:
    """What a token says, once its signature, issuer, audience, times and nonce are right. `keys` is a JWK set."""
    try:
        header = jwt.get_unverified_header(id_token)
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=_key(keys, header.get("kid")),
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=client_id,
            leeway=CLOCK_SKEW,
            options={"require": ["exp", "iat", "iss", "aud", "sub"], "strict_aud": False},
        )
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise IdTokenRefusedError(type(error).__name__) from None
    if claims.get("azp", client_id) != client_id or (_is_for_others(claims) and "azp" not in claims):
        raise IdTokenRefusedError("authorized party")
    if not nonce or not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise IdTokenRefusedError("nonce")
    return claims


def _key(keys: dict[str, Any], key_id: str | None) -> jwt.PyJWK:
    """The provider's key that the token names; one that names none needs the provider to have a single key."""
    found = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in (None, "sig")]
    fitting = [key for key in found if key.key_id == key_id] if key_id else found
    if len(fitting) != 1:
        raise IdTokenRefusedError("key")
    return fitting[0]


def _is_for_others(claims: dict[str, Any]) -> bool:
    return isinstance(claims["aud"], list) and len(claims["aud"]) > 1
