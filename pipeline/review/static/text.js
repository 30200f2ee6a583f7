// Words by code points, as the tables count them; JavaScript itself counts UTF-16 units, in which an emoji is two.

// How much of what stands around a span is kept with it, to find it again in a corrected transcript.
const CONTEXT = 48;
const pointsByText = new Map();

export function points(text) {
  let known = pointsByText.get(text);
  if (!known) {
    known = Array.from(text);
    pointsByText.set(text, known);
  }
  return known;
}

export function cut(text, start, end) {
  return points(text).slice(start, end).join("");
}

export function makeSpan(turnId, text, start, end) {
  const words = cut(text, start, end);
  return {
    turn_id: turnId,
    start,
    end,
    text: words,
    sha256: sha256(words),
    prefix: cut(text, Math.max(0, start - CONTEXT), start),
    suffix: cut(text, end, end + CONTEXT),
  };
}

// Where words begin and end in a text, so that the ends of a span move from word to word and never into one.
export function wordEdges(text) {
  const letters = points(text);
  const starts = [];
  const ends = [];
  for (let at = 0; at < letters.length; at += 1) {
    const here = letters[at].trim() !== "";
    const before = at > 0 && letters[at - 1].trim() !== "";
    if (here && !before) starts.push(at);
    if (!here && before) ends.push(at);
  }
  if (letters.length && letters[letters.length - 1].trim() !== "") ends.push(letters.length);
  return { starts, ends };
}

// The words of a text that touch a place.
function wordsAt(edges, from, to) {
  return edges.starts.map((start, at) => [start, edges.ends[at]]).filter(([start, end]) => start < to && end > from);
}

// Spans without the words that touch a place: what is left before them and after them, in each span.
export function without(spans, text, from, to) {
  const edges = wordEdges(text);
  const gone = wordsAt(edges, from, to);
  if (!gone.length) return spans;
  const [low, high] = [gone[0][0], gone[gone.length - 1][1]];
  return spans.flatMap(([start, end]) => {
    if (high <= start || low >= end) return [[start, end]];
    const before = wordsAt(edges, start, Math.min(end, low)).pop();
    const [after] = wordsAt(edges, Math.max(start, high), end);
    return [before && low > start ? [start, Math.min(end, before[1])] : null, after ? [Math.max(start, after[0]), end] : null].filter(Boolean);
  });
}

// The word in the middle of the longest span, where words stand on both sides of it.
export function middleWord(spans, text) {
  const edges = wordEdges(text);
  const longest = spans
    .map(([start, end]) => wordsAt(edges, start, end))
    .reduce((one, other) => (other.length > one.length ? other : one));
  return longest.length < 3 ? null : longest[Math.floor(longest.length / 2)];
}

// Spans with one of their ends (0, the start; 1, the end) moved to the next word, or null where it can't go further:
// each span keeps a word, and so does what is cut out between two of them.
export function withEndMoved(spans, text, at, which, by) {
  const edges = wordEdges(text);
  const present = spans[at][which];
  const stops = which ? edges.ends : edges.starts;
  const next = by > 0 ? stops.find((stop) => stop > present) : stops.findLast((stop) => stop < present);
  if (next === undefined || (which ? next <= spans[at][0] : next >= spans[at][1])) return null;
  const moved = spans.map((span, place) => (place !== at ? span : which ? [span[0], next] : [next, span[1]]));
  const gap = which ? [next, moved[at + 1]?.[0]] : [moved[at - 1]?.[1], next];
  if (gap.includes(undefined)) return moved;
  return edges.starts.some((start, word) => start >= gap[0] && edges.ends[word] <= gap[1]) ? moved : null;
}

// A word without which a sentence may say the opposite, in either language.
const DENIAL =
  /(^|[^\p{L}])(not|no|never|nor|neither|none|nobody|nothing|nowhere|without|hardly|cannot|\p{L}+n['’]t|ddim|dim|nid|nad|nac|ni|na|byth|neb|heb|[bp]h?eidi\p{L}+)(?=$|[^\p{L}])/iu;

export function denies(words) {
  return DENIAL.test(words);
}

// Letters without accents and capitals, for a search that finds "môr" by "mor".
export function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

const SHA_K = (() => {
  const primes = [];
  for (let candidate = 2; primes.length < 64; candidate += 1) {
    if (primes.every((prime) => candidate % prime)) primes.push(candidate);
  }
  const fraction = (value) => ((value - Math.floor(value)) * 2 ** 32) | 0;
  return {
    round: primes.map((prime) => fraction(Math.cbrt(prime))),
    start: primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))),
  };
})();

// FIPS 180-4. Our own, because the browser's answers later, and a decision must be complete when its key comes up.
export function sha256(text) {
  const bytes = new TextEncoder().encode(text);
  const blocks = ((bytes.length + 8) >> 6) + 1;
  const words = new Int32Array(blocks * 16);
  bytes.forEach((byte, at) => {
    words[at >> 2] |= byte << (24 - (at % 4) * 8);
  });
  words[bytes.length >> 2] |= 0x80 << (24 - (bytes.length % 4) * 8);
  words[words.length - 2] = Math.floor((bytes.length * 8) / 2 ** 32);
  words[words.length - 1] = bytes.length * 8;
  const state = Int32Array.from(SHA_K.start);
  const w = new Int32Array(64);
  const turn = (value, by) => (value >>> by) | (value << (32 - by));
  for (let block = 0; block < words.length; block += 16) {
    for (let at = 0; at < 64; at += 1) {
      if (at < 16) {
        w[at] = words[block + at];
      } else {
        const s0 = turn(w[at - 15], 7) ^ turn(w[at - 15], 18) ^ (w[at - 15] >>> 3);
        const s1 = turn(w[at - 2], 17) ^ turn(w[at - 2], 19) ^ (w[at - 2] >>> 10);
        w[at] = w[at - 16] + s0 + w[at - 7] + s1;
      }
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 64; at += 1) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + SHA_K.round[at] + w[at]) | 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, at) => {
      state[at] += value;
    });
  }
  return Array.from(state, (value) => (value >>> 0).toString(16).padStart(8, "0")).join("");
}
