// The page: its views, its keys, and what stands around them.

import { folded } from "./text.js";
import { language, speak, t } from "./words.js";
import { ask, button, byKeyboard, fill, h, say } from "./dom.js";
import { PackKeeper, ServerKeeper, Store, isDecision } from "./store.js";
import { DecidedThemes } from "./decided.js";
import { QuotesView } from "./quotes.js";
import { ThemesView } from "./themes.js";
import { NamesView } from "./names.js";
import { AgreementView } from "./agreement.js";
import { printable } from "./printing.js";

const data = JSON.parse(document.getElementById("data").textContent);
const page = document.getElementById("page");
const packed = data.mode === "pack";
const settings = remembered();
const store = new Store(data);
const themes = new DecidedThemes(store);
const views = {
  quotes: new QuotesView(store, themes, settings),
  themes: new ThemesView(store, themes),
  ...(packed ? {} : { names: new NamesView(store), agreement: new AgreementView(store, showQuote, () => themes.rebuild()) }),
};
let shown = "quotes";
let advised = false;
let saved = packed ? "kept" : "saved";
let idle = 0;
let lastSign = Date.now();
const SIGN_EVERY = 60000;
const SOON = [500, 2000];
const PLACE = `roundtable:place:${data.run.id}`;
const WAITS = 2000;
const opened = new AbortController();
const whileOpen = { signal: opened.signal };

store.keeper = packed ? new PackKeeper(store, tell) : new ServerKeeper(store, tell);
start();

function start() {
  speak(data.strings, settings.language, data.told);
  if (packed) store.keeper.restore();
  else store.keeper.locked = lock;
  themes.rebuild();
  whereWeWere();
  store.onChange((row) => {
    if (["theme", "coding"].includes(row.kind)) themes.rebuild();
  });
  drawFrame();
  store.learned = () => views[shown].learned();
  document.addEventListener("keydown", onKey, whileOpen);
  window.addEventListener("focus", () => store.keeper.refresh(), whileOpen);
  window.addEventListener(
    "popstate",
    ({ state }) => views[state?.shown] && state.shown !== shown && show(state.shown),
    whileOpen,
  );
  window.addEventListener("pagehide", keepPlace);
  if (!packed) window.addEventListener("pagehide", () => store.keeper.part());
  window.addEventListener("beforeunload", (event) => {
    leaveField();
    if (packed ? saved === "unsaved" && !store.keeper.downloaded : store.keeper.queue.length) event.preventDefault();
  });
  window.addEventListener("beforeprint", () => document.body.append(printable(store, themes)), whileOpen);
  window.addEventListener("afterprint", () =>
    document.querySelectorAll(".paper").forEach((element) => element.remove()),
  );
  if (!packed)
    ["pointerdown", "keydown", "wheel"].forEach((name) => document.addEventListener(name, awake, { ...whileOpen, passive: true }));
  if (!packed) awake();
  if (packed) startPack();
}

// --- the frame -----------------------------------------------------------------------------------------------------

function drawFrame() {
  document.documentElement.lang = language();
  document.title = `${t("title")} · ${data.run.name}`;
  const tab = (name) =>
    h(
      "button",
      { type: "button", class: "tab", "aria-current": name === shown ? "page" : null, onclick: () => visit(name) },
      t(`tab_${name}`),
    );
  fill(
    page,
    h("a", { class: "skip", href: "#view" }, t("skip")),
    h(
      "header",
      { class: "top" },
      h(
        "p",
        { class: "brand" },
        h("strong", {}, t("title")),
        h("span", { class: "quiet" }, h("bdi", {}, data.run.name), whoDecides()),
      ),
      h("nav", { class: "tabs", "aria-label": t("views") }, Object.keys(views).map(tab)),
      h(
        "div",
        { class: "tools" },
        h("p", { id: "saved", role: "status" }),
        packed
          ? [button(t("download"), download, { class: "primary" }), button(t("load"), load)]
          : button(t("download"), download, { id: "rescue", class: "primary", hidden: true, title: t("rescue_hint") }),
        store.reviewers().size > 1
          ? h(
              "label",
              { class: "toggle" },
              h("input", {
                type: "checkbox",
                checked: store.shared,
                onchange: (event) => share(event.target.checked),
              }),
              t("show_others"),
            )
          : "",
        h(
          "button",
          { type: "button", lang: language() === "en" ? "cy" : "en", onclick: otherLanguage },
          language() === "en" ? "Cymraeg" : "English",
        ),
        button(t("print"), () => window.print()),
        button(t("help"), help, {}, "?"),
        packed ? "" : button(t("lock"), () => lockNow({ asked: true })),
      ),
    ),
    h("main", { id: "view", tabindex: "-1" }),
    h("p", { id: "live", class: "sr", role: "status", "aria-live": "polite" }),
  );
  show(shown);
  tell(saved);
}

