"""Lets a program of CPython find the servers of a lab by the addresses that they have there, or by
their names. Beyond this machine nobody else is found.
"""

import socket

# A port at which nobody listens.
NOBODY = 1

_places = {}
_hosts = {}
_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


def know(places, hosts):
    """`places`: ports of this machine by address, such as 10.0.0.1:6379; `hosts`: IPs by name."""
    _places.update(places)
    _hosts.update(hosts)


def _real(address):
    host, port = address[:2]
    otherwise = port if host == "127.0.0.1" else NOBODY
    return ("127.0.0.1", _places.get(f"{host}:{port}", otherwise))


def getaddrinfo(host, *args, **options):
    return _getaddrinfo(_hosts.get(host, host), *args, **options)


socket.socket.connect = lambda self, address: _connect(self, _real(address))
socket.socket.connect_ex = lambda self, address: _connect_ex(self, _real(address))
socket.getaddrinfo = getaddrinfo
