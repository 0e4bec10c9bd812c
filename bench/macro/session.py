"""One start of a server with its clients and publishers, while steps.py measures it."""

import contextlib
import statistics
import time

import arrivals
from child import Child
from crowd import Crowd
from kernel import cpu_seconds, cpu_seconds_by_thread, kernel_bytes, open_files, private_bytes
from registry import SERVERS
from servers import Setup

AWAIT_SECONDS = 60
AWAIT_SECONDS_IF_NOT_STRICT = 3
DELIVERY_SECONDS = 180  # until every message must have come, after the last one was due
QUIET_SECONDS = 5  # nothing more came for so long: the rest is lost


class Session:
    """Everything that runs at the same time; ends it all when it is left."""

    def __init__(self, plan, server_name, programs):
        self.plan, self._programs = plan, programs
        self._started = contextlib.ExitStack()
        self.server_name = server_name
        self.connected = 0
        self.rows = []
        self._first = 1  # the next message

    def __enter__(self):
        with contextlib.ExitStack() as started:
            self._start(started)
            self._started = started.pop_all()
        return self

    def __exit__(self, *_):
        self._started.close()  # clients first, the server last

    def _start(self, started):
        def keep(child):
            started.callback(child.stop)
            return child

        def clients(address):
            return keep(Child(self.program("bench_clients"), self.server.protocol, address,
                              *(["--group"] if plan.grouped else [])))

        plan = self.plan
        setup = Setup(plan.echo, plan.queue_bytes) if plan.queue_bytes else Setup(plan.echo)
        self.server = keep(SERVERS[self.server_name](self._programs, setup))
        if plan.echo:
            return
        kind = self.server.kind + ("-waiting" if plan.waiting else "")
        self.publisher = keep(Child(self.program("bench_publish"), kind, self.server.control,
                                    str(plan.publishers)))
        self.publisher.ask("await 0 0")
        self.memory_before = Memory(self.server.pids)
        self._files_before = open_files(self.server.pid)
        if plan.crowd:
            self.clients = Crowd([clients(address) for address in self.server.data.split(",")])
        else:
            self.clients = clients(self.server.data)

    def program(self, name):
        return self._programs(name)

    def connect(self, count, strict=True):
        """So many more clients; how long it took until the server would reach them all, or, if not
        strict, had time enough for that."""
        began = time.monotonic()
        self.clients.ask(f"connect {count}")
        self.connected += count
        if not self.server.acknowledges:
            seconds = AWAIT_SECONDS if strict else AWAIT_SECONDS_IF_NOT_STRICT
            reached = self.publisher.ask(f"await {self.connected} {seconds}")["clients"]
            if strict and reached != self.connected:
                raise RuntimeError(f"it has {reached} clients instead of {self.connected}")
        return time.monotonic() - began

    def disconnect(self, keep=0):
        """All but the first ones; returns once the server has closed its ends."""
        self.clients.ask(f"disconnect {keep}")
        self.connected = keep
        deadline = time.monotonic() + AWAIT_SECONDS
        while open_files(self.server.pid) > self._files_before + keep:
            if time.monotonic() > deadline:
                raise RuntimeError("it does not let go of clients that have left")
            time.sleep(0.02)

    def publish(self, load):
        """Publishes without anyone who waits for it; what the server said."""
        return self.publisher.ask(self._publish_command(load))

    def _publish_command(self, load):
        first, self._first = self._first, self._first + load.count
        return (f"publish {load.publishers} {first} {load.count} {load.rate}"
                f" {load.payload_bytes}")

    def deliver(self, load, receivers):
        """Publishes, and waits until so many clients have got everything; the figures of a row."""
        seconds = (load.count / load.rate if load.rate else 0) + DELIVERY_SECONDS
        quiet = max(QUIET_SECONDS, 3 / load.rate if load.rate else 0)
        self.clients.ask(f"expect {'group' if load.group else 'all'} {self._first} {load.count} "
                         f"{load.publishers} {load.payload_bytes} {seconds} {quiet}")
        pid = self.server.pid
        threads, before = cpu_seconds_by_thread(pid), self.cpu_seconds()
        published = self.publisher.ask(self._publish_command(load))
        received = self.clients.answer()
        cpu = [after - earlier for after, earlier in zip(self.cpu_seconds(), before)]
        delivered = received["delivered"]
        by_thread = {name: (seconds - threads.get(name, 0)) * 1e6 / max(1, delivered)
                     for name, seconds in cpu_seconds_by_thread(pid).items()}
        return {
            "expected": load.count * load.publishers * receivers,
            **self._shares(cpu, load.count * load.publishers, delivered),
            "deliveries_per_second": delivered / max(1e-9, received.pop("seconds")),
            **received,
            **arrivals.figures(self.clients.ask("details")),
            "cpu_us_per_delivery_by_thread": by_thread,
            "published": published,
        }

    def cpu_seconds(self):
        """Of each node, and of the bus if there is one."""
        bus = self.server.bus_pid
        return [cpu_seconds(pid) for pid in (*self.server.pids, *([bus] if bus else []))]

    def _shares(self, cpu, messages, delivered):
        """Who used so much CPU, and what only the clients of the called node are answered for."""
        nodes = self.server.nodes
        row = {"cpu_us_per_delivery": sum(cpu[:nodes]) * 1e6 / max(1, delivered),
               "called_cpu_us_per_message": cpu[0] * 1e6 / messages}
        if nodes > 1:
            row["others_cpu_us_per_message"] = sum(cpu[1:nodes]) * 1e6 / messages / (nodes - 1)
            if not self.plan.waiting:
                row["expected_queued"] = messages * -(-self.connected // nodes)
        if self.server.bus_pid:
            row["bus_cpu_us_per_message"] = cpu[-1] * 1e6 / messages
            row["bus_cpu_us_per_delivery"] = cpu[-1] * 1e6 / max(1, delivered)
        return row


class Memory:
    """What processes and the kernel held at one moment."""

    def __init__(self, pids):
        self.user, self.kernel = sum(private_bytes(pid) for pid in pids), kernel_bytes()

    def since(self, before, key, parts=1):
        """The growth, as figures of a row."""
        return {f"user_bytes{key}": (self.user - before.user) / parts,
                f"kernel_bytes{key}": (self.kernel - before.kernel) / parts}


def median_rate(count, seconds):
    return count / statistics.median(seconds)
