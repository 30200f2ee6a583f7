// The quotes: the candidates of a theme in a list, one of them in full, and a key for everything that can be said of it.

import { cut, folded, wordEdges } from "./text.js";
import { clock, date, number, t } from "./words.js";
import { button, choice, fill, h, say } from "./dom.js";
import { VirtualList } from "./list.js";

const REASONS = ["not_alone", "identifies", "said_better", "off_theme", "not_substance", "other"];
const DONE = ["accept", "reject", "maybe"];

export class QuotesView {
  constructor(store, themes, settings) {
    this.store = store;
    this.themes = themes;
    this.settings = settings;
    this.filters = { theme: "", status: "", roundtable: "", speaker: "", language: "", risk: "", search: "" };
    this.visible = [];
    this.at = 0;
    this.contextOpen = false;
    this.askReason = false;
    this.themeOf = new Map();
  }

  get item() {
    return this.visible[this.at] || null;
  }

  // --- drawing ---------------------------------------------------------------------------------------------------

  draw(root) {
    this.list = new VirtualList({ label: t("quotes_list"), row: (item) => this.listRow(item), onChoose: (at) => this.go(at) });
    this.side = h("nav", { class: "side", "aria-label": t("themes") });
    this.card = h("section", { class: "card", "aria-label": t("quote") });
    this.count = h("p", { class: "quiet", id: "n-shown" });
    this.view = h("div", { class: "quotes" }, this.side, h("section", { class: "middle", "aria-label": t("quotes_list") }, h("h1", { class: "sr" }, t("tab_quotes")), this.filterBar(), this.count, this.list.element), this.card);
    fill(root, this.view);
    this.view.classList.toggle("single", this.settings.single);
    this.refresh();
  }

  refresh() {
    this.themeOf = new Map(this.store.items.map((item) => [item.id, this.themes.ofItem(item)]));
    this.filter(this.item?.id);
    this.drawSide();
    this.drawCard();
  }

  filter(keep) {
    const wanted = this.filters;
    const words = folded(wanted.search.trim());
    this.visible = this.store.items.filter((item) => {
      if (wanted.theme && this.themeOf.get(item.id) !== wanted.theme && !(item.themes.includes(wanted.theme) && item.themes.length > 1)) return false;
      if (wanted.status === "open" ? DONE.includes(this.store.status(item)) : wanted.status && this.store.status(item) !== wanted.status) return false;
      if (item.turn < 0) return !wanted.roundtable && !wanted.speaker && !wanted.language && !wanted.risk;
      const turn = this.store.turn(item.turn);
      if (wanted.roundtable && turn.roundtable !== wanted.roundtable) return false;
      if (wanted.speaker && turn.speaker !== wanted.speaker) return false;
      if (wanted.language && turn.language !== wanted.language) return false;
      if (wanted.risk && item.risk !== wanted.risk) return false;
      return !words || folded(`${this.store.words(item)} ${turn.speaker} ${this.store.latest(item.id).get(this.store.reviewer)?.note || ""}`).includes(words);
    });
    this.visible.sort((a, b) => (wanted.theme && a.rank && b.rank && a.theme === b.theme ? a.rank - b.rank : 0) || a.overall - b.overall);
    const at = this.visible.findIndex((item) => item.id === keep);
    this.at = Math.max(0, at);
    this.askReason = false;
    this.list.show(this.visible, this.visible.length ? this.at : -1);
    this.count.textContent = t("n_quotes", { n: this.visible.length });
  }

