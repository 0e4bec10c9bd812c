#!/usr/bin/env bash
# Runs a program in the foreground so that Ctrl-C reaches it and not the make that started it: make
# would wait for the drain, but then report the interrupt instead of the program's own exit code.
set -euo pipefail

read -r _ _ _ _ group _ _ foreground _ <"/proc/$$/stat"
if [[ $group != "$foreground" ]]; then
  exec "$@"  # no terminal, or in the background: signals come to the process itself
fi
# Job control gives the program a process group of its own, and the terminal with it. Should this
# script be killed, the program is told to drain.
set -m
setpriv --pdeathsig TERM "$@"
