"""Processes of a chain: started on loopback with free ports, waited for, and ended by their id.

A child that outlives this program would hold its ports and its folder: `setpriv --pdeathsig` ends it with us,
also where we are killed.
"""

import os
import pwd
import signal
import socket
import subprocess
import time
from pathlib import Path


class Trouble(Exception):
    """What did not come up, with the end of its log."""


def free_port():
    """A TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(what, is_so, seconds=30.0):
    """Asks `is_so` until it says yes; an OSError is a no. Raises Trouble after `seconds`."""
    end, last = time.monotonic() + seconds, None
    while time.monotonic() < end:
        try:
            if is_so():
                return
            last = None
        except OSError as error:
            last = error
        time.sleep(0.05)
    raise Trouble(f"{what} did not come within {seconds:g} s" + (f": {last}" if last else ""))


def tail(path, lines=15):
    """The last lines of a log."""
    return "\n".join(Path(path).read_text(errors="replace").splitlines()[-lines:])


class Processes:
    """What was started, each with a log `NAME.log` in the folder; ended in reverse order."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.running = []

    def log(self, name):
        return self.folder / f"{name}.log"

    def start(self, name, command, account=None, end=signal.SIGTERM, env=None):
        """Starts a server. `end` is the signal that asks it to stop."""
        with open(self.log(name), "ab") as log:
            process = subprocess.Popen(
                as_account(command, account, end), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, env={**os.environ, **(env or {})}, start_new_session=True)
        process.name, process.end = name, end
        self.running.append(process)
        return process

    def run(self, name, command, account=None, seconds=60, env=None):
        """Runs a command to its end; Trouble where that is not 0."""
        with open(self.log(name), "ab") as log:
            status = subprocess.run(
                as_account(command, account), stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=seconds,
                cwd=self.folder, env={**os.environ, **(env or {})}, check=False).returncode
        if status != 0:
            raise Trouble(f"{name} ended with {status}\n{tail(self.log(name))}")

    def wait_for(self, process, what, is_so, seconds=30.0):
        """As `wait_for`, and says at once that the process has ended, with its log."""
        def is_so_or_ended():
            if process.poll() is not None:
                raise Trouble(f"{process.name} ended with {process.returncode}\n{tail(self.log(process.name))}")
            return is_so()
        try:
            wait_for(what, is_so_or_ended, seconds)
        except Trouble as trouble:
            raise Trouble(f"{trouble}\n{tail(self.log(process.name))}") from None

    def stop(self, process, seconds=10):
        """Asks it to stop, and kills it after `seconds`."""
        if process in self.running:
            self.running.remove(process)
        if process.poll() is None:
            process.send_signal(process.end)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop_all(self):
        for process in reversed(self.running):
            if process.poll() is None:
                process.send_signal(process.end)
        for process in reversed(list(self.running)):
            self.stop(process)


def as_account(command, account=None, end=signal.SIGTERM):
    """The command line that runs `command` for as long as we live, as `account` where we are root."""
    line = ["setpriv", "--pdeathsig", signal.Signals(end).name.removeprefix("SIG")]
    if account is not None and os.geteuid() == 0:
        user = pwd.getpwnam(account)
        line += ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
    return [*line, "--", *map(str, command)]
