// The names: what was found and replaced, the doubtful first; only the local server shows this, for it is private.

import { percent, t } from "./words.js";
import { button, choice, fill, h, say } from "./dom.js";

const HITS_SHOWN = 40;
const KINDS = ["PERSON", "ORG", "PLACE", "ROLE", "CONTACT", "QUASI"];

export class NamesView {
  constructor(store) {
    this.store = store;
    this.filter = "open";
    this.shown = HITS_SHOWN;
    this.found = null;
    this.sought = "";
    this.added = "";
  }

  async draw(root) {
    this.root = root;
    fill(root, h("p", { class: "nothing" }, t("loading")));
    await this.load();
  }

  async load() {
    const { root } = this;
    const answer = await this.store.keeper.ask("/api/names");
    if (!answer) {
      fill(root, h("p", { class: "nothing" }, t("names_unreachable")));
      return;
    }
    this.data = answer;
    // What was decided before the page was loaded is undone like anything else.
    answer.decisions.filter((row) => row.by === this.store.reviewer).forEach((row) => this.store.take(row));
    this.decided = new Map();
    answer.decisions.forEach((row) => row.places.forEach((place) => this.decided.set(place.join(" "), row)));
    this.refresh();
  }

  verdictOf(group) {
    return group.verdict || this.decided.get(placeOf(group.places[0].span)) || null;
  }

