"""What crier shall reach, and what it has reached."""

import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Goal:
    """A figure of crier's rows of one key, with what it must be and what it should be."""

    title: str
    key: str
    figure: str
    must: typing.Optional[float]
    goal: float
    at_least: bool = False  # else at most
    unit: str = ""

    def bound(self, value):
        if value is None:
            return "–"
        return f"{'≥' if self.at_least else '≤'} {value:,g}{self.unit}"

    def is_met(self, bound, value):
        return value >= bound if self.at_least else value <= bound

    def verdict(self, value):
        if value is None:
            return "not measured"
        if self.is_met(self.goal, value):
            return "goal met"
        if self.must is None or not self.is_met(self.must, value):
            return "**not met**"
        return "must met, goal not"


CPU, P99 = "cpu_us_per_delivery_to_floor", "p99_us_to_floor"
GOALS = (
    Goal("CPU per delivery, 1,000 clients, to the floor", "paced-1k", CPU, 1.10, 1.0),
    Goal("CPU per delivery, 10,000 clients, to the floor", "paced-10k", CPU, 1.10, 1.0),
    Goal("p99 of a paced broadcast, 1,000 clients, to the floor", "paced-1k", P99, 1.20, 1.05),
    Goal("p99 of a paced broadcast, 10,000 clients, to the floor", "paced-10k", P99, 1.20, 1.05),
    Goal("p99 of a paced broadcast, 19,000 clients, to the floor", "paced-19k", P99, 1.20, 1.05),
    Goal("burst deliveries/s, to the best peer", "burst", "deliveries_to_best_peer", 3, 5,
         at_least=True),
    Goal("burst deliveries/s, to the coalesced floor", "burst", "deliveries_per_second_to_floor",
         None, 0.6, at_least=True),
    Goal("user bytes per idle connection, 19,000 clients", "idle", "user_bytes_per_connection",
         600, 457),
    Goal("p99 of the others with 1 % stalled, to the clean run", "stalled", "p99_to_clean",
         1.15, 1.05),
    Goal("heap allocations per delivery", "heap", "allocations_per_delivery", 0, 0),
    Goal("heap allocations per accepted connection", "heap", "allocations_per_connection", 2, 0),
    Goal("BroadcastStream requests/s, no clients", "control", "requests_per_second",
         200_000, 400_000, at_least=True),
    Goal("idle CPU, 19,000 clients", "idle", "idle_cpu_percent", 0.5, 0.1, unit=" % of a core"),
)


def judge(summary):
    """Each goal with crier's figure, a spread or nothing."""
    for goal in GOALS:
        crier = summary.get(goal.key, {}).get("servers", {}).get("crier", {})
        yield goal, crier.get(goal.figure)


def missing(summary, keys):
    """Goals of these keys without a figure."""
    return [goal.title for goal, figure in judge(summary) if goal.key in keys and figure is None]
