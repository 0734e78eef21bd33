// Replays the arrival times of a real chat with texts of our own, `--speed` times faster, through the question board: one
// server, a clock that waits for arrivals and is moved on by the measured time of every call, so a stall shows as age.
// Age = arrival to the end of the next publication of groups. Repeats follow dup_of, askers follow author; a flood of
// 1,000 messages by one author is put into the middle.
import { InputError } from '../../../packages/models/src/input-error.ts';
import { seededUniform } from '../../../packages/models/src/math/seeded-random.ts';
import { QuestionBoard } from '../../../packages/models/src/say/live/question-board.ts';
import { fitQuestions } from '../../../packages/models/src/say/question/question-detector.ts';
import { numberColumnOf, parseCsv, readText } from '../csv.ts';
import type { Task } from '../eval.ts';
import { numberOption, wholeOption } from '../texts.ts';

const FLOOD_MESSAGES = 1_000;
const FLOOD_SPAN_MS = 10_000;

type Arrival = { readonly atMs: number; readonly author: string; readonly text: string; readonly flood: boolean };

export const task: Task = {
  name: 'burst',
  usage: 'burst --trace F [--speed 10] [--publish-ms 250] [--texts asked|all]   (CSV t_ms,author,dup_of,has_qmark)',
  run: async (options) => {
    const speed = numberOption(options, 'speed', 10, 0.01, 1_000);
    const publishEveryMs = wholeOption(options, 'publish-ms', 250);
    const arrivals = readArrivals(options, speed);
    const board = new QuestionBoard({ model: fitQuestions(), uniform: seededUniform(1) });
    const askersOf = new Map<number, Set<string>>();
    const ages: number[] = [];
    const serviceUs: number[] = [];
    let waiting: number[] = [];
    let clockMs = 0;
    let nextPublishMs = publishEveryMs;
    let handled = 0;
    let longestRepairMs = 0;
    const spend = (work: () => void) => {
      const start = performance.now();
      work();
      const took = performance.now() - start;
      clockMs += took;
      return took;
    };
    const publish = () => {
      spend(() => board.groups());
      for (const atMs of waiting) ages.push(clockMs - atMs);
      waiting = [];
      nextPublishMs = Math.max(nextPublishMs + publishEveryMs, clockMs);
    };
    let floodVoices = 0;
    for (const { atMs, author, text, flood } of arrivals) {
      while (nextPublishMs <= Math.max(clockMs, atMs)) {
        clockMs = Math.max(clockMs, nextPublishMs);
        if (board.grouper.isRepairDue(clockMs))
          longestRepairMs = Math.max(
            longestRepairMs,
            spend(() => board.grouper.repair(clockMs)),
          );
        publish();
      }
      clockMs = Math.max(clockMs, atMs);
      let textId: number | null = null;
      serviceUs.push(spend(() => ({ textId } = board.add({ text, author, occurredAtMs: atMs }))) * 1_000);
      handled += 1;
      waiting.push(atMs);
      if (textId === null) continue;
      if (flood) floodVoices = Math.max(floodVoices, board.grouper.askerCountOf(textId) ?? 0);
      askersOf.set(textId, (askersOf.get(textId) ?? new Set()).add(author));
    }
    publish();
    board.grouper.repair(clockMs);
    const groups = board.groups();
    // Truth: the union of the authors of all texts of the group, as the trace gives them.
    const wrong = groups.filter(({ textIds, askerCount }) => {
      const union = new Set<string>();
      for (const id of textIds) for (const author of askersOf.get(id) ?? []) union.add(author);
      return union.size !== askerCount;
    }).length;
    const held = groups.flatMap(({ textIds }) => textIds).length;
    const sortedAges = ages.sort((a, b) => a - b);
    const at = (q: number) => sortedAges[Math.min(sortedAges.length - 1, Math.floor(q * sortedAges.length))] ?? 0;
    const sortedService = serviceUs.sort((a, b) => a - b);
    const result = {
      task: 'burst',
      speed,
      messages: arrivals.length,
      lost: arrivals.length - handled + waiting.length,
      ageMsP50: at(0.5),
      ageMsP95: at(0.95),
      ageMsP99: at(0.99),
      ageMsMax: sortedAges.at(-1) ?? 0,
      usPerMessage: serviceUs.reduce((a, b) => a + b, 0) / serviceUs.length,
      usPerMessageP99: sortedService[Math.floor(0.99 * sortedService.length)] ?? 0,
      longestRepairMs,
      asking: board.counts.asking,
      groups: groups.length,
      textsHeld: held,
      distinctAskersRight: wrong === 0,
      groupsWithWrongAskers: wrong,
      floodMessages: FLOOD_MESSAGES,
      floodVoices,
    };
    return {
      result,
      table: Object.entries(result)
        .slice(1)
        .map(([name, value]) => [name, typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : String(value)]),
    };
  },
};