  filterBar() {
    const set = (name) => (value) => {
      this.filters[name] = value;
      this.filter(this.item?.id);
      this.drawSide();
      this.drawCard();
    };
    const { turns } = this.store.data;
    const speakers = [...new Set(this.store.items.filter((item) => item.turn >= 0).map((item) => turns.speaker[item.turn]))].sort();
    const languages = [...new Set(this.store.items.filter((item) => item.turn >= 0).map((item) => turns.language[item.turn]))].sort();
    const all = ["", t("all")];
    const search = h("input", { type: "search", id: "search", placeholder: t("search_placeholder"), value: this.filters.search, oninput: (event) => set("search")(event.target.value) });
    this.statusChoice = choice(t("status"), [all, ["open", t("status_open")], ...["accept", "maybe", "reject", "undecided", "look", "conflict"].map((name) => [name, t(`status_${name}`)])], this.filters.status, set("status"));
    return h("div", { class: "filters", role: "search" },
      h("label", { class: "choice wide" }, h("span", {}, t("search")), search),
      this.statusChoice,
      h("details", { class: "more", open: Boolean(this.filters.roundtable || this.filters.speaker || this.filters.language || this.filters.risk) },
        h("summary", {}, t("more_filters")),
        h("div", { class: "filters" },
          choice(t("roundtable"), [all, ...[...this.store.roundtables.values()].map((row) => [row.roundtable_id, row.title || row.roundtable_id])], this.filters.roundtable, set("roundtable")),
          choice(t("speaker"), [all, ...speakers.map((name) => [name, name])], this.filters.speaker, set("speaker")),
          choice(t("language"), [all, ...languages.map((name) => [name, t(`language_${name}`)])], this.filters.language, set("language")),
          choice(t("risk"), [all, ...["none", "low", "high"].map((name) => [name, t(`risk_${name}`)])], this.filters.risk, set("risk")))));
  }

  listRow(item) {
    const status = this.store.status(item);
    const turn = item.turn >= 0 ? this.store.turn(item.turn) : null;
    return [
      h("span", { class: `mark ${status}`, "aria-hidden": "true" }, SIGNS[status]),
      h("span", { class: "option-text" },
        h("span", { class: "clamp", dir: "auto", lang: turn?.language }, this.store.words(item)),
        h("span", { class: "option-meta" },
          h("span", { class: "sr" }, `${t(`status_${status}`)}. `),
          turn ? h("bdi", {}, turn.speaker) : "", turn ? ` · ${this.roundtableName(turn.roundtable)}` : "",
          item.risk === "high" ? h("span", { class: "flag high" }, t("risk_high")) : item.risk === "low" ? h("span", { class: "flag low" }, t("risk_low")) : "",
          item.dissent ? h("span", { class: "flag dissent" }, t("dissent")) : "",
          item.proposed ? "" : h("span", { class: "flag" }, t("not_proposed")))),
    ];
  }

  roundtableName(id) {
    return this.store.roundtables.get(id)?.title || id;
  }

  drawSide() {
    const items = this.store.items;
    const statuses = new Map(items.map((item) => [item.id, this.store.status(item)]));
    const done = items.filter((item) => DONE.includes(statuses.get(item.id))).length;
    const accepted = items.filter((item) => statuses.get(item.id) === "accept");
    const byTheme = new Map();
    for (const item of items) {
      const theme = this.themeOf.get(item.id) || "";
      const sums = byTheme.get(theme) || { all: 0, done: 0, accepted: 0 };
      sums.all += 1;
      sums.done += DONE.includes(statuses.get(item.id)) ? 1 : 0;
      sums.accepted += statuses.get(item.id) === "accept" ? 1 : 0;
      byTheme.set(theme, sums);
    }
    this.themeOrder = ["", ...this.themes.listed({ rejected: false }).filter((theme) => byTheme.has(theme.id)).map((theme) => theme.id)];
    const entry = (id, name) => {
      const sums = id ? byTheme.get(id) : { all: items.length, done, accepted: accepted.length };
      const chosen = this.filters.theme === id;
      return h("li", {}, h("button", { type: "button", class: "theme", "aria-current": chosen ? "true" : null, onclick: () => this.chooseTheme(id) },
        h("span", { class: "theme-name" }, name),
        h("span", { class: "theme-count" }, h("span", { class: sums.accepted ? "tick" : "tick none", title: t("n_accepted", { n: sums.accepted }) }, `✓ ${number(sums.accepted)}`), h("span", { class: "sr" }, `${t("n_accepted", { n: sums.accepted })}, `), `${number(sums.done)}/${number(sums.all)}`)));
    };
    fill(this.side,
      h("div", { class: "progress" },
        h("label", { for: "progress" }, t("n_decided", { done, all: items.length })),
        h("progress", { id: "progress", max: String(Math.max(1, items.length)), value: done }),
        h("p", { class: "quiet" }, t("n_accepted", { n: accepted.length }))),
      h("ul", { class: "plain" }, this.themeOrder.map((id) => entry(id, id ? this.themes.themes.get(id).name : t("all_themes")))),
      this.missing(byTheme, accepted));
  }

