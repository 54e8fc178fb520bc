"""The peers' ingest: objects of a trail in, Parquet files by day out, each record once. One form per run, in a process of its own.

    python3 peers.py TOOL SHAPE FORM COLUMNS SOURCE OUT

Each form is what one who knows the tool would write: an explicit schema, no inference, no order kept, one query from
the packed objects to the files, all cores. The columns are those of curtail's `events` that are the record's own: its
fields, nested parts as JSON text, the parts of `userIdentity` one by one too. With `light` columns `userIdentity` is not
kept as text, which spares the peers a second look at it. What curtail writes besides (`record_key`, columns found inside
`responseElements` and `requestParameters`, fields that no column has, the object and place that a record is from) is
left out in either case, and so are its checkpoint and its commits: the peers have the lighter work.
"""

import json
import sys
from pathlib import Path

TEXT, FLAG, TIME, JSON = "text", "flag", "time", "json"

# Columns of a record: name, path in the record, kind. CloudTrail gives `FLAG` within `userIdentity` and of the console as text.
TOP = {
    "eventID": TEXT,
    "eventVersion": TEXT,
    "eventTime": TIME,
    "eventSource": TEXT,
    "eventName": TEXT,
    "eventType": TEXT,
    "eventCategory": TEXT,
    "awsRegion": TEXT,
    "recipientAccountId": TEXT,
    "requestID": TEXT,
    "sharedEventID": TEXT,
    "apiVersion": TEXT,
    "managementEvent": FLAG,
    "readOnly": FLAG,
    "sourceIPAddress": TEXT,
    "userAgent": TEXT,
    "errorCode": TEXT,
    "errorMessage": TEXT,
    "vpcEndpointId": TEXT,
    "vpcEndpointAccountId": TEXT,
    "sessionCredentialFromConsole": TEXT,
    "requestParameters": JSON,
    "responseElements": JSON,
    "additionalEventData": JSON,
    "resources": JSON,
    "serviceEventDetails": JSON,
    "tlsDetails": JSON,
    "addendum": JSON,
}
ISSUER = {"type": TEXT, "userName": TEXT, "principalId": TEXT, "arn": TEXT, "accountId": TEXT}
IDENTITY = {
    "type": TEXT,
    "principalId": TEXT,
    "arn": TEXT,
    "accountId": TEXT,
    "accessKeyId": TEXT,
    "userName": TEXT,
    "invokedBy": TEXT,
    "identityProvider": TEXT,
    "credentialId": TEXT,
    "inScopeOf": {"sourceArn": TEXT, "sourceAccount": TEXT, "issuerType": TEXT, "credentialsIssuedTo": TEXT},
    "sessionContext": {
        "sessionIssuer": ISSUER,
        "attributes": {"creationDate": TIME, "mfaAuthenticated": TEXT},
        "sourceIdentity": TEXT,
        "ec2RoleDelivery": TEXT,
        "webIdFederationData": {"federatedProvider": TEXT},
        "assumedRoot": TEXT,
    },
}
COLUMNS = ("same", "light")
# Whether `userIdentity` is kept as text.
KEEPS_IDENTITY = sys.argv[4:5] != ["light"]
RECORD = TOP | {"userIdentity": JSON if KEEPS_IDENTITY else IDENTITY}
KEY = ("eventID", "recipientAccountId")
# Flags that are text in the record.
TEXT_FLAGS = {"sessionCredentialFromConsole", "mfaAuthenticated", "assumedRoot"}


def leaves(schema, path=()):
    """Paths and kinds of all columns."""
    for name, kind in schema.items():
        if isinstance(kind, dict):
            yield from leaves(kind, (*path, name))
        else:
            yield (*path, name), kind


def columns():
    """What each column is read from (`record` or `identity`), its path there, kind and name."""
    for path, kind in leaves(TOP | ({"userIdentity": JSON} if KEEPS_IDENTITY else {})):
        yield "record", path, kind, column(path)
    for path, kind in leaves(IDENTITY):
        yield "identity", path, kind, column(("userIdentity", *path))


def column(path):
    return "_".join(path)


# DuckDB


def duckdb_struct(schema):
    fields = (f'"{name}" {duckdb_struct(kind) if isinstance(kind, dict) else DUCKDB_TYPES[kind]}' for name, kind in schema.items())
    return f"STRUCT({', '.join(fields)})"


