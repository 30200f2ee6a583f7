// How far people agree, with each other and with the machine, and what is left to settle between them.

import { number, percent, t } from "./words.js";
import { fill, h } from "./dom.js";

export class AgreementView {
  constructor(store, openQuote) {
    this.store = store;
    this.openQuote = openQuote;
  }

  async draw(root) {
    fill(root, h("p", { class: "nothing" }, t("loading")));
    const answer = await this.store.keeper.ask("/api/agreement");
    if (!answer) {
      fill(root, h("p", { class: "nothing" }, t("names_unreachable")));
      return;
    }
    const open = answer.disagreements.filter((row) => !row.settled);
    fill(
      root,
      h(
        "div",
        { class: "agreement" },
        h("h1", {}, t("agreement_title")),
        h("p", {}, t("agreement_hint")),
        h("h2", {}, t("tab_quotes")),
        answer.rows.length ? this.table(answer.rows, t("tab_quotes")) : h("p", {}, t("agreement_none")),
        answer.codes.length
          ? [
              h("h2", {}, t("codes")),
              h("p", { class: "quiet" }, t("codes_hint")),
              this.table(answer.codes, t("codes")),
            ]
          : "",
        h("h2", {}, t("disagreements")),
        h("p", {}, open.length ? t("n_disagreements", { n: open.length }) : t("no_disagreements")),
        h(
          "ul",
          { class: "differences" },
          answer.disagreements.map((row) => this.difference(row)),
        ),
      ),
    );
  }

  table(rows, label) {
    const who = (name) => (name === "machine" ? t("machine") : name);
    const figure = (value) => h("td", { class: "figure" }, value === null ? "–" : number(value, 2));
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
              h("td", { class: "figure" }, number(row.n)),
              h("td", { class: "figure" }, row.n ? percent(row.per_cent) : "–"),
              figure(row.kappa),
              figure(row.alpha),
              figure(row.ac1),
              h(
                "td",
                {},
                Object.entries(row.prevalence)
                  .map(([name, share]) => `${t(`status_${name}`)} ${percent(share)}`)
                  .join(", "),
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
    return h(
      "li",
      { class: row.settled ? "settled" : "" },
      h("blockquote", { dir: "auto" }, this.store.words(item)),
      h(
        "p",
        {},
        row.said.map((said, at) => [
          at ? " · " : "",
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

  key() {
    return false;
  }

  learned() {}
}
