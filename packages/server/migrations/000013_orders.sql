-- Orders as the shop told them, line by line, each line with the evidence of its show. Rows are added, never changed.

CREATE TABLE orders (
  id text PRIMARY KEY,
  org_id text NOT NULL,
  order_ref text NOT NULL,
  -- Digest of the order as told, to notice a second telling with other content.
  content_digest text NOT NULL,
  customer_id text,
  customer_name text,
  currency text NOT NULL,
  total_minor bigint NOT NULL CHECK (total_minor >= 0),
  -- False when the currency is not the organization's: kept and shown, but in no sum of money.
  is_counted boolean NOT NULL,
  is_simulated boolean NOT NULL,
  placed_at_ms bigint NOT NULL,
  received_at_ms bigint NOT NULL,
  UNIQUE (org_id, order_ref)
);
CREATE INDEX orders_by_customer ON orders (org_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX orders_by_time ON orders (org_id, placed_at_ms);

CREATE TABLE order_line (
  order_id text NOT NULL REFERENCES orders (id),
  line_id text NOT NULL,
  org_id text NOT NULL,
  position integer NOT NULL,
  sku text NOT NULL,
  product_ref text NOT NULL,
  product_id text,
  quantity integer NOT NULL CHECK (quantity > 0),
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  -- What the show token proved; show, highlight and viewer are set for 'attributed' only. Never guessed.
  token_verdict text NOT NULL CHECK (token_verdict IN
    ('attributed', 'absent', 'invalid', 'other_product', 'unknown_show', 'too_early', 'too_late')),
  show_id text,
  highlight_id text,
  viewer_id text,
  PRIMARY KEY (order_id, line_id),
  CHECK ((token_verdict = 'attributed') = (show_id IS NOT NULL)),
  CHECK ((token_verdict = 'attributed') = (viewer_id IS NOT NULL))
);
CREATE INDEX order_line_by_show ON order_line (show_id, order_id) WHERE show_id IS NOT NULL;

CREATE TABLE order_refund (
  order_id text NOT NULL,
  refund_ref text NOT NULL,
  line_id text NOT NULL,
  org_id text NOT NULL,
  quantity integer NOT NULL CHECK (quantity >= 0),
  -- What counts: never more than was paid for the line. What the shop said is kept beside it.
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  told_amount_minor bigint NOT NULL CHECK (told_amount_minor >= 0),
  refunded_at_ms bigint NOT NULL,
  PRIMARY KEY (order_id, refund_ref, line_id),
  FOREIGN KEY (order_id, line_id) REFERENCES order_line (order_id, line_id)
);

-- One row per accepted webhook id: a repeat answers the same again, other content under the same id is refused.
CREATE TABLE webhook_delivery (
  org_id text NOT NULL,
  webhook_id text NOT NULL,
  body_digest text NOT NULL,
  answer jsonb NOT NULL,
  received_at_ms bigint NOT NULL,
  PRIMARY KEY (org_id, webhook_id)
);
CREATE INDEX webhook_delivery_by_age ON webhook_delivery (received_at_ms);
