"""Drafts, their revisions, remarks and approvals. What was typed once is never changed or deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


UP = """
CREATE FUNCTION rulebook_keep_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was written in a draft stays as it was; write another revision.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE ON rulebook_revision
    FOR EACH ROW EXECUTE FUNCTION rulebook_keep_for_good();
CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE ON rulebook_wording
    FOR EACH ROW EXECUTE FUNCTION rulebook_keep_for_good();
"""
DOWN = """
DROP TRIGGER kept_for_good ON rulebook_wording;
DROP TRIGGER kept_for_good ON rulebook_revision;
DROP FUNCTION rulebook_keep_for_good();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_accesskey'),
        ('rulebook', '0003_version_amendment'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('text', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('open', 'Open'), ('published', 'Published'), ('discarded', 'Discarded')], default='open', max_length=10)),
                ('head', models.PositiveIntegerField(default=0)),
                ('last', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to=settings.AUTH_USER_MODEL)),
                ('based_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts_from', to='rulebook.version')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='people.brand')),
                ('published_as', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts_as', to='rulebook.version')),
            ],
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clause', models.CharField(blank=True, max_length=40)),
                ('quote', models.CharField(blank=True, max_length=500)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='rulebook.draft')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Rulebook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('four_eyes', models.BooleanField(default=False)),
                ('brand', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rulebook', to='people.brand')),
            ],
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='rulebook.draft')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('draft', 'number', 'by'), name='one_approval_per_person')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='present', to='rulebook.draft')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('draft', 'person'), name='present_once')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('begun', 'Begun'), ('written', 'Written'), ('aside', 'Aside'), ('merged', 'Merged'), ('restored', 'Restored')], max_length=10)),
                ('parent', models.PositiveIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='rulebook.draft')),
                ('said', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rulebook.wording')),
                ('words', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rulebook.wording')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('draft', 'number'), name='one_revision_per_number')],
            },
        ),
        migrations.RunSQL(UP, DOWN),
    ]
