"""Notes of the page's own, told apart from what the program prints."""

import sys

import _lab_notes

_imported = set()


def stand_in(name, instead):
    advice = f"use {instead}" if instead else "it has the parts that examples use"
    _lab_notes.note(f"{name} is a stand-in here: {advice}.\n")
    _imported.add(name)


def forget():
    """The next program imports its stand-ins anew, and is told what they are."""
    for name in list(sys.modules):
        if name.partition(".")[0] in _imported:
            del sys.modules[name]
    _imported.clear()
