// The themes: named, described, merged, split, put in the order of the report; always by pointing at statements.

import { clock, language, number, percent, retold, t } from "./words.js";
import { ask, button, choice, fill, h, say } from "./dom.js";
import { folded, makeSpan } from "./text.js";

const STATEMENTS_SHOWN = 60;
const KEYWORDS_SHOWN = 12;
// What is said when each of these is decided, and when it is undone.
const SAID = {
  rename: "renamed",
  describe: "described",
  place: "placed",
  merge: "merged",
  reject: "theme_rejected",
  keep: "restored",
  split: "split",
  add_to_codebook: "added",
  confirm: "confirm",
  refuse: "refuse",
  move: "moved",
};

export class ThemesView {
  constructor(store, themes) {
    this.store = store;
    this.themes = themes;
    this.chosen = "";
    this.picked = new Set();
    this.shown = STATEMENTS_SHOWN;
  }

  get where() {
    return this.chosen;
  }

  set where(id) {
    this.chosen = id;
  }

  get theme() {
    return this.themes.themes.get(this.chosen);
  }

  draw(root) {
    this.side = h("nav", { class: "side", "aria-label": t("themes") });
    this.main = h("section", { class: "theme-page", tabindex: "-1", "aria-label": t("theme") });
    fill(root, h("div", { class: "themes" }, this.side, this.main));
    if (!this.theme || this.theme.into) this.chosen = this.themes.listed()[0]?.id || "";
    this.refresh();
  }

  refresh() {
    this.drawSide();
    this.drawMain();
  }

  drawSide() {
    const groups = new Map();
    for (const theme of this.themes.listed()) {
      const group = this.groupOf(theme);
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(theme);
    }
    fill(
      this.side,
      [...groups].map(([name, themes]) => [
        h("h2", {}, name),
        h(
          "ul",
          { class: "plain" },
          themes.map((theme) =>
            h(
              "li",
              {},
              h(
                "button",
                {
                  type: "button",
                  class: `theme ${theme.fate}`,
                  "aria-current": theme.id === this.chosen ? "true" : null,
                  onclick: () => this.choose(theme.id),
                },
                h("span", { class: "theme-name" }, retold(theme.name)),
                h(
                  "span",
                  { class: "theme-count" },
                  number(this.counted(theme, this.themes.statementsOf(theme.id)).length),
                ),
              ),
            ),
          ),
        ),
      ]),
    );
  }

  // As the report has them: a theme of the codebook stands in the part that it was put in, beside the others.
  groupOf(theme) {
    if (theme.fate === "reject") return t("rejected_themes");
    return theme.part || t(theme.origin === "codebook" ? "codebook" : "no_part");
  }

  choose(id) {
    this.chosen = id;
    this.picked.clear();
    this.shown = STATEMENTS_SHOWN;
    this.refresh();
    this.main.scrollTop = 0;
    // On a small screen the page scrolls as a whole: what was chosen must not stay above it.
    if (this.main.getBoundingClientRect().top < 0) this.main.scrollIntoView();
    say(retold(this.theme.name));
  }

  drawMain() {
    const { theme } = this;
    if (!theme) {
      fill(this.main, h("div", { class: "nothing" }, h("h2", {}, t("no_themes")), h("p", {}, t("advice_half_made"))));
      return;
    }
    const statements = this.themes.statementsOf(theme.id);
    const keyed = this.formOf(theme);
    fill(
      this.main,
      this.facts(theme, statements),
      keyed,
      this.fate(theme),
      this.known(theme),
      this.papers(theme),
      this.pictures(),
      this.statements(theme, statements),
      this.perhaps(theme),
    );
  }

  // What the report counts: participants' statements that have this theme as their first.
  counted(theme, statements) {
    return statements.filter(
      (row) => this.store.roleOf(row) === "participant" && this.themes.primary[theme.origin].get(row) === theme.id,
    );
  }

