/** PEM texts of a certificate chain and its key. */
export type Certificate = { readonly cert: string; readonly key: string };

/** A certificate that is renewed while we run. */
export type CertificateSource = {
  readonly current: Certificate;
  /** Returns the undo. */
  onChanged(apply: (renewed: Certificate) => void): () => void;
};
