-- How many events were turned away, a row for each day, event and reason: every one is counted here, also beyond the
-- rate at which whole letters are kept. org_id and event_name are '' where the rejected thing named none; such rows
-- belong to the operator and are shown to no organization.
CREATE TABLE rejected_event_count (
  org_id         text    NOT NULL,
  b1d            integer NOT NULL,
  event_name     text    NOT NULL,
  reason         text    NOT NULL,
  rejected_count bigint  NOT NULL,
  last_at_ms     bigint  NOT NULL,
  PRIMARY KEY (org_id, b1d, event_name, reason)
);
CREATE INDEX dead_letter_of_org ON dead_letter (org_id, id) WHERE org_id IS NOT NULL;
