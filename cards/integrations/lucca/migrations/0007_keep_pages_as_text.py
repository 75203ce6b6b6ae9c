from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def read_anew(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """A reading under way begins again: its pages have another form."""
    page, run = apps.get_model("lucca", "RefreshPage"), apps.get_model("runs", "Run")
    for one in run.objects.filter(pk__in=page.objects.values("run")):
        one.memory = {name: one.memory[name] for name in ("host", "only") if name in one.memory}
        one.done = 0
        one.save(update_fields=["memory", "done"])
    page.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("lucca", "0006_drop_indexes_that_others_contain"), ("runs", "0001_first")]

    operations = [
        migrations.RunPython(read_anew, migrations.RunPython.noop),
        migrations.AlterField("refreshpage", "items", models.TextField()),
        migrations.AddIndex(
            "directoryemployee",
            models.Index(condition=models.Q(("is_doubled", True)), fields=["account"], name="employee_doubled"),
        ),
    ]
