"""Krill's testbed with a CA that holds AS205398 and 2a0f:85c1:260::/44, and Routinator over it by JSON and RTR.

Krill's own certificate has no SAN, which Routinator refuses: it gets one of a CA made here. `KRILL_TEST` allows
URIs with localhost. Manifests hold for two months, so that a ROA can expire before its manifest. Two publications within one second would leave Routinator with the older one, which no later
run would mend, so that there are 1.1 s between them.
"""

import ipaddress
import json
import ssl
import subprocess
import time
import urllib.error
import urllib.request

from process import Trouble, free_port, wait_for

PAUSE = 1.1  # seconds between two publications of a CA


def fetch(url, context=None, seconds=60):
    """The body of a page of this machine, past all proxies. An answer that is no success is an OSError."""
    handlers = urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    with urllib.request.build_opener(*handlers).open(url, timeout=seconds) as answer:
        return answer.read()


def state(asn, prefix, vrps):
    """RFC 6811: what VRPs, (AS, prefix, maxLength), say of an announcement."""
    net = ipaddress.ip_network(prefix)
    covering = [vrp for vrp in vrps if net.subnet_of(ipaddress.ip_network(vrp[1]))]
    if any(vrp[0] == asn and net.prefixlen <= vrp[2] for vrp in covering):
        return "valid"
    return "invalid" if covering else "not-found"


class Krill:
    """A publication server, a trust anchor, and below it the CA `x`."""

    def __init__(self, processes, bin_folder):
        self.processes = processes
        self.folder = processes.folder / "krill"
        self.program = bin_folder / "krill"
        self.port = free_port()
        self.url = f"https://localhost:{self.port}"
        self.published = 0.0
        self.certify()
        self.context = ssl.create_default_context(cafile=self.folder / "ca.pem")

    def certify(self):
        """A CA of our own and a certificate for localhost."""
        (self.folder / "data/ssl").mkdir(parents=True)
        (self.folder / "extensions").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
        for line in (
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=chain"
            " -addext basicConstraints=critical,CA:TRUE",
            "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout data/ssl/key.pem -out server.csr -subj /CN=localhost",
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out data/ssl/cert.pem"
            " -extfile extensions",
        ):
            subprocess.run(["openssl", *line.split()], cwd=self.folder, check=True, capture_output=True, timeout=60)

    def launch(self, roa_weeks=52):
        """Starts it without waiting for it. Its ROAs are made to hold for `roa_weeks`."""
        config = self.folder / "krill.conf"
        config.write_text(f"""\
https_mode = "existing"
unix_socket_enabled = false
admin_token = "token"
storage_uri = "{self.folder}/data/"
log_type = "stderr"
ip = "127.0.0.1"
port = {self.port}
service_uri = "{self.url}/"
bgp_riswhois_enabled = false
timing_publish_next_hours = {24 * 60}
timing_roa_valid_weeks = {roa_weeks}
timing_roa_reissue_weeks_before = {min(4, roa_weeks - 1)}

[testbed]
rrdp_base_uri = "{self.url}/rrdp/"
rsync_jail = "rsync://localhost/repo/"
ta_aia = "rsync://localhost/ta/ta.cer"
ta_uri = "{self.url}/ta/ta.cer"
""")
        self.process = self.processes.start("krill", [self.program, "-c", config], env={"KRILL_TEST": "1"})

    def wait(self):
        """Waits until the trust anchor is there: its keys take seconds."""
        self.processes.wait_for(self.process, "Krill's TAL", lambda: fetch(f"{self.url}/ta/ta.tal", self.context))

    def restart(self, roa_weeks):
        self.processes.stop(self.process)
        self.launch(roa_weeks)
        self.wait()

    def tal(self):
        return fetch(f"{self.url}/ta/ta.tal", self.context)

    def get(self, path):
        return self.call(urllib.request.Request(f"{self.url}/api/v1/{path}"))

    def post(self, path, body=None):
        data = b"" if body is None else json.dumps(body).encode()
        return self.call(urllib.request.Request(
            f"{self.url}/api/v1/{path}", data, {"Content-Type": "application/json"} if data else {}))

    def call(self, request):
        """The JSON of the answer, or None where that is empty."""
        request.add_header("Authorization", "Bearer token")
        try:
            answer = fetch(request, self.context)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            raise Trouble(f"Krill answers {error.code} to {request.full_url}: {text}") from error
        return json.loads(answer) if answer else None

    def delegate(self, asn, prefix):
        """Makes the CA, with a place to publish and with the resources."""
        self.post("cas", {"handle": "x"})
        response = self.post("pubd/publishers", self.get("cas/x/id/publisher_request.json"))
        self.post("cas/x/repo", {"repository_response": response})
        child = self.get("cas/x/id/child_request.json")
        resources = {"asn": asn, "ipv4": "", "ipv6": prefix}
        response = self.post(
            "cas/testbed/children", {"handle": "x", "resources": resources, "id_cert": child["id_cert"]})
        self.post("cas/x/parents", {"handle": "testbed", "response": response})

        def has_resources():
            self.post("cas/x/sync/parents")
            return self.get("cas/x")["resources"]["ipv6"]
        wait_for("the certificate of the CA", has_resources)
        self.published = time.monotonic()

    def roas(self):
        """The ROAs that it is to publish: (AS, prefix, maxLength)."""
        return {(roa["asn"], roa["prefix"], roa["max_length"]) for roa in self.get("cas/x/routes")}

    def publish(self, wanted):
        """Makes the ROAs these, in one publication."""
        registered = self.roas()
        if wanted == registered:
            return
        time.sleep(max(0.0, self.published + PAUSE - time.monotonic()))
        keys = ("asn", "prefix", "max_length")
        delta = {"added": [dict(zip(keys, roa)) for roa in sorted(wanted - registered)],
                 "removed": [dict(zip(keys, roa)) for roa in sorted(registered - wanted)]}
        self.post("cas/x/routes", delta)
        self.published = time.monotonic()


