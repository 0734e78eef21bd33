// The copilot's socket requests: taking or skipping a cue, marking a question answered.
import type { CueId, ParsedRequest, QuestionClusterId, ShowId } from '@insp/protocol';
import { type Outcome, refused } from '../../kernel/outcome.ts';
import type { Copilot } from './copilot.ts';
import type { Member } from './ports.ts';

type StaffSession = { showId: ShowId; orgId: string; memberId: string | null };
type Answer = Outcome<Record<string, never>>;

export function copilotHandlers(deps: {
  copilot: Copilot;
  setAnswered(by: Member, showId: ShowId, id: QuestionClusterId, isAnswered: boolean): Promise<Answer>;
}) {
  const asMember = (session: StaffSession, act: (by: Member) => Promise<Answer>): Promise<Answer> =>
    session.memberId === null
      ? Promise.resolve(refused('INSP_REALTIME_FORBIDDEN'))
      : act({ orgId: session.orgId, memberId: session.memberId });
  return {
    resolve_cue: {
      permission: 'copilot.use' as const,
      handle: (session: StaffSession, data: ParsedRequest<'resolve_cue'>) =>
        asMember(session, (by) => deps.copilot.resolve(by, session.showId, data.cueId as CueId, data.outcome)),
    },
    mark_question_answered: {
      permission: 'copilot.use' as const,
      handle: (session: StaffSession, data: ParsedRequest<'mark_question_answered'>) =>
        asMember(session, (by) => deps.setAnswered(by, session.showId, data.questionClusterId as QuestionClusterId, true)),
    },
    reopen_question: {
      permission: 'copilot.use' as const,
      handle: (session: StaffSession, data: ParsedRequest<'reopen_question'>) =>
        asMember(session, (by) => deps.setAnswered(by, session.showId, data.questionClusterId as QuestionClusterId, false)),
    },
  };
}
