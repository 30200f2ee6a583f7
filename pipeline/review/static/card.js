// One quote in full: its words, who said them, what speaks for it and against it, and the buttons to decide with.

import { cut, denies, points } from "./text.js";
import { attribution, clock, date, retold, t } from "./words.js";
import { button, fill, h } from "./dom.js";
import { GAP, NO_THEME, SIGNS, asProposed } from "./store.js";

export const REASONS = ["not_alone", "identifies", "said_better", "off_theme", "not_substance", "other"];

export class QuoteCard {
  constructor(view) {
    this.view = view;
    this.store = view.store;
    this.themes = view.themes;
    this.contextOpen = false;
    this.element = h("section", { class: "card", tabindex: "-1", "aria-label": t("quote") });
  }

  // To what is to be decided.
  focus() {
    this.element.querySelector(".verdicts button:not(:disabled)")?.focus();
  }

  draw() {
    const { item } = this.view;
    if (!item) {
      fill(
        this.element,
        h("div", { class: "nothing" }, h("h2", {}, t("nothing_here")), h("p", {}, t("nothing_here_why"))),
      );
      return;
    }
    const status = this.store.status(item);
    const row = this.store.verdictRow(item);
    const theme = this.themes.themes.get(this.view.themeOf.get(item.id));
    fill(
      this.element,
      h(
        "header",
        { class: "card-head" },
        h("h2", { class: "eyebrow" }, theme ? retold(theme.name) : t("no_theme")),
        this.place(),
        h("p", { class: `pill ${status}` }, `${SIGNS[status]} ${t(`status_${status}`)}`),
      ),
      status === "look" ? this.anotherLook(item, row) : "",
      item.turn >= 0 && this.view.listedUnder(item) === NO_THEME
        ? h("p", { class: "warning" }, t("no_theme_why"))
        : "",
      this.words(item),
      item.turn >= 0 ? this.saidBy(item) : "",
      status === "reject" || item.turn < 0 ? "" : this.sharing(item),
      this.verdicts(item, status, row),
      item.turn >= 0 ? this.attribution(item, row) : "",
      this.reasons(item),
      this.others(item),
      this.note(item, row),
      item.turn >= 0 ? this.context(item) : "",
    );
  }

  // Where it is in the list, and the ways to the one before and after it.
  place() {
    const { at, visible } = this.view;
    const step = (arrow, by, way) =>
      button(arrow, () => this.view.go(at + by), { "aria-label": t(way), title: t(way), disabled: !visible[at + by] });
    return h(
      "p",
      { class: "row" },
      step("↑", -1, "previous"),
      h("span", { class: "quiet" }, t("place_in_list", { at: at + 1, all: visible.length })),
      step("↓", 1, "next"),
    );
  }

  // An end, to be moved a word earlier or later; each way has its key.
  end(move, name, keys) {
    const step = (arrow, by, way, key) =>
      button(arrow, () => move(by), { "aria-label": t(way), title: t(way) }, key);
    return h(
      "span",
      { class: "ends-part" },
      h("span", { class: "quiet" }, t(name)),
      step("←", -1, `${name}_earlier`, keys[0]),
      step("→", 1, `${name}_later`, keys[1]),
    );
  }

