"""The rows of every table of a lake, as two other readers count them, as JSON on standard output.

`deltalake` (delta-rs for Python) reads the transaction log and counts the rows, and adds up a column of each type. DuckDB's
own `delta` extension comes from a server of DuckDB's, not from PyPI; so DuckDB is given the files that the log names.

Usage: python3 readers.py LAKE
"""

import json
import sys
from pathlib import Path

import duckdb
from deltalake import DeltaTable, QueryBuilder


def main(lake: Path) -> None:
    counts = {}
    for folder in sorted(lake.iterdir()):
        table = DeltaTable(str(folder))
        rows = QueryBuilder().register("rows", table).execute("select count(*) as n from rows")
        files = table.file_uris()
        hive = bool(table.metadata().partition_columns)
        by_duckdb = duckdb.execute(
            "select count(*) from read_parquet(?, hive_partitioning = ?)", [files, hive]
        ).fetchone()
        counts[folder.name] = {
            "version": table.version(),
            "files": len(files),
            "deltalake": rows.read_all().column("n").to_pylist()[0],
            "duckdb": by_duckdb[0],
        }
    events = DeltaTable(str(lake / "events")).file_uris()
    days = duckdb.execute(
        "select cast(event_date as varchar), count(*), cast(min(event_time) as varchar), count(distinct record_key) "
        "from read_parquet(?, hive_partitioning = true) group by 1 order by 1",
        [events],
    ).fetchall()
    print(json.dumps({"counts": counts, "days": days}))


main(Path(sys.argv[1]))
