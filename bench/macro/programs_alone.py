"""What is measured without a server of its own: gRPC requests without clients, crier without sockets,
and a data plane beside itself with TLS and authentication."""

import json
import re
import subprocess

CONTROL_LINE = re.compile(r"^(bare gRPC echo|crier BroadcastStream) +([0-9.]+) requests/s"
                          r" +([0-9.]+) CPU us/request$", re.MULTILINE)
CONTROL_SERVERS = {"bare gRPC echo": "gRPC echo", "crier BroadcastStream": "crier"}


def _output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def control(programs, tiny):
    """One BroadcastStream with no client connected, beside a bare gRPC echo."""
    requests = 2_000 if tiny else 300_000
    text = _output(programs("bench_control_stream"), "--requests", str(requests), "--rounds", "1")
    for name, rate, cpu in CONTROL_LINE.findall(text):
        yield {"key": "control", "workload": f"{requests:,} requests on one BroadcastStream",
               "server": CONTROL_SERVERS[name], "clients": 0, "expected": requests,
               "delivered": requests, "requests_per_second": float(rate),
               "cpu_us_per_request": float(cpu)}


def micro(programs, tiny):
    """The micro benchmarks, one row each; heap allocations are counted there."""
    wanted = ["--benchmark_filter=-/1[0-9]*0000$", "--benchmark_min_time=0.001"] if tiny else []
    results = json.loads(_output(programs("micro"), "--benchmark_format=json", *wanted))
    for result in results["benchmarks"]:
        yield {"key": "micro", "workload": result["name"], "server": "crier", "clients": 0,
               "micro": result}
    heap = {key: max(result[key] for result in results["benchmarks"] if key in result)
            for key in ("allocations_per_delivery", "allocations_per_connection")}
    yield {"key": "heap", "workload": "over a null socket", "server": "crier", "clients": 0,
           **heap}


def secure(programs, tiny):
    """Every way to connect to one data plane, and how it compares to plain TCP in the same round."""
    clients, broadcasts = (50, 10) if tiny else (1_000, 100)
    lines = _output(programs("bench_secure"), "--clients", str(clients),
                    "--broadcasts", str(broadcasts)).splitlines()
    modes = [json.loads(line) for line in lines]
    for figures in modes:
        name = figures.pop("mode")
        ratios = {f"{figure}_to_plain": value / modes[0][figure]
                  for figure, value in figures.items()}
        yield {"key": "secure", "workload": f"64 B to {clients:,}", "server": name,
               "clients": clients, **figures, **ratios}


ALL = {"control": control, "micro": micro, "secure": secure}
ONCE = ("micro",)
