#!/usr/bin/env python3
"""What a proxied request, a streamed event, a stream and a start cost: Hayate beside nginx in the same minutes.

    make bench && bench/gateway.py                  # five rounds, about five minutes
    bench/gateway.py --quick                        # one short round: does everything work?

Runs `direct` (no gateway), `nginx` (a bare reverse proxy: the floor) and `hayate` (API keys, cost accounting and metrics
on) in turn, A B C A B C, in front of the same fake upstream, and prints medians with their spread and the ratio to nginx
of the same round. Method and latest table: bench/README.md. Standard library only."""

import argparse
import contextlib
import json
import os
import pathlib
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
NGINX = "/usr/sbin/nginx"
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

NGINX_CONF = """
daemon off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/error.log crit; worker_rlimit_nofile 16384;
events {{ worker_connections 8192; multi_accept on; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 300s; client_body_buffer_size 64k;
  client_body_temp_path {work}/b; proxy_temp_path {work}/p; fastcgi_temp_path {work}/f; uwsgi_temp_path {work}/u;
  scgi_temp_path {work}/s;
  upstream up {{ server 127.0.0.1:{upstream}; keepalive 1024; keepalive_requests 1000000000; }}
  server {{ listen 127.0.0.1:{port} backlog=8192;
    location = /healthz {{ return 200; }}
    location / {{ proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }} }}
}}
"""

HAYATE_CONF = """
assistant: none
log_level: warning
models:
  bench:
    provider: openai
    model: gpt-4o-mini
    base_url: http://127.0.0.1:{upstream}/v1
auth: {{api_keys: required}}
local_model: {{enabled: false}}
"""


# Streams of 50 tokens a second each, and how their tokens lie between each other.
LIGHT_LOADS = {
    "light": ("5 streams, a token every 4 ms", ["streams=5", "ramp=120"]),
    "in_step": ("5 streams in step", ["streams=5", "ramp=100"]),
    "livelier": ("20 streams, a token every ms", ["streams=20", "ramp=420"]),
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def process_tree(pid):
    """The process and its children; gateways here have one generation of them."""
    with contextlib.suppress(OSError):
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]
    return [pid]


def cpu_ns(pids):
    """Nanoseconds that all threads have run; finer than the ticks of utime and stime."""
    total = 0
    for pid in pids:
        for stat in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):
                total += int(stat.read_text().split()[0])
    return total


def rss_mb(pids):
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            total += int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    return total / 1e6


class Pins:
    """The gateway on the first core, load and upstream on the second, so that they do not push each other around."""

    def __init__(self, text):
        cpus = [None, None] if text == "none" else [{int(c) for c in part.split(",")} for part in text.split(":")]
        self.gateway, self.load = (self.pin(c) for c in cpus)

    @staticmethod
    def pin(cpus):
        return (lambda: os.sched_setaffinity(0, cpus)) if cpus else None