  words(item) {
    const words = this.store.words(item);
    // Long words scroll within their place, by keyboard too.
    const long = words.length > 600 ? { class: "long", tabindex: "0", "aria-label": t("words_of_quote") } : {};
    const turn = item.turn >= 0 ? this.store.turn(item.turn) : null;
    const spans = turn ? this.store.spans(item) : [];
    const shown = spans.map(([start, end], at) => [
      at ? h("span", { class: "gap" }, GAP) : "",
      h("span", { "data-start": start }, cut(turn.text, start, end)),
    ]);
    return h(
      "div",
      { class: "words" },
      h(
        "blockquote",
        { dir: "auto", lang: turn?.language, ...long },
        h("p", {}, turn ? shown : words),
      ),
      turn
        ? h(
            "div",
            { class: "ends", role: "group", "aria-label": t("ends") },
            this.end((by) => this.view.moveEnd(0, by), "start", ["[", "]"]),
            this.end((by) => this.view.moveEnd(1, by), "end", ["{", "}"]),
            button(
              t("cut_out"),
              () => this.view.cutOut(),
              // Or pressing it would unmark the words that are to be cut out.
              { title: t("cut_out_hint"), onmousedown: (event) => event.preventDefault() },
              "x",
            ),
            asProposed(item, spans)
              ? ""
              : button(t("as_proposed"), () => this.view.decide({ spans: [[item.start, item.end]] }), {
                  class: "link",
                }),
          )
        : "",
      spans.slice(1).map((_, at) => this.gap(item, at, at === spans.length - 2)),
    );
  }

  // What is cut out of the middle of the words: it is shown, its ends can be moved, and it can be put back.
  gap(item, at, last) {
    const words = this.view.gapWords(item, at);
    const keys = last ? ["(", ")", "<", ">"] : ["", "", "", ""];
    return h(
      "div",
      { class: "ends cut", role: "group", "aria-label": t("was_cut_out") },
      h("p", {}, h("span", { class: "quiet" }, t("was_cut_out")), " ", h("del", { dir: "auto" }, words)),
      this.end((by) => this.view.moveGap(0, by, at), "gap_start", keys.slice(0, 2)),
      this.end((by) => this.view.moveGap(1, by, at), "gap_end", keys.slice(2)),
      button(t("put_back"), () => this.view.putBack(at), { class: "link" }),
      denies(words) ? h("p", { class: "warning" }, t("cut_denies")) : "",
    );
  }

