// The quotes: the candidates of a theme in a list, one of them in full, and a key for everything that can be said of it.

import { cut, folded, middleWord, withEndMoved, without } from "./text.js";
import { attribution, retold, t } from "./words.js";
import { choice, fill, h, say } from "./dom.js";
import { DONE, NO_THEME, SIGNS } from "./store.js";
import { VirtualList } from "./list.js";
import { QuoteCard, REASONS } from "./card.js";
import { QuoteSide } from "./side.js";

const NO_FILTERS = { theme: "", status: "", roundtable: "", speaker: "", language: "", risk: "", search: "" };

export class QuotesView {
  constructor(store, themes, settings) {
    this.store = store;
    this.themes = themes;
    this.settings = settings;
    this.filters = { ...NO_FILTERS };
    this.visible = [];
    this.at = 0;
    this.themeOf = new Map();
  }

  get item() {
    return this.visible[this.at] || null;
  }

  // Where the reader is, by numbers: what is typed into the search may be words of the talk, and stays here.
  get where() {
    return { filters: { ...this.filters, search: "" }, item: this.item?.id, single: this.settings.single };
  }

  set where({ filters, item, single }) {
    this.filters = { ...NO_FILTERS, ...filters };
    this.left = item;
    this.settings.single = Boolean(single);
  }

  // --- drawing ---------------------------------------------------------------------------------------------------

  draw(root) {
    this.list = new VirtualList({
      label: t("quotes_list"),
      row: (item) => this.listRow(item),
      onChoose: (at) => this.go(at),
    });
    this.side = new QuoteSide(this);
    this.card = new QuoteCard(this);
    this.letGo();
    this.count = h("p", { class: "quiet", id: "n-shown" });
    this.view = h(
      "div",
      { class: "quotes" },
      h("h1", { class: "sr" }, t("tab_quotes")),
      this.side.element,
      h(
        "section",
        { class: "middle", tabindex: "-1", "aria-label": t("quotes_list") },
        this.filterBar(),
        this.count,
        this.list.element,
      ),
      this.card.element,
    );
    fill(root, this.view);
    this.view.classList.toggle("single", this.settings.single);
    this.refresh();
  }

  refresh() {
    this.filter(this.item?.id || this.left);
    this.side.draw();
    this.card.draw();
  }

  // Lets go of what was chosen and is there no longer, after a merge or another run: no choice would show it, and the
  // list would be empty for a reason that nobody sees. A merged theme's candidates are under the other.
  letGo() {
    this.placeItems();
    const there = { speaker: this.among("speaker"), language: this.among("language"), roundtable: [...this.store.roundtables.keys()] };
    for (const [name, values] of Object.entries(there))
      if (!values.includes(this.filters[name])) this.filters[name] = "";
    const { theme } = this.filters;
    const now = theme === NO_THEME ? theme : this.themes.final(theme);
    this.filters.theme = this.store.items.some((item) => this.listedUnder(item) === now) ? now : "";
  }

  placeItems() {
    this.themeOf = new Map(this.store.items.map((item) => [item.id, this.themes.ofItem(item)]));
  }

  // What a column of the turns holds where the candidates are, each once.
  among(column) {
    const values = this.store.data.turns[column];
    return [...new Set(this.store.items.filter((item) => item.turn >= 0).map((item) => values[item.turn]))].sort();
  }

  filter(keep) {
    const wanted = this.filters;
    const words = folded(wanted.search.trim());
    this.visible = this.store.items.filter((item) => {
      if (
        wanted.theme &&
        this.listedUnder(item) !== wanted.theme &&
        !(item.themes.includes(wanted.theme) && item.themes.length > 1)
      )
        return false;
      if (
        wanted.status === "open"
          ? DONE.includes(this.store.status(item))
          : wanted.status && this.store.status(item) !== wanted.status
      )
        return false;
      // Of words that are gone nobody knows who said them where.
      const turn = item.turn >= 0 ? this.store.turn(item.turn) : { speaker: "" };
      if (wanted.roundtable && turn.roundtable !== wanted.roundtable) return false;
      if (wanted.speaker && turn.speaker !== wanted.speaker) return false;
      if (wanted.language && turn.language !== wanted.language) return false;
      if (wanted.risk && item.risk !== wanted.risk) return false;
      return (
        !words ||
        folded(
          `${this.store.words(item)} ${turn.speaker} ${this.store.latest(item.id).get(this.store.reviewer)?.note || ""}`,
        ).includes(words)
      );
    });
    this.visible.sort(
      (a, b) =>
        (wanted.theme && a.rank && b.rank && a.theme === b.theme ? a.rank - b.rank : 0) || a.overall - b.overall,
    );
    const at = this.visible.findIndex((item) => item.id === keep);
    this.at = Math.max(0, at);
    // Before the list, whose height it takes from: or the chosen one would be half out of sight.
    this.count.textContent = t("n_quotes", { n: this.visible.length });
    this.list.show(this.visible, this.visible.length ? this.at : -1);
  }