  // What is not there is as plain to see as what is.
  missing(byTheme, accepted) {
    const silent = this.themes.listed({ rejected: false }).filter((theme) => theme.n_statements && !byTheme.get(theme.id)?.accepted && (theme.origin === "emergent" || byTheme.has(theme.id)));
    const heard = new Set(accepted.filter((item) => item.turn >= 0).map((item) => this.store.data.turns.speaker[item.turn]));
    const reasons = new Map(this.store.data.hearings.map((row) => [row.pseudonym, row]));
    const unheard = this.store.data.participants.filter((row) => row.role === "participant" && !heard.has(row.pseudonym));
    const looks = this.store.items.filter((item) => this.store.status(item) === "look").length;
    const candidates = new Set(this.store.items.filter((item) => item.turn >= 0).map((item) => this.store.data.turns.speaker[item.turn]));
    return h("section", { class: "missing", "aria-labelledby": "missing-title" },
      h("h2", { id: "missing-title" }, t("missing")),
      looks ? h("p", {}, h("button", { type: "button", class: "link look", onclick: () => this.chooseStatus("look") }, t("n_looks", { n: looks }))) : "",
      h("details", { open: this.openThemes, ontoggle: (event) => { this.openThemes = event.target.open; } },
        h("summary", {}, t("n_themes_silent", { n: silent.length })),
        h("ul", {}, silent.map((theme) => h("li", {}, byTheme.has(theme.id) ? h("button", { type: "button", class: "link", onclick: () => this.chooseTheme(theme.id) }, theme.name) : [theme.name, " ", h("span", { class: "quiet" }, t("no_candidate"))])))),
      h("details", { open: this.openPeople, ontoggle: (event) => { this.openPeople = event.target.open; } },
        h("summary", {}, t("n_people_unheard", { n: unheard.length })),
        h("ul", {}, unheard.map((row) => h("li", {}, candidates.has(row.pseudonym) ? h("button", { type: "button", class: "link", onclick: () => this.chooseSpeaker(row.pseudonym) }, row.pseudonym) : row.pseudonym, " ",
          h("span", { class: "quiet" }, ["no_quotes", "withdrawn"].includes(row.consent) ? t(`consent_${row.consent}`) : candidates.has(row.pseudonym) ? row.sector : reasons.get(row.pseudonym)?.reason || t("no_candidate")))))));
  }

  drawCard() {
    const { item } = this;
    if (!item) {
      fill(this.card, h("div", { class: "nothing" }, h("h2", {}, t("nothing_here")), h("p", {}, t("nothing_here_why"))));
      return;
    }
    const status = this.store.status(item);
    const row = this.store.verdictRow(item);
    const theme = this.themes.themes.get(this.themeOf.get(item.id));
    fill(this.card,
      h("header", { class: "card-head" },
        h("h2", { class: "eyebrow" }, theme ? theme.name : t("no_theme")),
        h("p", { class: "quiet" }, t("place_in_list", { at: this.at + 1, all: this.visible.length })),
        h("p", { class: `pill ${status}` }, `${SIGNS[status]} ${t(`status_${status}`)}`)),
      status === "look" ? this.anotherLook(item, row) : "",
      this.words(item),
      item.turn >= 0 ? this.saidBy(item) : "",
      this.verdicts(item, status, row),
      item.turn >= 0 ? this.attribution(item, row) : "",
      this.reasons(item),
      this.others(item),
      this.note(item, row),
      item.turn >= 0 ? this.context(item) : "");
  }

