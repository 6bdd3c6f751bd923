#!/usr/bin/env python3
"""Writes vectors.json beside itself: the placement of docs/design/placement.md, from that page alone.

Run by hand when the page changes: python3 make_vectors.py
"""
import hashlib
import json
import math
import pathlib
import random
import struct

MASK = (1 << 64) - 1


def first8(data):
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big")


def version_bytes(version):
    head = struct.pack(">QQ", int(version["mount"], 16), version["length"])
    if "entity_tag" in version:
        tag = version["entity_tag"].encode()
        tag = struct.pack(">BI", 1, len(tag)) + tag
    else:
        tag = struct.pack(">BqQ", 2, int(version["modified_nanos"]), int(version["file_id"]))
    return head + tag + version["key"].encode()


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def draw(key, block, worker):
    file_hash = mix((key + block * 0x9E3779B97F4A7C15) & MASK)
    return mix(file_hash ^ first8(worker["id"].encode()))


def score(key, block, worker):
    u = ((draw(key, block, worker) >> 12) + 0.5) / 2.0**52
    return -math.log(u) / worker["capacity"]


def owners(key, block, workers, replicas):
    left = sorted((w for w in workers if w["state"] != "DRAINING"), key=lambda w: w["id"])
    left.sort(key=lambda w: score(key, block, w))
    chosen = left[:1]
    left = left[1:]
    while left and len(chosen) < replicas:
        zones = {(w.get("region"), w["zone"]) for w in chosen if "zone" in w}
        hosts = {w["host"] for w in chosen}
        pick = next((w for w in left if "zone" in w and (w.get("region"), w["zone"]) not in zones), None)
        pick = pick or next((w for w in left if w["host"] not in hosts), None)
        pick = pick or left[0]
        chosen.append(pick)
        left.remove(pick)
    return [w["id"] for w in chosen[:replicas]]


VERSIONS = [
    {"mount": "00000000000000ff", "key": "models/llama/model-00001-of-00002.safetensors", "length": 4976698672,
     "entity_tag": '"5d41402abc4b2a76b9719d911017c592-594"'},
    {"mount": "f1e2d3c4b5a69788", "key": "data/\u6a21\u578b/\u00e9tat.bin", "length": 1,
     "entity_tag": '"\u00fc"'},
    {"mount": "0123456789abcdef", "key": "plain file", "length": 0,
     "modified_nanos": "1764036123456789012", "file_id": "18446744073709551615"},
    {"mount": "8000000000000000", "key": "", "length": 4194304, "modified_nanos": "-1", "file_id": "0"},
]


def worker(number, host, state="ACTIVE", capacity=1 << 40, **place):
    return {"id": f"worker-{number}", "host": host, "capacity": capacity, "state": state, **place}


def views():
    rnd = random.Random(20261125)
    yield "one worker", [worker(0, "a")]
    yield "nobody owns", [worker(0, "a", "DRAINING")]
    yield "equal, no zones", [worker(i, f"host-{i}") for i in range(7)]
    yield "by weight", [worker(i, f"host-{i}", capacity=rnd.choice([1, 10**9, 3 * 10**11, 2**62])) for i in range(9)]
    yield "zones", [worker(i, f"host-{i}", zone="abc"[i % 3]) for i in range(10)]
    yield "one zone name in two regions", [
        worker(i, f"host-{i}", zone="a", region=["north", "south"][i % 2]) for i in range(6)]
    yield "two workers on each host", [worker(i, f"host-{i // 2}") for i in range(6)]
    yield "some zones unknown", [
        worker(i, f"host-{i // 2}", **({"zone": "ab"[i // 4]} if i % 2 else {})) for i in range(8)]
    yield "suspect and draining", [
        worker(i, f"host-{i}", ["ACTIVE", "SUSPECT", "DRAINING"][i % 3], zone="ab"[i % 2]) for i in range(9)]
    yield "many", [worker(i, f"host-{i // 4}", capacity=rnd.randrange(1 << 30, 1 << 44), zone=f"z{i % 5}")
                   for i in range(60)]


def main():
    rnd = random.Random(4)
    keys = [first8(version_bytes(v)) for v in VERSIONS]
    result = {
        "versions": [{**v, "bytes": version_bytes(v).hex(), "key_hash": f"{k:016x}"} for v, k in zip(VERSIONS, keys)],
        "draws": [],
        "views": [],
    }
    for index, key in enumerate(keys):
        for block in (0, 1, 1186, 2**31 - 1):
            who = worker(rnd.randrange(100), "a")
            result["draws"].append({"version": index, "block": block, "worker": who["id"],
                                    "worker_hash": f"{first8(who['id'].encode()):016x}",
                                    "bits": f"{draw(key, block, who):016x}"})
    for name, workers in views():
        cases = []
        for _ in range(12):
            index = rnd.randrange(len(keys))
            block = rnd.choice([0, 1, 2, 7, rnd.randrange(2**31)])
            replicas = rnd.choice([1, 1, 2, 3, 4, 20])
            cases.append({"version": index, "block": block, "replicas": replicas,
                          "owners": owners(keys[index], block, workers, replicas)})
        # As text: a number of JSON is a double to many readers.
        told = [{**w, "capacity": str(w["capacity"])} for w in workers]
        result["views"].append({"name": name, "workers": told, "cases": cases})
    out = pathlib.Path(__file__).with_name("vectors.json")
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