  // The turns of quotes that people accepted under a theme: the report counts who said them, too.
  quoted(theme) {
    return this.store.items
      .filter((item) => item.turn >= 0 && this.themes.ofItem(item) === theme.id && this.store.status(item) === "accept")
      .map((item) => this.store.turn(item.turn))
      .filter((turn) => this.store.people.get(turn.speaker)?.role === "participant");
  }

  facts(theme, statements) {
    const turns = this.counted(theme, statements).map((row) => this.store.statement(row).turn);
    const heard = [...turns, ...this.quoted(theme)];
    const people = new Set(heard.map((turn) => turn.speaker)).size;
    const byQuote = people - new Set(turns.map((turn) => turn.speaker)).size;
    const rounds = new Set(heard.map((turn) => turn.roundtable)).size;
    const present = [...this.store.people.values()].filter((row) => row.role === "participant").length;
    const held = this.store.roundtables.size;
    const beside = statements.filter((row) => this.store.roleOf(row) === "participant").length - turns.length;
    const fact = (value, label) => h("div", { class: "fact" }, h("dd", {}, value), h("dt", {}, label));
    return h(
      "header",
      {},
      h("p", { class: "eyebrow" }, theme.origin === "codebook" ? t("codebook") : t("emergent")),
      h("h1", {}, retold(theme.name)),
      theme.keywords.length
        ? h(
            "p",
            { class: "quiet" },
            theme.keywords.slice(0, KEYWORDS_SHOWN).join(" · "),
            theme.keywords.length > KEYWORDS_SHOWN ? " …" : "",
          )
        : "",
      h(
        "dl",
        { class: "facts" },
        fact(number(turns.length), t("fact_statements", { n: turns.length })),
        fact(t("place_in_list", { at: people, all: present }), t("fact_participants", { n: present })),
        fact(t("place_in_list", { at: rounds, all: held }), t("fact_roundtables", { n: held })),
        // A code is there because people gave it: it can't fail to come back.
        // Nor was anything found out where nobody was left out.
        !theme.stability || theme.origin === "codebook" ? "" : fact(percent(theme.stability), t("fact_stability")),
      ),
      beside ? h("p", { class: "quiet" }, t("carried_beside", { n: beside })) : "",
      byQuote ? h("p", { class: "quiet" }, t("counted_by_quote", { n: byQuote })) : "",
    );
  }

  formOf(theme) {
    const parts = [...new Set([...this.themes.themes.values()].map((other) => other.part).filter(Boolean))].sort();
    const name = h("input", {
      type: "text",
      value: retold(theme.name),
      maxlength: "200",
      onchange: ({ target }) => {
        if (target.value.trim()) this.decideField("rename", { name: target.value.trim() }, t("said_renamed"));
        // A theme has a name: the field must not look as if there were none.
        else target.value = retold(this.theme.name);
      },
    });
    const text = h("textarea", {
      rows: "3",
      value: theme.description,
      onchange: (event) => this.decideField("describe", { text: event.target.value.trim() }, t("said_described")),
    });
    const part = h("input", {
      type: "text",
      list: "parts",
      value: theme.part,
      onchange: (event) => this.place(event.target.value.trim()),
    });
    return h(
      "div",
      { class: "form" },
      h(
        "label",
        {},
        h("span", {}, t("theme_name")),
        name,
        theme.name_cy
          ? h("span", { class: "quiet" }, t("theme_name_hint", { both: `${theme.name} / ${theme.name_cy}` }))
          : "",
      ),
      h(
        "label",
        {},
        h("span", {}, t("theme_description")),
        text,
        h("span", { class: "quiet" }, t("theme_description_hint")),
      ),
      h(
        "div",
        { class: "row bottom" },
        h(
          "label",
          { class: "grow" },
          h("span", {}, t("part")),
          part,
          h(
            "datalist",
            { id: "parts" },
            parts.map((value) => h("option", { value })),
          ),
        ),
        button(t("earlier"), () => this.step(-1), { class: "step", disabled: !theme.part }),
        button(t("later"), () => this.step(1), { class: "step", disabled: !theme.part }),
      ),
    );
  }

