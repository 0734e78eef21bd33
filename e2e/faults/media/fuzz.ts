// Mutates what encoders send and feeds it to the readers of RTMP, AMF and tags, as a stranger could. Input number i of a
// seed is always the same, so a finding is replayed by its two numbers. What must hold, for every input:
//
//   - nothing throws
//   - a fault is final: no event comes after it
//   - no tag before the yes to the key
//   - what comes out is no more than what went in allows: no small input makes much
//   - another split of the same bytes gives the same tags, the same goodbye, the same fault
//   - it is done in time
//
// and for a thousand sessions alive at once: the memory they hold is bounded.
import {
  AMF0_LIMITS,
  type AmfValue,
  createChunkReader,
  createFlvDemuxer,
  createPublishSession,
  readAmf0,
  type SessionEvent,
} from '@insp/media';
import { createSeededRandom, type SeededRandom } from '@insp/test-kit';
import type { Corpus, FuzzTarget } from './fuzz-corpus.ts';

export const FUZZ_LIMITS = {
  /** Far beyond any input's work; a pause of the machine is not a finding. */
  inputMs: 2_000,
  /** Answers to one input: the handshake and a status for each command. */
  answerBytes: 64 * 1024,
  /** Held by one session: its unfinished messages, its backlog, its tables. Inputs have some 10 kB. */
  heldBytesPerSession: 160 * 1024,
  sessionsAliveCount: 1_000,
} as const;

export type Finding = { readonly target: FuzzTarget; readonly seed: number; readonly index: number; readonly what: string };

const INTERESTING = [0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff, 0x0a, 0x08, 0x09, 0x10];
/** What is fuzzed how often: of a hundred, those below the number and not below one before. */
const SHARES: readonly (readonly [FuzzTarget, number])[] = [
  ['session', 40],
  ['chunks', 65],
  ['amf', 90],
  ['tags', 100],
];
/** Sessions of which only the handshake changes are dull: most mutations lie behind it. */
const HANDSHAKE_BYTES = 3073;

const serverRandom = new Uint8Array(1528);

function mutate(bytes: Uint8Array, random: SeededRandom, others: readonly Uint8Array[], target: FuzzTarget): Uint8Array {
  let out = bytes.slice();
  const firstAt = target === 'session' && random.int(20) > 0 ? HANDSHAKE_BYTES : 0;
  const at = () => (out.length <= firstAt ? 0 : firstAt + random.int(out.length - firstAt));
  for (let round = random.int(6); round >= 0 && out.length > 0; round -= 1) {
    switch (random.int(9)) {
      case 0: {
        const where = at();
        out[where] = (out[where] ?? 0) ^ (1 << random.int(8));
        break;
      }
      case 1:
        out[at()] = random.pick(INTERESTING);
        break;
      case 2:
        out[at()] = random.int(256);
        break;
      // A length field of three or four bytes at a border.
      case 3: {
        const where = at();
        const value = random.pick([0, 1, 127, 128, 0xffff, 0xff_ffff, 0x7fff_ffff, 0xffff_ffff, 4 * 1024 * 1024, 65_536]);
        for (let index = 0; index < 4; index += 1) out[where + index] = (value >>> (24 - 8 * index)) & 0xff;
        break;
      }
      case 4:
        out = out.slice(0, Math.max(1, at()));
        break;
      case 5: {
        const from = at();
        const length = 1 + random.int(64);
        out = join(out.subarray(0, from), out.subarray(from + length));
        break;
      }
      case 6: {
        const from = at();
        const length = 1 + random.int(200);
        out = join(out.subarray(0, from + length), out.subarray(from));
        break;
      }
      case 7: {
        const from = at();
        out = join(out.subarray(0, from), random.bytes(1 + random.int(24)), out.subarray(from));
        break;
      }
      default: {
        const other = random.pick(others);
        const from = at();
        out = join(out.subarray(0, from), other.subarray(random.int(other.length)).subarray(0, 2_000));
      }
    }
  }
  return out;
}

/** Plain bytes: the `slice` of a Buffer would share its memory. */
const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

function split(bytes: Uint8Array, random: SeededRandom): Uint8Array[] {
  const cuts = Array.from({ length: random.int(8) }, () => random.int(bytes.length + 1)).sort((one, other) => one - other);
  return [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length));
}

