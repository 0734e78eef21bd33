// No false scarcity: a claim of little stock, little time or a buying crowd goes out only when a ledger, a running timer or
// counted orders say the same at that moment, and it carries their ids. Everything else is blocked, with the words.
import { findUrgencyClaims, MAX_CLAIM_CHARS, type UrgencyClaim } from './urgency-claims.ts';

export type UrgencyProof =
  | { readonly kind: 'ledger'; readonly id: string; readonly leftCount: number }
  | { readonly kind: 'timer'; readonly id: string; readonly endsAtMs: number }
  | { readonly kind: 'orders'; readonly id: string; readonly buyerCount: number };

export type ScarcityOptions = {
  /** "Almost gone", without a figure, may be said from this many pieces down. */
  readonly lowStockCount: number;
  /** "Ends soon", without a figure, may be said from this much time down. */
  readonly soonMs: number;
  /** "Others are buying", without a figure, may be said from this many buyers up. */
  readonly crowdCount: number;
};
export const DEFAULT_SCARCITY: ScarcityOptions = { lowStockCount: 5, soonMs: 600_000, crowdCount: 3 };

export type ScarcityVerdict =
  | { readonly kind: 'allowed'; readonly proven: readonly { readonly claim: UrgencyClaim; readonly proofId: string }[] }
  | { readonly kind: 'blocked'; readonly reason: 'unproven' | 'too_long'; readonly claims: readonly UrgencyClaim[] };

/**
 * Judges a text that is about to go out or on screen. `proofs` = read now, for the product the text is about. A text
 * too long to be read whole is blocked.
 */
export function checkScarcity(
  text: string,
  proofs: readonly UrgencyProof[],
  nowMs: number,
  options: ScarcityOptions = DEFAULT_SCARCITY,
): ScarcityVerdict {
  if (text.length > MAX_CLAIM_CHARS) return { kind: 'blocked', reason: 'too_long', claims: [] };
  const unproven: UrgencyClaim[] = [];
  const proven: { claim: UrgencyClaim; proofId: string }[] = [];
  for (const claim of findUrgencyClaims(text)) {
    const proof = proofs.find((candidate) => proves(candidate, claim, nowMs, options));
    if (proof === undefined) unproven.push(claim);
    else proven.push({ claim, proofId: proof.id });
  }
  return unproven.length > 0 ? { kind: 'blocked', reason: 'unproven', claims: unproven } : { kind: 'allowed', proven };
}

function proves(proof: UrgencyProof, claim: UrgencyClaim, nowMs: number, options: ScarcityOptions): boolean {
  switch (proof.kind) {
    case 'ledger':
      if (claim.kind !== 'stock' || !(proof.leftCount > 0)) return false;
      return claim.count === null ? proof.leftCount <= options.lowStockCount : proof.leftCount === claim.count;
    case 'timer': {
      const leftMs = proof.endsAtMs - nowMs;
      if (claim.kind !== 'time' || !(leftMs > 0)) return false;
      if (claim.leftMs === null || claim.unitMs === null) return leftMs <= options.soonMs;
      // "2 minutes" is true from one to three: as exact as its unit, never longer off than the claim itself.
      return Math.abs(leftMs - claim.leftMs) < Math.min(claim.unitMs, claim.leftMs);
    }
    case 'orders':
      if (claim.kind !== 'crowd') return false;
      return claim.count === null ? proof.buyerCount >= options.crowdCount : proof.buyerCount >= claim.count && claim.count > 0;
  }
}
