"""`curtail ingest` beside DuckDB, chDB and Polars: the same objects in, Parquet files by day out, each record once.

    python3 benches/ingest/run.py --records 200000 --shape ordinary

Every tool and form runs in a process of its own, into a new directory, one after the other and the lot of them again; what
it takes is what the kernel counts for the process and its children. Then the rows are counted, outside of the time: a
tool that does not have each record once is named and the exit code is 1. With `--write` the table goes into `docs/benchmarks.md`.
"""

import argparse
import fcntl
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import peers

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TARGET = ROOT / "target"
PACKAGES = TARGET / "python" / "bench"
DOCS = ROOT / "docs" / "benchmarks.md"
# Between these lines of the page stand the tables.
BEGIN, END = "<!-- ingest: begin -->", "<!-- ingest: end -->"
# Longest run of a tool, in seconds.
PATIENCE = 3_600
# What names an event in curtail's table and in the peers' files.
KEYS = {True: ("event_id", "recipient_account_id"), False: peers.KEY}

COUNT = """
import duckdb, json, sys
files, keys = json.load(sys.stdin)
duckdb.execute("SET preserve_insertion_order = false")
keys = " || ".join(f"coalesce({key}, '')" for key in keys)
print(json.dumps(duckdb.execute(f"SELECT count(*), count(DISTINCT {keys}) FROM read_parquet($files)", {"files": files}).fetchone()))
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=200_000, help="records of the corpus; made once, below target/bench")
    parser.add_argument("--shape", choices=["ordinary", "small"], default="ordinary", help="objects of 50 kB to 2 MB, or of 1 to 40 kB")
    parser.add_argument("--runs", type=int, default=3, help="runs of each tool and form")
    parser.add_argument("--curtail", type=Path, default=TARGET / "release" / "curtail", metavar="PATH", help="the binary")
    parser.add_argument("--tools", nargs="+", choices=peers.NAMES, default=list(peers.NAMES), help="which tools run")
    parser.add_argument("--columns", choices=peers.COLUMNS, default="same", help="`light`: the peers do not keep `userIdentity` as text")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    return parser.parse_args()


def install():
    """The peers, in the versions that the benchmark was written with, into `target/python/bench`."""
    PACKAGES.parent.mkdir(parents=True, exist_ok=True)
    with open(PACKAGES.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp, wanted = PACKAGES / "installed", "\n".join(peers.PACKAGES)
        if stamp.exists() and stamp.read_text() == wanted:
            return
        shutil.rmtree(PACKAGES, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-warn-conflicts", "--target", PACKAGES, *peers.PACKAGES]
        subprocess.run(command, check=True)
        stamp.write_text(wanted)


def corpus(records, shape):
    """The corpus' directory and description. In a process of its own: what this one holds counts as its children's memory."""
    made = subprocess.run([sys.executable, HERE / "corpus.py", str(records), shape], check=True, stdout=subprocess.PIPE)
    return json.loads(made.stdout)


def contenders(options, source):
    """Name, form and command of all that runs; the command takes the directory of its output."""
    for tool in options.tools:
        if tool == "curtail":
            yield tool, "", lambda out: [options.curtail.resolve(), "ingest", source, "--lake", out, "--quiet", "--format", "json"]
            continue
        for form in peers.FORMS[tool][options.shape]:
            yield tool, form, lambda out, tool=tool, form=form: [
                sys.executable, HERE / "peers.py", tool, options.shape, form, options.columns, source, out
            ]


def environment():
    """Ours without curtail's settings, with the peers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CURTAIL_")}
    return kept | {"PYTHONPATH": str(PACKAGES)}


def measure(command, directory):
    """Runs a command to its end. Seconds, bytes, and what it said where it failed."""
    with open(directory / "said", "w+") as said:
        begun = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command], cwd=directory, env=environment(), stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        timer = threading.Timer(PATIENCE, os.kill, (process.pid, signal.SIGKILL))
        timer.daemon = True
        timer.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        message = said.read().strip()
    run = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss * 1024}
    if process.returncode:
        run["failed"] = f"exit code {process.returncode}: {' '.join(message.split())[-300:] or 'nothing said'}"
    return run