  words(item) {
    const words = this.store.words(item);
    const [start, end] = this.store.ends(item);
    const turn = item.turn >= 0 ? this.store.turn(item.turn) : null;
    const moved = turn && (start !== item.start || end !== item.end);
    return h("div", { class: "words" },
      h("blockquote", { dir: "auto", lang: turn?.language, class: words.length > 600 ? "long" : "" }, h("p", {}, words)),
      turn ? h("div", { class: "ends", role: "group", "aria-label": t("ends") },
        h("span", { class: "ends-part" }, h("span", { class: "quiet" }, t("start")), button("←", () => this.moveEnd(0, -1), { "aria-label": t("start_earlier"), title: t("start_earlier") }, "["), button("→", () => this.moveEnd(0, 1), { "aria-label": t("start_later"), title: t("start_later") }, "]")),
        h("span", { class: "ends-part" }, h("span", { class: "quiet" }, t("end")), button("←", () => this.moveEnd(1, -1), { "aria-label": t("end_earlier"), title: t("end_earlier") }, "{"), button("→", () => this.moveEnd(1, 1), { "aria-label": t("end_later"), title: t("end_later") }, "}")),
        moved ? button(t("as_proposed"), () => this.decide({ ends: [item.start, item.end] }), { class: "link" }) : "") : "");
  }

  saidBy(item) {
    const turn = this.store.turn(item.turn);
    const person = this.store.people.get(turn.speaker);
    const held = this.store.roundtables.get(turn.roundtable)?.date;
    const facts = [this.roundtableName(turn.roundtable), held ? date(held) : "", clock(turn.start), t(`language_${turn.language}`), item.proposed ? t("rank", { n: item.rank }) : t("not_proposed")];
    return h("p", { class: "said-by" }, h("strong", {}, h("bdi", {}, turn.speaker)), person ? ` · ${t(`role_${person.role}`)}` : "", person?.sector ? [" · ", h("bdi", {}, person.sector)] : "", facts.filter(Boolean).map((fact) => ` · ${fact}`));
  }

  verdicts(item, status, row) {
    const locked = item.turn < 0 || !item.ways.length;
    return h("div", { class: "verdicts" },
      h("div", { class: "row", role: "group", "aria-label": t("decide") },
        button(t("accept"), () => this.verdict("accept"), { class: "accept", disabled: locked, "aria-pressed": String(status === "accept") }, "a"),
        button(t("maybe"), () => this.verdict("maybe"), { class: "maybe", disabled: item.turn < 0, "aria-pressed": String(status === "maybe") }, "m"),
        button(item.turn < 0 ? t("let_go") : t("reject"), () => this.verdict("reject"), { class: "reject", "aria-pressed": String(status === "reject") }, "r"),
        button(t("undo"), () => this.undo(), { class: "undo" }, "u")),
      locked && item.turn >= 0 ? h("p", { class: "warning" }, t(`cannot_${item.consent || "no_quotes"}`)) : "",
      status === "reject" && item.turn >= 0 ? h("div", { class: "row why", role: "group", "aria-label": t("why") }, h("span", { class: "quiet" }, t("why")),
        REASONS.map((reason, at) => button(t(`reason_${reason}`), () => this.giveReason(at), { class: "chip", "aria-pressed": String(row?.reason === reason) }, String(at + 1)))) : "");
  }

  attribution(item, row) {
    const chosen = row?.value.attribution || this.defaultWay(item);
    const turn = this.store.turn(item.turn);
    const sector = this.store.people.get(turn.speaker)?.sector || "";
    return h("fieldset", { class: "attribution" }, h("legend", {}, t("attribution"), h("kbd", { "aria-hidden": "true" }, "t")),
      item.ways.map((way) => h("label", {}, h("input", { type: "radio", name: "way", value: way, checked: way === chosen, onchange: () => this.decide({ attribution: way }) }), way === "sector" ? t("way_sector", { sector }) : t(`way_${way}`))),
      item.ways.length ? "" : h("p", { class: "quiet" }, t("way_nothing")),
      item.consent === "quote_without_attribution" ? h("p", { class: "quiet" }, t("limited_by_consent")) : item.risk === "high" && sector ? h("p", { class: "quiet" }, t("limited_by_risk")) : "");
  }