  filterBar() {
    const set = (name) => (value) => {
      this.filters[name] = value;
      this.filter(this.item?.id);
      this.side.draw();
      this.card.draw();
      say(t("n_quotes", { n: this.visible.length }));
    };
    const all = ["", t("all")];
    const search = h("input", {
      type: "search",
      id: "search",
      placeholder: t("search_placeholder"),
      value: this.filters.search,
      oninput: (event) => set("search")(event.target.value),
    });
    this.statusChoice = choice(
      t("status"),
      [
        all,
        ["open", t("status_open")],
        ...["accept", "maybe", "reject", "undecided", "look", "conflict"].map((name) => [name, t(`status_${name}`)]),
      ],
      this.filters.status,
      set("status"),
    );
    return h(
      "div",
      { class: "filters", role: "search" },
      h("label", { class: "choice wide" }, h("span", {}, t("search")), search),
      this.statusChoice,
      h(
        "details",
        {
          class: "more",
          open: Boolean(
            this.filters.roundtable || this.filters.speaker || this.filters.language || this.filters.risk,
          ),
        },
        h("summary", {}, t("more_filters")),
        h(
          "div",
          { class: "filters" },
          choice(
            t("roundtable"),
            [
              all,
              ...[...this.store.roundtables.keys()].map((id) => [id, this.store.roundtableName(id)]),
            ],
            this.filters.roundtable,
            set("roundtable"),
          ),
          choice(t("speaker"), [all, ...this.among("speaker").map((name) => [name, name])], this.filters.speaker, set("speaker")),
          choice(
            t("language"),
            [all, ...this.among("language").map((name) => [name, t(`language_${name}`)])],
            this.filters.language,
            set("language"),
          ),
          choice(
            t("risk"),
            [all, ...["none", "low", "high"].map((name) => [name, t(`risk_${name}`)])],
            this.filters.risk,
            set("risk"),
          ),
        ),
      ),
    );
  }

  listRow(item) {
    const status = this.store.status(item);
    const turn = item.turn >= 0 ? this.store.turn(item.turn) : null;
    return [
      h("span", { class: `mark ${status}`, "aria-hidden": "true" }, SIGNS[status]),
      h(
        "span",
        { class: "option-text" },
        h("span", { class: "clamp", dir: "auto", lang: turn?.language }, this.store.words(item)),
        h(
          "span",
          { class: "option-meta" },
          h("span", { class: "sr" }, `${t(`status_${status}`)}. `),
          // Where there is no room for both, the roundtable's name is cut short, and never a warning.
          turn
            ? h("span", { class: "where" }, h("bdi", {}, turn.speaker), ` · ${this.store.roundtableName(turn.roundtable)}`)
            : "",
          item.risk === "high"
            ? h("span", { class: "flag high" }, t("risk_high"))
            : item.risk === "low"
              ? h("span", { class: "flag low" }, t("risk_low"))
              : "",
          item.dissent ? h("span", { class: "flag dissent" }, t("dissent")) : "",
          item.proposed ? "" : h("span", { class: "flag" }, t("not_proposed")),
        ),
      ),
    ];
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
    const anchor = this.themes
      .anchorOf(id)
      .slice(0, 3)
      .map((row) => this.store.statementSpan(row));
    // Without what stands around them: three are enough to find the theme, and the file stays small.
    const bare = anchor.map(({ turn_id, start, end, text, sha256 }) => ({ turn_id, start, end, text, sha256 }));
    const code = theme.origin === "codebook" ? { theme_code: id } : {};
    return { theme_name: theme.name, theme_anchor: bare, origin: theme.origin, ...code };
  }

  decide(changes) {
    if (this.item) this.decideOn(this.item, changes, { redraw: true });
  }

