// The runs of one broadcast, oldest first, and which of them speaks. A change overlaps: the next run is fed while the
// one before it finishes, and what the next one makes waits until the one before is done. So a rung that stays loses no
// picture, and one that nobody makes any more is closed.
import type { RungSink } from '../taps.ts';
import type { RungEvent, RungName } from './ports.ts';
import type { TranscodeRun } from './run.ts';

export const LINE_LIMITS = {
  /** Rung pictures of the next run that wait for the last one to end: it is given RUN_LIMITS.graceMs. */
  heldEventCount: 2_000,
} as const;

export type RunInLine = {
  readonly run: TranscodeRun;
  /** What it made while an older one was not done. */
  readonly held: { rung: RungName; event: RungEvent }[];
  /** Ended because another took over at a key frame: its rungs go on without a hole. */
  isHandedOver: boolean;
};

export type RunLine = {
  join(run: TranscodeRun): RunInLine;
  /** A picture of a rung is there: it goes out, or waits for the runs before. */
  made(self: RunInLine, rung: RungName, event: RungEvent): void;
  /** It is over; false when it was not in the line. */
  leave(self: RunInLine): boolean;
};

export function createRunLine(deps: {
  readonly openRung: (rung: RungName) => RungSink;
  /** Calls into the packager; what it throws must not reach the run. */
  readonly guarded: (call: () => void) => void;
}): RunLine {
  const { openRung, guarded } = deps;
  const line: RunInLine[] = [];
  const feeds = new Map<RungName, RungSink>();

  function feedOf(rung: RungName): RungSink {
    const feed = feeds.get(rung) ?? openRung(rung);
    feeds.set(rung, feed);
    return feed;
  }

  const put = (rung: RungName, event: RungEvent): void => guarded(() => feedOf(rung).push(event));

  return {
    join(run) {
      const self: RunInLine = { run, held: [], isHandedOver: false };
      line.push(self);
      // At once, before the source's first part is cut: a rung that joins later begins with the next segment.
      if (line.length === 1) for (const { name } of run.plan.rungs) guarded(() => feedOf(name));
      return self;
    },
    made(self, rung, event) {
      if (self === line[0]) return put(rung, event);
      self.held.push({ rung, event });
      if (self.held.length > LINE_LIMITS.heldEventCount) line[0]?.run.kill();
    },
    leave(self) {
      const index = line.indexOf(self);
      if (index < 0) return false;
      line.splice(index, 1);
      // One that never came to its turn has put out nothing, and the one before it is not done.
      if (index > 0) return true;
      const [next] = line;
      const staying = new Set(self.isHandedOver ? next?.run.plan.rungs.map((rung) => rung.name) : []);
      for (const { name } of self.run.plan.rungs) {
        if (staying.has(name)) continue;
        guarded(() => feeds.get(name)?.close());
        feeds.delete(name);
      }
      for (const { rung, event } of next?.held.splice(0) ?? []) put(rung, event);
      return true;
    },
  };
}
