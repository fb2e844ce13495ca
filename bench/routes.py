#!/usr/bin/env python3
"""Prints a dump of a routing registry of about MEGABYTES, the same every time: for bench/routes.

  bench/routes.py MEGABYTES [CLASSES]

Route and route6 objects as the RIPE Database and RADB print them; with CLASSES = all, as many objects of other
classes, aut-nums and sets, stand among them.
"""
import sys

TAIL = "created:        2020-01-01T00:00:00Z\nlast-modified:  2024-01-01T00:00:00Z\nsource:         {}\n\n"


def route(n):
    """One route, of either family."""
    origin, maintainer = 1 + n * 7919 % 400000, n % 5000
    if n % 3:
        first = f"route6:         2a{n % 16:02x}:{n >> 4 & 0xffff:x}:{n >> 20:x}::/48\n"
    else:
        first = f"route:          {1 + n // 3 % 200}.{n // 600 % 256}.{n // 153600 % 256}.0/24\n"
    return (
        f"{first}descr:          Customer {n}, somewhere in a town of some country\norigin:         AS{origin}\n"
        f"mnt-by:         MAINT-{maintainer}-MNT\nremarks:        peering@as{origin}.example, NOC +31 20 555{n % 10000:04}\n"
        + TAIL.format("RADB" if n % 10 else "RIPE")
    )


def other(n):
    """An aut-num or an as-set."""
    if n % 2:
        policy = "".join(f"import:         from AS{n + k} accept AS-SET{k}\n" for k in range(12))
        return f"aut-num:        AS{n}\nas-name:        NET-{n}\n{policy}mnt-by:         M{n}-MNT\n" + TAIL.format("RIPE")
    members = "".join(f"members:        AS{n + k}, AS{n * 3 + k}\n" for k in range(20))
    return f"as-set:         AS-SET{n}\n{members}mnt-by:         M{n}-MNT\n" + TAIL.format("RIPE")


def main():
    most, with_others = int(sys.argv[1]) << 20, sys.argv[2:] == ["all"]
    written = n = 0
    while written < most:
        text = route(n) + (other(n) if with_others else "")
        sys.stdout.write(text)
        written += len(text)
        n += 1
    print("# EOF")


main()
