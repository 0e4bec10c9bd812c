"""What is measured while a session runs; each step makes one row.

A step has a key, which names what it stands for whatever its size, and a title that says the size.
"""

import dataclasses
import time

from child import Child
from kernel import cpu_seconds, resident_bytes
from session import Memory, median_rate

SETTLE_SECONDS = 0.3  # the kernel frees what a closed connection held a little later


@dataclasses.dataclass(frozen=True)
class Step:
    """What every step has."""

    key: str
    title: str

    @staticmethod
    def refusal(_server):
        """Why this server cannot do it; nothing where it can."""
        return None


@dataclasses.dataclass(frozen=True)
class Load(Step):
    """Messages to all clients, or to the group; rate in messages a second, 0: as fast as possible."""

    count: int
    rate: float
    payload_bytes: int = 64
    publishers: int = 1
    group: bool = False

    def measure(self, session):
        return session.deliver(self, session.connected)


@dataclasses.dataclass(frozen=True)
class Targeted(Load):
    """Messages to the group alone: by the ids of its clients, or by a topic of its own."""

    group: bool = True

    @staticmethod
    def refusal(server):
        return None if server.addresses_group else "cannot address a part of its clients"

    def measure(self, session):
        members = session.clients.ask("group")["addresses"]
        session.publisher.ask("target " + " ".join(members))
        row = session.deliver(self, len(members))
        session.publisher.ask("target")
        return row


@dataclasses.dataclass(frozen=True)
class Idle(Step):
    """Connections that are just there; the first step of its session."""

    seconds: float

    def measure(self, session):
        nodes, bus = session.server.nodes, session.server.bus_pid
        before = session.cpu_seconds()
        time.sleep(self.seconds)
        percent = [(now - earlier) / self.seconds * 100
                   for now, earlier in zip(session.cpu_seconds(), before)]
        now = Memory(session.server.pids)
        row = {
            "expected": session.connected,
            "delivered": session.connected,
            "connects_per_second": session.connected / session.connect_seconds,
            "idle_cpu_percent": sum(percent[:nodes]) / nodes,
            **now.since(session.memory_before, "_per_connection", session.connected),
            "resident_bytes_per_node": sum(map(resident_bytes, session.server.pids)) / nodes,
        }
        if bus:
            row.update(bus_idle_cpu_percent=percent[-1], bus_resident_bytes=resident_bytes(bus))
        return row


@dataclasses.dataclass(frozen=True)
class Stall(Step):
    """The load before it once more, but some clients do not read any more, and what the kernel and
    their queues can hold is full: they are alone connected when `fill` is sent."""

    stalled: int
    fill: Load

    def measure(self, session):
        load, clean = session.last_load, session.rows[-1]
        others = session.connected - self.stalled
        before = Memory(session.server.pids)
        session.disconnect(keep=self.stalled)
        session.clients.ask(f"stall {self.stalled}")
        began = time.monotonic()
        filled = session.publish(self.fill)
        fill_seconds = time.monotonic() - began
        session.connect(others, strict=False)  # it may have closed stalled ones
        row = session.deliver(load, others)
        after = Memory(session.server.pids)
        came = session.clients.ask("resume")
        offered = (self.fill.count + load.count) * self.stalled
        return {
            **row,
            "clean_p99_us": clean["p99_us"],
            "p99_to_clean": row["p99_us"] / max(1e-9, clean["p99_us"]),
            **after.since(before, "_for_stalled"),
            "fill_seconds": fill_seconds,
            "stalled": {"clients": self.stalled, "offered": offered,
                        "lost": offered - came["received"], **came,
                        "dropped_says_server":
                            filled["dropped"] + row["published"]["dropped"]},
        }


@dataclasses.dataclass(frozen=True)
class Churn(Step):
    """The load before it once more, while other clients come and go."""

    connects_per_second: float

    def measure(self, session):
        session.clients.ask(f"churn {self.connects_per_second}")
        row = session.deliver(session.last_load, session.connected)
        return {**row, "churn": session.clients.ask("churn 0")}


@dataclasses.dataclass(frozen=True)
class Reconnect(Step):
    """All clients connect and leave, again and again; its session connects none before."""

    clients: int
    times: int

    def measure(self, session):
        seconds, full, empty = [], [], []
        for _ in range(self.times):
            seconds.append(session.connect(self.clients))
            full.append(self._memory(session))
            session.disconnect()
            time.sleep(SETTLE_SECONDS)
            empty.append(self._memory(session))
        total = self.clients * self.times
        return {
            "expected": total,
            "delivered": total,
            "connects_per_second": median_rate(self.clients, seconds),
            "user_bytes_full": full[0]["user_bytes"],
            "user_bytes_after_first": empty[0]["user_bytes"],
            "user_bytes_after_last": empty[-1]["user_bytes"],
            "kernel_bytes_after_last": empty[-1]["kernel_bytes"],
            "memory_full": full,
            "memory_empty": empty,
        }

    @staticmethod
    def _memory(session):
        return Memory(session.server.pids).since(session.memory_before, "")


@dataclasses.dataclass(frozen=True)
class Echo(Step):
    """Round trips of some clients, each with one message on its way."""

    clients: int
    round_trips: int
    payload_bytes: int = 64

    @staticmethod
    def refusal(server):
        return None if server.can_echo else "does not send back what it gets"

    def measure(self, session):
        child = Child(session.program("bench_echo"), session.server.data, str(self.clients),
                      str(self.round_trips), str(self.payload_bytes))
        try:
            child.answer()
            cpu = cpu_seconds(session.server.pid)
            received = child.ask("begin")
        finally:
            child.stop()
        cpu = cpu_seconds(session.server.pid) - cpu
        delivered = received["delivered"]
        return {
            "expected": self.clients * self.round_trips,
            "cpu_us_per_delivery": cpu * 1e6 / max(1, delivered),
            "deliveries_per_second": delivered / max(1e-9, received.pop("seconds")),
            **received,
        }


@dataclasses.dataclass(frozen=True)
class Calls(Step):
    """Calls for clients of another node, one at a time: directly of that node, passed on over gRPC,
    and over the bus; its session connects no clients."""

    kind: str  # as bench_calls has it
    calls: int
    clients: int  # of the other node

    def measure(self, session):
        called, holder = session.server.controls[:2]
        data = session.server.data.split(",")[1]
        forwarder = Child(session.program("bench_forward"), holder)
        try:
            address = forwarder.answer()["control"]
            calls = Child(session.program("bench_calls"), self.kind, str(self.calls),
                          str(self.clients), holder, address, called, data)
            try:
                row = calls.answer()
            finally:
                calls.stop()
        finally:
            forwarder.stop()
        return {
            "expected": self.calls,
            "delivered": row["calls"],
            "calls_to_direct": row["bus_p50_us"] / row["direct_p50_us"],
            "calls_to_forwarded": row["bus_p50_us"] / row["forwarded_p50_us"],
            **row,
        }
