// A list of any length of which only what is in view is in the page: 5,000 rows cost as much as fifteen.

import { h, fill } from "./dom.js";

const ROW_REM = 6.5;
const SPARE = 4;

export class VirtualList {
  constructor({ label, row, onChoose }) {
    this.row = row;
    this.onChoose = onChoose;
    this.rows = [];
    this.chosen = -1;
    this.space = h("div", { class: "list-space", role: "presentation" });
    this.element = h(
      "div",
      { class: "list", role: "listbox", tabindex: "0", "aria-label": label, onscroll: () => this.draw() },
      this.space,
    );
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.element);
  }

  get rowHeight() {
    return ROW_REM * parseFloat(getComputedStyle(document.documentElement).fontSize);
  }

  show(rows, chosen) {
    this.rows = rows;
    this.chosen = chosen;
    this.space.style.height = `${rows.length * ROW_REM}rem`;
    this.reveal();
    this.draw();
  }

  choose(at) {
    this.chosen = at;
    this.reveal();
    this.draw();
  }

  reveal() {
    const height = this.rowHeight;
    const top = this.chosen * height;
    const view = this.element.clientHeight;
    if (this.chosen < 0 || !view) return;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top + height > this.element.scrollTop + view) this.element.scrollTop = top + height - view;
  }

  draw() {
    const height = this.rowHeight;
    const first = Math.max(0, Math.floor(this.element.scrollTop / height) - SPARE);
    const last = Math.min(
      this.rows.length,
      Math.ceil((this.element.scrollTop + this.element.clientHeight) / height) + SPARE,
    );
    const drawn = [];
    for (let at = first; at < last; at += 1) drawn.push(this.option(at));
    fill(this.space, drawn);
    const active = this.chosen >= first && this.chosen < last ? `option-${this.chosen}` : null;
    if (active) this.element.setAttribute("aria-activedescendant", active);
    else this.element.removeAttribute("aria-activedescendant");
  }

  option(at) {
    const option = h(
      "div",
      {
        id: `option-${at}`,
        class: "option",
        role: "option",
        "aria-selected": String(at === this.chosen),
        "aria-setsize": String(this.rows.length),
        "aria-posinset": String(at + 1),
        onclick: () => this.onChoose(at),
      },
      this.row(this.rows[at], at),
    );
    option.style.top = `${at * ROW_REM}rem`;
    return option;
  }
}
