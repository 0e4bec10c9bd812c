"""Which rows count, and what is wrong with the others."""

LATENCIES = ("p50_us", "p99_us", "p999_us", "max_us")
LOAD = ("cpu_us_per_delivery", "deliveries_per_second", *LATENCIES)
FAULTS = ("missing", "disorder", "corrupt", "unasked", "unexpected", "closed")
ONLOOKER_FAULTS = ("disorder", "corrupt")


def row_faults(row):
    """What keeps a row from counting, in a few words each."""
    if "failed" in row:
        return [row["failed"]]
    if "expected" not in row or "refused" in row:
        return []
    faults = [f"{key} {row[key]:,}" for key in FAULTS if row.get(key)]
    if row["delivered"] != row["expected"]:
        faults.insert(0, f"{row['delivered']:,} of {row['expected']:,} arrived")
    if "p50_us" in row:
        faults += [f"no {key}" for key in LOAD if not row[key] > 0]
    for others in ("stalled", "churn"):
        faults += [f"{others} {key} {row[others][key]:,}" for key in ONLOOKER_FAULTS
                   if row.get(others, {}).get(key)]
    if row.get("churn", {}).get("skipped"):
        faults.append(f"those that came and went missed {row['churn']['skipped']:,}")
    return faults + list(_answer_faults(row))


def _answer_faults(row):
    """Where the server speaks of the fate of messages: that it says what the clients saw."""
    said = row.get("published", {})
    if said.get("answers"):
        if said["matched"] != said["queued"] + said["dropped"]:
            yield "matched is not queued + dropped"
        expected = row.get("expected_queued", row["expected"])
        if "stalled" not in row and "churn" not in row and said["queued"] != expected:
            yield f"{said['queued']:,} queued, it says"
        if said["queued"] < expected:
            yield f"only {said['queued']:,} queued, it says"
    stalled = row.get("stalled")
    if stalled and row["server"] == "crier" and not stalled["closed"]:
        if stalled["dropped_says_server"] != stalled["lost"]:
            yield f"{stalled['dropped_says_server']:,} dropped, it says, and {stalled['lost']:,} lost"


def problems(rows):
    """A sentence for each row that must not count."""
    for row in rows:
        faults = row_faults(row)
        if faults:
            yield (f"round {row['round']}, {row['server']}, {row['workload']}: "
                   f"{', '.join(faults)}")
