"""What is measured: sessions of one server with some clients, and the messages sent in each."""

import dataclasses
import time
import typing

from processes import (SERVERS, Child, cpu_seconds, cpu_seconds_by_thread, kernel_bytes,
                       private_bytes)

DELIVERY_SECONDS = 180  # until every message must have come, after the last one was due


@dataclasses.dataclass(frozen=True)
class Load:
    """Messages to all clients; rate in messages a second, 0: as fast as possible."""

    name: str
    count: int
    rate: float
    payload_bytes: int = 64


@dataclasses.dataclass(frozen=True)
class Session:
    """One start of a server, its clients, perhaps a while of nothing, and the loads in turn."""

    clients: int
    loads: typing.Tuple[Load, ...]
    servers: typing.Tuple[str, ...] = ("crier", "floor")
    idle_seconds: float = 0  # 0: idle connections are not measured


BURST = Load("burst of 2,000 to 1,000", 2_000, 0)
TINY_BURST = Load("burst of 200 to 50", 200, 0)
FULL = (
    Session(10_000, (Load("5/s to 10,000", 25, 5),), idle_seconds=3),
    Session(1_000, (Load("20/s to 1,000", 100, 20), BURST)),
    Session(1_000, (BURST,), ("floor, coalesced",)),
)
TINY = (
    Session(50, (Load("50/s to 50", 10, 50), TINY_BURST), idle_seconds=0.1),
    Session(50, (TINY_BURST,), ("floor, coalesced",)),
)


def measure_load(server, load, clients, publisher, population, first):
    """One row: messages of this load, from `first` on, to all clients."""
    seconds = (load.count / load.rate if load.rate else 0) + DELIVERY_SECONDS
    clients.ask(f"expect {first} {load.count} {seconds}")
    threads = cpu_seconds_by_thread(server.pid)
    cpu = cpu_seconds(server.pid)
    published = publisher.ask(f"publish {first} {load.count} {load.rate} {load.payload_bytes}")
    received = clients.answer()
    cpu = cpu_seconds(server.pid) - cpu
    delivered = received["delivered"]
    by_thread = {name: (seconds - threads.get(name, 0)) * 1e6 / max(1, delivered)
                 for name, seconds in cpu_seconds_by_thread(server.pid).items()}
    return {
        "workload": load.name,
        "expected": load.count * population,
        "cpu_us_per_delivery": cpu * 1e6 / max(1, delivered),
        "deliveries_per_second": delivered / max(1e-9, received.pop("seconds")),
        **received,
        "cpu_us_per_delivery_by_thread": by_thread,
        "published": published,
    }


class Memory:
    """What a server's connections take, from the moment when this is made."""

    def __init__(self, server, clients):
        self._pid, self._clients = server.pid, clients
        self._user, self._kernel = private_bytes(self._pid), kernel_bytes()

    def user(self):
        return (private_bytes(self._pid) - self._user) / self._clients

    def kernel(self):
        return (kernel_bytes() - self._kernel) / self._clients


def measure_idle(server, session, memory, connected):
    """One row: connections that are just there."""
    row = {
        "workload": f"{session.clients:,} idle",
        "expected": session.clients,
        "delivered": session.clients,
        "user_bytes_per_connection": memory.user(),
        "kernel_bytes_per_connection": memory.kernel(),
        "connects_per_second": session.clients / connected["seconds"],
    }
    cpu = cpu_seconds(server.pid)
    time.sleep(session.idle_seconds)
    row["idle_cpu_percent"] = (cpu_seconds(server.pid) - cpu) / session.idle_seconds * 100
    return row


def run_session(session, name, programs):
    """Starts everything, measures, ends everything; a list of rows."""
    children = []

    def start(child):
        children.append(child)
        return child

    rows = []
    try:
        server = start(SERVERS[name](programs))
        publisher = start(Child(programs("bench_publish"), server.kind, server.control))
        publisher.ask("await 0")
        memory = Memory(server, session.clients)
        clients = start(Child(programs("bench_clients"), server.data, str(session.clients)))
        connected = clients.answer()
        reached = publisher.ask(f"await {session.clients}")["clients"]
        if reached != session.clients:
            raise RuntimeError(f"{name} has {reached} clients instead of {session.clients}")
        if session.idle_seconds:
            rows.append(measure_idle(server, session, memory, connected))
        first = 1
        for load in session.loads:
            rows.append(measure_load(server, load, clients, publisher, session.clients, first))
            first += load.count
        if session.idle_seconds:
            rows[0]["user_bytes_per_connection_after_load"] = memory.user()
        return [{"server": name, "clients": session.clients, **row} for row in rows]
    finally:
        for child in reversed(children):  # clients first, the server last
            child.stop()


FIGURES = ("cpu_us_per_delivery", "deliveries_per_second", "p50_us", "p99_us", "p999_us",
           "max_us")
FAULTS = ("missing", "disorder", "corrupt", "unasked", "closed")


def problems(rows):
    """A sentence for each row that must not count: something was lost, doubled, damaged or not measured."""
    for row in rows:
        faults = [f"{key} {row[key]}" for key in FAULTS if row.get(key)]
        if row["delivered"] != row["expected"]:
            faults.insert(0, f"{row['delivered']} of {row['expected']} arrived")
        answers = row.get("published", {})
        if answers:
            faults += [f"no {key}" for key in FIGURES if not row[key] > 0]
        if row["server"] == "crier" and answers and answers["queued"] != row["expected"]:
            faults.append(f"crier said that it queued {answers['queued']}")
        if faults:
            yield f"round {row['round']}, {row['server']}, {row['workload']}: {', '.join(faults)}"
