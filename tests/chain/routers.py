"""Two BIRDs with a session over loopback: ours announces static routes, the other plays the upstream.

Nothing here touches the kernel's tables. The export filter is the one that people write: `net ~ P/44` lets out
whatever is in the /44, also what is longer than it should be.
"""

import socket
import subprocess

from process import free_port

PROTOCOL = "upstream"
CONFIG = """\
log stderr all;
router id {id};
protocol device {{ }}
{more}
protocol bgp {name} {{
  local {here} as {own};
  neighbor {there} as {other};
  strict bind on;
  multihop 2;
  connect delay time 1; connect retry time 1; error wait time 1, 2;
  ipv6 {{ import {imports}; export {exports}; next hop address 2001:db8::1; }};
}}
"""
OWN = """\
filter own {{ if net ~ {allocation} then accept; reject; }}
protocol static own6 {{
  ipv6;
  include "routes.conf";
}}
"""


class Router:
    """A BIRD with a control socket."""

    def __init__(self, processes, name, config):
        self.processes, self.name = processes, name
        self.folder = processes.folder / name
        self.folder.mkdir()
        self.config = self.folder / "bird.conf"
        self.config.write_text(config)
        self.socket = self.folder / "control"

    def start(self):
        self.process = self.processes.start(self.name, ["bird", "-f", "-c", self.config, "-s", self.socket])
        self.processes.wait_for(self.process, f"{self.name}'s control socket", self.is_there)

    def is_there(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.socket))
            return client.recv(4) == b"0001"

    def ask(self, question):
        """What birdc prints."""
        command = ["birdc", "-s", str(self.socket), *question.split()]
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False).stdout


class Routers:
    """Our router and the upstream's."""

    def __init__(self, processes, own, allocation):
        self.processes = processes
        here, there = f"127.0.0.1 port {free_port()}", f"127.0.0.2 port {free_port()}"
        self.ours = Router(processes, "bird", CONFIG.format(
            id="192.0.2.1", name=PROTOCOL, here=here, there=there, own=own, other=64515,
            more=OWN.format(allocation=allocation), imports="none", exports="filter own"))
        self.theirs = Router(processes, "bird-upstream", CONFIG.format(
            id="192.0.2.2", name="customer", here=there, there=here, own=64515, other=own,
            more="", imports="all", exports="none"))

    def launch(self, prefixes):
        """Starts both without waiting for the session, which takes seconds."""
        self.write(prefixes)
        self.ours.start()
        self.theirs.start()

    def write(self, prefixes):
        lines = "".join(f"route {prefix} blackhole;\n" for prefix in sorted(prefixes))
        (self.ours.folder / "routes.conf").write_text(lines)

    def announce(self, prefixes):
        """Makes the static routes these, and waits until the upstream has them."""
        self.write(prefixes)
        self.ours.ask("configure")
        self.wait_until_it_has(prefixes)

    def wait_until_it_has(self, prefixes):
        def has():
            lines = self.theirs.ask("show route protocol customer").splitlines()
            return {line.split()[0] for line in lines if "/" in line.split(" ")[0]} == prefixes
        self.processes.wait_for(self.theirs.process, f"the upstream: {len(prefixes)} routes", has)

    def session(self, is_up, prefixes):
        """Ends the upstream's BIRD, or starts it again."""
        if is_up:
            self.theirs.start()
            return self.wait_until_it_has(prefixes)
        self.processes.stop(self.theirs.process)
        is_down = lambda: "Established" not in self.ours.ask(f"show protocols {PROTOCOL}")
        self.processes.wait_for(self.ours.process, "the end of the session", is_down)
