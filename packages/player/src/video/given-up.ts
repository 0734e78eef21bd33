// A quality the server had to give up: its playlist goes on, with gaps where pictures would be. hls.js takes each gap for the
// loss of one segment and waits for the next, for ever; so whoever watches that quality is to be moved to another. Pure.

type Gapped = { readonly gap?: boolean };
export type QualityList = { readonly fragments: readonly Gapped[]; readonly partList: readonly Gapped[] | null };

/** A whole segment is missing, and so is what came after it: one lost segment alone is waited for. */
export function isGivenUp({ fragments, partList }: QualityList): boolean {
  const newest = fragments.at(-1);
  if (newest?.gap !== true) return false;
  const after = partList?.at(-1);
  return after === undefined ? fragments.at(-2)?.gap === true : after.gap === true;
}
