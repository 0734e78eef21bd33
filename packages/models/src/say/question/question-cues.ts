// Words that mark a question or a request in many languages, as a handful of facts shared by all of them: what the detector
// learns about "how much" from hundreds of English lines then holds for "wie viel" and "quanto" too. Written for the normal
// form (lower case, accents folded); `_` joins the words of a phrase. A cue is a feature, never a verdict: "what a beautiful
// bag" holds one and asks nothing.
import { normalizeChat } from '../text/normalize-chat.ts';
import { tokenize } from '../text/tokenize.ts';

const ASKING = [
  "what whats what's which who whos whose where wheres where's when whens why how hows how's",
  'que cual cuales cuando cuanto cuanta cuantos cuantas donde adonde como quien quienes',
  'qual quais quando quanto quanta quantos quantas onde quem',
  'was wie wo wann wer wen wem warum wieso weshalb welche welchen welcher welches wieviel wohin woher womit',
  "quel quelle quels quelles quand combien comment pourquoi quoi est-ce qu'est-ce",
  'che cosa quale quali dove chi perche',
  'что как где когда сколько почему какой какая какие кто чем зачем',
  'berapa kapan dimana mana apa apakah bagaimana gimana siapa kenapa',
  'ne nasil nerede hangi kac kim neden',
  'كم متى اين أين هل ماذا كيف لماذا شو وين بكم',
].join(' ');

const UNSPACED =
  '什么|什麼|啥|哪|谁|誰|怎么|怎麼|咋|几|幾|多少|多大|多久|多长|多長|多高|多重|为什么|為什麼|吗|嗎|有没有|有沒有|有无|是不是|能不能|可不可以|会不会|會不會|要不要|好不好|行不行|对不对|还有没|何|いつ|どこ|いくら|どれ|どの|どう|なぜ|誰|ですか|ますか|얼마|언제|어디|뭐|무엇|무슨|어떻게|왜|몇|나요|까요|인가요|ไหม|มั้ย|เท่าไหร่|เท่าไร|อะไร|ที่ไหน|เมื่อไหร่';

/** A verb first is how many languages ask for yes or no. */
const VERB_FIRST = [
  "is isn't isnt are aren't am was were do does did don't doesn't can cant could will would should shall may have has had any anyone anybody u_guys",
  'hay tienen tiene tienes teneis puedo puedes puede pueden se_puede haceis hacen es esta estan viene llega queda quedan sirve vale_para',
  'tem ha posso pode podem da_pra voces_tem aceita aceitam entrega entregam serve chega vem fazem',
  'ist sind hat habt haben kann kannst konnt konnen gibt geht passt kommt wird werden liefert verschickt darf fallt macht nehmt lohnt',
  'est avez as-tu peut peux pouvez on_peut il_y_a y_a ya vous_avez vous_livrez ca_taille ca_vaut livrez faites acceptez existe',
  "c'e ci_sono avete posso puoi potete si_puo spedite fate",
].join(' ');

const AUXILIARIES = 'can could would will do does did is are should may have has';
const SUBJECTS = 'i you u we it they he she this that there these those the someone anyone';

const REQUEST = [
  "please pls plz plss pleasee help need needs wondering wonder anyone lmk tell_me show_us show_me let_me_know want_to_know i'd_like i_want_to looking_for can't_find cant_find not_working didn't_get haven't_received",
  'por_favor porfa porfavor muestra muestras ensena manda mandas pasa dime quiero_saber necesito quisiera ayuda me_podrias',
  'mostra manda passa_o quero_saber preciso queria gostaria ajuda faz_favor',
  'bitte zeig zeigt zeigen schick sag sagt ich_brauche ich_suche ich_mochte hilfe',
  "svp stp s'il_vous_plait s'il_te_plait montre montrez envoie envoyez dites je_voudrais j'aimerais besoin aidez",
  'per_favore mostra vorrei aiuto пожалуйста подскажите покажите помогите tolong minta spill coba من_فضلك لو_سمحت اريد',
].join(' ');
const REQUEST_UNSPACED =
  '求|麻烦|麻煩|请|請|帮我|幫我|想问|想問|问一下|看看|看下|介绍|给我|ください|お願い|教えて|見せて|주세요|부탁|알려|보여|ขอ|ช่วย';

const PARTICLE_LAST = /(?:吗|嗎|呢|么|麼|没|沒|不|か|까요?|나요|요|ไหม|มั้ย)[^\p{L}\p{N}]*$/u;
const TAGS_LAST = new Set('ne mi gak ga no nao oder right eh'.split(' '));
const ASCII_ONLY = /^[\x20-\x7e]*$/u;

/** Longest phrase, in words. */
const MAX_PHRASE = 4;

/** Phrases in the form the tokenizer gives the words of a normalized text. */
const phrases = (list: string) =>
  new Set(list.split(/\s+/u).map((phrase) => tokenize(normalizeChat(phrase.replaceAll('_', ' ')).text).join(' ')));
const asking = phrases(ASKING);
const verbsFirst = phrases(VERB_FIRST);
const requests = phrases(REQUEST);
const auxiliaries = phrases(AUXILIARIES);
const subjects = phrases(SUBJECTS);
const unspacedAsking = new RegExp(UNSPACED, 'u');
const unspacedRequest = new RegExp(REQUEST_UNSPACED, 'u');

/** Names of the cues in a normalized text and its tokens. */
export function questionCues(normalized: string, tokens: readonly string[]): string[] {
  const cues = new Set<string>();
  for (let at = 0; at < tokens.length; at += 1) {
    let phrase = '';
    for (let end = at; end < Math.min(tokens.length, at + MAX_PHRASE); end += 1) {
      phrase = end === at ? (tokens[at] as string) : `${phrase} ${tokens[end]}`;
      if (asking.has(phrase)) cues.add('asking word').add(at === 0 ? 'asking word first' : 'asking word');
      if (at === 0 && verbsFirst.has(phrase)) cues.add('verb first');
      if (requests.has(phrase)) cues.add('request');
    }
    if (auxiliaries.has(tokens[at] as string) && subjects.has(tokens[at + 1] ?? '')) cues.add('verb before subject');
  }
  if (TAGS_LAST.has(tokens.at(-1) ?? '')) cues.add('asking particle last');
  if (ASCII_ONLY.test(normalized)) return [...cues];
  if (unspacedAsking.test(normalized)) cues.add('asking word');
  if (unspacedRequest.test(normalized)) cues.add('request');
  if (PARTICLE_LAST.test(normalized)) cues.add('asking particle last');
  if (normalized.includes('¿')) cues.add('inverted mark');
  return [...cues];
}
