"""The summary as tables in Markdown."""

import goals

COMMON = {
    "cpu_us_per_delivery": "CPU µs per delivery",
    "p50_us": "p50 ms",
    "p99_us": "p99 ms",
    "p999_us": "p99.9 ms",
    "max_us": "max ms",
    "cpu_us_per_delivery_to_floor": "CPU to floor",
    "p99_us_to_floor": "p99 to floor",
}
# Title, keys of the rows, figures of the columns.
TABLES = (
    ("Paced broadcasts", ("paced-1k", "paced-10k", "paced-19k", "churn", "targeted", "publishers"),
     COMMON),
    ("Bursts", ("burst", "burst-16", "burst-1Ki", "burst-16Ki", "burst-256Ki", "burst-10k"), {
        "deliveries_per_second": "deliveries/s",
        "deliveries_per_second_to_floor": "to floor",
        "deliveries_to_best_peer": "to best peer",
        "cpu_us_per_delivery": "CPU µs per delivery",
        "p50_us": "p50 ms",
        "p99_us": "p99 ms",
        "max_us": "max ms",
    }),
    ("Clients that do not read", ("stalled",), {
        "clean_p99_us": "p99 ms, clean run",
        "p99_us": "p99 ms of the others",
        "p99_to_clean": "to clean",
        "user_bytes_for_stalled": "user memory for the stalled",
        "kernel_bytes_for_stalled": "kernel memory",
        "fill_seconds": "seconds in which it took what fills them",
        "stalled.offered": "messages for the stalled",
        "stalled.received": "got once they read again",
        "stalled.lost": "lost",
        "stalled.dropped_says_server": "dropped, says the server",
        "stalled.closed": "stalled clients closed",
    }),
    ("Idle connections", ("idle",), {
        "user_bytes_per_connection": "user bytes per connection",
        "kernel_bytes_per_connection": "kernel bytes per connection, both ends",
        "idle_cpu_percent": "idle CPU, % of a core",
        "connects_per_second": "connects/s",
    }),
    ("Connections that come and go", ("reconnect",), {
        "connects_per_second": "connects/s",
        "user_bytes_full": "user bytes, first time full",
        "user_bytes_after_first": "after the first time",
        "user_bytes_after_last": "after the last time",
        "kernel_bytes_after_last": "kernel bytes after the last time",
    }),
    ("Round trips", ("echo",), {
        "deliveries_per_second": "round trips/s",
        "deliveries_per_second_to_floor": "to floor",
        "cpu_us_per_delivery": "CPU µs per round trip",
        "p50_us": "p50 ms",
        "p99_us": "p99 ms",
        "p999_us": "p99.9 ms",
        "max_us": "max ms",
    }),
    ("Requests without clients", ("control",), {
        "requests_per_second": "requests/s",
        "requests_to_echo": "to bare gRPC echo",
        "cpu_us_per_request": "CPU µs per request, both ends",
    }),
)
IDLE_NODES = {
    "idle_cpu_percent": "idle CPU of a node, % of a core",
    "bus_idle_cpu_percent": "of Redis",
    "resident_bytes_per_node": "resident bytes of a node",
    "bus_resident_bytes": "of Redis",
    "user_bytes_per_connection": "user bytes per connection",
    "kernel_bytes_per_connection": "kernel bytes per connection, both ends",
    "connects_per_second": "connects/s",
}
# The same of what several nodes do.
CLUSTER_TABLES = (
    ("Paced broadcasts over nodes", ("cluster-paced", "cluster-paced-12k"), {
        "called_p50_us": "p50 ms, clients of the called node",
        "called_p99_us": "p99 ms",
        "others_p50_us": "p50 ms, clients of the others",
        "others_p99_us": "p99 ms",
        "p50_us": "p50 ms, all",
        "p99_us": "p99 ms, all",
        "to_last_p50_us": "ms to the last client, p50",
        "p99_us_to_single": "p99 of all, to one node",
        "to_last_p50_us_to_single": "last client, to one node",
        "cpu_us_per_delivery": "CPU µs per delivery, all nodes",
        "cpu_us_per_delivery_to_single": "to one node",
        "bus_cpu_us_per_delivery": "of Redis",
    }),
    ("What a broadcast costs beside its deliveries", ("cluster-few",), {
        "called_cpu_us_per_message": "CPU µs per broadcast, called node",
        "called_cpu_us_per_message_to_single": "to one node",
        "others_cpu_us_per_message": "each other node",
        "bus_cpu_us_per_message": "Redis",
        "called_p50_us": "p50 ms, clients of the called node",
        "called_p99_us": "p99 ms",
        "others_p50_us": "p50 ms, clients of the others",
        "others_p99_us": "p99 ms",
        "p50_us": "p50 ms, all",
        "p99_us": "p99 ms, all",
    }),
    ("Bursts over nodes", ("cluster-burst",), {
        "deliveries_per_second": "deliveries/s",
        "deliveries_per_second_to_single": "to one node",
        "cpu_us_per_delivery": "CPU µs per delivery, all nodes",
        "cpu_us_per_delivery_to_single": "to one node",
        "bus_cpu_us_per_message": "CPU µs per broadcast, Redis",
        "called_p99_us": "p99 ms, clients of the called node",
        "others_p99_us": "p99 ms, clients of the others",
        "max_us": "max ms, all",
    }),
    ("Idle nodes", ("cluster-idle",), {
        key: IDLE_NODES[key] for key in ("idle_cpu_percent", "bus_idle_cpu_percent",
                                         "resident_bytes_per_node", "bus_resident_bytes")}),
    ("Calls for clients of another node",
     ("call-list", "call-get", "call-disconnect", "call-broadcast", "call-broadcast-waiting"), {
         "direct_p50_us": "p50 ms, called at that node",
         "direct_p99_us": "p99 ms",
         "forwarded_p50_us": "p50 ms, passed on over gRPC",
         "forwarded_p99_us": "p99 ms",
         "bus_p50_us": "p50 ms, over the bus",
         "bus_p99_us": "p99 ms",
         "calls_to_direct": "p50 of the bus to that node's own",
         "calls_to_forwarded": "to gRPC",
     }),
)
SECURE_TABLES = (
    ("What a client costs", ("secure",), {
        "cpu_us_per_connection": "CPU µs to connect",
        "cpu_us_per_connection_to_plain": "to plain TCP",
        "heap_bytes_per_client": "heap bytes while idle",
        "cpu_us_per_delivery": "CPU µs per delivery, one at a time",
        "cpu_us_per_delivery_to_plain": "to plain TCP",
        "cpu_us_per_delivery_in_burst": "CPU µs per delivery, in a burst",
        "cpu_us_per_delivery_in_burst_to_plain": "to plain TCP",
    }),
)
FLEET_TABLES = (
    ("Broadcasts to a fleet", ("fleet-paced",), {
        "called_p50_us": "p50 ms, clients of the called node",
        "called_p99_us": "p99 ms",
        "others_p50_us": "p50 ms, clients of the others",
        "others_p99_us": "p99 ms",
        "to_last_p50_us": "ms to the last client, p50",
        "max_us": "max",
        "deliveries_per_second": "deliveries/s",
        "cpu_us_per_delivery": "CPU µs per delivery, all nodes",
        "bus_cpu_us_per_delivery": "of Redis",
    }),
    ("An idle fleet", ("fleet-idle",), IDLE_NODES),
)


