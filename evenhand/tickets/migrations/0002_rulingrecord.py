import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rulebook', '0002_immutable'),
        ('tickets', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RulingRecord',
            fields=[
                ('ruling', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='record', serialize=False, to='tickets.ruling')),
                ('at', models.DateTimeField()),
                ('packed', models.BinaryField()),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rulebook.version')),
            ],
            options={
                'indexes': [models.Index(models.F('version'), models.F('at'), models.F('ruling'), name='record_replay')],
            },
        ),
    ]
