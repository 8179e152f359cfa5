"""Stand-in for rejson-py, whose commands have been part of redis-py since 4.0 as `json()`."""

import lab_note
import redis
from redis.commands.json.path import Path  # noqa: F401, what programs import from here

lab_note.stand_in("rejson", "redis.Redis().json(), in redis-py since 4.0")


class Client(redis.Redis):
    def __init__(self, *args, encoder=None, decoder=None, **options):
        options.setdefault("decode_responses", True)
        super().__init__(*args, **options)

    def jsonset(self, name, path, obj, nx=False, xx=False):
        return self.json().set(name, str(path), obj, nx=nx, xx=xx)

    def jsonget(self, name, *paths, no_escape=False):
        return self.json().get(name, *map(str, paths), no_escape=no_escape)

    def __getattr__(self, name):
        # jsonmget, jsonarrappend, jsonnumincrby ...: the same words without their beginning.
        if not name.startswith("json"):
            raise AttributeError(name)
        return getattr(self.json(), name[len("json") :])
