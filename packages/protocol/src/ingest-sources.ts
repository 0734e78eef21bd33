/** Who may send the picture of a show: its encoder, and a second one that stands by. */
export const INGEST_SOURCES = ['primary', 'backup'] as const;
export type IngestSource = (typeof INGEST_SOURCES)[number];