// The browser's way back leads to the view before, and not out of the page.
function visit(name) {
  if (name !== shown) history.pushState({ shown: name }, "");
  show(name);
}

function show(name) {
  shown = name;
  document.querySelectorAll(".tab").forEach((element, at) => {
    if (Object.keys(views)[at] === name) element.setAttribute("aria-current", "page");
    else element.removeAttribute("aria-current");
  });
  // A place of its own for each showing: an answer that comes late must not fill the view that is shown by then.
  const root = h("div", { class: "shown" });
  fill(document.getElementById("view"), root);
  advised = data.advice && (name === "themes" ? !data.themes.length : name === "quotes" && !data.items.length);
  if (advised) advise(root);
  else views[name].draw(root);
}

// Where there is nothing to decide: why, and the command that goes on, unless the run is done.
function advise(root) {
  const done = ["advice_nobody", "advice_none_found"].includes(data.advice);
  const title = data.advice === "advice_held_back" ? "held_back" : done ? "no_quotes_to_decide" : "nothing_yet";
  fill(
    root,
    h(
      "div",
      { class: "nothing" },
      h("h1", {}, t(title)),
      h("p", {}, t(data.advice)),
      done ? "" : h("pre", {}, t("advice_command")),
    ),
  );
}

function showQuote(item) {
  const view = views.quotes;
  const keyboard = byKeyboard();
  store.share(true);
  if (shown !== "quotes") history.pushState({ shown: "quotes" }, "");
  shown = "quotes";
  drawFrame();
  view.open(item);
  if (keyboard) view.card.focus();
}

function share(on) {
  store.share(on);
  themes.rebuild();
  show(shown);
}

function otherLanguage() {
  settings.language = language() === "en" ? "cy" : "en";
  remember();
  speak(data.strings, settings.language, data.told);
  drawFrame();
}

function tell(state, why = "") {
  const element = document.getElementById("saved");
  const words = t(`saved_${why ? "refused" : state}`, { why });
  saved = state;
  document.getElementById("rescue")?.toggleAttribute("hidden", state !== "failed");
  if (!element || element.textContent === words) return;
  element.dataset.state = state;
  element.textContent = words;
  element.className = ["failed", "stale", "unsaved"].includes(state) ? "warning" : "quiet";
}

// --- keys ----------------------------------------------------------------------------------------------------------

function onKey(event) {
  const { target } = event;
  if (document.querySelector("dialog[open]") || page.inert) return;
  const typing = target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  if (event.key === "Escape" && typing) {
    target.closest("[tabindex]").focus();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") {
    event.preventDefault();
    help();
    return;
  }
  const inChoice = target.matches("input[type=radio], summary");
  if (inChoice && event.key.startsWith("Arrow")) return;
  // WCAG 2.1.4: whoever dictates to the computer can switch the single keys off.
  if (!settings.keys && event.key.length === 1) return;
  if (!advised && views[shown].key(event.key)) event.preventDefault();
}

