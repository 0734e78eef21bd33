-- Questions a host marked answered: kept by their key (product and content words), so that a restart, which
-- rebuilds the questions from the chat archive, does not ask the host again.
CREATE TABLE insights_question_answered (
  org_id text NOT NULL,
  show_id text NOT NULL,
  question_key text NOT NULL,
  answered_at_ms bigint NOT NULL,
  answered_by text NOT NULL,
  PRIMARY KEY (show_id, question_key)
);
