"""The dashboard "crier / node": everything about one node."""

from model import dashboard, heatmap, lines, quantile, rate, select, stat, total

QUANTILES = (0.5, 0.9, 0.99, 0.999)


def spread(title, histogram, **more):
    """Quantiles of a histogram of seconds."""
    return lines(title, *((quantile(share, histogram), f"p{100 * share:g}") for share in QUANTILES),
                 unit="s", **more)


def by(labels, metric, title, more="", **fields):
    """The rate of a counter for each value of its labels."""
    legend = " ".join("{{" + label + "}}" for label in labels.split(", "))
    return lines(title, (total(labels, rate(metric, more)), legend), **fields)


NOW = [
    stat("Clients", total("", select("crier_connections"))),
    stat("It can hold", total("", select("crier_connections_limit"))),
    stat("Slow clients", total("", select("crier_connections_slow")), red_above=1),
    stat("Queued messages", total("", select("crier_queued_messages"))),
    stat("Delivered", total("", rate("crier_messages_sent_total")), "mps"),
    stat("Memory", total("", select("process_resident_memory_bytes")), "bytes"),
    stat("Draining", total("", select("crier_draining"))),
    stat("Uptime", f"max(time() - {select('process_start_time_seconds')})", "s"),
]

CLIENTS = [
    lines("Clients by listener", (total("listener", select("crier_connections")), "{{listener}}"),
          (total("listener", select("crier_connections_handshaking")),
           "{{listener}}, handshaking"), stacked=True),
    by("listener", "crier_connections_accepted_total", "Connects by listener", unit="cps"),
    by("reason", "crier_connections_closed_total", "Closes by reason", unit="cps", stacked=True),
    by("listener, reason", "crier_connections_rejected_total", "Rejected", unit="cps"),
    by("errno", "crier_accept_errors_total", "Failures of accept", unit="cps"),
    heatmap("How long clients stayed", "crier_connection_lifetime_seconds"),
    spread("Ping to pong", "crier_ping_rtt_seconds",
           description="Of clients with codec envelope."),
    lines("Certificates expire in",
          (f"min by (listener) ({select('crier_certificate_expiry_timestamp_seconds')}) - time()",
           "{{listener}}"), unit="s", description="Of listeners with TLS, and of the control API."),
]

DELIVERY = [
    by("source", "crier_messages_offered_total", "Offered by source", unit="mps", stacked=True),
    by("reason", "crier_messages_dropped_total", "Dropped by reason", unit="mps", stacked=True),
    by("reason", "crier_messages_discarded_total", "Discarded by the reason of the close",
       unit="mps", stacked=True),
    lines("Messages", (total("", rate("crier_messages_sent_total")), "sent"),
          (total("", rate("crier_messages_received_total")), "received"), unit="mps"),
    lines("Bytes", (total("", rate("crier_bytes_sent_total")), "sent"),
          (total("", rate("crier_bytes_received_total")), "received"), unit="Bps"),
    lines("Messages in one send",
          (total("", rate("crier_messages_sent_total")) + " / "
           + total("", rate("crier_send_calls_total")), "messages"),
          description="What waits together leaves together; below 1 sockets take parts only."),
    spread("Broadcast: until its last client had it", "crier_broadcast_enqueue_seconds"),
    heatmap("Clients of a broadcast", "crier_broadcast_targets", "short"),
    lines("Conservation of messages",
          (total("", select("crier_messages_offered_total")) + " - "
           + " - ".join(total("", select(f"crier_{name}")) for name in
                        ("messages_sent_total", "messages_dropped_total",
                         "messages_discarded_total", "queued_messages")), "unaccounted"),
          description="offered - sent - dropped - discarded - queued: always 0."),
]

BACKPRESSURE = [
    lines("Queued", (total("", select("crier_queued_messages")), "messages"),
          (total("", select("crier_connections_slow")), "slow clients")),
    lines("Memory of the queues", (total("", select("crier_queued_bytes")), "unsent"),
          (total("", select("crier_queue_retained_bytes")), "retained"), unit="bytes"),
    spread("Wait in the queue", "crier_queue_wait_seconds"),
    lines("Bounded memory", (total("", select("crier_inflight_bytes")), "broadcasts in flight"),
          (total("", select("crier_inflight_limit_bytes")), "their bound"),
          (total("", select("crier_partial_bytes")), "input"),
          (total("", select("crier_partial_limit_bytes")), "its bound"), unit="bytes",
          description="Bounded by limits.inflight_bytes and limits.partial_bytes."),
    lines("Level of the queues' memory", (total("", select("crier_queue_memory_level")), "level"),
          (total("level", rate("crier_queue_memory_transitions_total")), "{{level}} begins"),
          description="1: nobody new is let in. 2: clients that are behind are closed. 3: broadcasts "
          "are refused."),
    lines("Bound of the queues' memory",
          (total("", select("crier_queue_retained_bytes")), "retained"),
          (total("", select("crier_queue_memory_limit_bytes")), "its bound"), unit="bytes",
          description="Bounded by limits.queue_memory_bytes; 0: not at all."),
    lines("Refused broadcasts", (total("", rate("crier_broadcasts_overloaded_total")), "overload"),
          (total("", rate("crier_queue_memory_refused_total")), "memory"), unit="ops"),
    lines("Accepting paused", (total("", rate("crier_accept_paused_seconds_total")), "descriptors"),
          (total("", rate("crier_accept_rate_limited_seconds_total")), "rate"),
          unit="percentunit"),
]

