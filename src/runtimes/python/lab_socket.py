"""Python's sockets, select and sleep, over the lab instead of an operating system.

Runs once, before redis-py is imported, which then finds these in the places of the real ones.
`lab_net` is the LabNet of `lab-net.ts`: its calls block, and answer with a negative number when
there is nothing to give. `plug` joins it to the lab of one run.
"""

import errno
import io
import ipaddress
import select
import socket
import sys
import threading
import time

from pyodide.ffi import to_js
import pyodide_js

TIMED_OUT, INTERRUPTED, ENDED, RESET = -1, -2, -3, -4
# As on Linux and in every tutorial; Emscripten counts its errors differently.
ECONNREFUSED, ECONNRESET, EPIPE, EINPROGRESS = 111, 104, 32, 115

_net = None
_hosts = {}
_default_timeout = None


def plug(net, hosts):
    global _net, _hosts, _default_timeout
    _net, _hosts, _default_timeout = net, hosts, None


def _ms(seconds):
    return -1 if seconds is None else max(0.0, seconds * 1000)


def interrupted():
    """Stop was pressed: what Ctrl-C does."""
    pyodide_js.checkInterrupt()
    raise KeyboardInterrupt


def address_of(host):
    """The address of a host; a name that is not known here is left to the lab."""
    name = host.decode() if isinstance(host, bytes) else host or "127.0.0.1"
    return _hosts.get(name, name)


def _is_address(host):
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Socket:
    def __init__(self, family=socket.AF_INET, type=socket.SOCK_STREAM, proto=0, fileno=None):
        self.family, self.type, self.proto = family, type, proto
        self._id = 0
        self._timeout = _default_timeout
        self._peer = None
        self._peeked = b""

    def settimeout(self, seconds):
        self._timeout = seconds

    def gettimeout(self):
        return self._timeout

    timeout = property(gettimeout)

    def setblocking(self, blocking):
        self._timeout = None if blocking else 0.0

    def getblocking(self):
        return self._timeout != 0.0

    def setsockopt(self, *_):
        pass

    def getsockopt(self, *_):
        return 0

    def fileno(self):
        # Far from the files that are really open.
        return 1000 + self._id if self._id else -1

    def getpeername(self):
        if self._peer is None:
            raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")
        return self._peer

    def getsockname(self):
        return ("127.0.0.1", 40000 + self._id)

    def connect(self, address):
        if isinstance(address, (str, bytes)):
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")
        host, port = address[:2]
        # The lab says at once whether somebody listens; nobody needs to ask again.
        timeout = None if self._timeout == 0 else self._timeout
        place = address_of(host)
        got = _net.connect(f"{place}:{int(port)}", _ms(timeout))
        if got == INTERRUPTED:
            interrupted()
        if got == TIMED_OUT:
            raise TimeoutError("timed out")
        if got < 0 and not _is_address(place):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if got < 0:
            raise ConnectionRefusedError(ECONNREFUSED, "Connection refused")
        self._id, self._peer = got, (host, int(port))

    def connect_ex(self, address):
        try:
            self.connect(address)
        except OSError as error:
            return error.errno or errno.ETIMEDOUT
        return 0

    def sendall(self, data, flags=0):
        if not self._id:
            raise OSError(errno.EBADF, "Bad file descriptor")
        with memoryview(data) as view:
            got = _net.send(self._id, to_js(view.cast("B") if view.nbytes else b""))
        if got == INTERRUPTED:
            interrupted()
        if got == RESET:
            raise ConnectionResetError(ECONNRESET, "Connection reset by peer")
        if got < 0:
            raise BrokenPipeError(EPIPE, "Broken pipe")

    def send(self, data, flags=0):
        self.sendall(data)
        return len(data)

    def sendmsg(self, buffers, *_):
        return self.send(b"".join(buffers))

    def recv(self, size, flags=0):
        if not self._id:
            raise OSError(errno.EBADF, "Bad file descriptor")
        data = self._peeked[:size] or self._receive(size)
        rest = self._peeked[len(data) :]
        self._peeked = data + rest if flags & socket.MSG_PEEK else rest
        return data

    def _receive(self, size):
        got = _net.receive(self._id, size, _ms(self._timeout))
        if not isinstance(got, int):
            return got.to_bytes()
        if got == INTERRUPTED:
            interrupted()
        if got == RESET:
            raise ConnectionResetError(ECONNRESET, "Connection reset by peer")
        if got == ENDED:
            return b""
        if self._timeout == 0:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        raise TimeoutError("timed out")

    def recv_into(self, buffer, size=0, flags=0):
        with memoryview(buffer).cast("B") as view:
            data = self.recv(size or len(view), flags)
            view[: len(data)] = data
        return len(data)

    def shutdown(self, how):
        pass

    def close(self):
        if self._id and _net:
            _net.close(self._id)
        self._id = 0

    def detach(self):
        fd, self._id = self.fileno(), 0
        return fd

    def makefile(self, mode="r", buffering=None, *, encoding=None, errors=None, newline=None):
        raw = socket.SocketIO(self, "rw")
        both = io.BufferedRWPair(raw, raw)
        if "b" in mode:
            return both
        return io.TextIOWrapper(both, encoding, errors, newline, write_through=True)

    # What SocketIO asks of a socket.
    _io_refs = 0

    def _decref_socketios(self):
        pass

    def _readable(self):
        return bool(self._peeked) or (self._id != 0 and _net.readable(self._id))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __repr__(self):
        return f"<socket.socket fd={self.fileno()}, raddr={self._peer}>"


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    kind = type or socket.SOCK_STREAM
    return [(socket.AF_INET, kind, 6, "", (address_of(host), int(port or 0)))]


def create_connection(address, timeout=socket._GLOBAL_DEFAULT_TIMEOUT, *_, **__):
    made = Socket()
    if timeout is not socket._GLOBAL_DEFAULT_TIMEOUT:
        made.settimeout(timeout)
    made.connect(address)
    return made


def set_default_timeout(seconds):
    global _default_timeout
    _default_timeout = seconds


def sleep(seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    if _net.sleep(seconds * 1000) == INTERRUPTED:
        interrupted()


def select_sockets(readers, writers, errors, timeout=None):
    _net.look()
    ready = [each for each in readers if each._readable()]
    if not ready and not writers:
        ids = to_js([each._id for each in readers if each._id])
        if _net.select(ids, _ms(timeout)) == INTERRUPTED:
            interrupted()
        ready = [each for each in readers if each._readable()]
    return ready, list(writers), []


def no_threads(*_, **__):
    raise RuntimeError(
        "threads do not run in the page: run the other part as an example of its own beside this "
        "one, or use asyncio"
    )


socket.socket = socket.SocketType = Socket
socket.getaddrinfo = getaddrinfo
socket.gethostbyname = address_of
socket.gethostname = lambda: "localhost"
socket.create_connection = create_connection
socket.setdefaulttimeout = set_default_timeout
socket.getdefaulttimeout = lambda: _default_timeout
select.select = select_sockets
for _name in ("poll", "epoll"):
    if hasattr(select, _name):
        delattr(select, _name)
time.sleep = sleep
threading._start_joinable_thread = no_threads
sys.modules["lab_socket"] = sys.modules[__name__]
