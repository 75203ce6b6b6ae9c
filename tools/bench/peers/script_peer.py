"""The script that is written by hand: requests, and `update_or_create` for each person, a page in a transaction."""

import json
import resource
import sys
import time
from urllib.parse import urlsplit

import django
import requests
from django.conf import settings

FIELDS = "id,firstName,lastName,mail,department[id,name],dtContractStart,dtContractEnd,culture[id]"
PAGE = 1000


def main(url: str, key: str, database: str) -> None:
    where = urlsplit(database)
    if where.scheme == "sqlite":
        named = {"ENGINE": "django.db.backends.sqlite3", "NAME": where.path[1:]}
    else:
        named = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": where.path[1:], "HOST": where.hostname, "PORT": where.port, "USER": where.username,
        }  # fmt: skip
    settings.configure(DATABASES={"default": named}, USE_TZ=True)
    django.setup()
    from django.db import connection, models, transaction

    class Person(models.Model):
        lucca_id = models.IntegerField(unique=True)
        first_name = models.CharField(max_length=255)
        last_name = models.CharField(max_length=255)
        email = models.CharField(max_length=320)
        department_id = models.IntegerField(null=True)
        department_name = models.CharField(max_length=255)
        contract_start = models.CharField(max_length=32)
        contract_end = models.CharField(max_length=32)
        culture_id = models.IntegerField(null=True)

        class Meta:
            app_label = "script"

    if Person._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Person)
    began = time.perf_counter()
    session, offset = requests.Session(), 0
    session.headers["Authorization"] = f"lucca application={key}"
    while True:
        query = {"fields": FIELDS, "orderBy": "id,asc", "paging": f"{offset},{PAGE}"}
        answer = session.get(f"{url}/api/v3/users", params=query, timeout=60)
        answer.raise_for_status()
        items = answer.json()["data"]["items"]
        with transaction.atomic():
            for item in items:
                department, culture = item.get("department") or {}, item.get("culture") or {}
                Person.objects.update_or_create(
                    lucca_id=item["id"],
                    defaults={
                        "first_name": item.get("firstName") or "",
                        "last_name": item.get("lastName") or "",
                        "email": item.get("mail") or "",
                        "department_id": department.get("id"),
                        "department_name": department.get("name") or "",
                        "contract_start": item.get("dtContractStart") or "",
                        "contract_end": item.get("dtContractEnd") or "",
                        "culture_id": culture.get("id"),
                    },
                )
        offset += PAGE
        if len(items) < PAGE:
            break
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak": peak, "rows": Person.objects.count()}))


if __name__ == "__main__":
    main(*sys.argv[1:4])
