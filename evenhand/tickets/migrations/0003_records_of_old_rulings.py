"""Pack the rulings that stand already, some thousands in a transaction: killed half-way, it goes on from there.

A version whose text no longer compiles keeps its rulings without records; replay names it.
"""

from django.db import migrations, transaction

from evenhand.policy import PolicyError, compile_policy
from evenhand.tickets.records import pack

TOGETHER = 2000


def pack_standing(apps, schema_editor):
    for version in apps.get_model('rulebook', 'Version').objects.order_by('pk'):
        try:
            policy = compile_policy(version.text, sayings=version.sayings or None)
        except PolicyError:
            continue
        _pack_version(apps, version, policy)


def _pack_version(apps, version, policy):
    rulings = apps.get_model('tickets', 'Ruling').objects.filter(version=version, record=None)
    rulings = rulings.exclude(state='superseded').order_by('pk')
    last = 0
    while some := list(rulings.filter(pk__gt=last)[:TOGETHER]):
        last = some[-1].pk
        with transaction.atomic():
            _keep(apps.get_model('tickets', 'RulingRecord'), some, policy)


def _keep(record, rulings, policy):
    made = []
    for ruling in rulings:
        try:
            packed = pack(ruling, policy)
        except ValueError:  # its facts are none of its version's: it stays in the record, and is not replayed
            continue
        made.append(record(ruling_id=ruling.pk, version_id=ruling.version_id, at=ruling.at, packed=packed))
    record.objects.bulk_create(made, ignore_conflicts=True)


class Migration(migrations.Migration):

    atomic = False  # so that what is packed stays packed

    dependencies = [
        ('tickets', '0002_rulingrecord'),
    ]

    operations = [
        migrations.RunPython(pack_standing, migrations.RunPython.noop),
    ]