  fate(theme) {
    const others = this.others(theme);
    return h(
      "div",
      { class: "row actions", role: "group", "aria-label": t("theme") },
      button(t("merge_into"), () => this.merge(others), { disabled: !others.length }),
      theme.fate === "reject"
        ? button(t("restore_theme"), () => this.decide("keep", {}, t("said_restored")))
        : button(t("reject_theme"), () => this.decide("reject", {}, t("said_theme_rejected")), { class: "reject" }),
      theme.origin === "emergent"
        ? button(
            theme.code ? t("in_codebook", { code: theme.code }) : t("add_to_codebook"),
            () => this.toCodebook(theme),
            { "aria-pressed": String(Boolean(theme.code)) },
          )
        : "",
      button(t("undo"), () => this.undo(), {}, "u"),
    );
  }

  // What a reader should know before they rely on a theme.
  known(theme) {
    const note = this.store.data.notes.find((row) => row.theme_id === theme.id);
    const series = this.store.data.series
      .filter((row) => row.theme_id === theme.id)
      .sort((a, b) => a.order - b.order);
    if (!note && !series.length) return "";
    const nearest = note?.nearest && this.themes.themes.get(note.nearest);
    const facts = note
      ? [
          note.n_left_out
            ? t("note_holds", { holds: t(`holds_${note.holds}`), n: note.n_left_out })
            : t("note_untried"),
          t("note_share", { share: percent(note.share_of_talk) }),
          note.prompted >= 0.5 ? t("note_prompted", { share: percent(note.prompted) }) : "",
          note.one_voice ? t("note_one_voice") : "",
          nearest ? t("note_nearest", { name: retold(nearest.name), differs: note.differs.join(", ") }) : "",
        ].filter(Boolean)
      : [];
    return h(
      "section",
      { class: "known", "aria-labelledby": "known-title" },
      h("h2", { id: "known-title" }, t("known_title")),
      h(
        "ul",
        {},
        facts.map((fact) => h("li", { dir: "auto" }, fact)),
        series.map((row) =>
          h(
            "li",
            {},
            t("series_line", {
              roundtable: this.store.roundtableName(row.roundtable_id),
              n: row.n_participants,
              present: row.n_present,
              change: t(`change_${row.change}`),
            }),
          ),
        ),
      ),
    );
  }

  papers(theme) {
    const found = this.store.data.passages.filter((row) => this.themes.final(row.theme_id) === theme.id);
    if (!found.length) return "";
    // A passage may be proposed for several themes; earlier pages didn't say for which it was accepted.
    const here = (made) => !made.value.origin || this.themes.final(this.themes.pointedAt(made)) === theme.id;
    const said = (row) =>
      [...this.store.rows.values()]
        .filter(
          (made) =>
            made.kind === "evidence" &&
            made.value.passage === row.passage_id &&
            this.store.live(made) &&
            made.by === this.store.reviewer &&
            here(made),
        )
        .sort((a, b) => (a.at < b.at ? -1 : 1))
        .pop()?.action;
    return h(
      "section",
      { class: "papers", "aria-labelledby": "papers-title" },
      h("h2", { id: "papers-title" }, t("papers")),
      h("p", { class: "quiet" }, t("papers_hint")),
      h(
        "ul",
        { class: "statements" },
        found.map((row, at) =>
          h(
            "li",
            {},
            h(
              "div",
              { class: "grow" },
              h("p", { dir: "auto", id: `passage-${at}` }, row.text),
              h("p", { class: "quiet" }, row.citation, row.page ? `, ${t("page", { page: row.page })}` : ""),
            ),
            h(
              "span",
              { class: "row" },
              ["accept", "reject"].map((action) =>
                button(t(action), () => this.cite(theme, row, action), {
                  class: `chip ${action}`,
                  "aria-pressed": String(said(row) === action),
                  "aria-describedby": `passage-${at}`,
                }),
              ),
            ),
          ),
        ),
      ),
    );
  }

