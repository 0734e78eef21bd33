-- Lists and the featured product go by order of creation. Ids cannot tell it within one millisecond; a sequence can.
ALTER TABLE show ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE show_highlight ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE orders ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;
DROP INDEX show_by_org;
CREATE INDEX show_by_org ON show (org_id, seq DESC);
DROP INDEX show_highlight_by_show;
CREATE INDEX show_highlight_by_show ON show_highlight (show_id, seq);
