"""asyncio over the lab: an ordinary selector loop whose selector waits as `lab_socket` does.

So `asyncio.run(main())` and `redis.asyncio` run as they are written. Pyodide's own loop, which lives
in the browser's, cannot be waited for from a program that blocks.
"""

import asyncio
import asyncio.selector_events
import selectors
import socket
import weakref

import lab_socket
from pyodide.ffi import to_js

_open = weakref.WeakValueDictionary()
_connect = lab_socket.Socket.connect


def connect(self, address):
    _connect(self, address)
    _open[self.fileno()] = self


lab_socket.Socket.connect = connect


class LabSelector(selectors._BaseSelectorImpl):
    def select(self, timeout=None):
        lab_socket._net.look()
        ready = self._ready()
        if ready or (timeout is not None and timeout <= 0):
            return ready
        waiting = [_open[key.fd]._id for key in self.get_map().values() if key.fd in _open]
        if lab_socket._net.select(to_js(waiting), lab_socket._ms(timeout)) == lab_socket.INTERRUPTED:
            lab_socket.interrupted()
        return self._ready()

    def _ready(self):
        ready = []
        for key in self.get_map().values():
            made = _open.get(key.fd)
            events = key.events & selectors.EVENT_WRITE
            if made is None or made._readable():
                events |= key.events & selectors.EVENT_READ
            if events:
                ready.append((key, events))
        return ready


class LabLoop(asyncio.selector_events.BaseSelectorEventLoop):
    def __init__(self):
        super().__init__(LabSelector())

    # Nothing outside wakes this loop: there are no threads and no signals.
    def _make_self_pipe(self):
        self._ssock = self._csock = None
        self._internal_fds += 1

    def _close_self_pipe(self):
        self._internal_fds -= 1

    def _write_to_self(self):
        pass

    async def getaddrinfo(self, host, port, *, family=0, type=0, proto=0, flags=0):
        return lab_socket.getaddrinfo(host, port, family, type, proto, flags)

    def run_in_executor(self, executor, func, *args):
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def close(self):
        if self.is_running():
            raise RuntimeError("Cannot close a running event loop")
        if not self.is_closed():
            asyncio.BaseEventLoop.close(self)
            self._selector.close()


asyncio.new_event_loop = asyncio.events.new_event_loop = LabLoop
