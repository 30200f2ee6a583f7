// Beside the quotes: how far each theme is, and what is missing.

import { number, retold, t } from "./words.js";
import { button, fill, h } from "./dom.js";
import { DONE, NO_THEME } from "./store.js";

export class QuoteSide {
  constructor(view) {
    this.view = view;
    this.store = view.store;
    this.themes = view.themes;
    this.element = h("nav", { class: "side", "aria-label": t("themes") });
  }

  draw() {
    const items = this.store.items;
    const statuses = new Map(items.map((item) => [item.id, this.store.status(item)]));
    const done = items.filter((item) => DONE.includes(statuses.get(item.id))).length;
    const accepted = items.filter((item) => statuses.get(item.id) === "accept");
    const byTheme = new Map();
    for (const item of items) {
      const theme = this.view.listedUnder(item);
      const sums = byTheme.get(theme) || { all: 0, done: 0, accepted: 0 };
      sums.all += 1;
      sums.done += DONE.includes(statuses.get(item.id)) ? 1 : 0;
      sums.accepted += statuses.get(item.id) === "accept" ? 1 : 0;
      byTheme.set(theme, sums);
    }
    this.view.themeOrder = [
      "",
      ...this.themes
        .listed({ rejected: false })
        .filter((theme) => byTheme.has(theme.id))
        // Those that have a place in the report first, as they stand there; then where most is to be read.
        .sort(
          (a, b) =>
            Number(!a.part) - Number(!b.part) || (a.part ? 0 : byTheme.get(b.id).all - byTheme.get(a.id).all),
        )
        .map((theme) => theme.id),
      ...(byTheme.has(NO_THEME) ? [NO_THEME] : []),
    ];
    const entry = (id, name) => {
      const sums = id ? byTheme.get(id) : { all: items.length, done, accepted: accepted.length };
      const chosen = this.view.filters.theme === id;
      return h(
        "li",
        {},
        h(
          "button",
          {
            type: "button",
            class: "theme",
            "aria-current": chosen ? "true" : null,
            onclick: () => this.view.chooseTheme(id),
          },
          h("span", { class: "theme-name" }, name),
          h(
            "span",
            { class: "theme-count" },
            h(
              "span",
              { class: sums.accepted ? "tick" : "tick none", "aria-hidden": "true", title: t("n_accepted", { n: sums.accepted }) },
              `✓ ${number(sums.accepted)}`,
            ),
            h("span", { class: "sr" }, `${t("n_accepted", { n: sums.accepted })}, `),
            `${number(sums.done)}/${number(sums.all)}`,
          ),
        ),
      );
    };
    fill(
      this.element,
      h(
        "div",
        { class: "progress" },
        h("label", { for: "progress" }, t("n_decided", { done, all: items.length })),
        h("progress", { id: "progress", max: String(Math.max(1, items.length)), value: done }),
        h("p", { class: "quiet" }, t("n_accepted", { n: accepted.length })),
        h("p", {}, button(t("one_at_a_time"), () => this.view.toggleSingle(), { class: "chip" }, "l")),
      ),
      h(
        "ul",
        { class: "plain" },
        this.view.themeOrder.map((id) => entry(id, this.view.nameOf(id))),
      ),
      this.missing(byTheme, accepted),
    );
  }

  // What is not there is as plain to see as what is.
  missing(byTheme, accepted) {
    const themes = this.themes
      .listed({ rejected: false })
      .filter((theme) => theme.n_statements && (theme.origin === "emergent" || byTheme.has(theme.id)));
    const silent = themes.filter((theme) => !byTheme.get(theme.id)?.accepted);
    const heard = new Set(
      accepted.filter((item) => item.turn >= 0).map((item) => this.store.data.turns.speaker[item.turn]),
    );
    const reasons = new Map(this.store.data.hearings.map((row) => [row.pseudonym, row]));
    const people = this.store.data.participants.filter((row) => row.role === "participant");
    const unheard = people.filter((row) => !heard.has(row.pseudonym));
    const looks = this.store.items.filter((item) => this.store.status(item) === "look").length;
    const candidates = new Set(
      this.store.items.filter((item) => item.turn >= 0).map((item) => this.store.data.turns.speaker[item.turn]),
    );
    return h(
      "section",
      { class: "missing", "aria-labelledby": "missing-title" },
      h("h2", { id: "missing-title" }, t("missing")),
      looks
        ? h(
            "p",
            {},
            h(
              "button",
              { type: "button", class: "link look", onclick: () => this.view.chooseStatus("look") },
              t("n_looks", { n: looks }),
            ),
          )
        : "",
      this.folded(
        "openThemes",
        t("n_themes_silent", { n: silent.length, all: themes.length }),
        silent.map((theme) =>
          byTheme.has(theme.id)
            ? link(retold(theme.name), () => this.view.chooseTheme(theme.id))
            : [retold(theme.name), " ", h("span", { class: "quiet" }, t("no_candidate"))],
        ),
      ),
      this.folded(
        "openPeople",
        t("n_people_unheard", { n: unheard.length, all: people.length }),
        unheard.map((row) => [
          candidates.has(row.pseudonym)
            ? link(row.pseudonym, () => this.view.chooseSpeaker(row.pseudonym))
            : row.pseudonym,
          " ",
          h(
            "span",
            { class: "quiet" },
            ["no_quotes", "withdrawn"].includes(row.consent)
              ? t(`consent_${row.consent}`)
              : candidates.has(row.pseudonym)
                ? row.sector
                : retold(reasons.get(row.pseudonym)?.reason) || t("no_candidate"),
          ),
        ]),
      ),
    );
  }

  // A list behind its count; it stays as open as it was left, under the name of `state`.
  folded(state, summary, rows) {
    return h(
      "details",
      {
        open: this[state],
        ontoggle: (event) => {
          this[state] = event.target.open;
        },
      },
      h("summary", {}, summary),
      h(
        "ul",
        {},
        rows.map((row) => h("li", {}, row)),
      ),
    );
  }
}

function link(words, onclick) {
  return h("button", { type: "button", class: "link", onclick }, words);
}
