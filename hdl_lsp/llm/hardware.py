"""What this machine has for a model: cores and memory.

Must not import native libraries; asks the operating system only.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")
_CPUS = Path("/sys/devices/system/cpu")


def physical_cores() -> int:
    """Cores this process may use, hyper-threads not counted; at least 1."""
    if sys.platform == "linux":
        allowed = os.sched_getaffinity(0)
        cores = {_core_of(cpu) for cpu in allowed}
        return max(len(cores), 1)
    logical = os.cpu_count() or 1
    if sys.platform == "darwin":
        return logical  # Apple silicon has no hyper-threads
    return max(logical // 2, 1)


def default_threads() -> int:
    """One core fewer than there are: the editor, the server and the compiler need one too."""
    return max(physical_cores() - 1, 1)


def available_memory_bytes() -> int | None:
    """Memory a new process could use without swapping; None when the system does not say."""
    if sys.platform == "win32":
        return _windows_memory()
    candidates = [
        amount for amount in (_meminfo_available(), _cgroup_available()) if amount is not None
    ]
    if candidates:
        return min(candidates)
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


def _core_of(cpu: int) -> str:
    """An id shared by the hyper-threads of one core."""
    siblings = _CPUS / f"cpu{cpu}" / "topology" / "thread_siblings_list"
    try:
        return siblings.read_text()
    except OSError:
        return str(cpu)


def _meminfo_available() -> int | None:
    """MemAvailable of /proc/meminfo, in bytes."""
    try:
        text = _MEMINFO.read_text()
    except OSError:
        return None
    for line in text.split("\n"):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _cgroup_available() -> int | None:
    """What a container's limit (cgroup v2) leaves, in bytes; None without a limit."""
    try:
        limit = (_CGROUP / "memory.max").read_text().strip()
        used = int((_CGROUP / "memory.current").read_text())
    except (OSError, ValueError):
        return None
    return max(int(limit) - used + _reclaimable(), 0) if limit.isdigit() else None


def _reclaimable() -> int:
    """Page cache that counts as used in a control group and can be dropped, in bytes."""
    try:
        lines = (_CGROUP / "memory.stat").read_text().split("\n")
    except OSError:
        return 0
    return sum(
        int(line.split()[1])
        for line in lines
        if line.startswith(("inactive_file ", "active_file "))
    )


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of kernel32."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total_physical", ctypes.c_uint64),
        ("available_physical", ctypes.c_uint64),
        ("rest", ctypes.c_uint64 * 5),
    )


def _windows_memory() -> int | None:
    """Available physical memory on Windows, in bytes."""
    if sys.platform != "win32":
        return None
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None
    return int(status.available_physical)
