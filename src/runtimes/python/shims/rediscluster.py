"""Stand-in for redis-py-cluster, whose client has been part of redis-py since 4.1."""

import lab_note
from redis.cluster import ClusterNode
from redis.cluster import RedisCluster as _RedisCluster

lab_note.stand_in("rediscluster", "redis.cluster.RedisCluster, in redis-py since 4.1")


class RedisCluster(_RedisCluster):
    def __init__(self, host=None, port=None, startup_nodes=None, **options):
        for gone in ("skip_full_coverage_check", "max_connections_per_node", "readonly_mode"):
            options.pop(gone, None)
        nodes = [ClusterNode(n["host"], int(n["port"])) for n in startup_nodes or []]
        if host:
            nodes.append(ClusterNode(host, int(port or 6379)))
        super().__init__(startup_nodes=nodes, **options)


StrictRedisCluster = RedisCluster
