"""A published version stays what it was, and no two versions of a brand are in force at one moment.

Without btree_gist a brand's number is compared as a range of one (works on PostgreSQL 15 and 18 as they come).
Withdrawn versions were never in force, so they do not count.
"""

from django.db import migrations

UP = """
ALTER TABLE rulebook_version
    ADD CONSTRAINT period_is_some_time CHECK (NOT isempty(period)),
    ADD CONSTRAINT begins_at_a_moment CHECK (NOT lower_inf(period) AND lower_inc(period) AND NOT upper_inc(period)),
    ADD CONSTRAINT one_version_at_a_time EXCLUDE USING gist
        (int8range(brand_id, brand_id, '[]') WITH &&, period WITH &&) WHERE (withdrawn_at IS NULL);

CREATE FUNCTION rulebook_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Version % is published and cannot be deleted.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (to_jsonb(NEW) - '{period,withdrawn_at}'::text[]) <> (to_jsonb(OLD) - '{period,withdrawn_at}'::text[])
       OR lower(NEW.period) <> lower(OLD.period) THEN
        RAISE EXCEPTION 'Version % is published and cannot be changed; publish another.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at
       AND (OLD.withdrawn_at IS NOT NULL OR lower(OLD.period) <= now()) THEN
        RAISE EXCEPTION 'Version % has begun or was withdrawn before; that cannot be changed.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON rulebook_version
    FOR EACH ROW EXECUTE FUNCTION rulebook_refuse();
"""
DOWN = """
DROP TRIGGER immutable ON rulebook_version;
DROP FUNCTION rulebook_refuse();
ALTER TABLE rulebook_version
    DROP CONSTRAINT one_version_at_a_time, DROP CONSTRAINT begins_at_a_moment, DROP CONSTRAINT period_is_some_time;
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_initial")]
    operations = [migrations.RunSQL(UP, DOWN)]
