"""soak.py SECONDS: one crier under mixed load for a long time; make soak runs it.

Clients that are well, slow, coming and going, and ill-behaved, of listeners with and without TLS,
tokens and envelope; publishers over gRPC. Samples each second, and fails where memory grows, latency
drifts, a descriptor is left, a witness misses a frame or the books do not balance.
"""

import contextlib
import os
import sys
import tempfile
import threading
import time

from crowds import Churn, NumberedCaller, Stuck, Witnesses
from harness.ops import metrics, wait_for_metrics
from harness.process import Crier, wait_until
from harness.trouble import Caller, Readers
from peers import SLOW, Device, Kind, Known, Secure
from slope import drifts, leaks, trend

MIB = 1 << 20
# Resident memory may grow by so much an hour, and by so much at all over the second half.
GROWTH_PER_HOUR = 8 * MIB
GROWTH_AT_LEAST = 2 * MIB
# The median latency of a second, as clients see it, and the mean time from accepting a broadcast to
# handing it to its last client may rise by so much over the second half.
DRIFT_SHARE = 0.5
DRIFT_AT_LEAST_SECONDS = 0.005

ROWS = 12
SECONDS_MIN = 10  # a slope over less than five samples says nothing


class Samples:
    """One row a second."""

    def __init__(self):
        self.rows = []
        self._enqueue = (0, 0)

    def _enqueue_seconds(self, found):
        """The mean since the last call; None where nothing was broadcast."""
        before = self._enqueue
        self._enqueue = tuple(found.sum("crier_broadcast_enqueue_seconds_" + part)
                              for part in ("sum", "count"))
        count = self._enqueue[1] - before[1]
        return (self._enqueue[0] - before[0]) / count if count else None

    def take(self, second, found, latency):
        if found.imbalance() != 0:
            raise AssertionError(f"after {second} s the books are off by {found.imbalance()}")
        self.rows.append({
            "second": second,
            "memory": found.sum("process_resident_memory_bytes"),
            "files": found.sum("process_open_fds"),
            "retained": found.sum("crier_queue_retained_bytes"),
            "connections": found.sum("crier_connections"),
            "latency": latency,
            "enqueue": self._enqueue_seconds(found),
        })

    def series(self, key):
        return [(row["second"], row[key]) for row in self.rows if row[key] is not None]

    def table(self):
        print("| second | memory MiB | descriptors | retained KiB | connections | latency ms "
              "| enqueue ms |")
        print("|--:|--:|--:|--:|--:|--:|--:|")
        step = max(1, len(self.rows) // ROWS)
        for row in self.rows[step - 1::step]:
            latency, enqueue = ("" if row[key] is None else f"{row[key] * 1e3:.2f}"
                                for key in ("latency", "enqueue"))
            print(f"| {row['second']:.0f} | {row['memory'] / MIB:.1f} | {row['files']:.0f} "
                  f"| {row['retained'] / 1024:.0f} | {row['connections']:.0f} "
                  f"| {latency} | {enqueue} |")


def sample(crier, witnesses, loads, seconds):
    samples = Samples()
    begin = time.monotonic()
    pause = threading.Event()
    while (now := time.monotonic() - begin) < seconds:
        pause.wait(1 - now % 1)
        for load in loads:
            if load.error:
                raise AssertionError(f"{type(load).__name__} ended early") from load.error
        samples.take(time.monotonic() - begin, metrics(crier), witnesses.latency_seconds())
    return samples


def kinds(folder):
    """Those whose clients read, with the number of witnesses, and those whose clients do not."""
    def folder_of(name):
        path = os.path.join(folder, name)
        os.mkdir(path)
        return path

    well = {Kind("well"): 20, Secure("secure", folder_of("secure")): 5,
            Known("known", folder_of("known")): 5, Device("devices", folder_of("devices")): 5}
    return well, [Kind("slow", *SLOW), Secure("secure-slow", folder_of("secure-slow"), *SLOW)]


def serve(listeners):
    return Crier(*(word for index, kind in enumerate(listeners) for option in kind.options
                   for word in ("--set", f"listeners[{index}].{option}")), listeners=len(listeners))


def soak(seconds):
    """Returns the samples, and what the loads did."""
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        well, slow = kinds(enter(tempfile.TemporaryDirectory()))
        crier = enter(serve([*well, *slow]))
        files = metrics(crier).sum("process_open_fds")
        with contextlib.ExitStack() as load:
            witnesses = load.enter_context(Witnesses(crier, well))
            wait_for_metrics(crier, lambda found:
                             found.sum("crier_connections") == sum(well.values()))
            churns = [Churn(crier, kind, seed) for seed, kind in enumerate([*well, *slow])]
            numbered = NumberedCaller(crier)
            loads = [witnesses, numbered, *churns, Readers(crier.data("well"), 150),
                     *(Stuck(crier, kind, 3) for kind in slow), Caller(crier, 300, burst=3),
                     Caller(crier, 8_000)]
            for each in loads[1:]:
                load.enter_context(each)
            samples = sample(crier, witnesses, loads, seconds)
            for each in loads[1:]:
                each._ended.set()
            numbered.join()
            wait_until(lambda: set(witnesses.next) == {numbered.sent}, "frames for witnesses")
        wait_for_metrics(crier, lambda found: found.sum("crier_connections") == 0)
        # The channels of the callers close in their own time.
        final = wait_for_metrics(crier, lambda found: found.sum("process_open_fds") <= files + 1)
        work = {"broadcasts": final.sum("crier_broadcast_targets_count"),
                "frames sent": final.sum("crier_messages_sent_total"),
                "frames dropped": final.sum("crier_messages_dropped_total"),
                "connections": final.sum("crier_connections_accepted_total"),
                "turned away": final.sum("crier_connections_rejected_total"),
                "frames checked": sum(witnesses.next)}
    return samples, work


def main(seconds):
    samples, work = soak(seconds)
    samples.table()
    print("\n" + ", ".join(f"{value:.0f} {name}" for name, value in work.items()))
    wrong = judge_memory(trend(samples.series("memory")))
    for key in ("latency", "enqueue"):
        wrong += judge_latency(key, trend(samples.series(key)))
    print("soak: " + (" and ".join(wrong) if wrong else "passed"))
    return 1 if wrong else 0


def judge_memory(found):
    print(f"memory: {found.growth / MIB:+.2f} MiB over the last {found.window:.0f} s, "
          f"{found.per_hour / MIB:+.1f} MiB an hour; wrong above {GROWTH_PER_HOUR / MIB:.0f} "
          f"an hour if it is {GROWTH_AT_LEAST / MIB:.0f} at all")
    return ["memory grows"] if leaks(found, GROWTH_PER_HOUR, GROWTH_AT_LEAST) else []


def judge_latency(key, found):
    print(f"{key}: {found.growth * 1e3:+.2f} ms over the last {found.window:.0f} s, mean "
          f"{found.mean * 1e3:.2f} ms; wrong above {DRIFT_SHARE:.0%} of the mean if it is "
          f"{DRIFT_AT_LEAST_SECONDS * 1e3:.0f} ms at all")
    return [f"{key} drifts"] if drifts(found, DRIFT_SHARE, DRIFT_AT_LEAST_SECONDS) else []


def seconds_of(word):
    if not word.isdecimal() or int(word) < SECONDS_MIN:
        sys.exit(f"soak: '{word}' is not a whole number of seconds from {SECONDS_MIN} on")
    return int(word)


if __name__ == "__main__":
    sys.exit(main(seconds_of(sys.argv[1])))
