"""Stand-in for redistimeseries-py, whose commands have been part of redis-py since 4.0 as `ts()`."""

import lab_note
import redis

lab_note.stand_in("redistimeseries", "redis.Redis().ts(), in redis-py since 4.0")


class Client:
    def __init__(self, conn=None, *args, **options):
        self.redis = conn or redis.Redis(*args, **options)

    def __getattr__(self, name):
        if hasattr(self.redis.ts(), name):
            return getattr(self.redis.ts(), name)
        return getattr(self.redis, name)