  decideOn(item, changes, { redraw }) {
    this.store.decideQuote(item, { theme: this.themeValue(item), ...changes });
    // Not for a note: it is kept while the reader presses another button, which must not be replaced under the mouse.
    if (!redraw) return;
    this.list.draw();
    this.side.draw();
    this.card.draw();
  }

  verdict(action) {
    const { item } = this;
    if (!item || (item.turn < 0 && action !== "reject")) return;
    if (action === "accept" && !item.ways.length) {
      say(t(`cannot_${item.consent}`));
      return;
    }
    const way = this.store.latest(item.id).get(this.store.reviewer)?.value.attribution;
    this.decideOn(
      item,
      { action, attribution: item.ways.includes(way) ? way : this.defaultWay(item), reason: "" },
      { redraw: true },
    );
    const said = t(`said_${action}`);
    if (action !== "reject" && this.settings.advance) {
      this.nextOpen(said);
      return;
    }
    say(action === "reject" && item.turn >= 0 ? `${said}. ${t("why_hint")}` : said);
  }

  giveReason(at) {
    if (!this.item || this.store.status(this.item) !== "reject" || !REASONS[at]) return;
    this.decide({ action: "reject", reason: REASONS[at] });
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
    this.side.draw();
    this.card.draw();
    const item = this.store.itemById.get(undone.item);
    say(`${t("said_undo", { what: this.whatWas(undone) })}. ${item ? this.store.words(item).slice(0, 300) : ""}`);
  }

  // What a decision that was undone had changed, in the words of the page.
  whatWas(undone) {
    const before = this.store.latest(undone.item).get(this.store.reviewer);
    const changed = (of) => (of(undone) || "") !== (before ? of(before) || "" : "");
    if (undone.action !== (before?.action || "undecided")) return t(`status_${undone.action}`);
    if (undone.reason && changed((row) => row.reason)) return t(`reason_${undone.reason}`);
    if (changed((row) => row.note)) return t("note");
    return t(changed((row) => row.value.attribution) ? "attribution" : "words_of_quote");
  }

  // One end (0, the start; 1, the end) of the quote.
  moveEnd(which, by) {
    const { item } = this;
    if (!item || item.turn < 0) return;
    const spans = this.moved(which ? this.store.spans(item).length - 1 : 0, which, by);
    if (!spans) return;
    const { text } = this.store.turn(item.turn);
    const [start, end] = which ? spans[spans.length - 1] : spans[0];
    say(cut(text, ...(which ? [Math.max(start, end - 40), end] : [start, Math.min(end, start + 40)])));
  }

  // One end of what is cut out: of the gap after the span with this number, or of the last gap.
  moveGap(which, by, at = this.store.spans(this.item).length - 2) {
    const { item } = this;
    if (!item || item.turn < 0 || at < 0) return;
    // Where a gap starts, the span before it ends.
    const spans = this.moved(which ? at + 1 : at, which ? 0 : 1, by);
    if (spans) say(t("said_cut", { words: this.gapWords(item, at) }));
  }

  moved(at, which, by) {
    const spans = withEndMoved(this.store.spans(this.item), this.store.turn(this.item.turn).text, at, which, by);
    if (spans) this.decide({ spans });
    return spans;
  }

  gapWords(item, at) {
    const spans = this.store.spans(item);
    return cut(this.store.turn(item.turn).text, spans[at][1], spans[at + 1][0]).trim();
  }

  // Cuts out the words that are marked with the mouse; where none are, the middle one, whose ends can then be moved.
  cutOut() {
    const { item } = this;
    if (!item || item.turn < 0) return;
    const { text } = this.store.turn(item.turn);
    const spans = this.store.spans(item);
    const place = this.card.marked() || middleWord(spans, text);
    const left = place ? without(spans, text, ...place) : [];
    if (!left.length) {
      say(t("cut_nothing"));
      return;
    }
    this.decide({ spans: left });
    say(t("said_cut", { words: cut(text, ...place) }));
  }

  putBack(at) {
    const spans = this.store.spans(this.item);
    this.decide({ spans: [...spans.slice(0, at), [spans[at][0], spans[at + 1][1]], ...spans.slice(at + 2)] });
    say(t("said_put_back"));
  }

