// What was decided: a log that only grows, what it comes to for each quote and theme, and where it is kept.

import { cut, makeSpan, points, sha256 } from "./text.js";
import { t } from "./words.js";

// What a person can say of a quote; whoever has said one of them has decided.
// Where candidates stand that no theme of the report holds.
export const NO_THEME = "-";
export const DONE = ["accept", "reject", "maybe"];
// What the report prints where words are cut out.
export const GAP = " […] ";
// A sign for each status, so that none is told by its colour alone.
export const SIGNS = { accept: "✓", reject: "✕", maybe: "?", undecided: "○", look: "!", conflict: "≠" };

// Between what the ids of one press's decisions have in common, and their number.
const PRESS = "/";

export class Store {
  constructor(data) {
    this.data = data;
    this.items = data.items;
    this.itemById = new Map(data.items.map((item) => [item.id, item]));
    this.people = new Map(data.participants.map((row) => [row.pseudonym, row]));
    this.roundtables = new Map(data.roundtables.map((row) => [row.roundtable_id, row]));
    this.reviewer = data.reviewer;
    this.shared = false;
    this.rows = new Map();
    this.byItem = new Map();
    this.undone = new Set();
    this.listeners = [];
    this.learned = () => {};
    this.statuses = new Map();
    data.decisions.forEach((row) => this.take(row));
    this.settleUndone();
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  changed(row) {
    this.listeners.forEach((listener) => listener(row));
  }

  // --- the words -------------------------------------------------------------------------------------------------

  turn(row) {
    const { turns } = this.data;
    return {
      row,
      id: turns.turn_id[row],
      transcript: turns.transcript_id[row],
      roundtable: turns.roundtable_id[row],
      speaker: turns.speaker[row],
      role: turns.role[row],
      language: turns.language[row],
      text: turns.text[row],
      start: turns.start_s[row],
    };
  }

  statement(row) {
    const { statements } = this.data;
    const turn = this.turn(statements.turn[row]);
    const start = statements.start[row];
    const end = statements.end[row];
    return {
      row,
      id: statements.statement_id[row],
      turn,
      start,
      end,
      kind: statements.kind[row],
      text: cut(turn.text, start, end),
    };
  }

  // Its title; with its number where it shares one or has none, as in the report and the pictures.
  roundtableName(id) {
    const row = this.roundtables.get(id);
    if (!row) return id;
    const alone = row.title && this.data.roundtables.every((other) => other === row || other.title !== row.title);
    return alone ? row.title : `${row.title || t("roundtable")} ${row.order}`;
  }

  roleOf(statement) {
    return this.data.turns.role[this.data.statements.turn[statement]];
  }

  statementSpan(row) {
    const { turn, start, end } = this.statement(row);
    return makeSpan(turn.id, turn.text, start, end);
  }

  // The places of a quote's words as somebody moved and cut them, or the one that the machine proposed; what was cut
  // out between two of them stays out when the transcript is corrected.
  spans(item) {
    const row = this.verdictRow(item);
    const kept = row && (!row.look || row.present.length > 1) ? row.present : [];
    const here = kept.filter((span) => span.turn_id === this.data.turns.turn_id[item.turn]);
    if (!here.length) return [[item.start, item.end]];
    return here.map(({ start, end }) => [start, end]).sort((one, other) => one[0] - other[0]);
  }

  pieces(item) {
    return this.spans(item).map(([start, end]) => cut(this.data.turns.text[item.turn], start, end));
  }

  // As the report prints them.
  words(item) {
    return item.turn < 0 ? item.words : this.pieces(item).join(GAP);
  }

  // --- what it comes to ------------------------------------------------------------------------------------------

  take(row) {
    const known = this.rows.get(row.decision_id);
    if (known) {
      known.at = row.at;
      return false;
    }
    this.rows.set(row.decision_id, row);
    if (row.item) {
      if (!this.byItem.has(row.item)) this.byItem.set(row.item, []);
      this.byItem.get(row.item).push(row);
      this.statuses.delete(row.item);
    }
    return true;
  }

  share(on) {
    this.shared = on;
    this.statuses.clear();
  }

  settleUndone() {
    this.undone.clear();
    this.statuses.clear();
    const undos = [...this.rows.values()]
      .filter((row) => row.action === "undo")
      .sort(byTime)
      .reverse();
    for (const row of undos) {
      const target = this.rows.get(row.value.undoes);
      if (!this.undone.has(row.decision_id) && target && target.by === row.by) this.undone.add(target.decision_id);
    }
  }

  live(row) {
    return row.action !== "undo" && !this.undone.has(row.decision_id);
  }

  // Each person's latest decision on an item.
  latest(itemId) {
    const found = new Map();
    for (const row of (this.byItem.get(itemId) || []).filter((row) => this.live(row)).sort(byTime))
      found.set(row.by, row);
    return found;
  }

  verdictRow(item) {
    const latest = this.latest(item.id);
    const mine = latest.get(this.reviewer);
    if (!this.shared) return mine || null;
    const rows = [...latest.values()].sort(byTime);
    const settled = new Set(rows.flatMap((row) => row.value.settles || []));
    const open = rows.filter((row) => !settled.has(row.decision_id));
    return open.filter((row) => DONE.includes(row.action)).pop() || open.pop() || null;
  }

  // accept, reject, maybe, undecided, look (words have changed since), conflict (people differ)
  status(item) {
    if (!this.statuses.has(item.id)) this.statuses.set(item.id, this.workOutStatus(item));
    return this.statuses.get(item.id);
  }

  workOutStatus(item) {
    const row = this.verdictRow(item);
    if (this.shared && this.inConflict(item)) return "conflict";
    if (!row || !DONE.includes(row.action)) return item.turn < 0 ? "look" : "undecided";
    return row.look ? "look" : row.action;
  }

  inConflict(item) {
    const rows = [...this.latest(item.id).values()];
    const settled = new Set(rows.flatMap((row) => row.value.settles || []));
    const verdicts = rows.filter((row) => !settled.has(row.decision_id) && ["accept", "reject"].includes(row.action));
    // Two who accept, but not the same words, would print one thing twice or in two ways.
    const said = (row) => (row.action === "accept" ? places(row.present) : row.action);
    return new Set(verdicts.map(said)).size > 1;
  }

  // Other quotes that are accepted and have words of this one.
  sharing(item) {
    const spans = this.spans(item);
    const common = (other) => this.spans(other).some(([start, end]) => spans.some(([from, to]) => from < end && start < to));
    const accepted = (other) => other.turn === item.turn && other !== item && this.status(other) === "accept";
    return this.items.filter((other) => accepted(other) && common(other));
  }

  others(item) {
    return [...this.latest(item.id).values()].filter((row) => row.by !== this.reviewer && DONE.includes(row.action));
  }

  reviewers() {
    return new Set([this.reviewer, ...[...this.rows.values()].map((row) => row.by)]);
  }

  // --- deciding --------------------------------------------------------------------------------------------------

  decideQuote(item, changes) {
    const before = this.verdictRow(item);
    const own = before && before.by === this.reviewer ? before : null;
    const spans = changes.spans || (item.turn >= 0 ? this.spans(item) : []);
    const turn = item.turn >= 0 ? this.turn(item.turn) : null;
    const present = turn ? spans.map(([start, end]) => makeSpan(turn.id, turn.text, start, end)) : [];
    const proposed = turn ? makeSpan(turn.id, turn.text, item.start, item.end) : null;
    const action = changes.action || (own && !own.look ? own.action : "undecided");
    const value = {};
    if (action === "accept")
      Object.assign(value, changes.theme || {}, { attribution: changes.attribution ?? own?.value.attribution ?? "" });
    else if (changes.attribution ?? own?.value.attribution)
      value.attribution = changes.attribution ?? own.value.attribution;
    if (turn) value.speaker = turn.speaker;
    if (proposed && !asProposed(item, spans)) value.candidate = proposed;
    const verdict = changes.note === undefined && action !== "undecided";
    const settles = [...(own?.value.settles || []), ...this.overruled(item, verdict && action)];
    if (settles.length) value.settles = [...new Set(settles)];
    return this.add({
      kind: "quote",
      action,
      subject: turn ? present : before?.subject || [],
      value,
      reason: changes.reason ?? (own && own.action === action ? own.reason : ""),
      note: changes.note ?? own?.note ?? "",
      item: item.id,
      present,
      moved: false,
      look: turn ? "" : "words_gone",
    });
  }

  // Decisions that a new one ends: our own that are filed under another place, and, where we see them, other people's:
  // by a verdict, for a note overrules nobody, and a "maybe" only where people differ already.
  overruled(item, verdict) {
    const ends = this.shared && verdict && (verdict !== "maybe" || this.inConflict(item));
    const rows = (this.byItem.get(item.id) || []).filter((row) => this.live(row));
    return rows
      .filter((row) => (row.by === this.reviewer ? row.moved || row.look : ends))
      .map((row) => row.decision_id);
  }

  add(decision) {
    const row = {
      decision_id: uuid(),
      at: this.now(),
      by: this.reviewer,
      reason: "",
      note: "",
      value: {},
      subject: [],
      ...decision,
    };
    this.take(row);
    if (row.action === "undo") this.settleUndone();
    this.keeper.keep(row);
    this.changed(row);
    return row;
  }

  // The last thing that this person did among these kinds, undone; null where there is nothing left.
  undo(kinds) {
    const mine = [...this.rows.values()].filter(
      (row) => row.by === this.reviewer && kinds.includes(row.kind) && this.live(row),
    );
    const last = mine.sort(byTime).at(-1);
    if (!last) return null;
    const press = pressOf(last);
    const together = press ? mine.filter((row) => pressOf(row) === press) : [last];
    for (const row of together.reverse())
      this.add({ kind: row.kind, action: "undo", value: { undoes: row.decision_id }, item: row.item });
    return last;
  }

  // Several decisions that one press makes: one undo takes them all back, in another window or on another day too.
  together(decisions) {
    const press = uuid();
    decisions.forEach((decision, at) => this.add({ decision_id: `${press}${PRESS}${at}`, ...decision }));
  }

  // Decisions made in another window, or by somebody else, and the times at which our own were written down; those
  // that still wait to be written stay the latest, or the next key would go on from an earlier one.
  learn(news, waiting = []) {
    (news.items || []).forEach((item) => {
      if (!this.itemById.has(item.id)) {
        this.itemById.set(item.id, item);
        this.items.push(item);
      }
    });
    const fresh = news.decisions.filter((row) => this.take(row));
    for (const row of waiting) this.rows.get(row.decision_id).at = this.now();
    if (!fresh.length) return;
    this.settleUndone();
    fresh.forEach((row) => this.changed(row));
    this.learned();
  }

  // Later than everything known, whatever the clock says: a later decision replaces an earlier one.
  now() {
    let moment = `${new Date().toISOString().slice(0, -1)}000Z`;
    for (const row of this.rows.values()) if (row.at >= moment) moment = justAfter(row.at);
    return moment;
  }
}

// Whether a quote's words are those that the machine proposed, no more and no less.
export function asProposed(item, spans) {
  return spans.length === 1 && spans[0][0] === item.start && spans[0][1] === item.end;
}

// What the decisions of one press have in common in their ids; empty where it made only one.
function pressOf(row) {
  return row.decision_id.includes(PRESS) ? row.decision_id.split(PRESS)[0] : "";
}

function places(spans) {
  return spans.map((span) => `${span.turn_id} ${span.start} ${span.end}`).join();
}

function justAfter(at) {
  // A second without its parts sorts after all of them.
  const micros = at.length > 20 ? Number(at.slice(20, 26)) + 1 : 1e6;
  if (micros < 1e6) return `${at.slice(0, 20)}${String(micros).padStart(6, "0")}Z`;
  const next = new Date(Date.parse(`${at.slice(0, 19)}Z`) + 1000);
  return `${next.toISOString().slice(0, 20)}000000Z`;
}

function byTime(one, other) {
  return one.at < other.at ? -1 : one.at > other.at ? 1 : one.decision_id < other.decision_id ? -1 : 1;
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

// The form of the log: what the page knows besides stays in the page.
export function asLogged(row) {
  const { decision_id, at, by, kind, action, subject, value, reason, note } = row;
  return { decision_id, at, by, kind, action, subject, value, reason, note };
}

function asLines(rows) {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

// What can be decided of each kind in a pack, besides to undo it; what is decided on a name isn't in one.
const ACTIONS = {
  quote: DONE.concat("undecided"),
  theme: ["rename", "describe", "merge", "split", "reject", "keep", "add_to_codebook", "place"],
  coding: ["confirm", "refuse", "move"],
  report: ["write"],
  evidence: ["accept", "reject"],
};
const SPANS_IN_VALUE = ["candidate", "theme_anchor", "into", "spans"];
const KEPT_ALIVE = 20000; // letters, of three bytes at most

// Keeps decisions by the local server, which has them on the disk before it answers.
export class ServerKeeper {
  constructor(store, tell) {
    this.store = store;
    this.tell = tell;
    this.queue = [];
    this.seen = store.data.seen;
    this.sending = false;
    this.stale = false;
    this.refusal = "";
    this.locked = () => {};
  }

  keep(row) {
    this.queue.push(asLogged(row));
    this.tell("saving");
    this.send();
  }

  async send() {
    if (this.sending || !this.queue.length) return;
    this.sending = true;
    const batch = this.queue.slice();
    const answer = await this.ask("/api/decisions", { decisions: batch, seen: this.seen });
    this.sending = false;
    if (answer === null) {
      this.tell("failed", this.refusal);
      setTimeout(() => this.send(), 1500);
      return;
    }
    if (answer.stale) {
      // Those that stand in the run as it is now are still kept.
      this.stale = true;
      this.queue = this.queue.filter((row) => !answer.stale.includes(row.decision_id));
    } else {
      this.queue.splice(0, batch.length);
      this.seen = answer.seen;
      this.store.learn(answer, this.queue);
    }
    this.tell(this.stale ? "stale" : this.queue.length ? "saving" : "saved");
    this.send();
  }

  // When everything is on the disk.
  async settled() {
    while (this.queue.length) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  // What waits, for `merge`, where the program doesn't come back; but for names, which stay in the run's folder.
  file() {
    return asLines(this.queue.filter((row) => row.kind !== "redaction"));
  }

  // What waits behind a batch that is on its way, sent once more with it as the page closes; each is written once.
  part() {
    if (this.queue.length) this.ask("/api/decisions", { decisions: this.queue, seen: this.seen });
  }

  async refresh() {
    if (this.queue.length) return;
    const answer = await this.ask(`/api/decisions?seen=${this.seen}`);
    if (answer && !this.queue.length) {
      this.seen = answer.seen;
      this.store.learn(answer);
    }
  }

  // The server's answer; null where there is none, and it should be asked again.
  async ask(path, body) {
    const options = {
      // Whose page this is: another run's program may have this port by now.
      headers: { "X-CSRF-Token": this.store.data.csrf, "X-Desk": this.store.data.desk },
      credentials: "same-origin",
      cache: "no-store",
    };
    if (body !== undefined) {
      const text = JSON.stringify(body);
      // Sent to the end though the page is closed meanwhile; of more than 64 kB a browser refuses to promise that.
      Object.assign(options, { method: "POST", body: text, keepalive: text.length < KEPT_ALIVE });
    }
    try {
      const response = await fetch(path, options);
      // A program that never let this browser in is the next one, started with this page open: what waits is sent once
      // somebody has followed the new link in this browser.
      if (response.status === 401 && (await response.json()).locked) this.locked();
      if (response.status === 403 && (await this.renewToken())) return await this.ask(path, body);
      if (response.status === 409) return await response.json();
      this.refusal = response.status === 503 ? await response.text() : "";
      return response.ok ? await response.json() : null;
    } catch {
      this.refusal = "";
      return null;
    }
  }

  // Where the page was locked in another window and opened again, this one's token is from before; what is asked here,
  // be it to lock again, is asked with the new one. Gives whether there is one.
  async renewToken() {
    const page = await (await fetch("/", { credentials: "same-origin", cache: "no-store" })).text();
    const [, token] = page.match(/"csrf":"([^"]+)"/) || [];
    if (!token || token === this.store.data.csrf) return false;
    this.store.data.csrf = token;
    return true;
  }
}

// Keeps decisions in the browser, for a page that is a file; people carry them home as a file of their own.
export class PackKeeper {
  constructor(store, tell) {
    this.store = store;
    this.tell = tell;
    this.place = `roundtable:${store.data.run.id}`;
    this.lines = [];
    this.downloaded = true;
    this.disk = new Promise((resolve, reject) => {
      const asked = indexedDB.open(this.place);
      asked.onupgradeneeded = () => asked.result.createObjectStore("decisions", { keyPath: "decision_id" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    // Where a browser has none, localStorage is all there is.
    this.disk.catch(() => {});
  }

  restore() {
    try {
      const kept = this.fromThisBrowser();
      this.store.reviewer = kept.reviewer || "";
      if (!kept.decisions) this.fromEarlierPack();
    } catch {
      this.tell("unsaved");
    }
  }

  // What was decided in a pack of this run before a transcript was corrected, and never carried home. Not what has
  // words of a turn that is gone: whoever said them may have withdrawn.
  fromEarlierPack() {
    const here = new Set(this.store.data.turns.turn_id);
    const stands = (row) => isDecision(row) && wordsOf(row).every((span) => here.has(span.turn_id));
    for (const place of Object.keys(localStorage).sort()) {
      const kept = place.startsWith("roundtable:") ? JSON.parse(localStorage.getItem(place)) : {};
      const decisions = (kept.decisions || []).filter(stands);
      if (kept.run !== this.store.data.run.name || this.ofAnotherRun(decisions)) continue;
      this.store.reviewer ||= kept.reviewer || "";
      this.load(decisions);
    }
  }

  // The place of the first row that can't be taken in: null, or one that says something else than another of its id;
  // -1 where there is none. Of no rows at all the first is missing.
  wrongAt(rows) {
    if (!rows.length) return 0;
    const said = ({ kind, action, reason = "", note = "" }) => [kind, action, reason, note].join("\n");
    const known = new Map(this.lines.map((line) => [line.decision_id, said(line)]));
    return rows.findIndex((row) => {
      if (!row) return true;
      if (!known.has(row.decision_id)) known.set(row.decision_id, said(row));
      return known.get(row.decision_id) !== said(row);
    });
  }

  // Whether decisions are about words, and none of these stands where it stood.
  ofAnotherRun(decisions) {
    const { turns } = this.store.data;
    const texts = new Map(turns.turn_id.map((id, at) => [id, turns.text[at]]));
    const spans = decisions.flatMap((row) => row.subject || []);
    return spans.length > 0 && !spans.some(({ turn_id, start, end, text }) => cut(texts.get(turn_id) || "", start, end) === text);
  }

  load(decisions) {
    const held = new Set(this.lines.map((line) => line.decision_id));
    const given = decisions
      .filter((row) => !held.has(row.decision_id))
      // A run's own log leaves out what is empty.
      .map((row) => ({ subject: [], value: {}, reason: "", note: "", ...row }));
    const placed = given.map((row) => placedHere(row, this.store));
    this.lines.push(...given.map(asLogged));
    // A pack that was made since calls whoever has a name of the talk "reviewer 1": here they know who they are.
    for (const { decision_id, by, note } of given) Object.assign(this.store.rows.get(decision_id) || {}, { by, note });
    if (given.length) this.store.settleUndone();
    this.store.learn({ decisions: placed });
  }

  keep(row) {
    this.lines.push(asLogged(row));
    this.downloaded = false;
    this.write();
    this.toDisk(asLogged(row));
  }

  // A browser writes its localStorage to the disk some seconds later; this at once, should it be killed meanwhile.
  async toDisk(row) {
    try {
      (await this.disk).transaction("decisions", "readwrite", { durability: "strict" }).objectStore("decisions").put(row);
    } catch {
      // As above; where that keeps nothing either, the page says so.
    }
  }

  // Takes in what a browser that was killed had not written elsewhere; gives who decided last here.
  async fromDisk() {
    try {
      const asked = (await this.disk).transaction("decisions").objectStore("decisions").getAll();
      await new Promise((resolve, reject) => Object.assign(asked, { onsuccess: resolve, onerror: reject }));
      this.load(asked.result.filter(isDecision));
      return asked.result.sort(byTime).at(-1)?.by || "";
    } catch {
      return "";
    }
  }

  write() {
    try {
      this.fromThisBrowser();
      const run = this.store.data.run.name;
      localStorage.setItem(this.place, JSON.stringify({ run, reviewer: this.store.reviewer, decisions: this.lines }));
      this.tell("kept");
    } catch {
      this.tell(this.lines.length && this.downloaded ? "downloaded" : "unsaved");
    }
  }

  file() {
    this.downloaded = true;
    this.write();
    return asLines(this.lines);
  }

  // What was kept here, perhaps by the same page in another window: to write without it would be to lose it.
  fromThisBrowser() {
    const kept = JSON.parse(localStorage.getItem(this.place) || "{}");
    const held = new Set(this.lines.map((line) => line.decision_id));
    this.load((kept.decisions || []).filter((row) => !held.has(row?.decision_id) && isDecision(row)));
    return kept;
  }

  async refresh() {
    try {
      this.fromThisBrowser();
    } catch {
      this.tell(this.lines.length && this.downloaded ? "downloaded" : "unsaved");
    }
  }
}

// Whether `merge` will take it at home: one line that it doesn't take keeps the whole file out.
export function isDecision(row) {
  if (!["decision_id", "at", "by", "action"].every((name) => row?.[name] && typeof row[name] === "string")) return false;
  if (!/^[-0-9]{10}T[:0-9]{8}(\.[0-9]{6})?Z$/.test(row.at) || Number.isNaN(Date.parse(row.at))) return false;
  if (!ACTIONS[row.kind]?.concat?.("undo").includes(row.action)) return false;
  const { subject = [], value = {}, reason = "", note = "" } = row;
  if (typeof reason !== "string" || typeof note !== "string" || !Array.isArray(subject)) return false;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return wordsOf(row).every(isSpan);
}

// Every span that a decision points at.
function wordsOf({ subject = [], value = {} }) {
  return [subject, ...SPANS_IN_VALUE.map((name) => value[name] || [])].flat();
}

function isSpan(span) {
  const { turn_id, start, end, text, sha256: hash } = span || {};
  if (typeof turn_id !== "string" || typeof text !== "string" || !Number.isInteger(start)) return false;
  return end - start === points(text).length && hash === sha256(text);
}

// A decision read from a file, with what it is about in this pack; a pack's words don't change.
function placedHere(row, store) {
  const placed = { ...row, present: row.subject, look: "", moved: false };
  if (row.kind === "quote" && row.subject.length) {
    const [span] = row.value.candidate ? [row.value.candidate] : row.subject;
    const id = `${span.turn_id}:${span.start}-${span.end}`;
    const gone = [...store.items].find((item) => item.turn < 0 && item.words === row.subject[0].text);
    placed.item = store.itemById.has(id) ? id : gone?.id;
  }
  if (["theme", "coding", "evidence"].includes(row.kind)) {
    const rowOf = new Map(
      store.data.statements.statement_id.map((id, at) => [
        `${store.data.turns.turn_id[store.data.statements.turn[at]]}:${store.data.statements.start[at]}`,
        at,
      ]),
    );
    const rows = (spans) =>
      (spans || []).map((span) => rowOf.get(`${span.turn_id}:${span.start}`)).filter((at) => at !== undefined);
    placed.anchor = rows(row.subject);
    placed.into = rows(row.value.into || row.value.theme_anchor);
    placed.picked = rows(row.value.spans);
  }
  return placed;
}
