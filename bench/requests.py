#!/usr/bin/env python3
"""How many requests, how much CPU and how much memory a plan of many objects takes.

  bench/requests.py [RIPECTL] [N ...]

For each N: N route6 and N inetnum below 40 allocations of each family, of 5 maintainers, planned against a sandbox in
which none of them stands, and against one in which all stand. Printed as CSV; below it what four times as many cost, and
what a first plan costs against one of what stands. Nothing is asserted here; tests/requests.rs holds the requests.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
ALLOCATIONS, MAINTAINERS = 40, 5
CONTACT = "admin-c: HP1-RIPE\ntech-c: HP1-RIPE\n"


def maintainer(number):
    return f"BENCH{number % MAINTAINERS}-MNT"


def base():
    with open(os.path.join(ROOT, "src/sandbox/base.rpsl")) as file:
        text = [file.read()]
    for number in range(MAINTAINERS):
        name = maintainer(number)
        text.append(f"mntner: {name}\nadmin-c: HP1-RIPE\nupd-to: a@bench.example\nauth: SSO hobby@hobby.example\nmnt-by: {name}\nsource: RIPE\n")
    for number in range(ALLOCATIONS):
        rest = f"netname: LIR\ncountry: NL\norg: ORG-SPON1-RIPE\n{CONTACT}mnt-by: SPONSOR-MNT\nmnt-lower: {maintainer(number)}\nmnt-routes: {maintainer(number)}\nsource: RIPE\n"
        text.append(f"inetnum: 81.{number}.0.0 - 81.{number}.255.255\nstatus: ALLOCATED PA\n{rest}")
        text.append(f"inet6num: 2a0e:{number:x}::/32\nstatus: ALLOCATED-BY-RIR\n{rest}")
    return "\n".join(text)


def objects(count):
    text = []
    for number in range(count):
        allocation, block = number % ALLOCATIONS, number // ALLOCATIONS
        mnt, third, fourth = maintainer(allocation), block // 64, block % 64 * 4
        text.append(f"route6: 2a0e:{allocation:x}:{block:x}::/48\norigin: AS205398\nmnt-by: {mnt}\nsource: RIPE\n")
        text.append(f"inetnum: 81.{allocation}.{third}.{fourth} - 81.{allocation}.{third}.{fourth + 3}\nnetname: BENCH\ncountry: NL\n{CONTACT}status: ASSIGNED PA\nmnt-by: {mnt}\nsource: RIPE\n")
    return "\n".join(text)


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def measure(ripectl, count, stands):
    folder = tempfile.mkdtemp(prefix="requests")
    home = os.path.join(folder, "home", "ripectl")
    os.makedirs(home)
    os.makedirs(os.path.join(folder, "objects"))
    many = os.path.join(folder, "objects", "many.rpsl")
    write(many, objects(count))
    write(os.path.join(folder, "base.txt"), base())
    names = ", ".join(f'"{maintainer(number)}"' for number in range(MAINTAINERS))
    write(os.path.join(folder, "ripectl.toml"), f"format = 1\n[manage]\nmaintainers = [{names}]\nlimits = {{ modify = 0 }}\n")
    loads = ["--load", os.path.join(folder, "base.txt")] + (["--load", many] if stands else [])
    server = subprocess.Popen([ripectl, "sandbox", "serve", "--listen", "127.0.0.1:0", "--ephemeral", *loads], stdout=subprocess.PIPE, text=True)
    try:
        url = re.search(r"http://\S+", server.stdout.readline()).group(0)
        write(os.path.join(home, "config.toml"), f'[registry.bench]\nurl = "{url}"\nsource = "RIPE"\n')
        env = {**os.environ, "XDG_CONFIG_HOME": os.path.join(folder, "home"), "COLUMNS": "1000"}
        out = open(os.path.join(folder, "out"), "w+")
        child = subprocess.Popen([ripectl, "plan", "--registry", "bench"], cwd=folder, env=env, stdout=out, stderr=out)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
        found = re.search(r"in (\d+) requests", said)
        assert child.returncode == 0 and found, said[:2000]
        return int(found.group(1)), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder)


def main():
    ripectl = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(ROOT, "target/release/ripectl")
    counts = [int(text) for text in sys.argv[2:]] or [1000, 4000, 10000, 40000]
    print("objects,what,requests,cpu_s,peak_mib")
    cpu = {}
    for count in counts:
        for stands in [False, True]:
            requests, seconds, memory = measure(ripectl, count, stands)
            cpu[count, stands] = seconds
            print(f"{2 * count},{'standing' if stands else 'new'},{requests},{seconds:.2f},{memory:.0f}", flush=True)
    for count in counts:
        print(f"# {2 * count} objects: a first plan costs {cpu[count, False] / cpu[count, True]:.1f} times one of what stands")
        if (4 * count, False) in cpu:
            print(f"# {8 * count} objects cost {cpu[4 * count, False] / cpu[count, False]:.1f} times {2 * count}, new; {cpu[4 * count, True] / cpu[count, True]:.1f} times, standing")


main()
