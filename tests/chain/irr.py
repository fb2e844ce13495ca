"""IRRd with the sources TESTIRR and RADB, RPKI-aware by Routinator's JSON, over PostgreSQL and Redis of its own.

PostgreSQL refuses to run as root: there it runs as `nobody`. IRRd allows root where `CI` is set. It asks for ROAs
every second, by the switch that its own tests use, and answers 400 to a Host header other than that of its URL.
"""

import glob
import json
import os
import shutil
import signal
import socket
import subprocess

from process import free_port
from rpki import fetch, state

SOURCES = ("TESTIRR", "RADB")
ACCOUNT = "nobody"
ROUTE6 = """\
route6:         {prefix}
descr:          chain
origin:         AS{asn}
mnt-by:         HOBBY-MNT
created:        2026-01-02T03:04:05Z
last-modified:  2026-01-02T03:04:05Z
source:         {source}
"""


def postgresql_folder():
    """Where initdb is: Debian keeps it out of the PATH. None where it is not installed."""
    found = max(glob.glob("/usr/lib/postgresql/*/bin/initdb"), default=shutil.which("initdb"))
    return found and os.path.dirname(os.path.realpath(found))


class Irrd:
    """IRRd and its two stores."""

    def __init__(self, processes, venv, roa_source):
        self.processes, self.bin = processes, venv / "bin"
        self.folder = processes.folder / "irrd"
        self.folder.mkdir()
        (self.folder / "gpg").mkdir(mode=0o700)
        self.postgresql_port, self.redis_port = free_port(), free_port()
        self.http, self.whois = free_port(), free_port()
        self.config = self.folder / "irrd.yaml"
        self.env = {"CI": "1", "IRRD_TESTING_FAST_SCHEDULER_OVERRIDE": "1", "HOME": str(self.folder)}
        self.config.write_text(json.dumps({"irrd": self.settings(roa_source)}, indent=1))  # JSON is YAML

    def settings(self, roa_source):
        server = {
            "http": {"interface": "127.0.0.1", "port": self.http, "url": f"http://127.0.0.1:{self.http}/", "workers": 1},
            "whois": {"interface": "127.0.0.1", "port": self.whois, "max_connections": 4},
        }
        return {
            "database_url": f"postgresql://{ACCOUNT}@127.0.0.1:{self.postgresql_port}/irrd",
            "redis_url": f"redis://127.0.0.1:{self.redis_port}/0",
            "piddir": str(self.folder),
            "server": server,
            "auth": {"gnupg_keyring": str(self.folder / "gpg")},
            "email": {"from": "irrd@example.net", "smtp": "localhost:1", "recipient_override": "irrd@example.net"},
            "log": {"level": "INFO"},
            "rpki": {"roa_source": roa_source, "roa_import_timer": 1, "notify_invalid_enabled": False},
            "sources_default": list(SOURCES),
            "sources": {source: {"authoritative": True, "keep_journal": True} for source in SOURCES},
        }

    def prepare(self):
        """Brings up the stores, with an empty database."""
        self.processes.start("redis", [
            "redis-server", "--port", self.redis_port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        data, folder = self.folder / "postgresql", postgresql_folder()
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(data, ACCOUNT)
        self.processes.run(
            "initdb", [f"{folder}/initdb", "-D", data, "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "-N"], ACCOUNT)
        self.start_postgresql()
        connection = ["-h", "127.0.0.1", "-p", self.postgresql_port, "-U", ACCOUNT]
        self.processes.run("createdb", [f"{folder}/createdb", *connection, "irrd"])
        self.processes.run("psql", [f"{folder}/psql", *connection, "-c", "create extension pgcrypto", "irrd"])
        self.irrd("irrd_database_upgrade")

    def start_postgresql(self):
        command = [
            f"{postgresql_folder()}/postgres", "-D", self.folder / "postgresql", "-p", self.postgresql_port,
            "-k", "", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "full_page_writes=off"]
        self.postgresql = self.processes.start("postgresql", command, ACCOUNT, end=signal.SIGINT)
        ready = [f"{postgresql_folder()}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.postgresql_port)]
        self.processes.wait_for(
            self.postgresql, "PostgreSQL", lambda: subprocess.run(ready, timeout=5, check=False).returncode == 0)

    def irrd(self, program, *arguments):
        """Runs one of IRRd's programs to its end."""
        command = [self.bin / program, f"--config={self.config}", *arguments]
        self.processes.run(program, command, seconds=120, env=self.env)

    def launch(self):
        """Starts it without waiting for it."""
        command = [self.bin / "irrd", f"--config={self.config}", "--foreground"]
        self.process = self.processes.start("irrd", command, env=self.env)

    def wait(self):
        """Waits for both of its ports."""
        self.processes.wait_for(self.process, "IRRd's HTTP", lambda: fetch(self.url("v1/whois/?q=!v")), 90)
        self.processes.wait_for(self.process, "IRRd's whois", lambda: self.asked("!v"))

    def url(self, path):
        return f"http://127.0.0.1:{self.http}/{path}"

    def load(self, source, routes):
        """Makes the route6 objects of a source these, (AS, prefix), from a file in RPSL."""
        objects = [ROUTE6.format(prefix=prefix, asn=asn, source=source) for asn, prefix in sorted(routes)]
        file = self.folder / f"{source}.rpsl"
        file.write_text("\n".join(objects))
        self.irrd("irrd_load_database", "--source", source, str(file))

    def asked(self, *questions):
        """What the whois port answers to `!` questions on one connection: a text for each, empty for C and D."""
        with socket.create_connection(("127.0.0.1", self.whois), timeout=5) as connection:
            connection.sendall("".join(f"{question}\n" for question in ("!!", *questions, "!q")).encode())
            with connection.makefile("rb") as lines:
                return [answer(lines) for _ in questions]

    def wait_until_it_shows(self, routes, vrps):
        """Waits until each source shows these, (AS, prefix), but those that the VRPs make invalid."""
        def shows():
            for source, objects in routes.items():
                for asn in {asn for asn, _ in objects} | {205398}:
                    expected = {prefix for a, prefix in objects if a == asn and state(asn, prefix, vrps) != "invalid"}
                    if set(self.asked(f"!s{source}", f"!6AS{asn}")[1].split()) != expected:
                        return False
            return True
        self.processes.wait_for(self.process, "IRRd: the routes that it should show", shows)


def answer(lines):
    """One answer of the `!` protocol: `A` and a length in bytes, the data, and `C`; or `C` or `D` alone."""
    first = lines.readline().decode()
    if first[:1] in ("C", "D"):
        return ""
    if first[:1] != "A":
        raise OSError(f"IRRd answers {first!r}")
    data = lines.read(int(first[1:])).decode()
    lines.readline()
    return data