function readArrivals(options: Map<string, string>, speed: number): Arrival[] {
  const table = parseCsv(readText(options.get('trace'), 'trace'));
  const times = numberColumnOf(table, 't_ms');
  const authors = numberColumnOf(table, 'author');
  const repeats = numberColumnOf(table, 'dup_of');
  const marks = numberColumnOf(table, 'has_qmark');
  const all = options.get('texts') === 'all';
  const texts: string[] = [];
  const arrivals: Arrival[] = [];
  for (let i = 0; i < times.length; i += 1) {
    const time = times[i] as number;
    const repeat = repeats[i] as number;
    if (time < 0 || (i > 0 && time < (times[i - 1] as number)))
      throw new InputError(`${time} is before the row above`, { row: i + 1, column: 't_ms' });
    if (!Number.isInteger(repeat) || repeat >= i) throw new InputError(`${repeat} is not an earlier row`, { row: i + 1, column: 'dup_of' });
    texts.push(repeat >= 0 ? (texts[repeat] as string) : all || marks[i] === 1 ? question(i) : remark(i));
    arrivals.push({ atMs: time / speed, author: `a${authors[i]}`, text: texts[i] as string, flood: false });
  }
  const middleMs = (times[times.length >> 1] as number) / speed;
  for (let k = 0; k < FLOOD_MESSAGES; k += 1) {
    arrivals.push({
      atMs: middleMs + (k * FLOOD_SPAN_MS) / speed / FLOOD_MESSAGES,
      author: 'flood',
      text: 'when do you show the golden teapot from the poster?',
      flood: true,
    });
  }
  return arrivals.sort((a, b) => a.atMs - b.atMs);
}

const THINGS = [
  'dress',
  'bag',
  'lamp',
  'jacket',
  'candle',
  'mug',
  'scarf',
  'ring',
  'boots',
  'blanket',
  'mirror',
  'vase',
  'belt',
  'hat',
  'rug',
];
const KINDS = ['red', 'blue', 'small', 'large', 'green', 'silk', 'wool', 'black', 'white', 'wooden', 'golden', 'new'];
const ASKS = [
  'how much is the %',
  'do you ship the % to norway',
  'is the % still available',
  'which size is the %',
  'can you show the % again',
  'what is the % made of',
  'can i return the %',
  'where is the link for the %',
  'will the % be back next week',
  'does the % come with a box',
];
const SAYS = [
  'love the %',
  'i bought the % last year',
  'that % is so pretty',
  'my mum has the same %',
  'the % looks great on you',
  'hello from oslo and the %',
];

/** Our own texts, spread by the row so that every row without a repeat has a wording of its own. */
function question(row: number): string {
  return `${fill(ASKS, row)}${row % 3 === 0 ? '' : '?'}`;
}

function remark(row: number): string {
  return fill(SAYS, row);
}

function fill(templates: readonly string[], row: number): string {
  const mixed = Math.imul(row + 1, 0x9e3779b1) >>> 0;
  const thing = `${KINDS[(mixed >>> 8) % KINDS.length]} ${THINGS[(mixed >>> 16) % THINGS.length]}`;
  return `${(templates[mixed % templates.length] as string).replace('%', thing)} ${(row * 7919).toString(36)}`;
}
