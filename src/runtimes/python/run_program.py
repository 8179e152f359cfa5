"""Runs a learner's program as `python example.py` would, and tells how it ended."""

import asyncio
import io
import linecache
import os
import sys
import traceback
import types

import lab_disk
import lab_note

FILE = f"{lab_disk.HOME}/example.py"

os.makedirs(os.path.dirname(FILE), exist_ok=True)
os.chdir(os.path.dirname(FILE))
sys.path.insert(0, os.path.dirname(FILE))
sys.argv = ["example.py"]


def run_program(code, files, disk):
    """The exit code, the line of a syntax error or 0, and what became of the files."""
    lab_disk.bring(disk)
    for name, text in files.items():
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
    before = lab_disk.contents()
    linecache.cache[FILE] = (len(code), None, code.splitlines(True), FILE)
    lab_note.forget()
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    main.__file__ = FILE
    browser_loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    syntax_error = 0
    try:
        exec(compile(code, FILE, "exec", dont_inherit=True), main.__dict__)
        exit_code = 0
    except SystemExit as error:
        exit_code = _exit_code(error.code)
    except KeyboardInterrupt:
        exit_code = 130
    except BaseException as error:
        if isinstance(error, SyntaxError) and error.filename == FILE:
            syntax_error = error.lineno or 0
        _report(error)
        exit_code = 1
    finally:
        asyncio._set_running_loop(browser_loop)
        asyncio.set_event_loop(None)
        sys.stdout.flush()
        sys.stderr.flush()
    changed = lab_disk.changes(before)
    return {"code": exit_code, "syntaxErrorAt": syntax_error, "changed": changed}


def syntax_error(code):
    """The line of a program's first syntax error, or 0, and what it is."""
    try:
        compile(code, FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        return error.lineno or 1, f"{type(error).__name__}: {error.msg}"
    except ValueError as error:
        return 1, f"ValueError: {error}"
    return 0, ""


def _exit_code(code):
    if code is None or isinstance(code, int):
        return code or 0
    print(code, file=sys.stderr)
    return 1


def _report(error):
    """The traceback, with the learner's lines: those inside libraries would bury them."""
    told = traceback.TracebackException.from_exception(error)
    _strip(told, set())
    for line in told.format():
        print(line, end="", file=sys.stderr)


def _strip(told, seen):
    seen.add(id(told))
    told.stack[:] = [frame for frame in told.stack if frame.filename == FILE]
    for name in ("__cause__", "__context__"):
        inner = getattr(told, name)
        if inner is None or id(inner) in seen:
            continue
        _strip(inner, seen)
        # How a library came to its error is the library's business.
        if not inner.stack:
            setattr(told, name, None)


class _NoInput(io.TextIOBase):
    def readline(self, *_):
        raise EOFError("there is no keyboard here: input() reads nothing")


sys.stdin = _NoInput()
