import unicodedata

from django.db import migrations, models


def fill(apps, schema_editor):
    groups = apps.get_model("people", "Group").objects
    rows = []
    for group in groups.only("name").iterator(chunk_size=500):
        letters = filter(lambda sign: not unicodedata.combining(sign), unicodedata.normalize("NFKD", group.name.casefold()))
        group.search_key = "".join(letters)[:400]
        rows.append(group)
    groups.bulk_update(rows, ["search_key"], batch_size=200)


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0005_drop_indexes_that_others_contain"),
    ]

    operations = [
        migrations.AddField(
            model_name="group",
            name="search_key",
            field=models.CharField(default="", editable=False, max_length=400),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
