"""What was written is kept beside the whole text. The trigger of 0002 compares whole rows, so it covers it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0002_immutable")]
    operations = [
        migrations.AddField(
            model_name="version",
            name="amendment",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
