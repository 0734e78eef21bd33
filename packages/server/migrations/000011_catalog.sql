-- Products and variants as last told by the shop. Imports add and change, never delete (integrations.md 2.7).

CREATE TABLE product (
  id text PRIMARY KEY,
  org_id text NOT NULL,
  external_id text NOT NULL,
  title text NOT NULL,
  brand text NOT NULL,
  description text NOT NULL,
  category text NOT NULL,
  url text NOT NULL,
  image_url text,
  facts jsonb NOT NULL,
  option_names jsonb NOT NULL,
  updated_at_ms bigint NOT NULL,
  UNIQUE (org_id, external_id)
);
CREATE INDEX product_by_title ON product (org_id, title, id);

CREATE TABLE product_variant (
  id text PRIMARY KEY,
  org_id text NOT NULL,
  product_id text NOT NULL REFERENCES product (id),
  position integer NOT NULL,
  sku text NOT NULL,
  options jsonb NOT NULL,
  price_minor bigint NOT NULL CHECK (price_minor >= 0),
  original_price_minor bigint CHECK (original_price_minor >= 0),
  currency text NOT NULL,
  stock_count bigint CHECK (stock_count >= 0),
  -- When the shop said so: an older message that arrives later changes nothing.
  stock_as_of_ms bigint NOT NULL,
  is_available boolean NOT NULL,
  UNIQUE (org_id, sku)
);
CREATE INDEX product_variant_by_product ON product_variant (product_id, position);
