"""Grafana's dashboard JSON, as far as crier's dashboards need it."""

SCHEMA_VERSION = 41  # of Grafana 11.6
COLUMNS = 24
SELECT = 'namespace=~"$namespace", job=~"$job", instance=~"$instance"'
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}


def select(metric, more=""):
    """The selected nodes' series of a metric."""
    return f"{metric}{{{SELECT}{', ' + more if more else ''}}}"


def rate(metric, more=""):
    return f"rate({select(metric, more)}[$__rate_interval])"


def total(by, expression):
    """The sum, kept apart by these labels; without any it is one number."""
    return f"sum by ({by}) ({expression})" if by else f"sum({expression})"


def quantile(share, histogram, by="", more=""):
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, {total(labels, rate(histogram + '_bucket', more))})"


def target(expression, legend="", **more):
    return {"datasource": DATASOURCE, "expr": expression, "legendFormat": legend or "__auto", **more}


def targets(*queries):
    """From (expression, legend) pairs."""
    found = [target(*query) for query in queries]
    for index, query in enumerate(found):
        query["refId"] = chr(ord("A") + index)
    return found


def panel(kind, title, queries, unit="short", width=8, height=7, description="", **fields):
    """One panel without its place; fields go where Grafana has them: defaults, options, custom."""
    defaults = {"unit": unit, **fields.pop("defaults", {})}
    if "custom" in fields:
        defaults["custom"] = fields.pop("custom")
    return {
        "type": kind, "title": title, "description": description, "datasource": DATASOURCE,
        "fieldConfig": {"defaults": defaults, "overrides": fields.pop("overrides", [])},
        "options": fields.pop("options", {}), "targets": queries,
        "gridPos": {"w": width, "h": height, "x": 0, "y": 0}, **fields,
    }


def lines(title, *queries, unit="short", stacked=False, **more):
    """Curves over time."""
    custom = {"fillOpacity": 25 if stacked else 8, "showPoints": "never",
              "stacking": {"mode": "normal" if stacked else "none"}}
    return panel("timeseries", title, targets(*queries), unit, custom=custom,
                 defaults={"min": 0, **more.pop("defaults", {})},
                 options={"legend": {"displayMode": "list", "placement": "bottom"},
                          "tooltip": {"mode": "multi", "sort": "desc"}}, **more)


def stat(title, expression, unit="short", red_above=None, **more):
    """One number as it is now, which turns red above a threshold."""
    steps = [{"color": "text", "value": None}]
    if red_above is not None:
        steps.append({"color": "red", "value": red_above})
    queries = targets((expression, ""))
    return panel("stat", title, queries, unit, width=more.pop("width", 3), height=4,
                 defaults={"thresholds": {"mode": "absolute", "steps": steps}},
                 options={"reduceOptions": {"calcs": ["lastNotNull"]}, "graphMode": "area"}, **more)


def heatmap(title, histogram, unit="s", more="", **fields):
    """How often which value occurred, over time."""
    queries = [target(total("le", f"increase({select(histogram + '_bucket', more)}"
                            "[$__rate_interval])"), "{{le}}", format="heatmap", refId="A")]
    return panel("heatmap", title, queries, unit,
                 options={"calculate": False, "yAxis": {"unit": unit}, "cellGap": 1,
                          "color": {"mode": "scheme", "scheme": "Blues", "steps": 32}}, **fields)


def table(title, expression, hidden, width=8, **fields):
    queries = [target(expression, format="table", instant=True, refId="A")]
    return panel("table", title, queries, width=width, height=fields.pop("height", 7),
                 transformations=[{"id": "organize", "options": {
                     "excludeByName": {name: True for name in ("Time", "Value", *hidden)}}}],
                 **fields)


def variable(name, query, multi):
    return {"type": "query", "name": name, "label": name, "datasource": DATASOURCE,
            "query": {"query": query, "refId": name}, "definition": query, "refresh": 2, "sort": 1,
            "includeAll": multi, "multi": multi, **({"allValue": ".*"} if multi else {}),
            "current": {"text": ["All"], "value": ["$__all"]} if multi else {}}


def place(rows):
    """Panels from left to right, row by row, each row under a heading."""
    placed, y = [], 0
    for heading, panels in rows:
        placed.append({"type": "row", "title": heading, "collapsed": False, "panels": [],
                       "gridPos": {"w": COLUMNS, "h": 1, "x": 0, "y": y}})
        x, y, height = 0, y + 1, 0
        for item in panels:
            size = item["gridPos"]
            if x + size["w"] > COLUMNS:
                x, y, height = 0, y + height, 0
            size["x"], size["y"] = x, y
            x, height = x + size["w"], max(height, size["h"])
            placed.append(item)
        y += height
    for number, item in enumerate(placed, 1):
        item["id"] = number
    return placed


def dashboard(title, description, rows, several):
    """several: whether more than one node can be looked at."""
    chosen = [variable("namespace", "label_values(crier_build_info, namespace)", True),
              variable("job", 'label_values(crier_build_info{namespace=~"$namespace"}, job)', True),
              variable("instance", 'label_values(crier_build_info{namespace=~"$namespace", '
                       'job=~"$job"}, instance)', several)]
    return {
        "title": title, "description": description, "tags": ["crier"], "editable": True,
        "schemaVersion": SCHEMA_VERSION, "graphTooltip": 1, "refresh": "30s",
        "time": {"from": "now-1h", "to": "now"}, "timezone": "browser",
        "links": [{"type": "dashboards", "title": "crier", "tags": ["crier"], "asDropdown": False,
                   "includeVars": True, "keepTime": True}],
        "annotations": {"list": [{
            "name": "Drains", "datasource": DATASOURCE, "enable": True, "iconColor": "orange",
            "expr": f"changes({select('crier_draining')}[$__rate_interval]) > 0",
            "titleFormat": "{{instance}} drains"}]},
        "templating": {"list": [
            {"type": "datasource", "name": "datasource", "label": "data source",
             "query": "prometheus", "current": {}}, *chosen]},
        "panels": place(rows),
    }
