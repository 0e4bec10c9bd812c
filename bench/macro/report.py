"""Rows of all rounds as medians, ratios and Markdown."""

import os
import platform
import statistics
import subprocess

IDLE = ("user_bytes_per_connection", "user_bytes_per_connection_after_load",
        "kernel_bytes_per_connection", "idle_cpu_percent", "connects_per_second")
LATENCIES = ("p50_us", "p99_us", "p999_us", "max_us")
LOAD = ("cpu_us_per_delivery", *LATENCIES, "deliveries_per_second")
RATIOS = ("cpu_us_per_delivery", "p99_us", "deliveries_per_second")


def _output(*command):
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else "unknown"


def machine(root, build):
    """Where and on what this was measured."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        model = next((line.split(":", 1)[1].strip() for line in lines
                      if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo", encoding="ascii") as lines:
        memory = int(next(lines).split()[1]) / 2**20
    cache = {}
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as lines:
        for line in lines:
            key, found, value = line.strip().partition("=")
            if found:
                cache[key.split(":")[0]] = value
    kind = cache.get("CMAKE_BUILD_TYPE", "")
    flags = f"{cache.get('CMAKE_CXX_FLAGS', '')} {cache.get('CMAKE_CXX_FLAGS_' + kind.upper(), '')}"
    changed = _output("git", "-C", root, "status", "--porcelain", "--untracked-files=no", "--",
                      "bench", "dataplane", "proto", "services", "cmake", "CMakeLists.txt")
    return {
        "cpu": f"{len(os.sched_getaffinity(0))} x {model}",
        "memory": f"{memory:.0f} GiB",
        "kernel": platform.release(),
        "compiler": _output(cache.get("CMAKE_CXX_COMPILER", "c++"), "--version").split("\n")[0],
        "build": f"{kind} ({flags.strip()})",
        "commit": _output("git", "-C", root, "rev-parse", "--short=12", "HEAD")
                  + (" with changes" if changed else ""),
    }


def _spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def summarize(rows):
    """For each workload and server: median and spread of each figure, and ratios to the floor.

    A ratio is taken inside each round, so that what slows the machine slows both; to the floor
    that coalesces where there is one, since crier does the same."""
    summary = {}
    for row in rows:
        entry = summary.setdefault(row["workload"], {}).setdefault(
            row["server"], {"rows": [], "clients": row["clients"]})
        entry["rows"].append(row)
    for servers in summary.values():
        base = servers.get("floor, coalesced") or servers["floor"]
        floor = {row["round"]: row for row in base["rows"]}
        for entry in servers.values():
            own = entry["rows"]
            entry["complete"] = all(row["delivered"] == row["expected"] for row in own)
            entry["delivered"] = sum(row["delivered"] for row in own)
            for key in IDLE + LOAD:
                if key in own[0]:
                    entry[key] = _spread([row[key] for row in own])
            for key in RATIOS:
                pairs = [(row[key], floor[row["round"]][key]) for row in own if key in row]
                if pairs and all(other > 0 for _, other in pairs):
                    entry[f"{key}_to_floor"] = _spread([mine / other for mine, other in pairs])
        for entry in servers.values():
            del entry["rows"]
    return summary


def _number(value):
    """Three digits that mean something."""
    for limit, unit in ((1e9, " G"), (1e6, " M")):
        if abs(value) >= limit:
            return f"{value / limit:.2f}{unit}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 1e-3 else "0"


def _cell(entry, key):
    if key not in entry:
        return "–"
    divisor = 1000 if key in LATENCIES else 1
    middle, low, high = (_number(entry[key][part] / divisor) for part in ("median", "min", "max"))
    return middle if low == high else f"{middle} ({low}–{high})"


def _table(head, lines):
    yield "| " + " | ".join(head) + " |"
    yield "|---" * len(head) + "|"
    for line in lines:
        yield "| " + " | ".join(line) + " |"


def tables(summary):
    """The two tables, as lines of Markdown."""
    idle = [[name, server] + [_cell(entry, key) for key in IDLE]
            for name, servers in summary.items() for server, entry in servers.items()
            if IDLE[0] in entry]
    yield from _table(["clients", "server", "user bytes per connection", "the same after the load",
                       "kernel bytes per connection, both ends", "idle CPU, % of a core",
                       "connects/s"], idle)
    yield ""
    load = [[name, server] + [_cell(entry, key) for key in LOAD]
            + [_cell(entry, f"{key}_to_floor") for key in RATIOS]
            + [_number(entry["delivered"]) + (", all" if entry["complete"] else ", NOT ALL")]
            for name, servers in summary.items() for server, entry in servers.items()
            if LOAD[0] in entry]
    yield from _table(["workload", "server", "CPU µs per delivery", "p50 ms", "p99 ms", "p99.9 ms",
                       "max ms", "deliveries/s", "CPU to floor", "p99 to floor",
                       "deliveries/s to floor", "delivered"], load)


def micro_table(results):
    """Google Benchmark's JSON as lines of Markdown."""
    known = {"name", "real_time", "cpu_time", "time_unit", "iterations", "family_index",
             "per_family_instance_index", "run_name", "run_type", "repetitions",
             "repetition_index", "threads"}
    lines = []
    for result in results["benchmarks"]:
        others = ", ".join(f"{key} {_number(value)}" for key, value in result.items()
                           if key not in known)
        lines.append([result["name"], f"{_number(result['cpu_time'])} {result['time_unit']}",
                      others or "–"])
    yield from _table(["micro benchmark", "CPU", "counted"], lines)
