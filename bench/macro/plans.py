"""Which sessions there are: sizes, loads and servers, as measured and as tried."""

import dataclasses
import typing

from steps import Calls, Churn, Echo, Idle, Load, Reconnect, Stall, Targeted

ALL = ("crier", "floor", "nats", "redis", "mosquitto", "article")
# With a send() for each message the floor takes 8 us a delivery, too long for a burst or for 250,000
# deliveries a second; what can be done there, the coalesced one says.
BURST = ("crier", "floor-coalesced", "nats", "redis", "mosquitto", "article")
ECHO = ("crier", "floor", "article")
# One node without a bus, one with a bus and nobody else, two and three nodes, in both modes of the bus.
CLUSTER = ("crier", "crier-1-pubsub", "crier-1-stream", "crier-2-pubsub", "crier-2-stream",
           "crier-3-pubsub", "crier-3-stream")
FEW_NODES = ("crier", "crier-2-pubsub", "crier-2-stream")
TWO_NODES = ("crier-2-pubsub", "crier-2-stream")
STALLED_QUEUE_BYTES = 2 << 20  # crier's default, for all that can be told


@dataclasses.dataclass(frozen=True)
class Plan:
    """One start of a server, its clients, and the steps in turn."""

    name: str
    clients: int
    steps: typing.Tuple
    servers: typing.Tuple[str, ...] = ALL
    publishers: int = 1
    grouped: bool = False  # every tenth client can be addressed apart
    echo: bool = False
    waiting: bool = False  # the publisher for the counts of all nodes
    crowd: bool = False  # a client process for each node, as one could not hold them all
    queue_bytes: int = 0  # 0: as peers.py has it
    once: typing.Tuple[str, ...] = ()  # servers that only the first round measures


# Messages that fill the kernel's buffers of a connection (2.6 MiB here), crier's queue, the
# article's 4096 messages, and more.
FILL = Load("fill", "8,000 of 1 KiB", 8_000, 0, 1024)

# They take minutes, for nothing that one round does not show: mosquitto more than 30 us to deliver,
# the article's design seconds to connect and to work off a burst.
SLOW = ("mosquitto", "article")
FULL = (
    Plan("idle", 19_000, (
        Idle("idle", "19,000 idle", 5),
        Load("paced-19k", "2/s to 19,000", 10, 2),
    ), once=SLOW),
    Plan("stalled", 10_000, (
        Load("paced-10k", "5/s to 10,000", 25, 5),
        Stall("stalled", "5/s to 10,000, 100 of them stalled", 100, FILL),
    ), queue_bytes=STALLED_QUEUE_BYTES, once=SLOW),
    Plan("churn", 1_000, (
        Load("paced-1k", "20/s to 1,000", 100, 20),
        Churn("churn", "20/s to 1,000, while 500/s come and go", 500),
    ), once=SLOW),
    Plan("burst", 1_000, (
        Load("burst", "2,000 of 64 B to 1,000", 2_000, 0),
        Load("burst-16", "4,000 of 16 B to 1,000", 4_000, 0, 16),
        Load("burst-1Ki", "1,000 of 1 KiB to 1,000", 1_000, 0, 1 << 10),
    ), servers=BURST, once=SLOW),
    Plan("burst-floor", 1_000, (
        Load("burst", "2,000 of 64 B to 1,000", 2_000, 0),
    ), servers=("floor",), once=("floor",)),
    Plan("burst-large", 500, (
        Load("burst-16Ki", "128 of 16 KiB to 500", 128, 0, 16 << 10),
        Load("burst-256Ki", "8 of 256 KiB to 500", 8, 0, 256 << 10),
    ), servers=BURST, once=SLOW),
    Plan("targeted", 10_000, (
        Load("burst-10k", "100 of 64 B to 10,000", 100, 0),
        Targeted("targeted", "20/s to 1,000 of 10,000", 60, 20),
    ), servers=BURST, grouped=True, once=SLOW),
    Plan("publishers", 1_000, (
        Load("publishers", "5 publishers of 50/s to 1,000", 1_500, 50, publishers=5),
    ), servers=BURST, publishers=5, once=BURST),
    Plan("echo", 0, (
        Echo("echo", "100 clients, round trips of 64 B", 100, 1_000),
    ), servers=ECHO, echo=True),
    Plan("reconnect", 0, (
        Reconnect("reconnect", "19,000 connect and leave, 10 times", 19_000, 10),
    ), once=ALL),
    Plan("cluster", 1_200, (
        Idle("cluster-idle", "1,200 idle", 5),
        Load("cluster-paced", "20/s to 1,200", 100, 20),
        Load("cluster-burst", "2,000 of 64 B to 1,200", 2_000, 0),
    ), servers=CLUSTER),
    Plan("cluster-large", 12_000, (
        Load("cluster-paced-12k", "5/s to 12,000", 25, 5),
    ), servers=FEW_NODES),
    Plan("cluster-few", 6, (
        Load("cluster-few", "200/s to 6", 1_000, 200),
    ), servers=CLUSTER),
    Plan("calls", 0, (
        Calls("call-list", "ListClients, a page of 1,000", "list", 500, 1_000),
        Calls("call-get", "GetClient", "get", 2_000, 1_000),
        Calls("call-disconnect", "Disconnect of one", "disconnect", 2_000, 0),
        Calls("call-broadcast", "Broadcast to 10", "broadcast", 2_000, 10),
        Calls("call-broadcast-waiting", "Broadcast to 10, wait_for_nodes", "broadcast-waiting",
              2_000, 10),
    ), servers=TWO_NODES),
    Plan("fleet10", 190_000, (
        Idle("fleet-idle", "10 nodes, 19,000 idle clients each", 10),
        Load("fleet-paced", "one in 4 s to 10 nodes, 19,000 clients each", 50, 0.25),
    ), servers=("crier-10-pubsub", "crier-10-stream"), waiting=True, crowd=True,
         once=("crier-10-pubsub", "crier-10-stream")),
)
# Takes memory and connections that not every machine has: only where it is asked for.
ON_REQUEST = ("fleet10",)
# What stands in a part of its own of the page, with a machine of its own; all else is one part.
PARTS = {"secure": ("secure",), "nodes": ("cluster", "cluster-large", "cluster-few", "calls"),
         "fleet": ("fleet10",)}