CONTROL = [
    by("method", "crier_rpc_finished_total", "Calls", unit="reqps"),
    by("method, code", "crier_rpc_finished_total", "Calls that failed", 'code!="OK"', unit="reqps",
       stacked=True),
    lines("Calls under way", (total("method", select("crier_rpc_inflight")), "{{method}}")),
    lines("Broadcast: duration of the call", *(
        (quantile(share, "crier_rpc_duration_seconds", more='method="Broadcast"'),
         f"p{100 * share:g}") for share in QUANTILES), unit="s"),
    by("reason", "crier_control_denied_total", "Calls that were not let in", unit="reqps"),
    lines("Connections", (total("", select("crier_control_connections")), "open"),
          (total("", rate("crier_control_connections_rejected_total")), "turned away each second")),
    heatmap("Duration of all calls", "crier_rpc_duration_seconds"),
]

# Only on a node with a bus.
BUS = [
    lines("Other nodes", (total("state", select("crier_cluster_nodes")), "{{state}}"),
          description="That this one knows."),
    lines("Bus", (select("crier_bus_up"), "up"), defaults={"max": 1},
          description="1: connected both ways, and what was published comes back."),
    lines("Comings and goings of the bus", (total("", rate("crier_bus_connects_total")), "connects"),
          (total("reason", rate("crier_bus_connection_losses_total")), "{{reason}}"), unit="ops"),
    by("outcome", "crier_bus_messages_published_total", "Published by outcome", unit="mps",
       stacked=True),
    lines("Brought by the bus", (total("", rate("crier_bus_messages_received_total")), "messages"),
          (total("", rate("crier_bus_broadcasts_received_total")), "broadcasts of other nodes"),
          (total("", rate("crier_bus_gap_messages_total")), "broadcasts that never came"),
          unit="mps"),
    by("reason", "crier_bus_messages_ignored_total", "Ignored by reason", unit="mps", stacked=True),
    lines("Bytes over the bus", (total("", rate("crier_bus_published_bytes_total")), "published"),
          (total("", rate("crier_bus_received_bytes_total")), "brought"), unit="Bps"),
    lines("Backlog of the bus", (total("", select("crier_bus_backlog_bytes")), "unconfirmed"),
          (total("", select("crier_bus_backlog_limit_bytes")), "bound"), unit="bytes"),
    spread("Bus: there and back", "crier_bus_echo_seconds"),
    by("result", "crier_cluster_requests_total", "Requests to other nodes", unit="reqps",
       stacked=True),
    lines("Bus not read, as this node was busy", (total("", rate("crier_bus_pauses_total")), "pauses"),
          unit="ops"),
]

RUNTIME = [
    lines("CPU", (rate("process_cpu_seconds_total"), "CPUs in use")),
    lines("Memory", (select("process_resident_memory_bytes"), "resident"),
          (select("process_virtual_memory_bytes"), "virtual"), unit="bytes"),
    lines("Open files", (select("process_open_fds"), "open"), (select("process_max_fds"), "limit")),
    heatmap("Lateness of the event loops", "crier_eventloop_lag_seconds"),
    spread("Lateness of the event loops", "crier_eventloop_lag_seconds"),
    lines("Oldest tick of an event loop", (select("crier_eventloop_oldest_tick_seconds"), "age"),
          unit="s", description="/livez fails when it is too old."),
    by("reason", "crier_log_lines_dropped_total", "Log lines not written", unit="ops"),
    by("result", "crier_credentials_reloads_total", "Credentials read again by result", unit="ops"),
    lines("Threads by how they send", (total("sends", select("crier_shards")), "{{sends}}"),
          description="Container runtimes usually refuse io_uring."),
]

LIFECYCLE = [
    lines("Drain", (select("crier_draining"), "draining"), width=12),
    lines("Clients still to be closed", (select("crier_drain_remaining_connections"), "clients"),
          width=12),
]

NODE = dashboard(
    "crier / node", "Everything about one node of crier.",
    (("Now", NOW), ("Clients", CLIENTS), ("Delivery", DELIVERY), ("Backpressure", BACKPRESSURE),
     ("Control API", CONTROL), ("Bus", BUS), ("Runtime", RUNTIME), ("Lifecycle", LIFECYCLE)),
    several=False)