  nextWay() {
    const { item } = this;
    if (!item || item.ways.length < 2) return;
    const present = this.store.verdictRow(item)?.value.attribution || this.defaultWay(item);
    const way = item.ways[(item.ways.indexOf(present) + 1) % item.ways.length];
    this.decide({ attribution: way });
    say(attribution(way, this.store.people.get(this.store.turn(item.turn).speaker)?.sector || ""));
  }

  // --- moving ----------------------------------------------------------------------------------------------------

  go(at, said = "") {
    if (!this.visible.length) return;
    this.at = Math.min(Math.max(0, at), this.visible.length - 1);
    this.list.choose(this.at);
    this.card.draw();
    this.card.element.scrollTop = 0;
    // On a small screen the page scrolls as a whole: what is decided next must not stay above it, or below.
    const words = this.card.element.querySelector("blockquote");
    const { top } = words.getBoundingClientRect();
    if (top < 0 || top >= window.innerHeight) words.scrollIntoView();
    const { item } = this;
    say(
      `${said ? `${said}. ` : ""}${t("place_in_list", { at: this.at + 1, all: this.visible.length })}. ${this.store.words(item).slice(0, 300)}`,
    );
  }

  // The theme beside the list that a quote is counted under.
  listedUnder(item) {
    const theme = this.themes.themes.get(this.themeOf.get(item.id));
    return theme && theme.fate !== "reject" ? theme.id : NO_THEME;
  }

  nameOf(id) {
    if (id === NO_THEME) return t("no_theme");
    return id ? retold(this.themes.themes.get(id).name) : t("all_themes");
  }

  chooseTheme(id) {
    this.filters.theme = id;
    this.filter();
    this.side.draw();
    this.card.draw();
    this.side.element.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    say(`${this.nameOf(id)}. ${t("n_quotes", { n: this.visible.length })}`);
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

  // A quote, whatever was chosen to be in the list.
  open(item) {
    this.filters = { ...NO_FILTERS };
    this.redrawFilters();
    this.go(this.visible.indexOf(item));
  }

  redrawFilters() {
    this.view.querySelector(".filters").replaceWith(this.filterBar());
    this.filter();
    this.side.draw();
    this.card.draw();
    say(t("n_quotes", { n: this.visible.length }));
  }

  toggleSingle() {
    this.settings.single = !this.settings.single;
    this.view.classList.toggle("single", this.settings.single);
    this.list.draw();
    // Nothing that is out of sight keeps the keyboard.
    if (this.settings.single && this.view.querySelector(".middle").contains(document.activeElement)) this.card.element.focus();
    say(this.settings.single ? t("one_at_a_time") : t("as_list"));
  }

  // Whether the key meant something here.
  key(key) {
    const acts = {
      a: () => this.verdict("accept"),
      r: () => this.verdict("reject"),
      m: () => this.verdict("maybe"),
      u: () => this.undo(),
      j: () => this.go(this.at + 1),
      k: () => this.go(this.at - 1),
      ArrowDown: () => this.go(this.at + 1),
      ArrowUp: () => this.go(this.at - 1),
      ArrowRight: () => this.stepTheme(1),
      ArrowLeft: () => this.stepTheme(-1),
      "[": () => this.moveEnd(0, -1),
      "]": () => this.moveEnd(0, 1),
      "{": () => this.moveEnd(1, -1),
      "}": () => this.moveEnd(1, 1),
      x: () => this.cutOut(),
      "(": () => this.moveGap(0, -1),
      ")": () => this.moveGap(0, 1),
      "<": () => this.moveGap(1, -1),
      ">": () => this.moveGap(1, 1),
      t: () => this.nextWay(),
      l: () => this.toggleSingle(),
      ".": () => this.nextOpen(),
      c: () => {
        this.card.contextOpen = !this.card.contextOpen;
        this.card.draw();
      },
      n: () => document.getElementById("note")?.focus(),
      "/": () => {
        // The search is above the list.
        if (this.settings.single) this.toggleSingle();
        document.getElementById("search")?.focus();
      },
    };
    if (/^[1-6]$/.test(key)) acts[key] = () => this.giveReason(Number(key) - 1);
    if (!acts[key]) return false;
    acts[key]();
    return true;
  }

  // Somebody else, or another window, decided something: the list stays as it is under the reader's eyes.
  learned() {
    if (!this.list) return;
    this.placeItems();
    this.list.draw();
    this.side.draw();
    if (!this.card.element.contains(document.activeElement)) this.card.draw();
  }
}
