#!/usr/bin/env python3
"""How time and memory grow: each thing at n and at 4n, as ratios. 4 is linear, 16 is quadratic.

  bench/growth.py [RIPECTL] [CASE ...]

Memory counts from what this script needs itself, some 20 MiB and its largest input. Nothing is asserted here; tests/endless.rs holds how each ends. Times are of CPU, memory is the peak.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PATIENCE = int(os.environ.get("PATIENCE", "300"))  # seconds for each run; 124 is then the exit status
SET = "as-set:         AS205398:AS-BIG\n{}tech-c:         HN1-RIPE\nadmin-c:        HN1-RIPE\nmnt-by:         HOBBY-MNT\nsource:         RIPE\n"


class Estate:
    """A copy of the example, to be filled."""

    def __init__(self, ripectl):
        self.ripectl = ripectl
        self.path = tempfile.mkdtemp(prefix="growth")
        for part in ["ripectl.toml", "objects", "templates", "fixtures"]:
            source = os.path.join(ROOT, part)
            target = os.path.join(self.path, part)
            (shutil.copytree if os.path.isdir(source) else shutil.copy)(source, target)

    def write(self, name, text):
        with open(os.path.join(self.path, name), "w") as file:
            file.write(text)

    def edit(self, name, old, new):
        with open(os.path.join(self.path, name)) as file:
            text = file.read()
        assert old in text, (name, old)
        self.write(name, text.replace(old, new, 1))

    def run(self, line):
        """CPU seconds, MiB at the peak, and the exit status."""
        out = open(os.path.join(self.path, "out"), "w")
        limited = ["timeout", str(PATIENCE), self.ripectl, *line.split(" ")]
        child = subprocess.Popen(limited, cwd=self.path, stdout=out, stderr=out)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, child.returncode

    def gone(self):
        shutil.rmtree(self.path)


def members(count):
    return ", ".join(f"AS{100000 + n}" for n in range(count))


def lines(name, count, first=0):
    return "".join(f"{name}: AS{100000 + first + n}\n" for n in range(count))


def faults(estate, n):
    text = "\n".join(f"role: R{i}\nnonsense: {i}\nnic-hdl: R{i}-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n" for i in range(n))
    estate.write("objects/x.rpsl", text)
    return "check --format json"


def faults_drawn(estate, n):
    """The same as a person sees it."""
    faults(estate, n)
    return "check"


def faults_of_lines(estate, n):
    estate.write("objects/x.rpsl", SET.format("".join(f"members: b_d {i}\n" for i in range(n))))
    return "check --format json"


def no_attributes(estate, n):
    estate.write("objects/x.rpsl", "\n".join(f"nonsense {i}\n" for i in range(n)))
    return "check --format json"


def list_on_a_line(estate, n):
    estate.write("objects/x.rpsl", SET.format(f"members: {members(n)}\n"))
    return "check --format json"


def list_on_a_line_registered(estate, n):
    list_on_a_line(estate, n)
    estate.run("apply --registry sandbox --yes --no-validate")
    return "plan --registry sandbox"


def maintainers(estate, n):
    text = "".join(f"mnt-by: M{i}-MNT\n" for i in range(n))
    estate.write("objects/x.rpsl", SET.format(text))
    return "check --format json"


def maintainers_planned(estate, n):
    maintainers(estate, n)
    return "plan --registry sandbox"


def list_with_faults(estate, n):
    estate.write("objects/x.rpsl", SET.format("members: " + ", ".join(f"b_d{i} x" for i in range(n)) + "\n"))
    return "check --format json"


def line_differences(estate, n):
    estate.write("objects/x.rpsl", SET.format(lines("members", n)))
    estate.run("apply --registry sandbox --yes --no-validate")
    estate.write("objects/x.rpsl", SET.format(lines("members", n, 10 * n)))
    return "plan --registry sandbox"


def line_differences_repeated(estate, n):
    text = "".join(f"remarks: {i % 2}\n" for i in range(n))
    estate.write("objects/x.rpsl", SET.format(text))
    estate.run("apply --registry sandbox --yes --no-validate")
    estate.write("objects/x.rpsl", SET.format("remarks: 1\nremarks: 1\n" + text))
    return "plan --registry sandbox"


def objects(estate, n):
    text = "\n".join(SET.format(f"members: AS{i}\n").replace("AS-BIG", f"AS-B{i}") for i in range(n))
    estate.write("objects/x.rpsl", text)
    return "check --format json"


def objects_planned(estate, n):
    objects(estate, n)
    return "plan --registry sandbox"


def objects_applied(estate, n):
    objects(estate, n)
    return "apply --registry sandbox --yes --no-validate"


def same_objects(estate, n):
    estate.write("objects/x.rpsl", "\n".join(SET.format(f"members: AS{i}\n") for i in range(n)))
    return "check --format json"


def blocks(estate, n):
    with open(os.path.join(estate.path, "ripectl.toml")) as file:
        text = file.read()
    estate.write("ripectl.toml", text.replace("2a0f:85c1:260::/44", "2a0f:85c1::/36"))
    estate.edit("ripectl.toml", "[allocation.blocks]\n", "[allocation.blocks]\n" + "".join(f"x{i} = {{ index = {i + 16}, at = [\"ams\"] }}\n" for i in range(n)))
    return "check --format json"


def blocks_planned(estate, n):
    blocks(estate, n)
    return "plan --registry sandbox"


def undefined(estate, n):
    blocks(estate, n)
    estate.write("templates/block.rpsl", "inet6num: {{ nothing }}\n")
    return "check --format json"


def undefined_many(estate, n):
    estate.write("templates/block.rpsl", "".join(f"{{{{ v{i} }}}}\n" for i in range(n)))
    return "check --format json"


def template_loop(estate, n):
    estate.write("templates/block.rpsl", "{% for i in range(" + str(n) + ") %}{% for j in range(" + str(n) + ") %}x{% endfor %}{% endfor %}")
    return "check --format json"


def sites(estate, n):
    estate.edit("ripectl.toml", "[sites]\n", "[sites]\n" + "".join(f"s{i} = {{ upstream = \"vultr\" }}\n" for i in range(n)))
    return "check --format json"


def expectations(estate, n):
    text = "".join(f'[[expect]]\nobject = "mntner/X{i}-MNT"\nask = "a@b.example"\n' for i in range(n))
    with open(os.path.join(estate.path, "ripectl.toml"), "a") as file:
        file.write(text)
    return "check --format json"


def unknown_keys(estate, n):
    estate.edit("ripectl.toml", "format = 1\n", "format = 1\n" + "".join(f"k{i} = 1\n" for i in range(n)))
    return "check --format json"


def policy(estate, n):
    estate.edit("objects/as205398.rpsl", "accept ANY", "accept {" + ", ".join(f"10.{i >> 8 & 255}.{i & 255}.0/24" for i in range(n)) + "}")
    return "check --format json"


def policy_terms(estate, n):
    estate.edit("objects/as205398.rpsl", "accept ANY", "accept " + " OR ".join(f"AS{i + 1}" for i in range(n)))
    return "check --format json"


def imports(estate, n):
    estate.edit("objects/as205398.rpsl", "import:", "".join(f"import: from AS{i + 1} accept ANY\n" for i in range(n)) + "import:")
    return "check --format json"


def continued(estate, n):
    estate.write("objects/x.rpsl", SET.format("remarks: a\n" + " b\n" * n))
    return "check --format json"


def formatted(estate, n):
    estate.write("objects/x.rpsl", SET.format("remarks: a\n" + " b # c\n% d\n" * n))
    return "fmt --check"


def vrps_json(estate, n):
    with open(os.path.join(estate.path, "fixtures/vrps.json"), "w") as file:
        file.write('{"roas": [')
        for i in range(n):
            roa = {"asn": f"AS{i}", "prefix": f"2a0f:{i >> 12:x}:{i & 0xfff:x}::/48", "maxLength": 48, "ta": "ripe"}
            file.write(("," if i else "") + json.dumps(roa))
        file.write("]}")
    return "validate --registry sandbox"


def vrps_csv(estate, n):
    rows = "".join(f"AS{i},2a0f:{i >> 12:x}:{i & 0xfff:x}::/48,48,ripe\n" for i in range(n))
    estate.write("v.csv", "ASN,IP Prefix,Max Length,Trust Anchor\n" + rows)
    return "validate --registry sandbox --vrps v.csv"


def vrps_of_one_prefix(estate, n):
    rows = "".join(f"AS{i},2a0f:85c1:264::/48,48,ripe\n" for i in range(n))
    estate.write("v.csv", "ASN,IP Prefix,Max Length,Trust Anchor\n" + rows)
    return "validate --registry sandbox --vrps v.csv"


def sandbox_load(estate, n):
    made = subprocess.run([sys.executable, os.path.join(HERE, "objects.py"), str(n)], capture_output=True, text=True, check=True)
    estate.write("load.rpsl", made.stdout)
    return served(estate, "")


def sandbox_search(estate, n):
    """A search answer as large as the registry: what the client and the server need for it."""
    text = "\n".join(SET.format(f"members: AS{i}\n").replace("AS-BIG", f"AS-B{i}") for i in range(n))
    estate.write("load.rpsl", text)
    return served(estate, "/search?query-string=HOBBY-MNT&inverse-attribute=mnt-by&flags=no-referenced")


def sandbox_list(estate, n):
    """Stored through the sandbox: one object with a list of n."""
    estate.write("load.rpsl", SET.format(f"members: {members(n)}\n"))
    return served(estate, "/ripe/as-set/AS205398:AS-BIG?dry-run", SET.format(f"members: {members(n)}, AS1\n"))


def served(estate, path, text=None):
    """Measures the server for one request, its start included."""

    def measure():
        command = [estate.ripectl, "sandbox", "serve", "--listen", "127.0.0.1:0", "--ephemeral", "--load", "load.rpsl"]
        child = subprocess.Popen(command, cwd=estate.path, stdout=subprocess.PIPE, text=True)
        url = child.stdout.readline().split()[-1]
        if path:
            request = ["curl", "-s", "-o", "/dev/null", "-H", "Accept: application/json", url + path]
            if text:
                pairs = [line.split(":", 1) for line in text.splitlines()]
                attributes = [{"name": name, "value": value.strip()} for name, value in pairs]
                body = {"objects": {"object": [{"attributes": {"attribute": attributes}}]}}
                estate.write("body.json", json.dumps(body))
                request += ["-X", "PUT", "-H", "Content-Type: application/json", "--data-binary", f"@{estate.path}/body.json"]
            subprocess.run(request, check=True)
        child.terminate()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, child.returncode

    return measure


CASES = [
    (faults, 2000), (faults_drawn, 500), (faults_of_lines, 2000), (no_attributes, 2000), (list_on_a_line, 8000), (list_on_a_line_registered, 8000),
    (list_with_faults, 1000), (maintainers, 4000), (maintainers_planned, 1000), (line_differences, 5000),
    (line_differences_repeated, 5000), (objects, 2000), (objects_planned, 500), (objects_applied, 250), (same_objects, 1000),
    (blocks, 1000), (blocks_planned, 250), (undefined, 1000), (undefined_many, 200), (template_loop, 25), (sites, 2000),
    (expectations, 1000), (unknown_keys, 1000), (policy, 2000), (policy_terms, 2000), (imports, 1000), (continued, 20000), (formatted, 10000),
    (vrps_json, 50000), (vrps_csv, 50000), (vrps_of_one_prefix, 20000), (sandbox_load, 5000), (sandbox_search, 5000), (sandbox_list, 8000),
]  # fmt: skip


def once(case, ripectl, n):
    estate = Estate(ripectl)
    line = case(estate, n)
    found = line() if callable(line) else estate.run(line)
    estate.gone()
    return found


def main():
    arguments = sys.argv[1:]
    ripectl = os.path.join(ROOT, "target/release/ripectl")
    if arguments and os.path.exists(arguments[0]):
        ripectl = os.path.abspath(arguments.pop(0))
    print(f"{'case':28} {'n':>6} {'s at n':>8} {'s at 4n':>8} {'ratio':>6} {'MiB at n':>9} {'MiB at 4n':>9} {'ratio':>6}  exit")
    for case, n in CASES:
        if arguments and case.__name__ not in arguments:
            continue
        small, large = once(case, ripectl, n), once(case, ripectl, 4 * n)
        print(
            f"{case.__name__:28} {n:6} {small[0]:8.2f} {large[0]:8.2f} {large[0] / max(small[0], 0.01):6.1f}"
            f" {small[1]:9.0f} {large[1]:9.0f} {large[1] / small[1]:6.1f}  {large[2]}",
            flush=True,
        )


if __name__ == "__main__":
    main()