  reasons(item) {
    if (!item.reasons.length && item.risk === "none" && !item.dissent) return "";
    return h("div", { class: "reasons" },
      item.reasons.length ? h("div", {}, h("h3", {}, t("reasons")), h("ul", {}, item.reasons.map((reason) => h("li", { dir: "auto" }, reason)), item.dissent ? h("li", {}, t("dissents")) : "")) : item.dissent ? h("p", {}, t("dissents")) : "",
      item.risk !== "none" ? h("div", { class: `risk ${item.risk}` }, h("h3", {}, t(`risk_title_${item.risk}`)), h("ul", {}, item.risk_reasons.map((reason) => h("li", { dir: "auto" }, reason)))) : "");
  }

  others(item) {
    const rows = this.store.shared ? this.store.others(item) : [];
    if (!rows.length) return "";
    return h("div", { class: "others" }, h("h3", {}, t("others_decided")), h("ul", {}, rows.map((row) => h("li", {}, h("strong", {}, h("bdi", {}, row.by)), ": ", t(`status_${row.action}`), row.reason ? ` (${t(`reason_${row.reason}`)})` : "", row.note ? [" — ", h("bdi", {}, row.note)] : ""))));
  }

  note(item, row) {
    const own = this.store.latest(item.id).get(this.store.reviewer);
    let timer = 0;
    const save = (event) => {
      clearTimeout(timer);
      const text = event.target.value;
      if (text !== (this.store.latest(item.id).get(this.store.reviewer)?.note || "")) this.decideOn(item, { note: text }, { redraw: false });
    };
    return h("label", { class: "note" }, h("span", {}, t("note"), h("kbd", { "aria-hidden": "true" }, "n")),
      h("textarea", { id: "note", rows: "2", value: own?.note || "", oninput: (event) => { clearTimeout(timer); timer = setTimeout(() => save(event), 400); }, onchange: save }));
  }

  context(item) {
    const turn = this.store.turn(item.turn);
    const [start, end] = this.store.ends(item);
    const line = (other, label, inside) => h("div", { class: "turn" }, h("p", { class: "quiet" }, label ? `${label} · ` : "", h("bdi", {}, other.speaker), ` · ${t(`role_${other.role}`)} ${clock(other.start)}`), h("p", { dir: "auto", lang: other.language }, inside || other.text));
    const details = h("details", { class: "context", open: this.contextOpen, ontoggle: (event) => { if (this.contextOpen !== event.target.open) { this.contextOpen = event.target.open; if (this.contextOpen) this.drawCard(); } } }, h("summary", {}, t("context"), h("kbd", { "aria-hidden": "true" }, "c")));
    if (!this.contextOpen) return details;
    const beside = (step) => {
      const row = item.turn + step;
      return row >= 0 && row < this.store.data.turns.text.length && this.store.data.turns.transcript_id[row] === turn.transcript ? this.store.turn(row) : null;
    };
    const [before, after] = [beside(-1), beside(1)];
    const [asked, from, to] = item.question;
    details.append(
      item.question.length && asked !== item.turn - 1 ? line(this.store.turn(asked), t("question"), cut(this.store.turn(asked).text, from, to)) : "",
      before ? line(before, item.question.length && asked === item.turn - 1 ? t("question") : t("before")) : "",
      line(turn, "", [cut(turn.text, 0, start), h("mark", {}, cut(turn.text, start, end)), cut(turn.text, end)]),
      after ? line(after, t("after")) : "");
    return details;
  }

  anotherLook(item, row) {
    const old = (row?.subject || []).map((span) => span.text).join(" … ");
    return h("div", { class: "look-box", role: "note" }, h("h3", {}, t("look_title")), h("p", {}, t(`look_${row?.look || "words_gone"}`)),
      item.turn >= 0 && old ? [h("p", { class: "quiet" }, t("look_was")), h("p", { dir: "auto", class: "was" }, compared(old, this.store.words(item)))] : "");
  }

  // --- deciding --------------------------------------------------------------------------------------------------