async function help() {
  const line = (keys, what) =>
    h(
      "tr",
      {},
      h(
        "td",
        {},
        keys.map((key) => h("kbd", {}, key)),
      ),
      h("td", {}, what),
    );
  const toggle = (name, text) =>
    h(
      "label",
      { class: "toggle" },
      h("input", {
        type: "checkbox",
        checked: settings[name],
        onchange: (event) => {
          settings[name] = event.target.checked;
          remember();
        },
      }),
      text,
    );
  const lines = [
    [["a"], "accept"],
    [["r"], "reject"],
    [["1", "…", "6"], "why"],
    [["m"], "maybe"],
    [["u"], "undo"],
    [["j", "↓"], "next"],
    [["k", "↑"], "previous"],
    [["."], "next_open"],
    [["←", "→"], "other_theme"],
    [["[", "]"], "move_start"],
    [["{", "}"], "move_end"],
    [["x"], "cut_out"],
    [["(", ")"], "move_gap_start"],
    [["<", ">"], "move_gap_end"],
    [["t"], "attribution"],
    [["n"], "note"],
    [["c"], "context"],
    [["l"], "one_at_a_time"],
    [["/"], "search"],
    [["Esc"], "leave_field"],
    [["?"], "help"],
  ];
  await ask(
    t("help"),
    [
      h(
        "div",
        { class: "scroll keys", tabindex: "0", role: "region", "aria-label": t("help") },
        h(
          "table",
          {},
          h(
            "thead",
            {},
            h("tr", {}, h("th", { scope: "col" }, t("key")), h("th", { scope: "col" }, t("what_it_does"))),
          ),
          h(
            "tbody",
            {},
            lines.map(([keys, what]) => line(keys, t(what))),
          ),
        ),
      ),
      toggle("keys", t("setting_keys")),
      toggle("advance", t("setting_advance")),
    ],
    [[t("close"), null]],
  );
}

// --- the pack ------------------------------------------------------------------------------------------------------

// At a browser that several people use, nobody decides under another's name without seeing it.
function whoDecides() {
  if (!packed || !store.reviewer) return "";
  const name = t("deciding_as", { name: store.reviewer });
  return [" · ", button(name, () => askReviewer(true), { class: "link", title: t("who") })];
}

// Nothing is decided before it is known by whom, be it from a disk that may never answer.
async function startPack() {
  page.inert = !store.reviewer;
  const last = await Promise.race([store.keeper.fromDisk(), new Promise((resolve) => setTimeout(resolve, WAITS, ""))]);
  if (!store.reviewer && last) decideAs(last);
  else if (!store.reviewer) await askReviewer();
}

async function askReviewer(another = false) {
  const name = h("input", { type: "text", required: true, maxlength: "60", autocomplete: "name" });
  let given = "";
  while (!given) {
    const done = await ask(
      t("who"),
      [h("p", {}, t("who_hint")), h("label", {}, h("span", {}, t("your_name")), name)],
      [[t("begin"), true], ...(another ? [[t("cancel"), null]] : [])],
    );
    if (another && !done) return;
    given = name.value.trim();
  }
  decideAs(given);
  document.getElementById("view").focus();
}

// Somebody else at this browser decides for themselves.
function decideAs(name) {
  page.inert = false;
  store.reviewer = name;
  store.share(store.shared);
  themes.rebuild();
  store.keeper.write();
  drawFrame();
}

function download() {
  save(store.keeper.file());
}

function save(lines) {
  const link = h("a", {
    href: URL.createObjectURL(new Blob([lines], { type: "application/jsonl" })),
    download: `decisions-${folded(store.reviewer).replace(/[^a-z0-9]+/g, "-") || "reviewer"}.jsonl`,
  });
  link.click();
  URL.revokeObjectURL(link.href);
  say(t("said_downloaded"));
}

function load() {
  const input = h("input", {
    type: "file",
    accept: ".jsonl",
    onchange: async () => {
      const lines = (await input.files[0].text()).split("\n").filter((line) => line.trim());
      input.remove();
      const given = lines.map(asDecision);
      const wrong = store.keeper.wrongAt(given);
      const asked = (words, buttons) => ask(t("load"), h("p", {}, words), buttons);
      if (wrong >= 0) {
        await asked(t("load_failed", { line: wrong + 1 }), [[t("close"), null]]);
        return;
      }
      const strange = store.keeper.ofAnotherRun(given);
      if (strange && !(await asked(t("load_strange"), [[t("cancel"), null], [t("load"), true]]))) return;
      store.keeper.load(given);
      store.keeper.write();
      themes.rebuild();
      drawFrame();
      say(t("said_loaded"));
    },
  });
  input.hidden = true;
  document.body.append(input);
  input.click();
}