def live_files(out):
    """The Parquet files that hold the events: of a Delta table those that its log names, else all."""
    log = out / "events" / "_delta_log"
    if not log.exists():
        return sorted(out.glob("**/*.parquet"))
    live = {}
    for commit in sorted(log.glob("*.json")):
        for line in commit.read_text().splitlines():
            action = json.loads(line)
            if "add" in action:
                live[action["add"]["path"]] = log.parent / action["add"]["path"]
            elif "remove" in action:
                live.pop(action["remove"]["path"], None)
    return sorted(live.values())


def weigh(tool, out):
    """What a run has written: files, bytes, rows and distinct events."""
    files = live_files(out)
    asked = json.dumps([[str(file) for file in files], KEYS[tool == "curtail"]])
    counted = subprocess.run(
        [sys.executable, "-c", COUNT], input=asked, env=environment(), capture_output=True, text=True, check=False
    )
    if counted.returncode:
        return {"failed": f"its output cannot be read: {counted.stderr.strip()[-300:]}"}
    rows, distinct = json.loads(counted.stdout)
    return {
        "files": len(files),
        "output": sum(file.stat().st_size for file in files),
        "on_disk": sum(file.stat().st_size for file in out.rglob("*") if file.is_file()),
        "rows": rows,
        "distinct": distinct,
    }


def warm(source):
    """Reads the corpus once, so that the first tool finds it in memory like the others."""
    for path in Path(source).rglob("*.gz"):
        path.read_bytes()


