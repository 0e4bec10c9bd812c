"""The dashboard "crier / overview": all nodes at a glance."""

from model import (dashboard, heatmap, lines, quantile, rate, select, stat, table, total)

NODE = "{{instance}}"
SENT = total("", rate("crier_messages_sent_total"))
OFFERED = total("", rate("crier_messages_offered_total"))
DROPPED = total("", rate("crier_messages_dropped_total"))

NOW = [
    stat("Nodes", f"count({select('crier_build_info')})"),
    stat("Clients", total("", select("crier_connections"))),
    stat("Connects", total("", rate("crier_connections_accepted_total")), "cps"),
    stat("Delivered", SENT, "mps",
         description="Messages of which the kernel took the last byte."),
    stat("Dropped", f"{DROPPED} / {OFFERED}", "percentunit", red_above=0.001,
         description="Of the messages that clients should have got."),
    stat("Slow clients", total("", select("crier_connections_slow")), red_above=1,
         description="Their queue is at least half full."),
    stat("Draining", total("", select("crier_draining"))),
    stat("Fullest node", "max(sum without (listener) (" + select("crier_connections") + ") / "
         + select("crier_connections_limit") + ")", "percentunit", red_above=0.85,
         description="Clients of those that it can hold."),
]

CLIENTS = [
    lines("Clients by node", (total("instance", select("crier_connections")), NODE), stacked=True),
    lines("Connects and closes",
          (total("", rate("crier_connections_accepted_total")), "connects"),
          (total("reason", rate("crier_connections_closed_total")) + " > 0", "{{reason}}"),
          unit="cps", description="Closes by reason, as far as there are any."),
    lines("Rejected", (total("reason", rate("crier_connections_rejected_total")), "{{reason}}"),
          unit="cps", description="Closed before they became clients."),
    heatmap("How long clients stayed", "crier_connection_lifetime_seconds"),
    lines("Share of what a node can hold",
          ("sum without (listener) (" + select("crier_connections") + ") / "
           + select("crier_connections_limit"), NODE), unit="percentunit"),
    table("Versions", total("version, revision, compiler", select("crier_build_info")), ()),
]

DELIVERY = [
    lines("Messages", (OFFERED, "offered"), (SENT, "sent"), (DROPPED, "dropped"),
          (total("", rate("crier_messages_discarded_total")), "discarded"), unit="mps",
          description="offered = sent + dropped + discarded + what is queued, exactly."),
    lines("Drops by reason", (total("reason", rate("crier_messages_dropped_total")), "{{reason}}"),
          unit="mps", stacked=True),
    lines("Bytes", (total("", rate("crier_bytes_sent_total")), "sent"),
          (total("", rate("crier_bytes_received_total")), "received"), unit="Bps"),
    lines("Until the last client had it", *((quantile(share, "crier_broadcast_enqueue_seconds"),
                                             f"p{100 * share:g}") for share in (0.5, 0.99, 0.999)),
          unit="s", description="From accepting a broadcast to handing it to its last client."),
    heatmap("Clients of a broadcast", "crier_broadcast_targets", "short"),
    heatmap("Wait in the queue", "crier_queue_wait_seconds",
            description="Only messages that had to wait."),
]

BACKPRESSURE = [
    lines("Queued", (total("instance", select("crier_queued_messages")), NODE), stacked=True),
    lines("Memory of the queues", (total("", select("crier_queued_bytes")), "unsent"),
          (total("", select("crier_queue_retained_bytes")), "retained"), unit="bytes",
          description="Retained: what clients share counts once, blocks as a whole."),
    lines("Slow clients", (total("instance", select("crier_connections_slow")), NODE),
          stacked=True),
    lines("Broadcasts in flight", (total("instance", select("crier_inflight_bytes")), NODE),
          unit="bytes", description="Bounded by limits.inflight_bytes."),
    lines("Refused broadcasts", (total("instance", rate("crier_broadcasts_overloaded_total")),
                                 NODE), unit="ops"),
    lines("Accepting paused", (total("instance", rate("crier_accept_paused_seconds_total")), NODE),
          unit="percentunit", description="Share of the time without a free file descriptor."),
]

CONTROL = [
    lines("Calls", (total("method", rate("crier_rpc_finished_total")), "{{method}}"), unit="reqps"),
    lines("Calls that failed", (total("code", rate("crier_rpc_finished_total", 'code!="OK"')),
                                "{{code}}"), unit="reqps", stacked=True),
    lines("Calls: slowest of a hundred",
          (quantile(0.99, "crier_rpc_duration_seconds", "method"), "{{method}}"), unit="s"),
]

# Only of nodes with a bus.
CLUSTER = [
    lines("Bus up", (select("crier_bus_up"), NODE), defaults={"max": 1},
          description="Where it is not 1, broadcasts reach the node's own clients alone."),
    lines("Other nodes that a node reaches",
          (total("instance", select("crier_cluster_nodes", 'state="reachable"')), NODE),
          description="The same everywhere, unless nodes disagree."),
    lines("Other nodes that a node does not reach",
          (total("instance", select("crier_cluster_nodes", 'state="unreachable"')), NODE),
          stacked=True),
    lines("Broadcasts that never came", (total("instance", rate("crier_bus_gap_messages_total")), NODE),
          unit="mps", stacked=True),
    lines("Not confirmed by the bus",
          (total("outcome", rate("crier_bus_messages_published_total", 'outcome!="confirmed"')),
           "{{outcome}}"), unit="mps", stacked=True),
    lines("Share of the backlog that is full",
          (select("crier_bus_backlog_bytes") + " / " + select("crier_bus_backlog_limit_bytes"), NODE),
          unit="percentunit"),
    lines("Bus, there and back: p99", (quantile(0.99, "crier_bus_echo_seconds", "instance"), NODE),
          unit="s"),
    lines("Connects to the bus", (total("instance", rate("crier_bus_connects_total")), NODE),
          unit="ops"),
    lines("Requests to other nodes without an answer",
          (total("result", rate("crier_cluster_requests_total", 'result!="answered"')), "{{result}}"),
          unit="reqps", stacked=True),
]

RUNTIME = [
    lines("CPU", (rate("process_cpu_seconds_total"), NODE), unit="short",
          description="CPUs in use."),
    lines("Memory", (select("process_resident_memory_bytes"), NODE), unit="bytes"),
    lines("Lateness of the event loops: p99",
          (quantile(0.99, "crier_eventloop_lag_seconds", "instance"), NODE), unit="s"),
]

LIFECYCLE = [
    lines("Clients still to be closed", (select("crier_drain_remaining_connections"), NODE),
          width=12),
    lines("Uptime", (f"time() - {select('process_start_time_seconds')}", NODE), unit="s",
          width=12),
]

OVERVIEW = dashboard(
    "crier / overview", "All nodes of crier at a glance.",
    (("Now", NOW), ("Clients", CLIENTS), ("Delivery", DELIVERY), ("Backpressure", BACKPRESSURE),
     ("Control API", CONTROL), ("Cluster", CLUSTER), ("Runtime", RUNTIME),
     ("Lifecycle", LIFECYCLE)), several=True)