// The decision in a line of a file; null where it is none.
function asDecision(line) {
  try {
    const row = JSON.parse(line);
    return isDecision(row) ? row : null;
  } catch {
    return null;
  }
}

// --- the lock ------------------------------------------------------------------------------------------------------

function awake() {
  clearTimeout(idle);
  idle = setTimeout(lockNow, data.idle_seconds * 1000);
  // Somebody who reads sends nothing, and the server would lock the door behind them.
  if (Date.now() - lastSign < SIGN_EVERY) return;
  lastSign = Date.now();
  store.keeper.refresh();
}

// A field tells what was typed in it when it is left; or the page would close over words that nobody wrote down.
function leaveField() {
  document.activeElement?.blur();
}

async function lockNow({ asked = false } = {}) {
  leaveField();
  // A program that is away doesn't keep the words on the screen.
  await Promise.race([store.keeper.settled(), new Promise((resolve) => setTimeout(resolve, WAITS))]);
  const unsaved = () => ask(t("lock"), h("p", {}, t("lock_unsaved")), [[t("cancel"), null], [t("lock"), true]]);
  if (asked && store.keeper.queue.length && !(await unsaved())) return;
  await store.keeper.ask("/api/lock", {});
  lock({ asked });
}

// What was on the page goes, not only out of sight.
function lock({ asked = false } = {}) {
  if (document.querySelector(".locked")) return;
  clearTimeout(idle);
  // Or a key, the way back or the printer would bring the words again.
  opened.abort();
  document.getElementById("data")?.remove();
  document.querySelectorAll("dialog").forEach((element) => element.remove());
  // Whoever comes back has another token: what waits can't be written any more, and the page must not say that it was.
  const lines = store.keeper.file();
  const lost = store.keeper.queue.splice(0).length;
  // Whoever locked it themselves said that it may go.
  const rescue = lines && !asked ? h("p", {}, t("locked_rescue"), " ", button(t("download"), () => save(lines))) : "";
  const told = [
    lost ? [h("p", { class: "warning" }, t("locked_lost")), rescue] : "",
    h("p", {}, t(lost ? "locked_link" : "locked_hint")),
  ];
  const locked = h("main", { class: "locked nothing", tabindex: "-1" }, h("h1", {}, t("locked_title")), told);
  fill(page, locked);
  locked.focus();
}

// --- where the reader is ---------------------------------------------------------------------------------------------

// For this window only, which forgets it when it is closed.
function keepPlace() {
  try {
    const sending = !packed && store.keeper.queue.length > 0;
    const left = { shown, quotes: views.quotes.where, themes: views.themes.where, sending };
    sessionStorage.setItem(PLACE, JSON.stringify(left));
  } catch {
    // A browser that keeps nothing begins at the beginning.
  }
}

function whereWeWere() {
  try {
    const left = JSON.parse(sessionStorage.getItem(PLACE) || "{}");
    if (left.quotes) views.quotes.where = left.quotes;
    if (left.themes) views.themes.where = left.themes;
    if (views[left.shown]) shown = left.shown;
    // What was sent as the page closed may reach the disk after this one was asked for.
    if (left.sending && !packed) SOON.forEach((wait) => setTimeout(() => store.keeper.refresh(), wait));
  } catch {
    // As above.
  }
  history.replaceState({ shown }, "");
}

// --- what the browser remembers ------------------------------------------------------------------------------------

function remembered() {
  const preferred = (navigator.language || "en").startsWith("cy") ? "cy" : "en";
  const usual = { language: preferred, keys: true, advance: true, single: false };
  try {
    return { ...usual, ...JSON.parse(localStorage.getItem("roundtable:settings") || "{}") };
  } catch {
    return usual;
  }
}

function remember() {
  try {
    localStorage.setItem("roundtable:settings", JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing forgets the settings; that is all.
  }
}