def duckdb_columns():
    for origin, path, _, name in columns():
        value = ".".join([origin, *(f'"{part}"' for part in path)])
        if path[-1] in TEXT_FLAGS:
            value = f"{value}::BOOLEAN"
        yield f'{value} AS "{name}"'
    yield "record.eventTime::DATE AS event_date"


DUCKDB_TYPES = {TEXT: "VARCHAR", FLAG: "BOOLEAN", TIME: "TIMESTAMP", JSON: "JSON"}
MIB = 1 << 20


def duckdb_copy(out, records, once):
    import duckdb

    list_of_records, objects = records
    identity = "record.userIdentity"
    if KEEPS_IDENTITY:
        identity = f"from_json({identity}, '{json.dumps(duckdb_structure(IDENTITY))}')"
    rows = f"SELECT unnest({list_of_records}) AS record FROM {objects}"
    rows = f"SELECT {', '.join(duckdb_columns())} FROM (SELECT record, {identity} AS identity FROM ({rows}))"
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(
        f"COPY ({once(rows)}) TO '{out}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARTITION_BY (event_date))"
    )


def duckdb_typed(source, most):
    """A reader with the schema of the objects."""
    return "Records", (
        f"read_json('{source}/**/*.json.gz', columns = {{Records: '{duckdb_struct(RECORD)}[]'}}, "
        f"records = true, maximum_object_size = {most}, compression = 'gzip')"
    )


def duckdb_untyped(source, most):
    """Each object as one JSON value, typed after it is read: an object costs less to open."""
    return f"from_json(json->'Records', '{json.dumps([duckdb_structure(RECORD)])}')", (
        f"read_json_objects('{source}/**/*.json.gz', format = 'unstructured', maximum_object_size = {most}, compression = 'gzip')"
    )


def duckdb_structure(schema):
    return {name: duckdb_structure(kind) if isinstance(kind, dict) else DUCKDB_TYPES[kind] for name, kind in schema.items()}


def duckdb_distinct(rows):
    return f"SELECT DISTINCT ON ({', '.join(KEY)}) * FROM ({rows})"


def duckdb_window(rows):
    return f"{rows} QUALIFY row_number() OVER (PARTITION BY {', '.join(KEY)}) = 1"


def duckdb_form(records, once, most):
    return lambda source, out: duckdb_copy(out, records(source, most), once)


# chDB


def chdb_tuple(schema):
    types = {
        TEXT: "Nullable(String)",
        FLAG: "Nullable(Bool)",
        TIME: "Nullable(DateTime64(6, \\'UTC\\'))",
        JSON: "Nullable(String)",
    }
    fields = (f"`{name}` {chdb_tuple(kind) if isinstance(kind, dict) else types[kind]}" for name, kind in schema.items())
    return f"Tuple({', '.join(fields)})"


def chdb_columns():
    for origin, path, _, name in columns():
        # Written `record.name` it is `getSubcolumn`, which costs 0.2 ms a column and block: ruinous for small objects.
        value = origin
        for part in path:
            value = f"tupleElement({value}, '{part}')"
        if path[-1] in TEXT_FLAGS:
            value = f"toBool({value} = 'true')"
        yield f"{value} AS `{name}`"
    yield "toDate(assumeNotNull(tupleElement(record, 'eventTime'))) AS event_date"


def chdb_insert(source, out, kind, record):
    import chdb

    Path(out).mkdir(parents=True)
    identity = "tupleElement(record, 'userIdentity')"
    if KEEPS_IDENTITY:
        identity = f"JSONExtract(assumeNotNull({identity}), '{chdb_tuple(IDENTITY)}')"
    chdb.query(
        f"""
        INSERT INTO FUNCTION file('{out}/{{_partition_id}}.parquet', 'Parquet') PARTITION BY event_date
        SELECT {", ".join(chdb_columns())}
        FROM (
            SELECT {record} AS record, {identity} AS identity
            FROM file('{source}/**/*.json.gz', 'JSONEachRow', 'Records {kind}')
            ARRAY JOIN Records AS each
        )
        LIMIT 1 BY {", ".join(f"`{name}`" for name in KEY)}
        SETTINGS output_format_parquet_compression_method = 'zstd',
            date_time_input_format = 'best_effort',
            input_format_skip_unknown_fields = 1,
            input_format_json_read_objects_as_strings = 1,
            input_format_json_read_arrays_as_strings = 1
        """
    )


