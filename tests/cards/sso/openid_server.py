"""oidc-provider-mock in a process of its own: `python -m tests.cards.sso.openid_server PORT`.

Its pages load their style from elsewhere; here they come without one.
"""

import os
import sys

from jinja2 import ChoiceLoader, DictLoader
from oidc_provider_mock import app
from werkzeug.serving import run_simple

PAGE = "<!doctype html><html lang=en><link rel=icon href='data:,'>{% block content %}{% endblock %}</html>"


def main(port: int) -> None:
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    provider = app(require_nonce=True)
    provider.jinja_loader = ChoiceLoader([DictLoader({"_base.html": PAGE}), provider.jinja_loader])
    run_simple("127.0.0.1", port, provider, threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
