#!/usr/bin/env python3
"""The gate beside what others take: all 1,250,000 announcements judged by 700,000 VRPs, as whole processes.

  bench/gate.py [RIPECTL] [--runs N] [--scales 1/8,1,4] [--seeds 205398,1,2]

Beside `parse` (bench/peers: serde_json parses the VRPs into structs that borrow, and nothing else), and the two programs
that one writes in ten minutes (`straightforward.rs`, `pytricia_rov.py` of ../shared/bench; the latter where PyPI's
pytricia is installed). They run by turns, so that all see the same machine; the median of each is printed, and ratios to
it. Each answer of ripectl is compared with the oracle of the data, row by row. The data is made by ../shared/bench/gen_vrps.py and kept in a
folder of the user's cache. Nothing is asserted of times.
"""
import argparse
import fractions
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
SHARED = os.path.join(os.path.dirname(ROOT), "shared", "bench")
CACHE = os.path.join(os.path.expanduser(os.environ.get("XDG_CACHE_HOME", "~/.cache")), "ripectl-bench")
VRPS, ANNOUNCEMENTS = 700_000, 1_250_000


def data(scale, seed):
    """A folder with the data of this size."""
    folder = os.path.join(CACHE, f"{seed}-{scale.numerator}-{scale.denominator}")
    if not os.path.exists(os.path.join(folder, "stats.json")):
        vrps, announced = int(VRPS * scale), int(ANNOUNCEMENTS * scale)
        command = [sys.executable, os.path.join(SHARED, "gen_vrps.py"), folder, "--vrps", str(vrps), "--ann", str(announced)]
        subprocess.run([*command, "--seed", str(seed)], check=True, stdout=subprocess.DEVNULL)
    return folder


def run(command, folder):
    """Wall-clock seconds, CPU seconds, MiB at the peak."""
    with open(os.path.join(folder, "out"), "w") as out:
        begun = time.monotonic()
        child = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.DEVNULL)
        _, _, used = os.wait4(child.pid, 0)
        return time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def peers(folder):
    """What is measured besides, by name."""
    vrps, announced = os.path.join(folder, "vrps.json"), os.path.join(folder, "announcements.csv")
    built = os.path.join(HERE, "peers", "target", "release")
    peers = {"parse": [os.path.join(built, "parse"), vrps]}
    peers["straightforward"] = [os.path.join(built, "straightforward"), vrps, announced]
    if subprocess.run([sys.executable, "-c", "import pytricia"], stderr=subprocess.DEVNULL).returncode == 0:
        peers["pytricia"] = [sys.executable, os.path.join(SHARED, "pytricia_rov.py"), vrps, announced]
    else:
        print("# pytricia is not installed: left out", file=sys.stderr)
    return peers


def gate(ripectl):
    line = "validate --vrps vrps.json --max-age never --announcements announcements.csv --format csv"
    return [ripectl, *line.split()]


def agrees(folder):
    """Whether the last output is what the oracle says, row by row."""
    with open(os.path.join(folder, "out")) as out, open(os.path.join(folder, "announcements.expected.csv")) as oracle:
        next(out)
        told = sorted(",".join(row.split(",")[:3]).replace(",AS", ",") for row in out)
        return told == sorted(row.rstrip("\n") for row in oracle)


def beside_peers(ripectl, runs, seed):
    folder = data(fractions.Fraction(1), seed)
    programs = {"ripectl": gate(ripectl), **peers(folder)}
    seen = {name: [] for name in programs}
    for _ in range(runs):
        for name, command in programs.items():
            seen[name].append(run(command, folder))
    own = statistics.median(wall for wall, _, _ in seen["ripectl"])
    print("program,wall s,CPU s,MiB,ripectl takes of its wall")
    for name, figures in seen.items():
        wall, cpu, memory = (statistics.median(column) for column in zip(*figures))
        print(f"{name},{wall:.3f},{cpu:.3f},{memory:.0f},{own / wall:.2f}")


def growth(ripectl, scales, seed):
    print("\nscale,VRPs,wall s,CPU s,MiB,us of CPU a row")
    for scale in scales:
        folder = data(scale, seed)
        wall, cpu, memory = min(run(gate(ripectl), folder) for _ in range(3))
        each = cpu / (ANNOUNCEMENTS * scale) * 1e6
        print(f"{scale},{int(VRPS * scale)},{wall:.3f},{cpu:.3f},{memory:.0f},{float(each):.3f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ripectl", nargs="?", default=os.path.join(ROOT, "target/release/ripectl"))
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--scales", default="1/8,1/4,1/2,1,2,4")
    parser.add_argument("--seeds", default="205398")
    given = parser.parse_args()
    if not os.path.isdir(SHARED):
        return print(f"skipped: {SHARED} is not here")
    manifest = os.path.join(HERE, "peers", "Cargo.toml")
    subprocess.run([os.environ.get("CARGO", "cargo"), "build", "--quiet", "--release", "--manifest-path", manifest], check=True)
    ripectl, seeds = os.path.abspath(given.ripectl), [int(seed) for seed in given.seeds.split(",")]
    beside_peers(ripectl, given.runs, seeds[0])
    growth(ripectl, [fractions.Fraction(scale) for scale in given.scales.split(",") if scale], seeds[0])
    print("\nseed,all rows as the oracle has them")
    for seed in seeds:
        folder = data(fractions.Fraction(1), seed)
        run(gate(ripectl), folder)
        print(f"{seed},{agrees(folder)}")


main()