  // The place in the turn of what is marked with the mouse in the quote's words; null where nothing is.
  marked() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const ends = [...this.element.querySelectorAll("[data-start]")]
      .filter((piece) => range.intersectsNode(piece))
      .flatMap((piece) => {
        const part = document.createRange();
        part.selectNodeContents(piece);
        const length = (node, offset) => {
          const before = part.cloneRange();
          before.setEnd(node, offset);
          return points(before.toString()).length;
        };
        const from = piece.contains(range.startContainer) ? length(range.startContainer, range.startOffset) : 0;
        const to = piece.contains(range.endContainer)
          ? length(range.endContainer, range.endOffset)
          : points(piece.textContent).length;
        const start = Number(piece.dataset.start);
        return to > from ? [start + from, start + to] : [];
      });
    return ends.length ? [Math.min(...ends), Math.max(...ends)] : null;
  }

  saidBy(item) {
    const turn = this.store.turn(item.turn);
    const person = this.store.people.get(turn.speaker);
    const held = this.store.roundtables.get(turn.roundtable)?.date;
    const facts = [
      this.store.roundtableName(turn.roundtable),
      held ? date(held) : "",
      clock(turn.start),
      t(`language_${turn.language}`),
      item.proposed ? (item.theme ? t("rank", { n: item.rank }) : "") : t("not_proposed"),
    ];
    return h(
      "p",
      { class: "said-by" },
      h("strong", {}, h("bdi", {}, turn.speaker)),
      person ? ` · ${t(`role_${person.role}`)}` : "",
      person?.sector ? [" · ", h("bdi", {}, person.sector)] : "",
      facts.filter(Boolean).map((fact) => ` · ${fact}`),
    );
  }

  verdicts(item, status, row) {
    const locked = item.turn < 0 || !item.ways.length;
    return h(
      "div",
      { class: "verdicts" },
      h(
        "div",
        { class: "row", role: "group", "aria-label": t("decide") },
        button(
          t("accept"),
          () => this.view.verdict("accept"),
          { class: "accept", disabled: locked, "aria-pressed": String(status === "accept") },
          "a",
        ),
        button(
          t("maybe"),
          () => this.view.verdict("maybe"),
          { class: "maybe", disabled: item.turn < 0, "aria-pressed": String(status === "maybe") },
          "m",
        ),
        button(
          item.turn < 0 ? t("let_go") : t("reject"),
          () => this.view.verdict("reject"),
          { class: "reject", "aria-pressed": String(status === "reject") },
          "r",
        ),
        button(t("undo"), () => this.view.undo(), { class: "undo" }, "u"),
      ),
      locked && item.turn >= 0 ? h("p", { class: "warning" }, t(`cannot_${item.consent || "no_quotes"}`)) : "",
      status === "reject" && item.turn >= 0
        ? h(
            "div",
            { class: "row why", role: "group", "aria-label": t("why") },
            h("span", { class: "quiet" }, t("why")),
            REASONS.map((reason, at) =>
              button(
                t(`reason_${reason}`),
                () => this.view.giveReason(at),
                { class: "chip", "aria-pressed": String(row?.reason === reason) },
                String(at + 1),
              ),
            ),
          )
        : "",
    );
  }

  sharing(item) {
    return this.store.sharing(item).map((other) =>
      h(
        "p",
        { class: "warning" },
        `${t("shares_words")} `,
        button(`“${this.store.words(other)}”`, () => this.view.open(other), { class: "link" }),
      ),
    );
  }

  attribution(item, row) {
    const chosen = row?.value.attribution || this.view.defaultWay(item);
    const turn = this.store.turn(item.turn);
    const sector = this.store.people.get(turn.speaker)?.sector || "";
    return h(
      "fieldset",
      { class: "attribution" },
      h("legend", {}, t("attribution"), h("kbd", { "aria-hidden": "true" }, "t")),
      item.ways.map((way) =>
        h(
          "label",
          {},
          h("input", {
            type: "radio",
            name: "way",
            value: way,
            checked: way === chosen,
            onchange: () => this.view.decide({ attribution: way }),
          }),
          attribution(way, sector),
        ),
      ),
      item.ways.length ? "" : h("p", { class: "quiet" }, t("way_nothing")),
      item.consent === "quote_without_attribution"
        ? h("p", { class: "quiet" }, t("limited_by_consent"))
        : item.risk === "high" && sector
          ? h("p", { class: "quiet" }, t("limited_by_risk"))
          : "",
    );
  }

  reasons(item) {
    // What to check because of the risk stands with the risk.
    const reasons = item.reasons.filter((reason) => !item.risk_reasons.includes(reason.replace(/^check: /, "")));
    if (!reasons.length && item.risk === "none" && !item.dissent) return "";
    return h(
      "div",
      { class: "reasons" },
      reasons.length
        ? h(
            "div",
            {},
            h("h3", {}, t("reasons")),
            h(
              "ul",
              {},
              reasons.map((reason) => h("li", { dir: "auto" }, retold(reason))),
              item.dissent ? h("li", {}, t("dissents")) : "",
            ),
          )
        : item.dissent
          ? h("p", {}, t("dissents"))
          : "",
      item.risk !== "none"
        ? h(
            "div",
            { class: `risk ${item.risk}` },
            h("h3", {}, t(`risk_title_${item.risk}`)),
            h(
              "ul",
              {},
              item.risk_reasons.map((reason) => h("li", { dir: "auto" }, retold(reason))),
            ),
          )
        : "",
    );
  }

  others(item) {
    const rows = this.store.shared ? this.store.others(item) : [];
    if (!rows.length) return "";
    return h(
      "div",
      { class: "others" },
      h("h3", {}, t("others_decided")),
      h(
        "ul",
        {},
        rows.map((row) =>
          h(
            "li",
            {},
            h("strong", {}, h("bdi", {}, row.by)),
            ": ",
            t(`status_${row.action}`),
            row.reason ? ` (${t(`reason_${row.reason}`)})` : "",
            row.note ? [" — ", h("bdi", {}, row.note)] : "",
          ),
        ),
      ),
    );
  }

  note(item, row) {
    const own = this.store.latest(item.id).get(this.store.reviewer);
    let timer = 0;
    const save = (event) => {
      clearTimeout(timer);
      const text = event.target.value;
      if (text !== (this.store.latest(item.id).get(this.store.reviewer)?.note || ""))
        this.view.decideOn(item, { note: text }, { redraw: false });
    };
    return h(
      "label",
      { class: "note" },
      h("span", {}, t("note"), h("kbd", { "aria-hidden": "true" }, "n")),
      h("textarea", {
        id: "note",
        rows: "2",
        value: own?.note || "",
        oninput: (event) => {
          clearTimeout(timer);
          timer = setTimeout(() => save(event), 400);
        },
        onchange: save,
      }),
    );
  }

  context(item) {
    const turn = this.store.turn(item.turn);
    const spans = this.store.spans(item);
    const line = (other, label, inside) =>
      h(
        "div",
        { class: "turn" },
        h(
          "p",
          { class: "quiet" },
          label ? `${label} · ` : "",
          h("bdi", {}, other.speaker),
          ` · ${t(`role_${other.role}`)} ${clock(other.start)}`,
        ),
        h("p", { dir: "auto", lang: other.language }, inside || other.text),
      );
    const details = h(
      "details",
      {
        class: "context",
        open: this.contextOpen,
        ontoggle: (event) => {
          if (this.contextOpen !== event.target.open) {
            this.contextOpen = event.target.open;
            if (this.contextOpen) this.draw();
          }
        },
      },
      h("summary", {}, t("context"), h("kbd", { "aria-hidden": "true" }, "c")),
    );
    if (!this.contextOpen) return details;
    const beside = (step) => {
      const row = item.turn + step;
      return row >= 0 &&
        row < this.store.data.turns.text.length &&
        this.store.data.turns.transcript_id[row] === turn.transcript
        ? this.store.turn(row)
        : null;
    };
    const [before, after] = [beside(-1), beside(1)];
    const [asked, from, to] = item.question;
    details.append(
      item.question.length && asked !== item.turn - 1
        ? line(this.store.turn(asked), t("question"), cut(this.store.turn(asked).text, from, to))
        : "",
      before ? line(before, item.question.length && asked === item.turn - 1 ? t("question") : t("before")) : "",
      line(turn, "", [
        spans.map(([start, end], at) => [
          cut(turn.text, at ? spans[at - 1][1] : 0, start),
          h("mark", {}, cut(turn.text, start, end)),
        ]),
        cut(turn.text, spans[spans.length - 1][1]),
      ]),
      after ? line(after, t("after")) : "",
    );
    return details;
  }

  anotherLook(item, row) {
    const old = (row?.subject || []).map((span) => span.text).join(GAP);
    return h(
      "div",
      { class: "look-box", role: "note" },
      h("h3", {}, t("look_title")),
      h("p", {}, t(`look_${row?.look || "words_gone"}`)),
      item.turn >= 0 && old
        ? [
            h("p", { class: "quiet" }, t("look_was")),
            h("p", { dir: "auto", class: "was" }, compared(old, this.store.words(item))),
          ]
        : "",
    );
  }
}

// Old words against new ones: what went is struck out, what came is marked.
function compared(old, present) {
  const [a, b] = [old.split(/(?<=\s)/), present.split(/(?<=\s)/)];
  if (a.length * b.length > 250000) return old;
  const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      longest[i][j] =
        a[i].trim() === b[j].trim() ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
  const shown = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i].trim() === b[j].trim()) {
      shown.push(b[j]);
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && longest[i + 1][j] >= longest[i][j + 1])) {
      shown.push(h("del", {}, a[i]));
      i += 1;
    } else {
      shown.push(h("ins", {}, b[j]));
      j += 1;
    }
  }
  return shown;
}
