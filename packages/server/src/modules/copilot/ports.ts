import type { Cue, HighlightId, Product, ProductId, Push, QuestionClusterId, ShowId, ShowState } from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';

export type CopilotPorts = {
  showFacts(showId: ShowId): Promise<{
    orgId: string;
    state: ShowState;
    isSimulated: boolean;
    products: readonly Product[];
    highlights: readonly { id: HighlightId; productId: ProductId; startedAt: number }[];
  } | null>;
  joinedAt(showId: ShowId, viewerId: string): number | null;
  /** What taking a cue does; the same use cases the console calls. */
  startHighlight(by: Member, showId: ShowId, productId: ProductId): Promise<Outcome<unknown>>;
  markAnswered(by: Member, showId: ShowId, id: QuestionClusterId): Promise<Outcome<unknown>>;
  keepLive(by: Member, showId: ShowId): Promise<Outcome<unknown>>;
  publish<T extends 'cue_shown' | 'cue_ended'>(showId: ShowId, channel: 'staff', type: T, data: Extract<Push, { type: T }>['data']): void;
};

export type Member = { orgId: string; memberId: string };
export type CueResolution = { cue: Cue; outcome: 'taken' | 'skipped' };
