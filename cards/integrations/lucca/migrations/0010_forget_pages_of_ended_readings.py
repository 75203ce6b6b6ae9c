from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget_pages(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What readings that broke off had kept names people, and is of no more use."""
    apps.get_model("lucca", "RefreshPage").objects.filter(run__ended_at__isnull=False).delete()


class Migration(migrations.Migration):
    dependencies = [("lucca", "0009_forget_keys_that_are_no_addresses"), ("runs", "0001_first")]

    operations = [migrations.RunPython(forget_pages, migrations.RunPython.noop)]
