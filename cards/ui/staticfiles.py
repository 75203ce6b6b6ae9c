"""Which third-party files are served, and how names are hashed. Nothing outside the list below is ever published."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Public name → file in `node_modules` (installed by `npm ci`).
VENDOR_FILES = {
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "vendor/inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "vendor/chart.min.js": "chart.js/dist/chart.umd.min.js",
}


class VendorStorage(FileSystemStorage):
    """`node_modules`, seen through the list: an unlisted name does not exist."""

    def __init__(self) -> None:
        super().__init__(location=settings.BASE_DIR / "node_modules")

    def path(self, name: str) -> str:
        return super().path(VENDOR_FILES[name])


class VendorFinder(BaseFinder):
    """Finds the listed files under their public names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = VendorStorage()
        super().__init__(*args, **kwargs)

    def find(self, path: str, find_all: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's own
        found = [self.storage.path(path)] if path in VENDOR_FILES and self.storage.exists(path) else []
        return found if find_all else next(iter(found), [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:  # noqa: ARG002
        return ((name, self.storage) for name in VENDOR_FILES)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with a hash of the content, and each file also compressed.

    Source maps are not published, so references to them are left as they are.
    """

    patterns = (
        (
            "*.css",
            (
                r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))""",
                (r"""(?P<matched>@import\s*["']\s*(?P<url>.*?)["'])""", """@import url("%(url)s")"""),
            ),
        ),
    )
