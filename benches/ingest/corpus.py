"""Makes CloudTrail corpora of any size, as an organisation trail lies in its bucket; the same records each time.

    python3 corpus.py RECORDS SHAPE

The records are those of `sample-data/trail`, and a few larger ones, with accounts, regions, callers, ids, times and
names of things put anew, so that they pack about as real ones do. An object holds records of one account and region
from the minutes before its delivery; one record in a hundred comes a second time, in a later object.

Keys: AWS CloudTrail User Guide, "Finding your CloudTrail log files".
"""

import datetime
import gzip
import json
import math
import multiprocessing
import os
import random
import re
import shutil
import string
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample-data" / "trail"
TARGET = ROOT / "target" / "bench"

# Raised when other bytes come out for the same parameters.
VERSION = 1
SEED = 2026
ORGANIZATION = "o-b3nchm4rk5"
FIRST_DAY = datetime.datetime(2026, 6, 1)
# Accounts and regions with the weight of their traffic. Account numbers are those of AWS's own examples.
ACCOUNTS = {"111122223333": 5, "444455556666": 3, "777788889999": 2, "123456789012": 1, "999988887777": 1}
REGIONS = {"eu-west-1": 6, "us-east-1": 3, "eu-central-1": 1}
DUPLICATES = 0.01
# Callers that one object shows.
CALLERS = 24
# Variants of each kind of record that are taken from the sample.
VARIANTS = 10
# Share of the larger records.
LARGE = 0.04
# Gzip level 6: the default of zlib and of most writers.
LEVEL = 6


class Shape(NamedTuple):
    """Packed sizes of objects, in bytes: a log-normal distribution between bounds."""

    median: int
    sigma: float
    least: int
    most: int
    # What an object takes beside its records, and a record: measured on the result.
    object_bytes: int
    record_bytes: int

    def draw(self, draw):
        """How many records an object has."""
        size = draw.lognormvariate(math.log(self.median), self.sigma)
        size = min(max(size, self.least), self.most)
        return max(1, round((size - self.object_bytes) / self.record_bytes))


SHAPES = {
    "ordinary": Shape(250_000, 0.8, 50_000, 2_000_000, 0, 212),
    "small": Shape(2_900, 0.7, 1_000, 40_000, 640, 260),
}

UUID = r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
SLOTS = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in {
            "uuid": UUID,
            "time": r"(?<=\"eventTime\":\")[^\"]+",
            "since": r"(?<=\"creationDate\":\")[^\"]+",
            "request": r"(?<=\"requestID\":\")[0-9A-Z]{16}(?=\")",
            "host_id": r"(?<=\"x-amz-id-2\":\")[^\"]+",
            "access_key": r"\bASIA[0-9A-Z]+\b",
            "role_id": r"\bARO[0-9A-Z]+\b",
            "account": r"\b(?:111122223333|444455556666|777788889999)\b",
            "region": r"\b(?:eu-west-1|eu-central-1|us-east-1)\b",
            "address": r"(?<=\"sourceIPAddress\":\")[0-9.]+(?=\")",
            "hexadecimal": r"\b[0-9a-f]{16,64}\b",
            "instance": r"(?<=\bi-)[0-9a-f]{17}\b",
            "interface": r"(?<=\beni-)[0-9a-f]{17}\b",
            "number": r"(?<=[/_-])[0-9]{3,10}(?=\.[a-z]|\")",
        }.items()
    )
)


class Template:
    """The text of a record, cut at what differs from record to record."""

    def __init__(self, text, weight):
        self.weight = weight
        self.pieces = []
        # What to put in: its kind, its width and the pieces that it takes; the same value twice is the same value again.
        self.slots = {}
        at = 0
        for found in SLOTS.finditer(text):
            self.pieces.append(text[at : found.start()])
            places = self.slots.setdefault((found.lastgroup, found.group()), [])
            places.append(len(self.pieces))
            self.pieces.append("")
            at = found.end()
        self.pieces.append(text[at:])
        self.slots = [(name, len(value), tuple(places)) for (name, value), places in self.slots.items()]


def templates():
    """Templates of the sample's kinds of record, weighted as often as they are there, and of larger records."""
    kinds = {}
    for path in sorted(SAMPLE.glob("**/CloudTrail/**/*.json.gz")):
        try:
            records = json.loads(gzip.decompress(path.read_bytes()))["Records"]
        except EOFError:
            continue  # one object of the sample is cut off on purpose
        for record in records:
            kind = (record["eventSource"], record["eventName"], record["userIdentity"].get("type"), record.get("errorCode"))
            count, variants = kinds.setdefault(kind, [0, []])
            kinds[kind][0] = count + 1
            if len(variants) < VARIANTS:
                variants.append(record)
    total = sum(count for count, _ in kinds.values())
    made = [
        Template(compact(record), (1 - LARGE) * count / total / len(variants))
        for count, variants in kinds.values()
        for record in variants
    ]
    some = next(variants[0] for kind, (_, variants) in kinds.items() if kind[1:3] == ("DescribeInstances", "AssumedRole"))
    large = large_records(some)
    return made + [Template(compact(record), LARGE / len(large)) for record in large]


