"""Makes .venv and installs what the lock file says; every way this can fail ends in one clear sentence.

Runs on the system's own Python, also an old one, so it uses nothing newer than Python 3.6.
"""

import hashlib
import os
import subprocess
import sys
import venv
from typing import NoReturn

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin", "python")


def stop(sentence: str) -> NoReturn:
    """Say one sentence and end."""
    sys.exit("muster: " + sentence)


def lock(name: str) -> "tuple[str, str]":
    """The path and the digest of a lock file."""
    path = os.path.join(ROOT, name)
    with open(path, "rb") as file:
        return path, hashlib.sha256(file.read() + sys.version.encode()).hexdigest()


def main(name: str) -> None:
    """Install the lock file `name` into .venv, unless it is there already."""
    if sys.version_info < (3, 11):
        stop(
            "Python 3.11 or newer is needed, and this is %d.%d. Install one and say: make PYTHON=/path/to/python3.11"
            % sys.version_info[:2]
        )
    path, digest = lock(name)
    stamp = os.path.join(VENV, "installed-" + name)
    if os.path.exists(stamp) and os.path.exists(PYTHON):
        with open(stamp) as file:
            if file.read() == digest:
                return
    if not os.access(ROOT, os.W_OK):
        stop("the folder %s cannot be written. Copy Muster to a folder of your own, or change its permissions." % ROOT)
    print("Installing packages into .venv (a minute, once) …", flush=True)
    try:
        if not os.path.exists(PYTHON):
            venv.create(VENV, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        stop("could not make .venv (%s). On Debian and Ubuntu: apt install python3-venv" % error)
    log = os.path.join(VENV, "install.log")
    with open(log, "w") as file:
        done = subprocess.call(
            [PYTHON, "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", "-r", path],
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    if done != 0:
        with open(log) as file:
            said = file.read()
        network = any(
            word in said for word in ("NewConnectionError", "Temporary failure", "ConnectTimeout", "Max retries")
        )
        why = "the package index cannot be reached; check the network" if network else "see the end of %s" % log
        stop("could not install the packages: %s." % why)
    with open(stamp, "w") as file:
        file.write(digest)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "requirements.lock")
