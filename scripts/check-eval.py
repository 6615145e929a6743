#!/usr/bin/env python3
"""Checks that vtrack eval gives the same bytes whatever happened to it.

  scripts/check-eval.py [VTRACK] [--data FOLDER] [--kills 20] [--seed 1]

On FOLDER/mot17 with FOLDER/weights/deit_tiny_patch16_224.safetensors (layer 3, 3x3 grid): after kill -9 at random moments
and --resume, after SIGTERM, from merged shards (n = 2, 3, 7), with the cache cold, warm and damaged, and with one job as
with two. timings.json alone may differ. A changed frame and a changed checkpoint must miss the cache.
"""
import argparse, json, os, pathlib, random, shutil, signal, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("vtrack", nargs="?", default=".build/release/vtrack")
parser.add_argument("--data", default=os.environ.get("VTRACK_TEST_DATA", "../shared/data"))
parser.add_argument("--kills", type=int, default=20)
parser.add_argument("--seed", type=int, default=1)
arguments = parser.parse_args()

vtrack = str(pathlib.Path(arguments.vtrack).resolve())
data = pathlib.Path(arguments.data).resolve()
weights = data / "weights/deit_tiny_patch16_224.safetensors"
work = pathlib.Path(tempfile.mkdtemp(prefix="check-eval-"))
failures = []


def command(out, *more, root=data / "mot17", model=weights, cache="none"):
    return [vtrack, "eval", "mot17", str(root), "--model", str(model), "--layer", "3", "--pool", "grid3",
            "--deltas", "1,2,4", "--quiet", "--cache", str(cache), "--out", str(out), *more]


def run(*words, expect=0, **options):
    result = subprocess.run(command(*words, **options), capture_output=True, text=True)
    if result.returncode != expect:
        raise SystemExit(f"{words}: status {result.returncode}, expected {expect}\n{result.stderr}")
    return result


def contents(folder):
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "timings.json":
            files[str(path.relative_to(folder))] = path.read_bytes()
    return files


def same(what, folder, expected):
    found = contents(folder)
    names = sorted(set(found) | set(expected))
    differing = [name for name in names if found.get(name) != expected.get(name)]
    report(what, not differing, f"differs in {differing}")
    if not differing:
        shutil.rmtree(folder)


def report(what, is_right, why=""):
    print(f"{'ok  ' if is_right else 'FAIL'} {what}" + ("" if is_right else f": {why}"), flush=True)
    if not is_right:
        failures.append(what)


def cached(folder):
    sequences = json.loads((folder / "timings.json").read_text())["sequences"]
    return {name: entry["cached"] for name, entry in sequences.items()}


started = time.monotonic()
run(work / "reference", "--jobs", "1")
seconds = time.monotonic() - started
expected = contents(work / "reference")
print(f"reference: {len(expected)} files in {seconds:.1f} s, work in {work}")

run(work / "jobs", "--jobs", "3", "--threads", "4")
same("three jobs, four threads", work / "jobs", expected)

cache = work / "cache"
run(work / "cold", cache=cache)
report("a cold cache misses", not any(cached(work / "cold").values()))
same("cold cache", work / "cold", expected)
run(work / "warm", cache=cache)
report("a warm cache hits", all(cached(work / "warm").values()))
same("warm cache", work / "warm", expected)
victims = sorted(cache.glob("*.features"))
for number, damage in enumerate([lambda b: b[: len(b) // 2], lambda b: b[:-40] + bytes([b[-40] ^ 1]) + b[-39:], lambda b: b""]):
    victims[number].write_bytes(damage(victims[number].read_bytes()))
run(work / "damaged", cache=cache)
report("three damaged files of the cache miss", sum(cached(work / "damaged").values()) == len(victims) - 3)
same("damaged cache", work / "damaged", expected)

changed = work / "mot17"
shutil.copytree(data / "mot17", changed)
frame = changed / "MOT17-05-FRCNN/img1/000002.jpg"
os.chmod(frame, 0o644)
content = bytearray(frame.read_bytes())
content[-40] ^= 1
frame.write_bytes(content)
subprocess.run(command(work / "frame", root=changed, cache=cache), capture_output=True)
report("a changed frame misses, the others hit",
       [name for name, hit in cached(work / "frame").items() if not hit] == ["MOT17-05-FRCNN"], cached(work / "frame"))
other = work / "other.safetensors"
content = bytearray(weights.read_bytes())
content[-2] ^= 1
other.write_bytes(content)
run(work / "checkpoint", model=other, cache=cache)
report("a changed checkpoint misses", not any(cached(work / "checkpoint").values()))

for count in (2, 3, 7):
    parts = []
    for number in range(1, count + 1):
        parts.append(str(work / f"part{number}"))
        run(work / f"part{number}", "--shard", f"{number}/{count}", cache=cache)
    merged = subprocess.run([vtrack, "eval", "merge", *parts, "--quiet", "--out", str(work / "merged")],
                            capture_output=True, text=True)
    report(f"{count} shards merge", merged.returncode == 0, merged.stderr)
    same(f"{count} shards", work / "merged", expected)
    lacking = subprocess.run([vtrack, "eval", "merge", *parts[1:], "--quiet", "--out", str(work / "merged")],
                             capture_output=True, text=True)
    report(f"{count} shards without the first are refused", lacking.returncode == 65 and f"1/{count}" in lacking.stderr,
           lacking.stderr)
    for part in parts:
        shutil.rmtree(part)

generator = random.Random(arguments.seed)
for number in range(arguments.kills):
    # Most of the time is the network's; with a warm cache the other steps get their share of the moments.
    warm = number % 4 == 3
    where = cache if warm else work / f"cache{number}"
    moment = generator.uniform(0, 0.2 if warm else seconds)
    out = work / f"killed{number}"
    process = subprocess.Popen(command(out, cache=where), stderr=subprocess.DEVNULL)
    time.sleep(moment)
    process.kill()
    process.wait()
    done = len(list((out / "sequences").glob("*.json"))) if out.exists() else 0
    run(out, "--resume", cache=where)
    same(f"killed after {moment:.2f} s with {done} sequences done, resumed", out, expected)

out = work / "stopped"
process = subprocess.Popen(command(out), stderr=subprocess.PIPE, text=True)
time.sleep(seconds / 2)
process.send_signal(signal.SIGTERM)
_, errors = process.communicate()
report("SIGTERM ends with 143", process.returncode == 143, process.returncode)
refused = subprocess.run(command(out), capture_output=True, text=True)
report("without --resume refused", refused.returncode == 64 and "--resume" in refused.stderr, refused.stderr)
run(out, "--resume")
same("stopped by SIGTERM, resumed", out, expected)

if failures:
    sys.exit(f"{len(failures)} checks failed; files are in {work}")
shutil.rmtree(work)
print("all checks passed")
