"""The disk of the lab's host, as a program finds it and as it leaves it.

A program runs in the home of its own host; there a terminal begins as well, which calls it /root.
"""

import os

HOME = "/home/learner"
LAB_HOME = "/root"
FOLDERS = (HOME, "/data", "/tmp")


def bring(files):
    """Puts the host's files, bytes by path, in the place of whatever was there."""
    for path in _paths():
        os.remove(path)
    for path, data in files.items():
        if path.startswith(LAB_HOME + "/"):
            path = HOME + path[len(LAB_HOME) :]
        if path.startswith(tuple(folder + "/" for folder in FOLDERS)):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data.encode("latin-1"))


def contents():
    """What there is now: bytes by path."""
    found = {}
    for path in _paths():
        with open(path, "rb") as file:
            found[path] = file.read()
    return found


def changes(before):
    """What is different since: bytes by the host's path, or None of what is gone."""
    now = contents()
    written = {path: now[path].decode("latin-1") for path in now if now[path] != before.get(path)}
    removed = {path: None for path in before if path not in now}
    return {_on_host(path): data for path, data in {**written, **removed}.items()}


def _on_host(path):
    return LAB_HOME + path[len(HOME) :] if path.startswith(HOME + "/") else path


def _paths():
    for folder in FOLDERS:
        for place, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(place, name)
                if os.path.isfile(path) and "__pycache__" not in path:
                    yield path