TINY = (
    Plan("idle", 60, (
        Idle("idle", "60 idle", 0.1),
        Load("paced-19k", "50/s to 60", 5, 50),
    )),
    Plan("stalled", 50, (
        Load("paced-10k", "50/s to 50", 10, 50),
        Stall("stalled", "50/s to 50, 1 of them stalled", 1, FILL),
    ), queue_bytes=STALLED_QUEUE_BYTES),
    Plan("churn", 50, (
        Load("paced-1k", "50/s to 50", 20, 50),
        Churn("churn", "50/s to 50, while 500/s come and go", 500),
    )),
    Plan("burst", 50, (
        Load("burst", "200 of 64 B to 50", 200, 0),
        Load("burst-16", "400 of 16 B to 50", 400, 0, 16),
        Load("burst-1Ki", "100 of 1 KiB to 50", 100, 0, 1 << 10),
    ), servers=BURST),
    Plan("burst-floor", 50, (
        Load("burst", "200 of 64 B to 50", 200, 0),
    ), servers=("floor",)),
    Plan("burst-large", 10, (
        Load("burst-16Ki", "20 of 16 KiB to 10", 20, 0, 16 << 10),
        Load("burst-256Ki", "8 of 256 KiB to 10", 8, 0, 256 << 10),
    ), servers=BURST),
    Plan("targeted", 50, (
        Load("burst-10k", "100 of 64 B to 50", 100, 0),
        Targeted("targeted", "50/s to 5 of 50", 10, 50),
    ), servers=BURST, grouped=True),
    Plan("publishers", 50, (
        Load("publishers", "5 publishers of 50/s to 50", 10, 50, publishers=5),
    ), servers=BURST, publishers=5),
    Plan("echo", 0, (
        Echo("echo", "10 clients, round trips of 64 B", 10, 50),
    ), servers=ECHO, echo=True),
    Plan("reconnect", 0, (
        Reconnect("reconnect", "50 connect and leave, twice", 50, 2),
    )),
    Plan("cluster", 48, (
        Idle("cluster-idle", "48 idle", 0.1),
        Load("cluster-paced", "50/s to 48", 10, 50),
        Load("cluster-burst", "200 of 64 B to 48", 200, 0),
    ), servers=CLUSTER),
    Plan("cluster-large", 48, (
        Load("cluster-paced-12k", "50/s to 48", 10, 50),
    ), servers=FEW_NODES),
    Plan("cluster-few", 6, (
        Load("cluster-few", "100/s to 6", 10, 100),
    ), servers=CLUSTER),
    Plan("calls", 0, (
        Calls("call-list", "ListClients, a page of 10", "list", 5, 10),
        Calls("call-get", "GetClient", "get", 20, 10),
        Calls("call-disconnect", "Disconnect of one", "disconnect", 20, 0),
        Calls("call-broadcast", "Broadcast to 10", "broadcast", 20, 10),
        Calls("call-broadcast-waiting", "Broadcast to 10, wait_for_nodes", "broadcast-waiting",
              20, 10),
    ), servers=TWO_NODES),
    Plan("fleet10", 600, (
        Idle("fleet-idle", "3 nodes, 200 idle clients each", 0.1),
        Load("fleet-paced", "20/s to 3 nodes, 200 clients each", 10, 20),
    ), servers=("crier-3-pubsub", "crier-3-stream"), waiting=True, crowd=True),
)


def part_of(name):
    """Of the page, by the name of a plan or of a program that needs no other."""
    return next((part for part, names in PARTS.items() if name in names), "alone")


_PART_OF_KEY = {step.key: part_of(plan.name) for plan in FULL for step in plan.steps}


def part_of_key(key):
    """The same by what a row stands for; those of such a program have its name or are `alone`."""
    return _PART_OF_KEY.get(key) or part_of(key)
