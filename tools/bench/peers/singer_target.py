"""A Singer target on the Meltano SDK for SQLite: its SQL sink, with an upsert for each batch."""

import sys

import sqlalchemy
from singer_sdk import typing as th
from singer_sdk.sql import SQLConnector, SQLSink, SQLTarget
from sqlalchemy.dialects.sqlite import insert


class Connector(SQLConnector):
    allow_merge_upsert = True


class Sink(SQLSink):
    connector_class = Connector
    max_size = 10_000

    def bulk_insert_records(self, full_table_name, schema, records):
        table = sqlalchemy.Table(full_table_name, sqlalchemy.MetaData(), autoload_with=self.connector._engine)
        names = [name for name in schema["properties"] if name in table.columns]
        rows = [{name: record.get(name) for name in names} for record in records]
        statement = insert(table)
        statement = statement.on_conflict_do_update(
            index_elements=["id"], set_={name: statement.excluded[name] for name in names if name != "id"}
        )
        with self.connector._connect() as connection, connection.begin():
            connection.execute(statement, rows)
        return len(rows)


class SqliteTarget(SQLTarget):
    name = "target-bench-sqlite"
    default_sink_class = Sink
    config_jsonschema = th.PropertiesList(th.Property("sqlalchemy_url", th.StringType, required=True)).to_dict()


if __name__ == "__main__":
    sys.exit(SqliteTarget.cli())
