"""An installation that is older than Cards' own table of sessions leaves the former one behind when it is upgraded."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

FIRST, SECOND = ("identity", "0001_first"), ("identity", "0002_drop_the_former_sessions")


@pytest.mark.django_db(transaction=True)
def test_the_former_table_of_sessions_goes_with_the_upgrade() -> None:
    MigrationExecutor(connection).migrate([FIRST])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE django_session (session_key varchar(40) PRIMARY KEY)")
    MigrationExecutor(connection).migrate([SECOND])
    assert "django_session" not in connection.introspection.table_names()
