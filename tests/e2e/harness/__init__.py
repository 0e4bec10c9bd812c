"""Starts the real binaries and talks to them as users do. Only loopback, ports of their own."""