def large_records(like):
    """Records of 3 to 13 kB, as machines being started, bucket policies and task definitions make them."""
    draw = random.Random(SEED)

    def token(prefix):
        return f"{prefix}-{draw.getrandbits(68):017x}"

    def instance():
        return {
            "instanceId": token("i"),
            "imageId": token("ami"),
            "instanceState": {"code": 0, "name": "pending"},
            "privateDnsName": "ip-10-20-5-41.eu-west-1.compute.internal",
            "instanceType": "m7g.large",
            "launchTime": 1780000000000,
            "placement": {"availabilityZone": "eu-west-1b", "tenancy": "default"},
            "subnetId": token("subnet"),
            "vpcId": token("vpc"),
            "groupSet": {"items": [{"groupId": token("sg"), "groupName": "workers"}]},
            "tagSet": {"items": [{"key": key, "value": f"halden-{key}"} for key in ("team", "stage", "owner")]},
            "networkInterfaceSet": {"items": [{"networkInterfaceId": token("eni"), "status": "in-use", "deviceIndex": 0}]},
        }

    def statement(number):
        return {
            "Sid": f"Read{number}",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::111122223333:role/reader-{number:04}"},
            "Action": ["s3:GetObject", "s3:GetObjectTagging", "s3:ListBucket"],
            "Resource": [f"arn:aws:s3:::halden-data-{number:04}", f"arn:aws:s3:::halden-data-{number:04}/*"],
            "Condition": {"StringEquals": {"aws:SourceVpce": token("vpce")}},
        }

    def container(number):
        return {
            "name": f"worker-{number:04}",
            "image": f"111122223333.dkr.ecr.eu-west-1.amazonaws.com/halden/worker:{draw.getrandbits(160):040x}",
            "cpu": 256,
            "memory": 1024,
            "essential": True,
            "environment": [{"name": f"SETTING_{at}", "value": f"value of {at}"} for at in range(8)],
            "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/worker", "awslogs-region": "eu-west-1"}},
        }

    made = []
    for count in range(1, 13):
        made.append(
            like
            | {
                "eventName": "RunInstances",
                "readOnly": False,
                "requestParameters": {"instancesSet": {"items": [{"imageId": token("ami"), "minCount": count, "maxCount": count}]}},
                "responseElements": {"reservationId": token("r"), "instancesSet": {"items": [instance() for _ in range(count)]}},
            }
        )
        made.append(
            like
            | {
                "eventSource": "s3.amazonaws.com",
                "eventName": "PutBucketPolicy",
                "readOnly": False,
                "requestParameters": {
                    "bucketName": "halden-data",
                    "policy": "",
                    "bucketPolicy": {"Version": "2012-10-17", "Statement": [statement(number) for number in range(count)]},
                },
            }
        )
        made.append(
            like
            | {
                "eventSource": "ecs.amazonaws.com",
                "eventName": "RegisterTaskDefinition",
                "readOnly": False,
                "requestParameters": {"family": "worker", "containerDefinitions": [container(number) for number in range(count)]},
                # A definition as text in text: what has to be unescaped and kept.
                "responseElements": {"taskDefinition": json.dumps([container(number) for number in range(count // 3)])},
            }
        )
    return made


def compact(record):
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False)


class Writer:
    """Makes the records of an object; the same ones each time for the same object."""

    def __init__(self):
        self.templates = templates()
        weights, total = [], 0.0
        for template in self.templates:
            total += template.weight
            weights.append(total)
        self.weights = weights

    def records(self, entry, count):
        """The first `count` records of an object, without those that came before."""
        draw = random.Random(f"{SEED}/{entry['number']}")
        callers = [caller(draw, entry["at"]) for _ in range(min(CALLERS, entry["own"]))]
        chosen = draw.choices(self.templates, cum_weights=self.weights, k=entry["own"])
        for template in chosen[:count]:
            yield self.record(template, entry, callers[int(len(callers) * draw.random() ** 2)], draw)

    @staticmethod
    def record(template, entry, who, draw):
        bits = f"{draw.getrandbits(2048):0512x}"
        taken = 0
        pieces = template.pieces.copy()
        for name, width, places in template.slots:
            if name in who:
                value = who[name]
            elif name in ("account", "region"):
                value = entry[name]
            elif name == "time":
                moment = entry["at"] - datetime.timedelta(seconds=60 + int(840 * draw.random()))
                value = moment.isoformat() + "Z"
            elif name == "number":
                value = str(int(bits[-16:], 16)).zfill(20)[-width:]
            else:
                taken = (taken + 32) % 448
                part = bits[taken : taken + 64]
                if name == "uuid":
                    value = f"{part[:8]}-{part[8:12]}-4{part[13:16]}-a{part[17:20]}-{part[20:32]}"
                elif name == "host_id":
                    value = part + "EXAMPLE="
                else:
                    value = part[:width].upper() if name == "request" else part[:width]
            for place in places:
                pieces[place] = value
        return "".join(pieces)


def caller(draw, at):
    letters = "".join(draw.choices(string.ascii_uppercase + string.digits, k=9))
    return {
        "access_key": f"ASIA{letters}EXAMPLE",
        "role_id": f"AROA{letters[::-1]}EXAMPLE",
        "address": f"10.{draw.randrange(256)}.{draw.randrange(256)}.{draw.randrange(1, 255)}",
        "since": (at - datetime.timedelta(seconds=draw.randrange(900, 18_000))).isoformat() + "Z",
    }


def days(records):
    """Days that a corpus covers: a larger one is of a longer time and of a busier organisation."""
    return max(2, round(7 * math.sqrt(records / 200_000)))


def plan(records, shape):
    """The objects of a corpus in order of delivery, and how many distinct records they hold."""
    draw = random.Random(f"{SEED}/{shape}/{records}")
    counts, left = [], records
    while left:
        count = min(left, SHAPES[shape].draw(draw))
        counts.append(count)
        left -= count
    step = datetime.timedelta(days=days(records)) / len(counts)
    entries, last = [], {}
    for number, count in enumerate(counts):
        account = draw.choices(list(ACCOUNTS), list(ACCOUNTS.values()))[0]
        region = draw.choices(list(REGIONS), list(REGIONS.values()))[0]
        before = last.get((account, region))
        again = 0
        if before:
            wanted = count * DUPLICATES / (1 - 1 / len(counts))
            again = min(int(wanted + draw.random()), before["own"], count)
        entry = {
            "number": number,
            "own": count - again,
            "again": again,
            "before": before["number"] if again else None,
            "account": account,
            "region": region,
            "at": FIRST_DAY + step * number,
        }
        entries.append(entry)
        if entry["own"]:
            last[account, region] = entry
    return entries, records - sum(entry["again"] for entry in entries)


def key(entry):
    draw = random.Random(f"{SEED}/key/{entry['number']}")
    name = "".join(draw.choices(string.ascii_letters + string.digits, k=16))
    account, region, at = entry["account"], entry["region"], entry["at"]
    return (
        f"AWSLogs/{ORGANIZATION}/{account}/CloudTrail/{region}/{at:%Y/%m/%d}/"
        f"{account}_CloudTrail_{region}_{at:%Y%m%dT%H%MZ}_{name}.json.gz"
    )


writer = None


def begin(made):
    """Gives a process of the pool its templates."""
    global writer
    writer = made


def write(task):
    """Writes an object: its own records and some of an earlier one's. Gives raw and packed bytes."""
    root, entry, before = task
    texts = list(writer.records(entry, entry["own"]))
    if before:
        texts += writer.records(before, entry["again"])
    raw = ('{"Records":[' + ",".join(texts) + "]}").encode()
    packed = gzip.compress(raw, LEVEL, mtime=0)
    path = Path(root) / key(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed)
    return len(raw), len(packed)


def parameters(records, shape):
    return {"version": VERSION, "seed": SEED, "records": records, "shape": shape}


def make(records, shape, processes=None):
    """The directory of a corpus and what is in it; made if it is not there."""
    root = TARGET / f"{shape}-{records}"
    stamp = root / "stamp.json"
    wanted = parameters(records, shape)
    if stamp.exists():
        found = json.loads(stamp.read_text())
        if {name: found.get(name) for name in wanted} == wanted:
            return root, found
    shutil.rmtree(root, ignore_errors=True)
    entries, distinct = plan(records, shape)
    tasks = ((root / "trail", entry, entries[entry["before"]] if entry["again"] else None) for entry in entries)
    with multiprocessing.Pool(processes or os.cpu_count(), begin, [Writer()]) as pool:
        sizes = list(pool.imap_unordered(write, tasks, chunksize=4))
    found = wanted | {
        "distinct": distinct,
        "objects": len(entries),
        "days": days(records),
        "raw_bytes": sum(raw for raw, _ in sizes),
        "packed_bytes": sum(packed for _, packed in sizes),
        "packed_median": sorted(packed for _, packed in sizes)[len(sizes) // 2],
        "packed_least": min(packed for _, packed in sizes),
        "packed_most": max(packed for _, packed in sizes),
    }
    stamp.write_text(json.dumps(found, indent=1) + "\n")
    return root, found


if __name__ == "__main__":
    root, found = make(int(sys.argv[1]), sys.argv[2])
    print(json.dumps({"root": str(root)} | found))
