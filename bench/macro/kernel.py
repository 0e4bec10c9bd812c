"""What the kernel says of a process and of the machine."""

import os
import time


def cpu_seconds(pid):
    """User and system time of all threads so far, in the kernel's own nanoseconds."""
    return time.clock_gettime((~pid << 3) | 2)  # the process' CPU clock, as clock_getcpuclockid()


def cpu_seconds_by_thread(pid):
    """The same by the names of the threads that live now."""
    found = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/comm", encoding="utf-8") as file:
                name = file.read().strip()
            with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
                found[name] = found.get(name, 0) + int(file.read().split()[0]) / 1e9
        except FileNotFoundError:
            continue  # ended meanwhile
    return found


def private_bytes(pid):
    """Memory that this process alone uses."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def resident_bytes(pid):
    """Memory that this process uses, alone or with others."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def kernel_bytes():
    """Slab and socket buffers of the whole machine."""
    with open("/proc/meminfo", encoding="ascii") as lines:
        slab = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Slab:"))
    with open("/proc/net/sockstat", encoding="ascii") as lines:
        tcp = next(line.split() for line in lines if line.startswith("TCP:"))
    return slab + int(tcp[tcp.index("mem") + 1]) * os.sysconf("SC_PAGE_SIZE")


def open_files(pid):
    """How many descriptors a process holds."""
    return len(os.listdir(f"/proc/{pid}/fd"))