  cite(theme, row, action) {
    const anchor = this.themes.anchorOf(theme.id);
    const code = theme.origin === "codebook" ? { theme_code: theme.id } : {};
    this.store.add({
      kind: "evidence",
      action,
      subject: this.spans(anchor),
      value: { passage: row.passage_id, origin: theme.origin, ...code },
      anchor,
      look: "",
      present: [],
    });
    this.drawMain();
    say(t(`said_${action}`));
  }

  pictures() {
    const { pictures } = this.store.data;
    if (!pictures.length) return "";
    return h(
      "details",
      {
        class: "pictures",
        open: this.picturesOpen,
        ontoggle: (event) => {
          this.picturesOpen = event.target.open;
        },
      },
      h("summary", {}, t("pictures")),
      pictures.map((row) =>
        h(
          "figure",
          {},
          h(
            "div",
            { class: "scroll", tabindex: "0", role: "region", "aria-label": retold(row.title) },
            h("img", { src: row.src[language()], alt: retold(row.description || row.title), loading: "lazy" }),
          ),
          h("figcaption", {}, retold(row.title)),
        ),
      ),
    );
  }

  // What a theme may be merged into, and its statements moved to.
  others(theme) {
    return this.themes
      .listed({ rejected: false })
      .filter((other) => other.id !== theme.id && other.origin === theme.origin);
  }

  // Whether there is anything to be done with statements that are picked.
  pickable(theme) {
    return theme.origin === "emergent" || this.others(theme).length > 0;
  }

  statements(theme, statements) {
    const others = this.others(theme);
    const tools = this.pickable(theme) && h(
      "div",
      { class: "row picked" },
      h("p", { "aria-live": "polite" }, t("n_picked", { n: this.picked.size })),
      // A code is split in the codebook, where its definition stands.
      theme.origin === "emergent"
        ? button(t("split_off"), () => this.split(), { disabled: !this.picked.size })
        : "",
      others.length ? button(t("move_to"), () => this.move(others), { disabled: !this.picked.size }) : "",
    );
    return h(
      "section",
      { "aria-labelledby": "statements-title" },
      h("h2", { id: "statements-title" }, t("statements")),
      tools,
      h(
        "ul",
        { class: "statements" },
        statements.slice(0, this.shown).map((row) => this.statementRow(theme, row)),
      ),
      statements.length > this.shown
        ? button(t("show_more", { n: statements.length - this.shown }), () => {
            this.shown += STATEMENTS_SHOWN * 3;
            this.drawMain();
          })
        : "",
    );
  }

  perhaps(theme) {
    const rows = this.themes.perhapsOf(theme.id).slice(0, STATEMENTS_SHOWN / 3);
    if (!rows.length) return "";
    return h(
      "section",
      { "aria-labelledby": "perhaps-title" },
      h("h2", { id: "perhaps-title" }, t("perhaps")),
      h("p", { class: "quiet" }, t("perhaps_hint")),
      h(
        "ul",
        { class: "statements" },
        rows.map((row) => this.statementRow(theme, row)),
      ),
    );
  }

  statementRow(theme, row) {
    const statement = this.store.statement(row);
    const id = `pick-${row}`;
    const coded = this.themes.codedAs(row, theme.id);
    const pickable = this.pickable(theme);
    const code = (action) => this.code(row, theme, action);
    return h(
      "li",
      { class: coded },
      pickable
        ? h("input", {
            type: "checkbox",
            id,
            checked: this.picked.has(row),
            onchange: (event) => this.pick(row, event.target.checked),
          })
        : "",
      h(
        pickable ? "label" : "div",
        pickable ? { class: "statement", for: id } : { class: "statement", id },
        h("span", { dir: "auto", lang: statement.turn.language }, statement.text),
        h(
          "span",
          { class: "quiet" },
          h("bdi", {}, statement.turn.speaker),
          [
            t(`role_${statement.turn.role}`),
            this.store.roundtableName(statement.turn.roundtable),
            clock(statement.turn.start),
          ]
            .filter(Boolean)
            .map((part) => ` · ${part}`),
        ),
      ),
      theme.origin === "codebook"
        ? h(
            "span",
            { class: "row" },
            button(t("confirm_code"), () => code("confirm"), {
              class: "chip",
              "aria-pressed": String(coded === "confirm"),
              "aria-describedby": id,
            }),
            button(t("refuse_code"), () => code("refuse"), {
              class: "chip",
              "aria-pressed": String(coded === "refuse"),
              "aria-describedby": id,
            }),
          )
        : "",
    );
  }

