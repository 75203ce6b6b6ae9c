import django.db.models.deletion
from django.conf import settings
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def name_the_linked_users(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What was sent since a link was made is of its user; whose earlier rows are, nobody knows any more."""
    receipt, link = apps.get_model("lucca", "Receipt"), apps.get_model("lucca", "Link")
    links = link.objects.filter(
        space=OuterRef("space"), host=OuterRef("host"), lucca_id=OuterRef("lucca_id"), linked_at__lte=OuterRef("sent_at")
    )
    receipt.objects.update(user=Subquery(links.values("user")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("lucca", "0007_keep_pages_as_text"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(name_the_linked_users, migrations.RunPython.noop),
    ]