export type Input = { readonly target: FuzzTarget; readonly bytes: Uint8Array; readonly random: SeededRandom };

/** Input number `index` of `seed`. */
export function makeInput(corpus: Corpus, seed: number, index: number): Input {
  const random = createSeededRandom(Math.imul(seed, 0x9e37_79b1) ^ Math.imul(index + 1, 0x85eb_ca6b));
  const share = random.int(100);
  const target = SHARES.find(([, below]) => share < below)?.[0] ?? 'amf';
  const seeds = corpus[target];
  return { target, bytes: mutate(random.pick(seeds), random, seeds, target), random };
}

class Violation extends Error {}
const must = (isTrue: boolean, what: string) => {
  if (!isTrue) throw new Violation(what);
};

type SessionRun = { readonly outcome: string; readonly reached: string; readonly session: unknown };

/** Feeds a session, says yes to its key, and tells in one line what came of it. */
function runSession(pieces: readonly Uint8Array[]): SessionRun {
  const session = createPublishSession(serverRandom);
  const story: string[] = [];
  let reached = 'handshake';
  let isAccepted = false;
  let fault: string | null = null;
  let tagBytes = 0;
  let answerBytes = 0;
  let inputBytes = 0;

  function take(events: readonly SessionEvent[]): void {
    let isAsked = false;
    for (const event of events) {
      must(fault === null, `${event.kind} after the fault ${fault}`);
      if (event.kind === 'send') answerBytes += event.bytes.length;
      if (event.kind === 'publish_requested') {
        must(!isAccepted, 'asked twice for one key');
        reached = 'publish';
        isAccepted = true;
        isAsked = true;
        story.push(`publish ${event.streamName.length}`);
      }
      if (event.kind === 'tag') {
        must(isAccepted, 'a tag before the yes');
        reached = 'tag';
        tagBytes += event.tag.body.length;
        story.push(`${event.tag.kind} ${event.tag.timestampMs} ${event.tag.body.length}`);
      }
      if (event.kind === 'unpublished') {
        reached = 'goodbye';
        story.push('goodbye');
      }
      if (event.kind === 'fault') {
        fault = event.reason;
        story.push(`fault ${event.reason}`);
      }
    }
    // The answer never comes in the middle of what a piece of bytes caused.
    if (isAsked) take(session.accept());
  }
  for (const piece of pieces) {
    inputBytes += piece.length;
    take(session.receive(piece));
  }
  must(tagBytes <= inputBytes, `tags of ${tagBytes} bytes from ${inputBytes}`);
  must(answerBytes <= FUZZ_LIMITS.answerBytes + 16 * inputBytes, `answers of ${answerBytes} bytes to ${inputBytes}`);
  return { outcome: story.join(', '), reached: fault === null ? reached : `${reached}, fault ${fault}`, session };
}

function runChunks(pieces: readonly Uint8Array[]): SessionRun {
  const reader = createChunkReader();
  const story: string[] = [];
  let inputBytes = 0;
  let messageBytes = 0;
  let fault: string | null = null;
  for (const piece of pieces) {
    if (fault !== null) break;
    inputBytes += piece.length;
    fault = reader.push(piece, ({ typeId, timestampMs, payload }) => {
      messageBytes += payload.length;
      story.push(`${typeId} ${timestampMs} ${payload.length}`);
    });
  }
  must(messageBytes <= inputBytes, `messages of ${messageBytes} bytes from ${inputBytes}`);
  if (fault !== null) story.push(`fault ${fault}`);
  return { outcome: story.join(', '), reached: fault ?? (story.length > 0 ? 'messages' : 'nothing'), session: reader };
}

function countValues(value: AmfValue): number {
  if (typeof value !== 'object' || value === null) return 1;
  const inner: readonly AmfValue[] = Array.isArray(value) ? value : Object.values(value);
  return inner.reduce<number>((sum, each) => sum + countValues(each), 1);
}

function runAmf(bytes: Uint8Array): string {
  const values = readAmf0(bytes);
  if (values === null) return 'refused';
  must(values.reduce<number>((sum, each) => sum + countValues(each), 0) <= AMF0_LIMITS.valueCount, 'more values than the limit');
  return 'values';
}

