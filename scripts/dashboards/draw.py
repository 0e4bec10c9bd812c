#!/usr/bin/env python3
"""Draws the dashboards from what a real Prometheus scraped of real nodes in real trouble.

Grafana is not needed: every panel is drawn from its own queries. Usage:
    scripts/dashboards/draw.sh
"""
import os
import re
import sys

import matplotlib
from matplotlib import pyplot

from harness.dashboards import BOARDS, fill, load, panels
from harness.process import wait_until
from harness.prometheus import Prometheus
from harness.trouble import troubled_nodes

matplotlib.use("Agg")

SECONDS = 90  # that are shown
UNIT_INCHES = 0.68, 0.3  # of Grafana's grid
COLORS = ("#3274d9", "#e0752d", "#56a64b", "#e02f44", "#8f3bb8", "#b5a000", "#17a2b8", "#8d6e63")
UNITS = {"cps": "/s", "mps": "/s", "ops": "/s", "reqps": "/s", "s": " s"}


def text_of(value, unit):
    """A number with its unit, as short as Grafana says it."""
    if unit == "percentunit":
        return f"{100 * value:.3g}%"
    if unit in ("bytes", "Bps"):
        for name in ("B", "KiB", "MiB", "GiB"):
            if abs(value) < 1024 or name == "GiB":
                return f"{value:.3g} {name}{'/s' if unit == 'Bps' else ''}"
            value /= 1024
    if unit == "s" and 0 < abs(value) < 1:
        return f"{1000 * value:.3g} ms"
    for name, size in (("M", 1e6), ("k", 1e3)):
        if abs(value) >= size:
            return f"{value / size:.3g}{name}{UNITS.get(unit, '')}"
    return f"{value:.3g}{UNITS.get(unit, '')}"


def legend_of(target, labels):
    legend = target["legendFormat"]
    return re.sub(r"\{\{(\w+)\}\}", lambda match: labels.get(match[1], ""), legend)


class Drawing:
    """One dashboard on one sheet."""

    def __init__(self, board, prometheus, instance):
        self.board = board
        self.prometheus = prometheus
        self.instance = instance
        self.end = prometheus.value("max(timestamp(up))")
        self.rows = max(p["gridPos"]["y"] + p["gridPos"]["h"] for p in board["panels"])
        self.figure = pyplot.figure(figsize=(24 * UNIT_INCHES[0], self.rows * UNIT_INCHES[1]))

    def rectangle(self, panel):
        place = panel["gridPos"]
        height = 1 / self.rows
        return (place["x"] / 24 + 0.034, 1 - (place["y"] + place["h"] - 0.9) * height,
                place["w"] / 24 - 0.044, (place["h"] - 1.9) * height)

    def draw(self):
        for panel in self.board["panels"]:
            if panel["type"] == "row":
                self.figure.text(0.004, 1 - (panel["gridPos"]["y"] + 0.7) / self.rows,
                                 panel["title"], fontsize=11, weight="bold", color="#444")
        for _, panel in panels(self.board):
            axes = self.figure.add_axes(self.rectangle(panel))
            axes.set_title(panel["title"], fontsize=8, loc="left", y=1)
            getattr(self, panel["type"])(panel, axes)

    def data(self, target):
        return self.prometheus.series(fill(target["expr"], instance=self.instance), SECONDS,
                                      self.end)

    def timeseries(self, panel, axes):
        unit = panel["fieldConfig"]["defaults"]["unit"]
        curves = [(legend_of(target, labels), points) for target in panel["targets"]
                  for labels, points in self.data(target)]
        # Curves of nothing say as much as one of them.
        telling = [curve for curve in curves if any(value for _, value in curve[1])]
        curves = telling or curves[:1]
        stacked = panel["fieldConfig"]["defaults"]["custom"]["stacking"]["mode"] == "normal"
        below = {}
        for number, (legend, points) in enumerate(curves):
            color = COLORS[number % len(COLORS)]
            times = [time - self.end for time, _ in points]
            floor = [below.get(time, 0) if stacked else 0 for time, _ in points]
            values = [value + low for (_, value), low in zip(points, floor)]
            axes.plot(times, values, color=color, linewidth=1, label=legend)
            axes.fill_between(times, values, floor, color=color, alpha=0.25 if stacked else 0.08)
            below.update({time: value for (time, _), value in zip(points, values)})
        axes.set_xlim(-SECONDS, 0)
        axes.set_ylim(0, 1.3 * axes.get_ylim()[1])  # room for the legend
        axes.legend(fontsize=6, ncol=4, frameon=False, loc="upper left", borderpad=0)
        self.finish(axes, unit)

    def finish(self, axes, unit):
        axes.yaxis.set_major_formatter(lambda value, _: text_of(value, unit))
        axes.yaxis.set_major_locator(pyplot.MaxNLocator(4))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}s")
        axes.tick_params(labelsize=6, length=2)
        axes.grid(alpha=0.25, linewidth=0.5)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)

    def stat(self, panel, axes):
        defaults = panel["fieldConfig"]["defaults"]
        (_, points), = self.data(panel["targets"][0])
        value = points[-1][1]
        red = [step["value"] for step in defaults["thresholds"]["steps"] if step["color"] == "red"]
        axes.plot([time - self.end for time, _ in points], [value for _, value in points],
                  color="#9bb8e0", linewidth=1)
        axes.set_axis_off()
        axes.text(0.5, 0.5, text_of(value, defaults["unit"]), transform=axes.transAxes, ha="center",
                  va="center", fontsize=16, weight="bold",
                  color="#e02f44" if red and value >= red[0] else "#222")

    def heatmap(self, panel, axes):
        buckets = sorted(self.data(panel["targets"][0]), key=lambda entry: float(entry[0]["le"]))
        times = sorted({time for _, points in buckets for time, _ in points})
        below, shown = dict.fromkeys(times, 0), []
        for _, points in buckets:
            counts = dict(points)
            shown.append([max(0, counts.get(time, 0) - below[time]) for time in times])
            below = {time: counts.get(time, 0) for time in times}
        axes.pcolormesh([time - self.end for time in times], range(len(buckets)), shown,
                        cmap="Blues", shading="nearest")
        unit = panel["fieldConfig"]["defaults"]["unit"]
        names = [labels["le"] for labels, _ in buckets]
        axes.set_yticks(range(len(names)), [name if name == "+Inf" else text_of(float(name), unit)
                                            for name in names])
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}s")
        axes.tick_params(labelsize=5, length=2)

    def table(self, panel, axes):
        axes.set_axis_off()
        found = self.data(panel["targets"][0])
        names = sorted({name for labels, _ in found for name in labels})
        lines = ["   ".join(names)] + ["   ".join(labels.get(name, "") for name in names)
                                       for labels, _ in found]
        axes.text(0, 0.9, "\n".join(lines), transform=axes.transAxes, va="top", fontsize=7)


def main(folder):
    with troubled_nodes(spread="45s") as (nodes, drain), \
            Prometheus({name: crier.ops for name, crier in nodes.items()}) as prometheus:
        for scrapes in range(20, SECONDS + 10, 10):
            if scrapes == SECONDS - 30:
                drain()
            wait_until(lambda wanted=scrapes: prometheus.value(
                f'count_over_time(crier_build_info{{instance="well"}}[5m]) >= {wanted}'), "scrapes")
        for name, instance in zip(BOARDS, (".*", "slow")):
            drawing = Drawing(load(name), prometheus, instance)
            drawing.draw()
            drawing.figure.savefig(os.path.join(folder, f"crier-{name}.png"), dpi=80)


if __name__ == "__main__":
    main(sys.argv[1])