class Routinator:
    """A validator that trusts what it is started with and nothing else, and looks every second."""

    def __init__(self, processes, bin_folder, name, krill):
        self.processes = processes
        self.folder = processes.folder / name
        self.name, self.program = name, bin_folder / "routinator"
        self.http, self.rtr = free_port(), free_port()
        (self.folder / "tals").mkdir(parents=True)
        (self.folder / "repository").mkdir()
        (self.folder / "routinator.conf").write_text(f"""\
repository-dir = "{self.folder}/repository"
no-rir-tals = true
extra-tals-dir = "{self.folder}/tals"
rrdp-root-certs = ["{krill.folder}/ca.pem"]
allow-dubious-hosts = true
disable-rsync = true
log = "stderr"
refresh = 1
http-listen = ["127.0.0.1:{self.http}"]
rtr-listen = ["127.0.0.1:{self.rtr}"]
""")

    def start(self, tals):
        """Starts it with these TALs, by name."""
        for tal_name, text in tals.items():
            (self.folder / "tals" / f"{tal_name}.tal").write_bytes(text)
        self.process = self.processes.start(
            self.name, [self.program, "-c", self.folder / "routinator.conf", "server"])
        self.processes.wait_for(self.process, f"{self.name}'s first validation", lambda: self.vrps() is not None)

    def url(self, form="json"):
        return f"http://127.0.0.1:{self.http}/{form}"

    def vrps(self):
        """What it answers: (AS, prefix, maxLength)."""
        answer = json.loads(fetch(self.url()))
        return {(int(roa["asn"].removeprefix("AS")), roa["prefix"], roa["maxLength"]) for roa in answer["roas"]}

    def wait_until_it_has(self, roas):
        self.processes.wait_for(self.process, f"{self.name}: {len(roas)} VRPs", lambda: self.vrps() == roas)
