from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("sso", "0001_identity_provider_of_a_space")]

    operations = [
        migrations.RenameField(model_name="provider", old_name="sealed_secret", new_name="encrypted_secret"),
    ]
