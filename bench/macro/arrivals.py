"""When messages arrived, from what bench_clients says under `details`."""

import statistics


def quantile(counts, part):
    """Of {microseconds: how many}."""
    wanted, seen = part * sum(counts.values()), 0
    for microseconds in sorted(counts):
        seen += counts[microseconds]
        if seen > wanted:
            return microseconds
    return max(counts, default=0)


def _merged(places):
    counts = {}
    for place in places:
        for microseconds, count in place:
            counts[microseconds] = counts.get(microseconds, 0) + count
    return counts


def figures(details):
    """Of a row: until the last client had a message, and, where there are several nodes, of the
    clients of the first, which is called, and of the others."""
    slowest = [microseconds for microseconds in details["slowest_us"] if microseconds > 0]
    row = {"to_last_p50_us": statistics.median(slowest) if slowest else 0}
    places = details["places"]
    if len(places) == 1:
        return row
    for name, part in (("", places), ("called_", places[:1]), ("others_", places[1:])):
        counts = _merged(part)
        row[f"{name}p50_us"] = quantile(counts, 0.5)
        row[f"{name}p99_us"] = quantile(counts, 0.99)
    return {**row, "p999_us": quantile(_merged(places), 0.999)}
