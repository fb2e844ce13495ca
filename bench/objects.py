#!/usr/bin/env python3
"""Prints COUNT objects of the example's kind, the same every time: for bench/sandbox.sh.

  bench/objects.py COUNT

An LIR's allocation, its customers (a maintainer, a person and a role each), and their blocks, routes and sets.
"""
import sys

TAIL = "created: 2020-01-01T00:00:00Z\nlast-modified: 2024-01-01T00:00:00Z\nsource: RIPE\n"
REMARKS = "remarks: This object is one of many, and its remarks are about as long as they are in life.\n"


def customer(n):
    """A maintainer with two contacts."""
    return [
        f"mntner: C{n}-MNT\nadmin-c: P{n}-RIPE\nupd-to: noc@c{n}.example\nauth: SSO c{n}@c{n}.example\nmnt-by: C{n}-MNT\n",
        f"person: Carol Customer\naddress: Street {n}\nphone: +31 20 {n:07}\ne-mail: carol@c{n}.example\n"
        f"nic-hdl: P{n}-RIPE\nmnt-by: C{n}-MNT\n",
        f"role: Crew\naddress: Street {n}\ne-mail: noc@c{n}.example\nabuse-mailbox: abuse@c{n}.example\n"
        f"admin-c: P{n}-RIPE\ntech-c: P{n}-RIPE\nnic-hdl: R{n}-RIPE\nmnt-by: C{n}-MNT\n",
    ]


def block(n, owner):
    """A /48 with its route."""
    prefix = f"2a0f:{0x8000 + (n >> 16):x}:{n & 0xffff:x}::/48"
    return [
        f"inet6num: {prefix}\nnetname: NET-{n}\ndescr: Block {n}\ncountry: NL\nadmin-c: P{owner}-RIPE\n"
        f"tech-c: R{owner}-RIPE\nstatus: ASSIGNED\n{REMARKS}mnt-by: C{owner}-MNT\n",
        f"route6: {prefix}\ndescr: Route {n}\norigin: AS{200000 + owner}\n{REMARKS}mnt-by: C{owner}-MNT\n",
    ]


def main():
    count = int(sys.argv[1])
    objects = [
        "mntner: LIR-MNT\nadmin-c: P0-RIPE\nupd-to: noc@lir.example\nauth: SSO lir@lir.example\nmnt-by: LIR-MNT\n",
        "inet6num: 2a0f:8000::/19\nnetname: LIR\ncountry: NL\nadmin-c: P0-RIPE\ntech-c: P0-RIPE\n"
        "status: ALLOCATED-BY-RIR\nmnt-by: LIR-MNT\nmnt-lower: LIR-MNT\n",
    ]
    owner = number = 0
    while len(objects) < count:
        objects += customer(owner)
        for _ in range(16):
            objects += block(number, owner)
            number += 1
        owner += 1
    print("\n".join(text + TAIL for text in objects[:count]))


if __name__ == "__main__":
    main()
