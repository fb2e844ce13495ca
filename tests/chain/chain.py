#!/usr/bin/env python3
"""A real chain on loopback, for tests/chain.rs: Krill, Routinator, BIRD and IRRd, and faults that are put into them.

usage: tests/chain/chain.py [COMPONENTS]

COMPONENTS is the folder that `.ci/components.sh` fills: `bin/krill`, `bin/routinator`, `irrd/`. bird and birdc,
PostgreSQL, redis-server, openssl and setpriv come from the system. What is missing is named, and what needs none of
it comes up.

When all is up (a dozen seconds), one line of JSON says where: `vrps`, `jsonext`, `rtr`, `no-anchor`, `bird`, `irr`,
`both` (TESTIRR, then RADB), `graphql`, with the components that are `missing`, and the seconds that each part `took`.
Then each line of stdin is a change, answered by a line `{}` when all that it concerns shows it, or `{"error": "…"}`:

    roas [-PREFIX] [+AS:PREFIX-MAX]…          the ROAs: those of the base, less these and with these
    routes SOURCE [-PREFIX] [+AS:PREFIX]…     the route6 objects of TESTIRR or RADB, the same
    announce [-PREFIX] [+PREFIX]…             the static routes of our BIRD, the same
    short-lived PREFIX                        its ROA is made anew and holds for two weeks, as few as Krill makes
    session down|up                           the upstream's BIRD
    database down|up                          IRRd's PostgreSQL
    mend                                      all as it was

The base: AS205398 announces the sixteen /48s of 2a0f:85c1:260::/44, each with a ROA of maxLength 48 and a route6 in
TESTIRR; RADB has none. At the end of stdin all is taken down and the folder removed.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from irr import Irrd, postgresql_folder
from process import Processes, Trouble
from routers import PROTOCOL, Routers
from rpki import Krill, Routinator

OWN = 205398
ALLOCATION = "2a0f:85c1:260::/44"
BLOCKS = [f"2a0f:85c1:26{digit:x}::/48" for digit in range(16)]
ROAS = {(OWN, block, 48) for block in BLOCKS}
ROUTES = {"TESTIRR": {(OWN, block) for block in BLOCKS}, "RADB": set()}


NEEDS = {  # the components without which a part cannot come up, by the names that RIPECTL_REQUIRE has
    "rpki": {"krill", "routinator", "openssl", "setpriv"},
    "bird": {"bird", "setpriv"},
    "irr": {"krill", "routinator", "openssl", "setpriv", "irrd", "postgresql", "redis"},
}


def absent(folder):
    """The components that are not here."""
    programs = {
        "krill": folder / "bin/krill", "routinator": folder / "bin/routinator", "irrd": folder / "irrd/bin/irrd",
        "bird": "birdc", "redis": "redis-server", "openssl": "openssl", "setpriv": "setpriv", "faketime": "faketime",
    }
    missing = {name for name, program in programs.items() if not shutil.which(program)}
    return missing if postgresql_folder() else missing | {"postgresql"}


def changed(base, changes, read):
    """`base` less what has the prefix of a `-PREFIX`, and with what `read` makes of each `+…`."""
    less = {change[1:] for change in changes if change.startswith("-")}
    unknown = less - {prefix_of(entry) for entry in base}
    if unknown or any(change[:1] not in ("-", "+") for change in changes):
        raise Trouble(f"not in the base: {sorted(unknown)}; or neither - nor +: {changes}")
    more = {read(change[1:]) for change in changes if change.startswith("+")}
    return {entry for entry in base if prefix_of(entry) not in less} | more


def prefix_of(entry):
    return entry if isinstance(entry, str) else entry[1]


def read_route(text):
    """`64500:2001:db8::/48`"""
    asn, prefix = text.split(":", 1)
    return int(asn), prefix


def read_roa(text):
    """`64500:2001:db8::/48-48`"""
    route, _, longest = text.rpartition("-")
    return (*read_route(route), int(longest))


class Chain:
    """All that is up, what it should show, and the commands that change it."""

    def __init__(self, components, folder):
        self.processes = Processes(folder)
        self.missing = absent(components)
        self.roas, self.prefixes, self.short = ROAS, set(BLOCKS), None
        self.routes = dict(ROUTES)
        self.is_session_up = self.is_database_up = True
        self.krill = self.routinator = self.blind = self.routers = self.irrd = None
        if not NEEDS["rpki"] & self.missing:
            self.krill = Krill(self.processes, components / "bin")
            self.routinator = Routinator(self.processes, components / "bin", "routinator", self.krill)
            self.blind = Routinator(self.processes, components / "bin", "routinator-without-anchor", self.krill)
        if not NEEDS["bird"] & self.missing:
            self.routers = Routers(self.processes, OWN, ALLOCATION)
        if not NEEDS["irr"] & self.missing:
            self.irrd = Irrd(self.processes, components / "irrd", self.routinator.url())

    def start(self):
        """Brings up what is there: what takes long runs while the others are set up. Gives back where all is."""
        took, began = {}, time.monotonic()

        def step(name, part, do):
            if part:
                start = time.monotonic()
                do()
                took[name] = round(time.monotonic() - start, 2)
        step("krill launched", self.krill, lambda: self.krill.launch())
        step("stores of irrd", self.irrd, lambda: self.irrd.prepare())
        step("objects of irrd", self.irrd, lambda: [self.irrd.load(*item) for item in self.routes.items()])
        step("irrd launched", self.irrd, lambda: self.irrd.launch())
        step("routers launched", self.routers, lambda: self.routers.launch(self.prefixes))
        step("krill", self.krill, lambda: self.krill.wait())
        step("certificate authority", self.krill, lambda: self.krill.delegate(f"AS{OWN}", ALLOCATION))
        step("roas", self.krill, lambda: self.krill.publish(self.roas))
        step("routinator", self.routinator, lambda: self.routinator.start({"testbed": self.krill.tal()}))
        step("routinator without anchor", self.blind, lambda: self.blind.start({}))
        step("bgp session", self.routers, lambda: self.routers.wait_until_it_has(self.prefixes))
        step("irrd", self.irrd, lambda: self.irrd.wait())
        step("all shown", self.irrd, self.wait_until_shown)
        took["all"] = round(time.monotonic() - began, 2)
        return {**self.endpoints(), "missing": sorted(self.missing), "took": took}

    def endpoints(self):
        """Where ripectl finds each, as its options take it."""
        found = {}
        if self.krill:
            found |= {"vrps": self.routinator.url(), "jsonext": self.routinator.url("jsonext"),
                      "rtr": f"rtr://127.0.0.1:{self.routinator.rtr}", "no-anchor": self.blind.url()}
        if self.routers:
            found |= {"bird": f"{self.routers.ours.socket}:{PROTOCOL}"}
        if self.irrd:
            irr = f"irr://127.0.0.1:{self.irrd.whois}"
            found |= {"irr": f"{irr}/TESTIRR", "both": f"{irr}/TESTIRR,RADB", "graphql": self.irrd.url("graphql/")}
        return found

    def obey(self, line):
        """Carries out one line of stdin."""
        name, *arguments = line.split()
        commands = {
            "roas": lambda *changes: self.set_roas(changed(ROAS, changes, read_roa)),
            "routes": lambda source, *changes: self.set_routes(source, changed(ROUTES[source], changes, read_route)),
            "announce": lambda *changes: self.announce(changed(set(BLOCKS), changes, str)),
            "short-lived": self.short_lived,
            "session": lambda state: self.session(state == "up"),
            "database": lambda state: self.database(state == "up"),
            "mend": self.mend,
        }
        if name not in commands:
            raise Trouble(f"no such change: {name}")
        commands[name](*arguments)

    def set_roas(self, roas):
        self.roas = roas
        self.krill.publish(roas)
        self.wait_until_shown()

    def set_routes(self, source, routes):
        self.routes[source] = routes
        self.irrd.load(source, routes)
        self.wait_until_shown()

    def wait_until_shown(self):
        """Until the validator has the ROAs, and IRRd has drawn its conclusions from them."""
        self.routinator.wait_until_it_has(self.roas)
        if self.irrd and self.is_database_up:
            self.irrd.wait_until_it_shows(self.routes, self.roas)

    def announce(self, prefixes):
        self.prefixes = prefixes
        self.routers.announce(prefixes)

    def short_lived(self, prefix):
        self.renew(prefix, 2)
        self.short = prefix

    def renew(self, prefix, weeks):
        """Makes one ROA anew: how long it holds is a setting of the whole Krill, and the others keep what they have."""
        self.krill.restart(weeks)
        self.short = None
        self.set_roas({roa for roa in ROAS if roa[1] != prefix})
        self.set_roas(ROAS)

    def session(self, is_up):
        self.is_session_up = is_up
        self.routers.session(is_up, self.prefixes)

    def database(self, is_up):
        self.is_database_up = is_up
        if is_up:
            self.irrd.start_postgresql()
            self.wait_until_shown()
        else:
            self.processes.stop(self.irrd.postgresql)

    def mend(self):
        """Undoes what differs from the base."""
        if not self.is_session_up:
            self.session(True)
        if not self.is_database_up:
            self.database(True)
        if self.prefixes != set(BLOCKS):
            self.announce(set(BLOCKS))
        if self.short:
            self.renew(self.short, 52)
        if self.roas != ROAS:
            self.set_roas(ROAS)
        for source, routes in ROUTES.items():
            if self.routes[source] != routes:
                self.set_routes(source, routes)


def say(answer):
    print(json.dumps(answer), flush=True)


def main():
    components = Path(sys.argv[1] if len(sys.argv) > 1 else Path.home() / ".cache/ripectl-components").absolute()
    folder = tempfile.mkdtemp(prefix="ripectl-chain-")
    os.chmod(folder, 0o755)  # PostgreSQL has an account of its own
    os.environ |= {"no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost"}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    chain = Chain(components, folder)
    try:
        say(chain.start())
        for line in sys.stdin:
            try:
                chain.obey(line)
                say({})
            except (Trouble, OSError) as error:
                say({"error": str(error)})
    except Trouble as trouble:
        say({"error": str(trouble)})
        return 1
    finally:
        chain.processes.stop_all()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
