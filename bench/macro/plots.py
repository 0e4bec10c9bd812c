"""The summary as plots; the same figures give the same files."""

import os

import tables

# File, title, axis, figure, key of the rows, logarithmic, divisor.
PLOTS = (
    ("cpu-per-delivery", "One broadcast at a time to 10,000 clients",
     "CPU µs per delivery", "cpu_us_per_delivery", "paced-10k", False, 1),
    ("burst", "2,000 broadcasts of 64 bytes to 1,000 clients at once",
     "deliveries/s", "deliveries_per_second", "burst", True, 1),
    ("memory", "19,000 idle connections",
     "bytes of the server per connection", "user_bytes_per_connection", "idle", True, 1),
    ("latency", "One broadcast at a time to 10,000 clients",
     "p99 of the delivery time, ms", "p99_us", "paced-10k", False, 1000),
    ("stalled", "1 % of 10,000 clients do not read",
     "p99 of the others, in p99 of the clean run", "p99_to_clean", "stalled", False, 1),
)
COLOUR = {"crier": "#c0392b", "floor": "#95a5a6", "floor-coalesced": "#95a5a6"}
OTHER_COLOUR = "#34608d"


def available():
    try:
        import matplotlib  # noqa: F401, of the group bench of scripts/setup.sh
    except ImportError:
        return False
    return True


def _draw(pyplot, entries, title, axis, figure, logarithmic, divisor):
    from matplotlib import ticker
    names = list(entries)
    values = [entries[name][figure]["median"] / divisor for name in names]
    errors = [[(entries[name][figure]["median"] - entries[name][figure]["min"]) / divisor
               for name in names],
              [(entries[name][figure]["max"] - entries[name][figure]["median"]) / divisor
               for name in names]]
    picture, axes = pyplot.subplots(figsize=(7, 0.6 + 0.45 * len(names)), layout="constrained")
    bars = axes.barh(names, values, xerr=errors, capsize=3, log=logarithmic,
                     color=[COLOUR.get(name, OTHER_COLOUR) for name in names])
    axes.bar_label(bars, [tables.number(value) for value in values], padding=6)
    axes.margins(x=0.2)
    axes.invert_yaxis()
    axes.set_title(title)
    axes.set_xlabel(axis)
    if not logarithmic:
        axes.xaxis.set_major_formatter(ticker.StrMethodFormatter("{x:,g}"))
    axes.spines[["top", "right"]].set_visible(False)
    return picture


def write(summary, folder):
    """One SVG for each of PLOTS that has figures; returns their names with their titles."""
    import matplotlib
    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "crier", "svg.fonttype": "none"})
    from matplotlib import pyplot
    written = []
    for name, title, axis, figure, key, logarithmic, divisor in PLOTS:
        servers = summary.get(key, {}).get("servers", {})
        entries = {server: entry for server, entry in servers.items()
                   if figure in entry and not (logarithmic and entry[figure]["median"] <= 0)}
        if not entries:
            continue
        picture = _draw(pyplot, entries, title, axis, figure, logarithmic, divisor)
        picture.savefig(os.path.join(folder, f"{name}.svg"), metadata={"Date": None})
        pyplot.close(picture)
        written.append((f"{name}.svg", f"{title}: {axis}"))
    return written