function runTags(bytes: Uint8Array, random: SeededRandom, corpus: Corpus): string {
  const demuxer = createFlvDemuxer();
  const kinds = new Set<string>();
  const sequence = [...corpus.tags.slice(0, random.int(3)), bytes, random.pick(corpus.tags), bytes];
  for (const body of sequence) {
    const kind = random.int(4) === 0 ? 'audio' : (body[0] ?? 0) >> 4 === 0xa ? 'audio' : 'video';
    for (const event of demuxer.push({ kind, timestampMs: random.int(2 ** 32), body })) {
      kinds.add(event.kind);
      if (event.kind === 'video') must(event.data.length <= body.length, 'a sample longer than its tag');
      if (event.kind === 'video_config') must(event.config.widthPx > 0 && event.config.widthPx <= 16_384, 'a picture without size');
    }
  }
  return kinds.size === 0 ? 'nothing' : [...kinds].sort().join(' ');
}

export type InputResult = {
  readonly target: FuzzTarget;
  readonly reached: string;
  readonly session: unknown;
  readonly finding: Finding | null;
};

/** Runs one input and holds it against the rules. */
export function runInput(corpus: Corpus, seed: number, index: number): InputResult {
  const { target, bytes, random } = makeInput(corpus, seed, index);
  const startedMs = performance.now();
  let reached = '';
  let session: unknown = null;
  let finding: Finding | null = null;
  try {
    if (target === 'amf') reached = runAmf(bytes);
    else if (target === 'tags') reached = runTags(bytes, random, corpus);
    else {
      const run = target === 'session' ? runSession : runChunks;
      const once = run(split(bytes, random));
      ({ reached, session } = once);
      if (random.int(4) === 0) {
        const again = run(split(bytes, random));
        must(again.outcome === once.outcome, `another split: "${again.outcome}" instead of "${once.outcome}"`);
      }
    }
    const tookMs = performance.now() - startedMs;
    must(tookMs <= FUZZ_LIMITS.inputMs, `it took ${Math.round(tookMs)} ms`);
  } catch (cause) {
    const what = cause instanceof Violation ? cause.message : `threw ${(cause as Error).stack ?? String(cause)}`;
    finding = { target, seed, index, what };
  }
  return { target, reached, session, finding };
}

export type FuzzReport = {
  readonly seed: number;
  readonly inputCount: number;
  readonly perTarget: Readonly<Record<FuzzTarget, number>>;
  /** How far inputs came, and how often: a fuzzer that only ever meets the first check tests nothing. */
  readonly reached: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
  readonly maxHeldBytesPerSession: number;
  readonly durationMs: number;
};

/** `collectGarbage` makes `heldBytes` exact; `heldBytes` is what the process holds. */
export function runFuzz(options: {
  corpus: Corpus;
  seed: number;
  count: number;
  collectGarbage(): void;
  heldBytes(): number;
  onProgress?(doneCount: number, findingCount: number): void;
}): FuzzReport {
  const { corpus, seed, count, collectGarbage, heldBytes } = options;
  const startedMs = performance.now();
  const perTarget: Record<FuzzTarget, number> = { session: 0, chunks: 0, amf: 0, tags: 0 };
  const reached = new Map<string, number>();
  const findings: Finding[] = [];
  let alive: unknown[] = [];
  let maxHeldBytesPerSession = 0;
  collectGarbage();
  let emptyBytes = heldBytes();
  for (let index = 0; index < count; index += 1) {
    const result = runInput(corpus, seed, index);
    perTarget[result.target] += 1;
    const way = `${result.target}: ${result.reached}`;
    reached.set(way, (reached.get(way) ?? 0) + 1);
    if (result.finding && findings.length < 20) findings.push(result.finding);
    if (result.session !== null) alive.push(result.session);
    if (alive.length === FUZZ_LIMITS.sessionsAliveCount) {
      collectGarbage();
      const heldEach = (heldBytes() - emptyBytes) / alive.length;
      maxHeldBytesPerSession = Math.max(maxHeldBytesPerSession, Math.round(heldEach));
      if (heldEach > FUZZ_LIMITS.heldBytesPerSession)
        findings.push({ target: 'session', seed, index, what: `${Math.round(heldEach)} bytes held by each of ${alive.length} sessions` });
      alive = [];
      collectGarbage();
      emptyBytes = heldBytes();
      options.onProgress?.(index + 1, findings.length);
    }
  }
  return { seed, inputCount: count, perTarget, reached, findings, maxHeldBytesPerSession, durationMs: performance.now() - startedMs };
}
