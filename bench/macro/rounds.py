"""Rounds of sessions: A B C ..., A B C ..., so that what slows the machine slows all alike."""

import sys
import time

import programs_alone
from session import Session
from steps import Load


def measure(session):
    """All steps of a session; adds to session.rows as they are done."""
    plan = session.plan
    if plan.clients:
        session.connect_seconds = session.connect(plan.clients)
    for step in plan.steps:
        row = {"key": step.key, "workload": step.title, "server": session.server_name,
               "clients": plan.clients}
        refusal = step.refusal(session.server)
        session.rows.append({**row, "refused": refusal} if refusal
                            else {**row, **step.measure(session)})
        if isinstance(step, Load):
            session.last_load = step


def run_session(plan, server, programs):
    """The rows of one session; the steps that could not be done say why."""
    rows = []
    try:
        with Session(plan, server, programs) as session:
            rows = session.rows
            try:
                measure(session)
            except (RuntimeError, OSError) as error:
                ended = session.server.exit_status
                raise error if ended is None else RuntimeError(f"{error}; it ended with {ended}")
    except (RuntimeError, OSError) as error:
        print(f"  {server}: {error}", file=sys.stderr, flush=True)
        rows += [{"key": step.key, "workload": step.title, "server": server,
                  "clients": plan.clients, "failed": str(error)}
                 for step in plan.steps[len(rows):]]
    return rows


def run_round(number, plans, names, programs):
    """Yields the rows of one round as they come."""
    for plan in plans:
        for server in plan.servers:
            if server not in names or (number > 1 and server in plan.once):
                continue
            began = time.monotonic()
            for row in run_session(plan, server, programs):
                yield {"round": number, **row}
            print(f"  {plan.name}: {server}, {time.monotonic() - began:.1f} s", flush=True)


def run_alone(number, which, programs, tiny):
    """Yields the rows of the programs that need no other."""
    for name, rows in programs_alone.ALL.items():
        if name not in which or (number > 1 and name in programs_alone.ONCE):
            continue
        began = time.monotonic()
        for row in rows(programs, tiny):
            yield {"round": number, **row}
        print(f"  {name}, {time.monotonic() - began:.1f} s", flush=True)
