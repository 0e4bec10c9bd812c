"""Crier as several nodes that a redis-server of their own joins."""

import contextlib

from peers import Redis
from servers import Crier, Server, Setup


class Cluster(Server):
    """N times crier as above, in one cluster, and the redis-server above as its bus; all on this
    machine. The first node is the one that is called; clients spread over all."""

    kind = Crier.kind
    protocol = Crier.protocol
    acknowledges = False
    addresses_group = True
    can_echo = False
    parts = ("crier", "redis")
    family = "crier-N-MODE"
    CONFIG = """\
node:
  name: "node-{number}"
bus:
  url: "redis://127.0.0.1:{port}"
  mode: {mode}
"""

    def __init__(self, programs, setup):
        with contextlib.ExitStack() as started:
            redis = Redis(programs, Setup())
            started.callback(redis.stop)
            port = redis.control.rpartition(":")[2]
            self._crier = []
            for number in range(1, self.nodes + 1):
                more = self.CONFIG.format(number=number, port=port, mode=self.mode)
                node = Crier(programs, setup, more)
                started.callback(node.stop)
                self._crier.append(node)
            self._redis, self._started = redis, started.pop_all()
        self.data = ",".join(node.data for node in self._crier)
        self.control = self._crier[0].control

    @property
    def controls(self):
        """Where each node is called."""
        return [node.control for node in self._crier]

    @property
    def pid(self):
        return self._crier[0].pid

    @property
    def pids(self):
        return tuple(node.pid for node in self._crier)

    @property
    def bus_pid(self):
        return self._redis.pid

    @property
    def exit_status(self):
        everyone = (*self._crier, self._redis)
        return next((one.exit_status for one in everyone if one.exit_status is not None), None)

    def stop(self):
        self._started.close()

    @classmethod
    def is_there(cls, programs):
        return Redis.is_there(programs)

    @classmethod
    def configuration(cls):
        return cls.CONFIG.format(number="NUMBER", port="PORT", mode="MODE")


def _kind(nodes, mode):
    return type("Cluster", (Cluster,), {
        "__doc__": Cluster.__doc__, "name": f"crier-{nodes}-{mode}", "nodes": nodes, "mode": mode})


KINDS = tuple(_kind(nodes, mode) for nodes in (1, 2, 3, 10) for mode in ("pubsub", "stream"))