def run_all(options, found):
    source = str(Path(found["root"]) / "trail")
    warm(source)
    running = list(contenders(options, source))
    results = {(tool, form): [] for tool, form, _ in running}
    for number in range(options.runs):
        # Another one begins each time.
        for tool, form, command in running[number % len(running) :] + running[: number % len(running)]:
            with tempfile.TemporaryDirectory(dir=found["root"]) as directory:
                out = Path(directory) / "out"
                run = measure(command(out), Path(directory))
                if "failed" not in run:
                    run |= weigh(tool, out)
            if "failed" not in run and (run["rows"], run["distinct"]) != (found["distinct"],) * 2:
                run["wrong"] = f"{run['rows']} rows, {run['distinct']} distinct, of {found['distinct']}"
            results[tool, form].append(run)
            print(f"{number + 1}/{options.runs} {label(tool, form)}: {told(run)}, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return results


def label(tool, form):
    return f"{peers.NAMES[tool]}, `{form}`" if form else peers.NAMES[tool]


def told(run):
    if "failed" in run:
        return f"failed: {run['failed']}"
    figures = f"{run['wall']:.2f} s, {run['cpu']:.2f} CPU s, {run['peak'] / 1e6:.0f} MB, output {run['output'] / 1e6:.1f} MB"
    figures += f" in {run['files']} files"
    return f"{figures}, WRONG: {run['wrong']}" if "wrong" in run else figures


def middle(runs):
    """Median times, greatest memory and output of the runs that ended well; none if none did."""
    good = [run for run in runs if "failed" not in run]
    if not good:
        return None
    return {
        "wall": statistics.median(run["wall"] for run in good),
        "cpu": statistics.median(run["cpu"] for run in good),
        "least": min(run["cpu"] for run in good),
        "peak": max(run["peak"] for run in good),
        "output": max(run["output"] for run in good),
        "on_disk": max(run["on_disk"] for run in good),
    }


def table(results, records):
    """Ratios to curtail first, then the figures; a tool that failed says why."""
    ours = middle(results.get(("curtail", ""), []))
    lines = [
        "| | wall, CPU, memory, output: times curtail's | wall s | CPU s (least) | CPU µs a record | peak MB | output MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for (tool, form), runs in results.items():
        figures = middle(runs)
        failures = [run["failed"] for run in runs if "failed" in run]
        wrong = [run["wrong"] for run in runs if "wrong" in run]
        name = label(tool, form)
        if wrong:
            name += f" (**wrong**: {wrong[0]})"
        if failures:
            name += f" ({len(failures)} of {len(runs)} runs failed: {failures[0]})".replace("|", "\\|")
        if figures is None:
            lines.append(f"| {name} | | | | | | |")
            continue
        ratios = "1"
        if ours and tool != "curtail":
            ratios = ", ".join(f"{figures[what] / ours[what]:.2f}" for what in ("wall", "cpu", "peak", "output"))
        lines.append(
            f"| {name} | {ratios if ours else ''} | {figures['wall']:.2f} | {figures['cpu']:.2f} ({figures['least']:.2f}) "
            f"| {figures['cpu'] / records * 1e6:.1f} | {figures['peak'] / 1e6:.0f} | {figures['output'] / 1e6:.1f} |"
        )
    return lines


def section(options, found, results, load):
    """The table with what was read, and on what."""
    command = f"python3 benches/ingest/run.py --records {options.records} --shape {options.shape}"
    if options.columns != "same":
        command += f" --columns {options.columns}"
    if options.runs != 3:
        command += f" --runs {options.runs}"
    lines = [
        f"{found['records']:,} records in {found['objects']:,} {options.shape} objects "
        f"({found['packed_bytes'] / 1e6:.0f} MB, {found['raw_bytes'] / 1e6:,.0f} MB unpacked; half of them below "
        f"{found['packed_median'] / 1e3:.0f} kB, the largest {found['packed_most'] / 1e3:,.0f} kB) of {found['days']} days; "
        f"{found['records'] - found['distinct']:,} come twice. Medians of {options.runs}, {os.cpu_count()} cores, "
        f"load of the machine from {min(load):.1f} to {max(load):.1f}.",
        "",
        "```sh",
        command,
        "```",
        "",
        *table(results, found["records"]),
    ]
    ours = middle(results.get(("curtail", ""), []))
    if ours:
        lines += [
            "",
            f"With checkpoint, log and the files that were put together into larger ones and wait for `lake vacuum`, "
            f"curtail's lake takes {ours['on_disk'] / 1e6:.1f} MB.",
        ]
    return "\n".join(lines)


def write(options, text):
    """Puts the text in the place of its corpus between the marks of `docs/benchmarks.md`."""
    before, rest = DOCS.read_text().split(f"{BEGIN}\n", maxsplit=1)
    marked, after = rest.split(END, maxsplit=1)
    # By shape, size and columns: `<!-- ordinary 200000 same -->`.
    parts = dict(re.findall(r"<!-- (\w+ \d+ \w+) -->\n(.*?)\n\n(?=<!--|\Z)", marked, flags=re.DOTALL))
    parts[f"{options.shape} {options.records} {options.columns}"] = text
    names = sorted(parts, key=lambda name: (name.split()[0], int(name.split()[1]), name.split()[2] != "same"))
    marked = "".join(f"<!-- {name} -->\n{parts[name]}\n\n" for name in names)
    DOCS.write_text(f"{before}{BEGIN}\n{marked}{END}{after}")


def main():
    options = arguments()
    if "curtail" in options.tools and not options.curtail.exists():
        sys.exit(f"`{options.curtail}` is not there: `cargo build --release` makes it, `--curtail PATH` names another")
    install()
    found = corpus(options.records, options.shape)
    load = [os.getloadavg()[0]]
    results = run_all(options, found)
    load.append(os.getloadavg()[0])
    text = section(options, found, results, load)
    print(text)
    if options.write:
        write(options, text)
    runs = [run for runs in results.values() for run in runs]
    ours = results.get(("curtail", ""), [])
    sys.exit(any("wrong" in run for run in runs) or any("failed" in run for run in ours))


if __name__ == "__main__":
    main()
