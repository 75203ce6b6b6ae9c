from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from cards.integrations.lucca.reconcile import is_an_address


def forget_keys(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Who has an e-mail by which nobody can sign in counts as somebody whose e-mail is not valid."""
    employees = apps.get_model("lucca", "DirectoryEmployee").objects.exclude(email_key="")
    emails = employees.values_list("pk", "email").iterator(chunk_size=2000)
    wrong = [pk for pk, email in emails if not is_an_address(email)]
    for start in range(0, len(wrong), 500):
        employees.filter(pk__in=wrong[start : start + 500]).update(email_key="")


class Migration(migrations.Migration):
    dependencies = [("lucca", "0008_tell_whose_results_were_sent")]

    operations = [migrations.RunPython(forget_keys, migrations.RunPython.noop)]