  pick(row, picked) {
    if (picked) this.picked.add(row);
    else this.picked.delete(row);
    const tools = this.main.querySelector(".picked");
    tools.querySelector("p").textContent = t("n_picked", { n: this.picked.size });
    tools.querySelectorAll("button").forEach((element) => {
      element.disabled = !this.picked.size;
    });
  }

  // --- deciding --------------------------------------------------------------------------------------------------

  spans(rows) {
    return rows.map((row) => {
      const { turn, start, end } = this.store.statement(row);
      return makeSpan(turn.id, turn.text, start, end);
    });
  }

  // What a field holds is decided when the reader leaves it, perhaps for a button, which must not be replaced under
  // the mouse: so only the name and the side are drawn anew.
  decideField(action, value, said) {
    this.decide(action, value, said, { redraw: false });
    this.main.querySelector("h1").textContent = retold(this.theme.name);
    this.main.querySelectorAll(".step").forEach((element) => {
      element.disabled = !this.theme.part;
    });
  }

  decide(action, value, said, { theme = this.theme, extra = {}, redraw = true } = {}) {
    this.store.add(this.decision(action, value, { theme, extra }));
    this.themes.rebuild();
    if (this.theme?.into) this.chosen = this.themes.final(this.chosen);
    this.drawSide();
    if (redraw) this.drawMain();
    say(said);
  }

  decision(action, value, { theme, extra = {} }) {
    const anchor = this.themes.anchorOf(theme.id, extra.picked);
    const own = { ...value, origin: theme.origin };
    if (theme.origin === "codebook") own.theme_code = theme.id;
    return { kind: "theme", action, subject: this.spans(anchor), value: own, anchor, look: "", present: [], ...extra };
  }

  async merge(others) {
    const { theme } = this;
    const into = await this.askTheme(t("merge_into"), t("merge_hint", { name: retold(theme.name) }), others);
    if (!into) return;
    const anchor = this.themes.anchorOf(into);
    const value = { into: this.spans(anchor), into_name: this.themes.themes.get(into).name };
    if (theme.origin === "codebook") value.into_code = into;
    this.decide("merge", value, t("said_merged"), { extra: { into: anchor } });
  }

  async split() {
    const name = h("input", { type: "text", required: true, maxlength: "200", autofocus: true });
    const done = await ask(t("split_off"), h("label", {}, h("span", {}, t("new_theme_name")), name), [
      [t("split_off"), true],
      [t("cancel"), null],
    ]);
    if (!done || !name.value.trim()) return;
    const picked = [...this.picked].sort((a, b) => a - b);
    this.picked.clear();
    this.decide("split", { spans: this.spans(picked), name: name.value.trim() }, t("said_split"), {
      extra: { picked },
    });
  }

  async move(others) {
    const to = await this.askTheme(t("move_to"), t("n_picked", { n: this.picked.size }), others);
    if (!to) return;
    const anchor = this.themes.anchorOf(to);
    const target = this.themes.themes.get(to);
    const value = { theme_anchor: this.spans(anchor), theme_name: target.name, origin: target.origin };
    if (target.origin === "codebook") value.theme_code = to;
    const picked = [...this.picked].sort((a, b) => a - b);
    this.store.together(
      picked.map((row) => ({
        kind: "coding",
        action: "move",
        subject: this.spans([row]),
        value,
        anchor: [row],
        into: anchor,
        look: "",
        present: [],
      })),
    );
    this.picked.clear();
    this.themes.rebuild();
    this.refresh();
    say(t("said_moved"));
  }

