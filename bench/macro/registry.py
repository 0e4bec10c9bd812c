"""All servers by their names."""

import clusters
import peers
import servers

SERVERS = {kind.name: kind for kind in (
    servers.Crier, servers.Floor, servers.CoalescedFloor, peers.Nats, peers.Redis,
    peers.Mosquitto, servers.Article, *clusters.KINDS)}

PEERS = ("nats", "redis", "mosquitto", "article")  # what others made, or would have made
CLUSTERS = tuple(kind.name for kind in clusters.KINDS)
OWN = ("crier", "floor", "floor-coalesced", *CLUSTERS)  # of which every row has to count


def missing(names, programs):
    """Those that are not on this machine."""
    return [name for name in names
            if not getattr(SERVERS[name], "is_there", lambda _programs: True)(programs)]
