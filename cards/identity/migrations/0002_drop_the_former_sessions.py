from django.db import migrations


class Migration(migrations.Migration):
    """Sessions have had a table of Cards' own since the first migration here; the one of Django's was left."""

    dependencies = [("identity", "0001_first")]

    operations = [migrations.RunSQL("DROP TABLE IF EXISTS django_session", migrations.RunSQL.noop)]