  async askTheme(title, hint, others) {
    let chosen = others[0].id;
    const pick = choice(
      t("theme"),
      others.map((other) => [other.id, retold(other.name)]),
      chosen,
      (value) => {
        chosen = value;
      },
    );
    const done = await ask(
      title,
      [h("p", {}, hint), pick],
      [
        [title, true],
        [t("cancel"), null],
      ],
    );
    return done ? chosen : "";
  }

  async toCodebook(theme) {
    const code = h("input", {
      type: "text",
      required: true,
      maxlength: "60",
      value: theme.code || asCode(theme.name).slice(0, 40),
    });
    const done = await ask(
      t("add_to_codebook"),
      [h("p", {}, t("codebook_hint")), h("label", {}, h("span", {}, t("code")), code)],
      [
        [t("add_to_codebook"), true],
        [t("cancel"), null],
      ],
    );
    if (done && code.value.trim()) this.decide("add_to_codebook", { code: asCode(code.value), name: theme.name }, t("said_added"));
  }

  code(row, theme, action) {
    this.store.add({
      kind: "coding",
      action,
      subject: this.spans([row]),
      value: { code: theme.id },
      anchor: [row],
      look: "",
      present: [],
    });
    this.themes.rebuild();
    this.drawMain();
    say(t(`said_${action}`));
  }

  place(part) {
    const inPart = this.themes
      .listed({ rejected: false })
      .filter((theme) => theme.part === part && theme.id !== this.chosen);
    this.decideField("place", { part, order: inPart.length + 1 }, t("said_placed"));
  }

  // The themes of a part are numbered anew, so that two windows can't give two of them one number for good.
  step(by) {
    const { part } = this.theme;
    const order = this.themes
      .listed({ rejected: false })
      .filter((theme) => theme.part === part)
      .map((theme) => theme.id);
    const at = order.indexOf(this.chosen);
    const to = Math.min(Math.max(0, at + by), order.length - 1);
    order.splice(to, 0, ...order.splice(at, 1));
    const changed = order
      .map((id, place) => ({ theme: this.themes.themes.get(id), order: place + 1 }))
      .filter(({ theme, order: place }) => theme.order !== place);
    this.store.together(changed.map(({ theme, order: place }) => this.decision("place", { part, order: place }, { theme })));
    this.themes.rebuild();
    this.refresh();
    if (changed.length) say(t("said_placed"));
  }

  undo() {
    const undone = this.store.undo(["theme", "coding", "evidence"]);
    this.themes.rebuild();
    const paper = undone?.kind === "evidence";
    const about = undone && !paper && this.themes.final(this.themes.pointedAt(undone));
    // Where it was done, perhaps on another theme: what is undone out of sight would be undone in silence.
    if (about && about !== this.chosen) this.choose(about);
    if (!this.theme) this.chosen = this.themes.listed()[0]?.id || "";
    this.refresh();
    const what = undone && t(`said_${paper ? undone.action : SAID[undone.action]}`);
    say(undone ? `${t("said_undo", { what })}. ${about ? retold(this.theme.name) : ""}` : t("nothing_to_undo"));
  }

  key(key) {
    const listed = this.themes.listed().map((theme) => theme.id);
    const step = (by) =>
      this.choose(listed[Math.min(Math.max(0, listed.indexOf(this.chosen) + by), listed.length - 1)]);
    const acts = { u: () => this.undo(), j: () => step(1), k: () => step(-1) };
    if (!acts[key] || !listed.length) return false;
    acts[key]();
    return true;
  }

  learned() {
    this.themes.rebuild();
    if (this.side && !this.main.contains(document.activeElement)) this.refresh();
  }
}

// A code's id of what somebody typed, as the run makes one of a name: whoever types "Fares & buses" needn't know how.
function asCode(text) {
  const slug = folded(text)
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
  return /^[a-z]/.test(slug) && !/^e\d{2,}[a-z]*$/.test(slug) ? slug : `code_${slug}`.replace(/_$/, "");
}
