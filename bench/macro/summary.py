"""Rows of all rounds as medians and spreads, and as ratios taken inside each round."""

import statistics

from checks import row_faults
from registry import CLUSTERS, PEERS

RATIOS = ("cpu_us_per_delivery", "p99_us", "deliveries_per_second")
# Of a cluster to crier as one node without a bus.
RATIOS_TO_SINGLE = (*RATIOS, "p50_us", "to_last_p50_us", "called_cpu_us_per_message")
NOT_FIGURES = {"round", "expected", "delivered", "clients", "calls", "expected_queued"}


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def summarize(rows):
    """{key: {server: {figure: spread, ...}}}, with the title, and why rows do not count."""
    summary = {}
    for key in dict.fromkeys(row["key"] for row in rows if row["key"] != "micro"):
        of_key = [row for row in rows if row["key"] == key]
        servers = {server: _entry([row for row in of_key if row["server"] == server])
                   for server in dict.fromkeys(row["server"] for row in of_key)}
        for name, entry in servers.items():
            entry.update(_ratios(of_key, name))
        summary[key] = {"workload": of_key[0]["workload"], "servers": servers}
    return summary


def _entry(rows):
    counting = [row for row in rows if not row_faults(row) and "refused" not in row]
    entry = {"rounds": len(rows), "counting": len(counting)}
    if len(counting) < len(rows):
        entry["notes"] = sorted({row.get("refused") or ", ".join(row_faults(row))
                                 for row in rows if row not in counting})
    if counting:
        entry["delivered"] = sum(row.get("delivered", 0) for row in counting)
        for figure, value in counting[0].items():
            if isinstance(value, (int, float)) and figure not in NOT_FIGURES:
                entry[figure] = spread([row[figure] for row in counting])
        for group in ("stalled", "churn"):
            if group in counting[0]:
                entry[group] = {figure: spread([row[group][figure] for row in counting])
                                for figure in counting[0][group]}
    return entry


def _ratios(rows, name):
    """To the floor, which coalesces where there is one since crier does the same; of a cluster to
    crier alone; to the best of the peers; and of requests to the bare gRPC echo."""
    own, base, single, best, echo = [], {}, {}, {}, {}
    for row in rows:
        if row_faults(row) or "refused" in row:
            continue
        number = row["round"]
        if row["server"] == name:
            own.append(row)
        if row["server"] == "floor-coalesced" or (row["server"] == "floor" and number not in base):
            base[number] = row
        if row["server"] in PEERS and "deliveries_per_second" in row:
            best[number] = max(best.get(number, 0), row["deliveries_per_second"])
        if row["server"] == "gRPC echo":
            echo[number] = row["requests_per_second"]
        if row["server"] == "crier":
            single[number] = row
    ratios = {}
    for figure in RATIOS:
        ratios[f"{figure}_to_floor"] = _of_each_round(own, base, figure)
    for figure in RATIOS_TO_SINGLE if name in CLUSTERS else ():
        ratios[f"{figure}_to_single"] = _of_each_round(own, single, figure)
    ratios["deliveries_to_best_peer"] = [
        row["deliveries_per_second"] / best[row["round"]] for row in own if row["round"] in best]
    ratios["requests_to_echo"] = [
        row["requests_per_second"] / echo[row["round"]] for row in own if row["round"] in echo]
    return {figure: spread(values) for figure, values in ratios.items() if values}


def _of_each_round(rows, base, figure):
    pairs = [(row[figure], base[row["round"]][figure]) for row in rows
             if figure in row and row["round"] in base]
    return [mine / other for mine, other in pairs if other > 0]