def chdb_typed(source, out):
    chdb_insert(source, out, f"Array({chdb_tuple(RECORD)})", "each")


def chdb_extract(source, out):
    chdb_insert(source, out, "Array(String)", f"JSONExtract(each, '{chdb_tuple(RECORD)}')")


# Polars


def polars_struct(schema):
    import polars

    types = {TEXT: polars.String, FLAG: polars.Boolean, TIME: polars.String, JSON: polars.String}
    return polars.Struct({name: polars_struct(kind) if isinstance(kind, dict) else types[kind] for name, kind in schema.items()})


def polars_columns():
    import polars

    for origin, path, kind, name in columns():
        value = polars.col(path[0]) if origin == "record" else polars.col("identity").struct.field(path[0])
        for part in path[1:]:
            value = value.struct.field(part)
        if kind == TIME:
            value = value.str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", strict=False)
        if path[-1] in TEXT_FLAGS:
            value = value == "true"
        yield value.alias(name)
    yield polars.col("eventTime").str.head(10).str.to_date("%Y-%m-%d", strict=False).alias("event_date")


def polars_rows(frame):
    import polars

    identity = polars.col("userIdentity")
    if KEEPS_IDENTITY:
        identity = identity.str.json_decode(polars_struct(IDENTITY))
    return frame.explode("Records").unnest("Records").with_columns(identity=identity).select(*polars_columns())


def polars_sink(frame, out):
    import polars

    frame.unique(subset=list(KEY), keep="any", maintain_order=False).sink_parquet(
        polars.PartitionBy(out, key="event_date"), compression="zstd", compression_level=1, maintain_order=False, mkdir=True
    )


def polars_scan(source, out):
    import polars

    schema = {"Records": polars.List(polars_struct(RECORD))}
    frame = polars.scan_ndjson(f"{source}/**/*.json.gz", schema=schema)
    polars_sink(polars_rows(frame), out)


def polars_joined(source, out):
    """Many objects as the lines of one document in memory: what a file costs to open is smaller."""
    import gzip

    import polars

    schema = {"Records": polars.List(polars_struct(RECORD))}
    frames, lines, held = [], [], 0
    paths = sorted(Path(source).glob("**/*.json.gz"))
    for at, path in enumerate(paths):
        lines.append(gzip.decompress(path.read_bytes()))
        held += len(lines[-1])
        if held > 64 * MIB or at + 1 == len(paths):
            frames.append(polars_rows(polars.read_ndjson(b"\n".join(lines), schema=schema).lazy()).collect())
            lines, held = [], 0
    polars_sink(polars.concat(frames).lazy(), out)


PACKAGES = ["duckdb==2.0.0", "chdb==4.4.0", "polars==2.1.0"]
NAMES = {"curtail": "curtail", "duckdb": "DuckDB", "chdb": "chDB", "polars": "Polars"}

# By tool and shape of the corpus the forms that were the best of those tried, each by its most telling word.
# Buffers of 64 MiB hold any object that CloudTrail writes; 1 MiB is for small objects alone, and faster there.
FORMS = {
    "duckdb": {
        "ordinary": {
            "distinct on": duckdb_form(duckdb_typed, duckdb_distinct, 64 * MIB),
            "window": duckdb_form(duckdb_typed, duckdb_window, 64 * MIB),
        },
        "small": {
            "typed reader": duckdb_form(duckdb_typed, duckdb_window, MIB),
            "from_json": duckdb_form(duckdb_untyped, duckdb_window, MIB),
        },
    },
    "chdb": {
        "ordinary": {"typed reader": chdb_typed, "JSONExtract": chdb_extract},
        "small": {"typed reader": chdb_typed, "JSONExtract": chdb_extract},
    },
    "polars": {
        "ordinary": {"scan_ndjson": polars_scan},
        "small": {"scan_ndjson": polars_scan, "read_ndjson of many": polars_joined},
    },
}

if __name__ == "__main__":
    tool, shape, form, _, source, out = sys.argv[1:]
    FORMS[tool][shape][form](source, out)