  refresh() {
    const groups = this.data.groups.filter(
      (group) =>
        this.filter === "all" ||
        (this.filter === "open"
          ? !this.verdictOf(group) && group.status === "doubtful"
          : group.status === this.filter),
    );
    const doubtful = this.data.groups.filter((group) => group.status === "doubtful");
    const done = doubtful.filter((group) => this.verdictOf(group)).length;
    const focused = document.activeElement?.id;
    fill(
      this.root,
      h(
        "div",
        { class: "names" },
        h(
          "header",
          {},
          h("h1", {}, t("names_title")),
          h("p", {}, t("names_hint")),
          this.data.looks ? h("p", { class: "warning" }, t("n_looks", { n: this.data.looks })) : "",
          h(
            "div",
            { class: "row bottom" },
            h(
              "label",
              { class: "progress" },
              t("n_decided", { done, all: doubtful.length }),
              h("progress", { max: String(Math.max(1, doubtful.length)), value: done }),
            ),
            choice(
              t("show"),
              ["open", "doubtful", "replaced", "kept", "all"].map((name) => [name, t(`names_${name}`)]),
              this.filter,
              (value) => {
                this.filter = value;
                this.shown = HITS_SHOWN;
                this.refresh();
              },
              { id: "names-show" },
            ),
            button(t("undo"), () => this.undo(), { id: "names-undo" }, "u"),
          ),
        ),
        this.stopped(),
        this.questions(),
        this.missed(),
        groups.length
          ? ""
          : h("p", { class: "nothing" }, t(this.data.groups.length ? "names_none_open" : "names_none")),
        h(
          "ul",
          { class: "hits" },
          groups.slice(0, this.shown).map((group) => this.hit(group)),
        ),
        groups.length > this.shown
          ? button(t("show_more", { n: groups.length - this.shown }), () => {
              this.shown += HITS_SHOWN;
              this.refresh();
            })
          : "",
        this.letPass(),
      ),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  // Where the gate stopped the last run: what to decide is among the hits, whatever their state.
  stopped() {
    if (!this.data.stopped.length) return "";
    return h(
      "section",
      { class: "questions", "aria-labelledby": "stopped-title" },
      h("h2", { id: "stopped-title" }, t("stopped_title")),
      h("p", { class: "warning" }, t("stopped_hint")),
      h(
        "ul",
        {},
        this.data.stopped.map((row) =>
          h(
            "li",
            {},
            t("stopped_row", { whose: row.whose, file: row.file }),
            row.words ? h("p", { dir: "auto" }, row.words) : "",
          ),
        ),
      ),
    );
  }

  // Two people of one name at two roundtables are kept apart until somebody says that they are one.
  questions() {
    if (!this.data.questions.length) return "";
    return h(
      "section",
      { class: "questions", "aria-labelledby": "questions-title" },
      h("h2", { id: "questions-title" }, t("questions_title")),
      h("p", { class: "quiet" }, t("questions_hint")),
      h(
        "ul",
        { class: "hits" },
        this.data.questions.map((row, number) => this.question(row, `question-${number}`)),
      ),
    );
  }

  question(row, id) {
    const verdict = this.verdictOf(row);
    const answer = (action, key) =>
      button(t(key), () => this.decide(row, action, { person_id: row.person_id, same_as: row.same_as }), {
        id: `${id}-${action}`,
        "aria-pressed": String(verdict?.action === action),
      });
    return h(
      "li",
      { class: `hit ${verdict ? "done" : "doubtful"}` },
      h("h3", { id, dir: "auto" }, row.name),
      row.places.map((place, at) =>
        h(
          "p",
          { class: "hit-words", dir: "auto" },
          h("span", { class: "quiet" }, `${row.sat[at].join(", ")}: `),
          h("mark", {}, place.span.text),
          place.after,
        ),
      ),
      verdict ? h("p", { class: "pill accept" }, t(`names_${verdict.action}`)) : "",
      h(
        "div",
        { class: "row bottom", role: "group", "aria-labelledby": id },
        answer("same_person", "one_person"),
        answer("different_person", "two_people"),
      ),
    );
  }

  // What the gate lets stand alone: nothing of it is lost in silence.
  letPass() {
    if (!this.data.let_pass.length) return "";
    return h(
      "section",
      { class: "let-pass", "aria-labelledby": "let-pass-title" },
      h("h2", { id: "let-pass-title" }, t("let_pass_title")),
      h("p", { class: "quiet" }, t("let_pass_hint")),
      h(
        "ul",
        {},
        this.data.let_pass.map((row) =>
          h("li", { dir: "auto" }, t("let_pass_row", { word: row.word, whose: row.whose }), " · ", t("n_places", { n: row.times })),
        ),
      ),
    );
  }

  hit(group) {
    const verdict = this.verdictOf(group);
    const [first] = group.places;
    const id = `hit-${this.data.groups.indexOf(group)}`;
    const replacement = h("input", {
      type: "text",
      value: verdict?.value.replacement || group.replacement,
      id: `${id}-with`,
      maxlength: "80",
    });
    return h(
      "li",
      { class: `hit ${verdict ? "done" : group.status}` },
      h(
        "div",
        { class: "hit-head" },
        h("h2", { id, dir: "auto" }, group.original),
        h(
          "p",
          { class: "quiet" },
          [
            t(`kind_${group.entity_type}`),
            t(`status_${group.status}`),
            t("n_places", { n: group.places.length }),
            t("how_sure", { sure: percent(group.confidence) }),
            group.found_by.map((way) => t(`found_by_${way.replaceAll(" ", "_")}`)).join(", "),
          ].join(" · "),
        ),
        verdict
          ? h(
              "p",
              { class: "pill accept" },
              t(`names_${verdict.action}`, { replacement: verdict.value.replacement || "" }),
            )
          : "",
      ),
      h(
        "p",
        { class: "hit-words", dir: "auto" },
        around(first),
      ),
      group.places.length > 1
        ? h(
            "details",
            {},
            h("summary", {}, t("all_places")),
            h(
              "ul",
              {},
              group.places
                .slice(1, group.shown)
                .map((place) =>
                  h("li", { dir: "auto" }, around(place)),
                ),
            ),
            group.places.length > group.shown
              ? h("p", { class: "quiet" }, t("show_more", { n: group.places.length - group.shown }))
              : "",
          )
        : "",
      h(
        "div",
        { class: "row bottom", role: "group", "aria-labelledby": id },
        button(t("keep_words"), () => this.decide(group, "keep", {}), { id: `${id}-keep` }),
        h("label", {}, h("span", {}, t("replace_with")), replacement),
        button(
          t("replace"),
          () => this.decide(group, "replace", { replacement: replacement.value.trim() || group.replacement }),
          { class: "accept", id: `${id}-replace` },
        ),
        group.entity_type === "PERSON" ? this.samePerson(group, verdict, id) : "",
      ),
    );
  }

  // The arrow keys go from one to the next in the list: only the button decides.
  samePerson(group, verdict, id) {
    let chosen = verdict?.action === "same_person" ? verdict.value.person_id : "";
    const confirm = button(
      t("confirm"),
      () =>
        chosen === "other"
          ? this.decide(group, "different_person", {})
          : this.decide(group, "same_person", { person_id: chosen }),
      { id: `${id}-confirm`, disabled: !chosen, "aria-describedby": `${id}-same` },
    );
    return [
      choice(
        t("same_person"),
        [
          ["", t("choose")],
          ...this.data.people
            .filter((row) => row.person_id !== group.person_id)
            .map((row) => [row.person_id, `${row.name} (${row.pseudonym})`]),
          ["other", t("somebody_else")],
        ],
        chosen,
        (value) => {
          chosen = value;
          confirm.disabled = !value;
        },
        { id: `${id}-same` },
      ),
      confirm,
    ];
  }

  missed() {
    const text = h("input", {
      type: "text",
      id: "missed",
      value: this.sought,
      maxlength: "120",
      autocomplete: "off",
    });
    const look = async (event) => {
      event.preventDefault();
      this.sought = text.value.trim();
      this.added = "";
      const answer = this.sought
        ? await this.store.keeper.ask(`/api/names/find?text=${encodeURIComponent(this.sought)}`)
        : null;
      this.found = answer ? answer.places : null;
      this.refresh();
      say(t("n_places", { n: this.found ? this.found.length : 0 }));
    };
    let kind = "PERSON";
    return h(
      "section",
      { class: "missed", "aria-labelledby": "missed-title" },
      h("h2", { id: "missed-title" }, t("missed_title")),
      h("p", { class: "quiet" }, t("missed_hint")),
      h(
        "form",
        { class: "row bottom", onsubmit: look },
        h("label", { class: "grow" }, h("span", {}, t("missed_name")), text),
        h("button", { type: "submit" }, t("find")),
      ),
      this.added ? h("p", { class: "quiet", dir: "auto" }, `${this.added}: ${t("said_missed")}`) : "",
      this.found
        ? h(
            "div",
            {},
            h("p", {}, t("n_places", { n: this.found.length })),
            h(
              "ul",
              {},
              this.found
                .slice(0, 5)
                .map((place) =>
                  h("li", { dir: "auto" }, around(place)),
                ),
            ),
            this.found.length
              ? h(
                  "div",
                  { class: "row bottom" },
                  choice(
                    t("kind"),
                    KINDS.map((name) => [name, t(`kind_${name}`)]),
                    kind,
                    (value) => {
                      kind = value;
                    },
                  ),
                  button(t("replace_everywhere"), () => this.add(kind), { class: "accept" }),
                )
              : "",
          )
        : "",
    );
  }

  add(kind) {
    const name = this.sought;
    this.store.add({
      kind: "redaction",
      action: "add",
      subject: this.found.map((place) => place.span),
      value: { entity_type: kind, everywhere: true },
    });
    this.data.groups.push({
      original: name,
      entity_type: kind,
      person_id: "",
      status: "replaced",
      replacement: "",
      confidence: 1,
      found_by: ["people"],
      places: this.found,
      shown: 30,
      verdict: { action: "add", value: {} },
    });
    this.found = null;
    this.sought = "";
    this.added = name;
    this.refresh();
    document.getElementById("missed").focus();
    say(t("said_missed"));
  }

  decide(group, action, value) {
    this.store.add({ kind: "redaction", action, subject: group.places.map((place) => place.span), value });
    group.verdict = { action, value };
    this.refresh();
    say(t("said_names", { n: group.places.length }));
  }

  key(key) {
    if (key !== "u") return false;
    this.undo();
    return true;
  }

  undo() {
    const undone = this.store.undo(["redaction"]);
    this.added = "";
    if (!undone) {
      say(t("nothing_to_undo"));
      return;
    }
    const what = t(`names_${undone.action}`, { replacement: undone.value.replacement || "" });
    say(`${t("said_undo", { what })}. ${undone.subject[0]?.text || ""}`);
    this.store.keeper.settled().then(() => this.load());
  }

  learned() {}
}

function placeOf(span) {
  return [span.turn_id, span.start, span.end].join(" ");
}

// Words in their place, with what stands on either side of them.
function around(place) {
  return [place.before, h("mark", {}, place.span.text), place.after];
}