  defaultWay(item) {
    // Not the finest: what a participant is from is said only when somebody chooses to say it.
    return item.ways.includes("participant") ? "participant" : item.ways[0] || "";
  }

  themeValue(item) {
    const id = this.themeOf.get(item.id);
    if (!id) return {};
    const theme = this.themes.themes.get(id);
    const anchor = this.themes.anchorOf(id).slice(0, 3).map((row) => this.store.statementSpan(row));
    // Without what stands around them: three are enough to find the theme, and the file stays small.
    const bare = anchor.map(({ turn_id, start, end, text, sha256 }) => ({ turn_id, start, end, text, sha256 }));
    return { theme_name: theme.name, theme_anchor: bare, origin: theme.origin };
  }

  decide(changes) {
    if (this.item) this.decideOn(this.item, changes, { redraw: true });
  }

  decideOn(item, changes, { redraw }) {
    this.store.decideQuote(item, { theme: this.themeValue(item), ...changes });
    // Not for a note: it is kept while the reader presses another button, which must not be replaced under the mouse.
    if (!redraw) return;
    this.list.draw();
    this.drawSide();
    this.drawCard();
  }

  verdict(action) {
    const { item } = this;
    if (!item || (item.turn < 0 && action !== "reject")) return;
    if (action === "accept" && !item.ways.length) {
      say(t(`cannot_${item.consent}`));
      return;
    }
    const way = this.store.latest(item.id).get(this.store.reviewer)?.value.attribution;
    this.decideOn(item, { action, attribution: item.ways.includes(way) ? way : this.defaultWay(item), reason: "" }, { redraw: true });
    const said = t(`said_${action}`);
    if (action !== "reject" && this.settings.advance) {
      this.nextOpen(said);
      return;
    }
    this.askReason = action === "reject";
    say(action === "reject" && item.turn >= 0 ? `${said}. ${t("why_hint")}` : said);
  }

  giveReason(at) {
    if (!this.item || this.store.status(this.item) !== "reject" || !REASONS[at]) return;
    this.decide({ action: "reject", reason: REASONS[at] });
    this.askReason = false;
    const said = t(`reason_${REASONS[at]}`);
    if (this.settings.advance) this.nextOpen(said);
    else say(said);
  }

  nextOpen(said = "") {
    const open = (item) => !DONE.includes(this.store.status(item));
    let next = this.visible.findIndex((item, at) => at > this.at && open(item));
    if (next < 0) next = this.visible.findIndex(open);
    if (next >= 0) this.go(next, said);
    else say(`${said}. ${t("all_decided")}`);
  }

  undo() {
    const undone = this.store.undo(["quote"]);
    if (!undone) {
      say(t("nothing_to_undo"));
      return;
    }
    const at = this.visible.findIndex((item) => item.id === undone.item);
    if (at >= 0) this.at = at;
    this.list.choose(this.at);
    this.drawSide();
    this.drawCard();
    say(t("said_undo"));
  }

  moveEnd(which, by) {
    const { item } = this;
    if (!item || item.turn < 0) return;
    const ends = [...this.store.ends(item)];
    const edges = wordEdges(this.store.turn(item.turn).text);
    const stops = which ? edges.ends : edges.starts;
    const next = by > 0 ? stops.find((stop) => stop > ends[which]) : stops.findLast((stop) => stop < ends[which]);
    if (next === undefined || (which ? next <= ends[0] : next >= ends[1])) return;
    ends[which] = next;
    this.decide({ ends });
    say(cut(this.store.turn(item.turn).text, ...(which ? [Math.max(ends[0], ends[1] - 40), ends[1]] : [ends[0], Math.min(ends[1], ends[0] + 40)])));
  }

  nextWay() {
    const { item } = this;
    if (!item || item.ways.length < 2) return;
    const present = this.store.verdictRow(item)?.value.attribution || this.defaultWay(item);
    const way = item.ways[(item.ways.indexOf(present) + 1) % item.ways.length];
    this.decide({ attribution: way });
    say(t(`way_${way}`, { sector: this.store.people.get(this.store.turn(item.turn).speaker)?.sector || "" }));
  }

