-- When the facts of a show were sampled: one row for each level change while it was on air, written with its fact
-- (pressure.level_changed). Read with every set of figures, so that estimates say that they are.
CREATE TABLE show_shed_change (
  event_id  text     PRIMARY KEY,
  show_id   text     NOT NULL,
  at_ms     bigint   NOT NULL,
  level     smallint NOT NULL CHECK (level BETWEEN 0 AND 4),
  cause     text,
  is_forced boolean  NOT NULL
);
CREATE INDEX show_shed_change_of_show ON show_shed_change (show_id, at_ms);