class Gateway:
    """One thing to measure. `direct` has no process of its own."""

    def __init__(self, name, bench, work):
        self.name, self.bench, self.work = name, bench, work / name
        self.work.mkdir(exist_ok=True)
        self.port = bench.upstream_port if name == "direct" else free_port()
        self.extra, self.process = [], None
        binary = bench.args.before if name == "before" else bench.hayate
        if name == "nginx":
            conf = self.work / "nginx.conf"
            conf.write_text(NGINX_CONF.format(work=self.work, upstream=bench.upstream_port, port=self.port))
            self.command = [NGINX, "-p", str(self.work), "-c", str(conf)]
        elif name != "direct":
            conf = self.work / "hayate.yaml"
            conf.write_text(HAYATE_CONF.format(upstream=bench.upstream_port))
            common = ["--config", str(conf), "--data", str(self.work / "data")]
            self.admin_port = free_port()
            self.command = [binary, "serve", *common, "--port", str(self.port), "--admin-port",
                            str(self.admin_port), "--threads", "1"]
            made = subprocess.run([binary, "keys", "create", "--role", "service", "--label", "bench", *common],
                                  capture_output=True, text=True, check=True).stdout
            key = next(word for word in made.split() if word.startswith("hk_"))
            self.extra = [f"key={key}", "model=bench"]

    def start(self):
        """Milliseconds from exec to the first 200 of /healthz."""
        if self.name == "direct":
            return None
        probe = self.bench.start_load("ready", f"port={self.port}")
        time.sleep(0.05)
        log = open(self.work / "log.txt", "w")
        began = time.monotonic_ns()
        self.process = subprocess.Popen(self.command, cwd=self.work, stdout=log, stderr=log,
                                        preexec_fn=self.bench.pins.gateway)
        ready = self.bench.finish_load(probe)["at_ns"]
        if not ready:
            sys.exit(f"{self.name} did not start; see {self.work}/log.txt")
        return (ready - began) / 1e6

    def pids(self):
        return process_tree(self.process.pid) if self.process else []

    def load(self, mode, *args):
        return self.bench.start_load(mode, f"port={self.port}", *self.extra, *args)

    def measure(self, mode, unit, *args):
        """Runs a load; adds the gateway's CPU microseconds for each `unit` of it."""
        pids = self.pids()
        before = cpu_ns(pids)
        result = self.bench.finish_load(self.load(mode, *args))
        if pids:
            result["cpu_us"] = (cpu_ns(pids) - before) / 1e3 / max(1, result[unit])
        return result

    def hold(self, *args):
        """The load's result, with the largest RSS seen meanwhile."""
        load, peak = self.load("streams", *args), 0
        while load.poll() is None:
            peak = max(peak, rss_mb(self.pids()))
            time.sleep(0.1)
        return {**self.bench.finish_load(load), "rss_mb": peak}

    def cost_recorded(self):
        """Micro-dollars in /metrics: shows that accounting was on while it was measured."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}/metrics") as page:
            lines = page.read().decode().splitlines()
        return sum(float(x.split()[-1]) for x in lines if x.startswith("hayate_cost_micro_dollars_total{"))

    def stop(self):
        if not self.process:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


class Bench:
    def __init__(self, args):
        self.args, self.pins = args, Pins(args.pin)
        self.names = ["direct", "nginx", *(["before"] if args.before else []), "hayate"]
        build = pathlib.Path(args.build).resolve()
        self.hayate = str(args.hayate or build / "hayate")
        self.tool = lambda name: str(next(build.rglob(f"hayate_bench_{name}")))
        self.upstream = subprocess.Popen([self.tool("upstream")], stdout=subprocess.PIPE, text=True,
                                         preexec_fn=self.pins.load)
        self.upstream_port = int(self.upstream.stdout.readline())

    def start_load(self, mode, *args):
        return subprocess.Popen([self.tool("load"), mode, *args], stdout=subprocess.PIPE, text=True,
                                preexec_fn=self.pins.load)

    @staticmethod
    def finish_load(load):
        return json.loads(load.communicate()[0])

    def measure(self, gateway):
        """Every row of the table for one gateway, once."""
        quick, seconds = self.args.quick, 1 if self.args.quick else 2
        row = {"gateway": gateway.name, "load_average": os.getloadavg()[0], "start_ms": gateway.start()}
        try:
            time.sleep(0.2 if quick else 1)
            row["rss_idle_mb"] = rss_mb(gateway.pids())
            self.finish_load(gateway.load("requests", "seconds=1"))  # pools and caches fill
            row["requests"] = gateway.measure("requests", "answers", f"seconds={seconds}")
            row["events"] = gateway.measure("streams", "tokens", "streams=200", f"tokens={50 * seconds}", "gap=20")
            for load, (_, streams) in LIGHT_LOADS.items():
                row[load] = gateway.measure("streams", "tokens", *streams, f"tokens={50 * seconds}", "gap=20")
            row["gone"] = self.finish_load(gateway.load("gone", f"upstream={self.upstream_port}", "calls=3"))
            row["held"] = gateway.hold("streams=1000", "ramp=1500", "tokens=3", "gap=1000")
            if gateway.extra and not gateway.cost_recorded():
                sys.exit("no cost was recorded: accounting was off")
        finally:
            gateway.stop()
        return row

    def run(self, out):
        rows = []
        with tempfile.TemporaryDirectory(prefix="hayate-bench-") as folder:
            gateways = [Gateway(name, self, pathlib.Path(folder)) for name in self.names]
            for number in range(1, self.args.rounds + 1):
                for gateway in gateways:
                    rows.append({"round": number, **self.measure(gateway)})
                    out.write(json.dumps(rows[-1]) + "\n")
                    out.flush()
                    print(progress(rows[-1]), file=sys.stderr, flush=True)
        return rows

    def stop(self):
        self.upstream.kill()
        self.upstream.wait()


def progress(row):
    return (f"round {row['round']} {row['gateway']:<7} {row['requests'].get('cpu_us', 0):6.1f} us/request "
            f"{row['events'].get('cpu_us', 0):6.1f} us/event  load {row['load_average']:.1f}")


def pick(row, path):
    for key in path.split("."):
        row = row.get(key) if row else None
    return row


def failures(row):
    """Calls that were refused or cut, and clients whose leaving the upstream never noticed."""
    loads = sum(row[load]["failures"] for load in ("requests", "events", *LIGHT_LOADS, "held"))
    return loads + sum(row["gone"][kind]["never"] for kind in ("streamed", "whole"))


def table(rows):
    """One line per quantity: median [least-most] of each gateway, and the median ratio to nginx of the same round."""
    of = lambda name, number: next(r for r in rows if r["gateway"] == name and r["round"] == number)
    rounds = sorted({r["round"] for r in rows})
    names = list(dict.fromkeys(r["gateway"] for r in rows if r["gateway"] != "direct"))

    def cell(values, digits):
        values = [v for v in values if v is not None]
        if not values:
            return "-"
        return f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f}-{max(values):.{digits}f}]"

    def added(name, path):
        return [pick(of(name, n), path) - pick(of("direct", n), path) for n in rounds]

    def line(title, bar, values, digits=1, is_ratio=False):
        cells = [cell(values(name), digits) for name in names]
        ratios = [[h / n for h, n in zip(values(name), values("nginx"))] for name in names[1:] if is_ratio]
        cells.append(", ".join(cell(ratio, 2) for ratio in ratios) or "-")
        return f"| {title} | {' | '.join(cells)} | {bar} |"

    plain = lambda path, scale=1: lambda name: [
        None if pick(of(name, n), path) is None else pick(of(name, n), path) / scale for n in rounds]
    per_read = lambda name: [of(name, n)["events"]["tokens"] / of(name, n)["events"]["reads"] for n in rounds]
    return "\n".join([
        f"| median [least-most] of {len(rounds)} rounds | {' | '.join(names)} | ratio to nginx | bar |",
        "|---|" + "---|" * (len(names) + 2),
        line("CPU us per proxied request, saturated", "<= 3x, goal 2x", plain("requests.cpu_us"), 1, True),
        line("CPU us per proxied SSE event, 200 streams x 50/s", "<= 2x, goal 1x", plain("events.cpu_us"), 1, True),
        line("events per read at the client (1: uncoalesced)", "about 1", per_read, 2),
        *[line(f"added latency of an event, {load}, p50 us", "<= 100",
               lambda name, key=key: added(name, f"{key}.delay_us.p50"), 0)
          for key, (load, _) in LIGHT_LOADS.items()],
        *[line(f"CPU us per SSE event, {load}", "-", plain(f"{key}.cpu_us"), 1, True)
          for key, (load, _) in LIGHT_LOADS.items()],
        line("added latency of an event, 5 streams, p99 us", "-", lambda g: added(g, "light.delay_us.p99"), 0),
        line("added time to first token, 5 streams, p50 us", "-", lambda g: added(g, "light.first_us.p50"), 0),
        line("RSS idle, MB", "<= 30", plain("rss_idle_mb")),
        line("RSS with 1,000 live streams, MB", "<= 60", plain("held.rss_mb")),
        line("streams alive at once meanwhile", "1000", plain("held.live_max"), 0),
        line("exec to first 200 of /healthz, ms", "<= 100, goal 20", plain("start_ms")),
        line("client gone, streamed: ms until the upstream is closed", "<= 50", plain("gone.streamed.us.max", 1e3), 2),
        line("client gone, not streamed: ms", "<= 50", plain("gone.whole.us.max", 1e3), 2),
        line("failed, cut or unnoticed calls", "0", lambda name: [failures(of(name, n)) for n in rounds], 0),
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--build", default=ROOT / "build/bench", help="build folder with the load tools")
    parser.add_argument("--hayate", help="another hayate binary (default: the one in the build folder)")
    parser.add_argument("--before", help="an older hayate binary, measured beside it in the same rounds")
    parser.add_argument("--pin", default="0:1" if os.cpu_count() > 1 else "none",
                        help="cores of the gateway and of load and upstream, or none (default %(default)s)")
    parser.add_argument("--out", default="", help="where the raw rows go, as JSON lines")
    args = parser.parse_args()
    if not os.access(NGINX, os.X_OK):
        sys.exit(f"{NGINX} is missing: tools/setup.sh test installs it")
    if args.quick:
        args.rounds = 1
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit, 65536), limit))
    bench = Bench(args)
    try:
        with open(args.out or os.devnull, "w") as out:
            rows = bench.run(out)
    finally:
        bench.stop()
    print(table(rows))
    if any(failures(row) for row in rows):
        sys.exit("calls failed, so the numbers above are of something else")


if __name__ == "__main__":
    main()