  // --- moving ----------------------------------------------------------------------------------------------------

  go(at, said = "") {
    if (!this.visible.length) return;
    this.at = Math.min(Math.max(0, at), this.visible.length - 1);
    this.askReason = false;
    this.list.choose(this.at);
    this.drawCard();
    this.card.scrollTop = 0;
    const { item } = this;
    say(`${said ? `${said}. ` : ""}${t("place_in_list", { at: this.at + 1, all: this.visible.length })}. ${this.store.words(item).slice(0, 300)}`);
  }

  chooseTheme(id) {
    this.filters.theme = id;
    this.filter();
    this.drawSide();
    this.drawCard();
    this.side.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    say(`${id ? this.themes.themes.get(id).name : t("all_themes")}. ${t("n_quotes", { n: this.visible.length })}`);
  }

  stepTheme(by) {
    const at = this.themeOrder.indexOf(this.filters.theme);
    this.chooseTheme(this.themeOrder[Math.min(Math.max(0, at + by), this.themeOrder.length - 1)]);
  }

  chooseStatus(status) {
    this.filters = { ...this.filters, theme: "", status };
    this.redrawFilters();
  }

  chooseSpeaker(speaker) {
    this.filters = { ...this.filters, theme: "", status: "", speaker };
    this.redrawFilters();
  }

  redrawFilters() {
    this.view.querySelector(".filters").replaceWith(this.filterBar());
    this.filter();
    this.drawSide();
    this.drawCard();
  }

  toggleSingle() {
    this.settings.single = !this.settings.single;
    this.view.classList.toggle("single", this.settings.single);
    this.list.draw();
    say(this.settings.single ? t("one_at_a_time") : t("as_list"));
  }

  // Whether the key meant something here.
  key(key) {
    const acts = {
      a: () => this.verdict("accept"), r: () => this.verdict("reject"), m: () => this.verdict("maybe"), u: () => this.undo(),
      j: () => this.go(this.at + 1), k: () => this.go(this.at - 1), ArrowDown: () => this.go(this.at + 1), ArrowUp: () => this.go(this.at - 1),
      ArrowRight: () => this.stepTheme(1), ArrowLeft: () => this.stepTheme(-1),
      "[": () => this.moveEnd(0, -1), "]": () => this.moveEnd(0, 1), "{": () => this.moveEnd(1, -1), "}": () => this.moveEnd(1, 1),
      t: () => this.nextWay(), l: () => this.toggleSingle(), ".": () => this.nextOpen(),
      c: () => { this.contextOpen = !this.contextOpen; this.drawCard(); },
      n: () => document.getElementById("note")?.focus(), "/": () => document.getElementById("search")?.focus(),
    };
    if (/^[1-6]$/.test(key)) acts[key] = () => this.giveReason(Number(key) - 1);
    if (!acts[key]) return false;
    acts[key]();
    return true;
  }

  // Somebody else, or another window, decided something: the list stays as it is under the reader's eyes.
  learned() {
    if (!this.list) return;
    this.themeOf = new Map(this.store.items.map((item) => [item.id, this.themes.ofItem(item)]));
    this.list.draw();
    this.drawSide();
    if (!this.card.contains(document.activeElement)) this.drawCard();
  }
}

export const SIGNS = { accept: "✓", reject: "✕", maybe: "?", undecided: "○", look: "!", conflict: "≠" };

// Old words against new ones: what went is struck out, what came is marked.
function compared(old, present) {
  const [a, b] = [old.split(/(?<=\s)/), present.split(/(?<=\s)/)];
  if (a.length * b.length > 250000) return old;
  const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) for (let j = b.length - 1; j >= 0; j -= 1) longest[i][j] = a[i].trim() === b[j].trim() ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
  const shown = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i].trim() === b[j].trim()) { shown.push(b[j]); i += 1; j += 1; }
    else if (j >= b.length || (i < a.length && longest[i + 1][j] >= longest[i][j + 1])) { shown.push(h("del", {}, a[i])); i += 1; }
    else { shown.push(h("ins", {}, b[j])); j += 1; }
  }
  return shown;
}
