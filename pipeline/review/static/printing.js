// The print view: what was accepted and what is still open, by theme, on paper.

import { attribution, clock, date, retold, t } from "./words.js";
import { h } from "./dom.js";

export function printable(store, themes) {
  const shown = store.items.filter((item) => ["accept", "maybe", "look", "conflict"].includes(store.status(item)));
  const byTheme = new Map();
  for (const item of shown) {
    const id = themes.ofItem(item);
    if (!byTheme.has(id)) byTheme.set(id, []);
    byTheme.get(id).push(item);
  }
  const order = [...themes.listed().map((theme) => theme.id), ""].filter((id) => byTheme.has(id));
  const done = store.items.filter((item) => ["accept", "reject", "maybe"].includes(store.status(item))).length;
  return h(
    "section",
    { class: "paper", "aria-label": t("print_title") },
    h("h1", {}, t("print_title")),
    h(
      "p",
      {},
      `${store.data.run.name} · ${store.reviewer} · ${date(new Date().toISOString())} · ${t("n_decided", { done, all: store.items.length })}`,
    ),
    h("p", {}, h("strong", {}, t("print_warning"))),
    shown.length ? "" : h("p", {}, t("print_nothing")),
    order.map((id) =>
      h(
        "section",
        {},
        h("h2", {}, retold(themes.themes.get(id)?.name) || t("no_theme")),
        themes.themes.get(id)?.description ? h("p", { dir: "auto" }, themes.themes.get(id).description) : "",
        byTheme.get(id).map((item) => onPaper(store, item)),
      ),
    ),
  );
}

function onPaper(store, item) {
  const row = store.verdictRow(item);
  const turn = item.turn >= 0 ? store.turn(item.turn) : null;
  const sector = turn ? store.people.get(turn.speaker)?.sector || "" : "";
  const way = row?.value.attribution;
  return h(
    "article",
    {},
    h("blockquote", { dir: "auto", lang: turn?.language }, store.words(item)),
    h(
      "p",
      { class: "quiet" },
      [
        t(`status_${store.status(item)}`),
        turn ? `${turn.speaker}, ${turn.id} ${clock(turn.start)}` : "",
        way ? attribution(way, sector) : "",
        row?.note || "",
      ]
        .filter(Boolean)
        .join(" · "),
    ),
  );
}
