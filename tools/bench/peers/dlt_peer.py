"""dlt: its rest_api source, merged by id into one table. Tuned as its documentation advises: CSV for PostgreSQL."""

import json
import os
import resource
import sys
import time
from pathlib import Path

# It would tell its makers that it ran.
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"

import dlt
from dlt.sources.helpers.rest_client.paginators import BasePaginator
from dlt.sources.rest_api import rest_api_source

FIELDS = "id,firstName,lastName,mail,department[id,name],dtContractStart,dtContractEnd,culture[id]"
PAGE = 1000


class Paging(BasePaginator):
    """Lucca's: `paging=offset,limit`; a short page is the last."""

    def __init__(self) -> None:
        super().__init__()
        self.offset = 0

    def init_request(self, request):
        self.update_request(request)

    def update_state(self, response, data=None):
        self.offset += PAGE
        self._has_next_page = len(data or []) == PAGE

    def update_request(self, request):
        request.params = {**(request.params or {}), "paging": f"{self.offset},{PAGE}"}


def main(url: str, key: str, database: str, folder: str) -> None:
    began = time.perf_counter()
    to_postgresql = database.startswith("postgres")
    made_for = dlt.destinations.postgres if to_postgresql else dlt.destinations.sqlalchemy
    pipeline = dlt.pipeline(
        pipeline_name="bench",
        pipelines_dir=folder,
        destination=made_for(credentials=database),
        dataset_name="lucca",
    )
    source = rest_api_source(
        {
            "client": {
                "base_url": f"{url}/api/v3/",
                "headers": {"Authorization": f"lucca application={key}"},
                "paginator": Paging(),
            },
            "resources": [
                {
                    "name": "users",
                    "primary_key": "id",
                    "write_disposition": "merge",
                    "endpoint": {
                        "path": "users",
                        "params": {"fields": FIELDS, "orderBy": "id,asc"},
                        "data_selector": "data.items",
                    },
                }
            ],
        }
    )
    pipeline.run(source, loader_file_format="csv" if to_postgresql else None).raise_on_failed_jobs()
    seconds = time.perf_counter() - began
    with pipeline.sql_client() as client:
        query = f"SELECT count(*) FROM {client.make_qualified_table_name('users')}"  # noqa: S608 - a name of dlt's own
        rows = client.execute_sql(query)[0][0]
    print(json.dumps({"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "rows": rows}))


if __name__ == "__main__":
    Path(sys.argv[4]).mkdir(exist_ok=True)
    main(*sys.argv[1:])
