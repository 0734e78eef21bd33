-- insp: without transaction
-- What was said in a minute of a show: the chat of its replay goes by time (CH7).
CREATE INDEX CONCURRENTLY IF NOT EXISTS chat_message_by_time ON chat_message (show_id, posted_at_ms);