def number(value):
    """Three digits that mean something."""
    for limit, unit in ((1e9, " G"), (1e6, " M")):
        if abs(value) >= limit:
            return f"{value / limit:.2f}{unit}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 1e-3 else "0"


def spread_text(spread, divisor=1):
    middle, low, high = (number(spread[part] / divisor) for part in ("median", "min", "max"))
    return middle if low == high else f"{middle} ({low}–{high})"


def _cell(entry, figure):
    group, _, name = figure.rpartition(".")
    found = (entry.get(group, {}) if group else entry).get(name)
    if found is None:
        return "–"
    return spread_text(found, 1000 if name.endswith("_us") else 1)


def _counted(entry):
    """How much arrived in the rows that count, and why others do not."""
    parts = []
    if entry["counting"]:
        parts.append(f"{number(entry['delivered'])}, all" if entry.get("delivered") else "yes")
    return "; ".join(parts + entry.get("notes", []))


def _table(head, lines):
    yield "| " + " | ".join(head) + " |"
    yield "|---" * len(head) + "|"
    for line in lines:
        yield "| " + " | ".join(line) + " |"
    yield ""


def workload_tables(summary, tables=TABLES):
    for title, keys, figures in tables:
        lines = [[summary[key]["workload"], server,
                  *(_cell(entry, figure) for figure in figures), _counted(entry)]
                 for key in keys if key in summary
                 for server, entry in summary[key]["servers"].items()]
        if lines:
            yield f"### {title}"
            yield ""
            yield from _table(["workload", "server", *figures.values(), "delivered"], lines)


def goal_table(summary):
    lines = [[goal.title, goal.bound(goal.must), goal.bound(goal.goal),
              spread_text(figure) if figure else "–",
              goal.verdict(figure["median"] if figure else None)]
             for goal, figure in goals.judge(summary)]
    yield from _table(["", "must", "goal", "measured", ""], lines)


def micro_table(rows):
    """Google Benchmark's results."""
    known = {"name", "real_time", "cpu_time", "time_unit", "iterations", "family_index",
             "per_family_instance_index", "run_name", "run_type", "repetitions",
             "repetition_index", "threads"}
    lines = []
    for result in (row["micro"] for row in rows if "micro" in row):
        others = ", ".join(f"{key} {number(value)}" for key, value in result.items()
                           if key not in known)
        lines.append([result["name"], f"{number(result['cpu_time'])} {result['time_unit']}",
                      others or "–"])
    yield from _table(["micro benchmark", "CPU", "counted"], lines)
