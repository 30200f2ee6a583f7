// How far people agree, with each other and with the machine, and what is left to settle between them.

import { number, percent, t } from "./words.js";
import { button, fill, h, say } from "./dom.js";
import { GAP } from "./store.js";

// What each decision on a theme is called where people differ on it.
const CHOSEN = {
  rename: "theme_name",
  describe: "theme_description",
  place: "part",
  merge: "merge_into",
  reject: "reject_theme",
  keep: "restore_theme",
  split: "split_off",
  add_to_codebook: "add_to_codebook",
  confirm: "status_confirm",
  refuse: "status_refuse",
  move: "move_to",
};

export class AgreementView {
  constructor(store, openQuote, onSettled) {
    this.store = store;
    this.openQuote = openQuote;
    this.onSettled = onSettled;
  }

  async draw(root) {
    this.root = root;
    fill(root, h("p", { class: "nothing" }, t("loading")));
    await this.load();
  }

  async load() {
    const { root } = this;
    const answer = await this.store.keeper.ask("/api/agreement");
    if (!answer) {
      fill(root, h("p", { class: "nothing" }, t("names_unreachable")));
      return;
    }
    const open = answer.disagreements.filter((row) => row.held_back).length;
    const leaning = answer.disagreements.filter((row) => !row.held_back && !row.settled).length;
    fill(
      root,
      h(
        "div",
        { class: "agreement" },
        h("h1", {}, t("agreement_title")),
        h("p", {}, t("agreement_hint")),
        h("h2", {}, t("tab_quotes")),
        answer.rows.length ? this.table(answer.rows, t("tab_quotes")) : h("p", {}, t("agreement_none"), " ", t("agreement_how")),
        answer.codes.length
          ? [
              h("h2", {}, t("codes")),
              h("p", { class: "quiet" }, t("codes_hint")),
              this.table(answer.codes, t("codes")),
            ]
          : "",
        h("h2", {}, t("disagreements")),
        h("p", {}, open ? t("n_disagreements", { n: open }) : t("no_disagreements")),
        leaning ? h("p", {}, t("n_leaning", { n: leaning })) : "",
        h(
          "ul",
          { class: "differences" },
          answer.disagreements.map((row) => this.difference(row)),
        ),
        this.twice(answer.twice),
        this.themeDifferences(answer.themes, "theme_disagreements"),
        this.themeDifferences(answer.codings, "code_disagreements"),
      ),
    );
  }

  // Each two accepted quotes that have words in common.
  twice(pairs) {
    if (!pairs.length) return "";
    const quote = ({ item, by, pieces }) => {
      const found = this.store.itemById.get(item);
      const open = () => this.openQuote(found);
      return [
        h("blockquote", { dir: "auto" }, pieces.join(GAP)),
        h("p", {}, h("strong", {}, h("bdi", {}, by)), `: ${t("status_accept")} `, button(t("settle"), open)),
      ];
    };
    return [
      h("h2", {}, t("twice")),
      h("p", { class: "quiet" }, t("twice_hint")),
      h(
        "ul",
        { class: "differences" },
        pairs.filter((pair) => pair.every(({ item }) => this.store.itemById.has(item))).map((pair) => h("li", {}, pair.map(quote))),
      ),
    ];
  }

  themeDifferences(rows, title) {
    if (!rows.length) return "";
    return [
      h("h2", {}, t(title)),
      h("p", { class: "quiet" }, t(`${title}_hint`)),
      h(
        "ul",
        { class: "differences" },
        rows.map((row) => this.themeDifference(row)),
      ),
    ];
  }

  table(rows, label) {
    const who = (name) => (name === "machine" ? t("machine") : name);
    const figure = (value) => h("td", { class: "figure" }, value === null ? "–" : number(value, 2).replace("-", "−"));
    return h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["coders", "units", "per_cent", "kappa", "alpha", "ac1", "prevalence"].map((name) =>
              h("th", { scope: "col" }, t(`column_${name}`)),
            ),
          ),
        ),
        h(
          "tbody",
          {},
          rows.map((row) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, h("bdi", {}, row.coders.map(who).join(" – "))),
              h("td", { class: "figure" }, `${number(row.n)} / ${number(row.judged)}`),
              h("td", { class: "figure" }, row.n ? percent(row.per_cent) : "–"),
              figure(row.kappa),
              figure(row.alpha),
              figure(row.ac1),
              h(
                "td",
                {},
                row.n
                  ? Object.entries(row.prevalence)
                      .map(([name, share]) => `${t(`status_${name}`)} ${percent(share)}`)
                      .join(", ")
                  : "–",
              ),
            ),
          ),
        ),
      ),
    );
  }

  difference(row) {
    const item = this.store.itemById.get(row.item);
    if (!item) return "";
    const same = new Set(row.said.map((said) => said.action)).size === 1;
    return h(
      "li",
      { class: row.settled ? "settled" : "" },
      h("blockquote", { dir: "auto" }, this.store.words(item)),
      h(
        "p",
        {},
        row.said.map((said, at) => [
          at ? " · " : row.held_back && same ? `${t("other_words")} ` : "",
          h("strong", {}, h("bdi", {}, said.by)),
          `: ${t(`status_${said.action}`)}`,
          said.reason ? ` (${t(`reason_${said.reason}`)})` : "",
        ]),
      ),
      h(
        "p",
        {},
        row.settled
          ? t("settled")
          : h("button", { type: "button", onclick: () => this.openQuote(item) }, t("settle")),
      ),
    );
  }

  // On a theme people differ in words as well as in verdicts: one of what they said is taken for all of them.
  themeDifference(row) {
    const known = row.said.every((said) => this.store.rows.has(said.id));
    return h(
      "li",
      {},
      row.words ? h("blockquote", { dir: "auto" }, row.words) : "",
      h("h3", { dir: "auto" }, row.theme || t("theme")),
      h(
        "ul",
        { class: "plain" },
        row.said.map((said, at) =>
          h(
            "li",
            { class: "row bottom" },
            h(
              "p",
              { class: "grow", id: `said-${said.id}` },
              h("strong", {}, h("bdi", {}, said.by)),
              `: ${t(said.paper ? said.action : CHOSEN[said.action] || "theme")}`,
              said.told || said.paper ? [" · ", h("bdi", {}, `“${said.told || this.paper(said.paper)}”`)] : "",
            ),
            known
              ? h(
                  "button",
                  { type: "button", "aria-describedby": `said-${said.id}`, onclick: () => this.settle(row, at) },
                  t("take_this"),
                )
              : "",
          ),
        ),
      ),
    );
  }

  paper(passage) {
    return this.store.data.passages.find((row) => row.passage_id === passage)?.citation || passage;
  }

  // The same decision once more, as our own, and an end to the others.
  settle(row, at) {
    const { kind, action, subject, value, note, anchor, into, picked } = this.store.rows.get(row.said[at].id);
    const settles = row.said.map((said) => said.id);
    const pointed = { anchor, into, picked };
    this.store.add({ kind, action, subject, value: { ...value, settles }, note, look: "", present: [], ...pointed });
    this.onSettled();
    say(t("settled"));
    this.store.keeper.settled().then(() => this.load());
  }

  key() {
    return false;
  }

  learned() {}
}
