from django.db import migrations
from django.db.models import Exists, OuterRef, Subquery


def name_departments(apps, schema_editor):
    """Groups that are linked already learn the name of their department."""
    links = apps.get_model("lucca", "DepartmentLink").objects.filter(group=OuterRef("pk")).order_by("-linked_at")
    groups = apps.get_model("people", "Group").objects.filter(Exists(links))
    groups.update(lucca_department=Subquery(links.values("department_name")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ("lucca", "0004_find_people_by_department"),
        ("people", "0004_name_the_department_of_a_group"),
    ]

    operations = [migrations.RunPython(name_departments, migrations.RunPython.noop)]
