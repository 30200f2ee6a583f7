// Elements made of names and text; nothing here, or anywhere on the page, turns text into markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "selected" || name === "disabled")
      element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

// What is drawn anew under the keyboard keeps it: or whoever goes by Tab or by ear would be at the page's beginning
// after each decision. Not under the mouse, where the next press of the space bar is to scroll and not to decide.
export function fill(element, ...children) {
  const held = document.activeElement;
  const back = held && held !== element && element.contains(held) && held.matches(":focus-visible") && wayBack(element, held);
  element.replaceChildren(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  if (back) back();
  return element;
}

// Whether the reader goes by keyboard now: then focus may be moved, and the next press is meant for where it is.
export function byKeyboard() {
  return document.activeElement.matches(":focus-visible");
}

// Gives the keyboard to the same control in what is drawn next, found by its words; where it is gone or can't be
// pressed any more, to what stands in its place, from the nearest group around it outwards.
function wayBack(element, held) {
  const words = (control) => control && (control.ariaLabel || control.textContent);
  const alike = () =>
    [...element.querySelectorAll(held.tagName)].filter((one) => one.className === held.className && one.type === held.type);
  const [at, said] = [alike().indexOf(held), words(held)];
  const groups = groupsAround(element, held);
  return () => {
    const found = alike();
    const same = words(found[at]) === said ? found[at] : found.find((one) => words(one) === said);
    const others = [...groups(), document.getElementById("view")];
    return takesFocus(same, { preventScroll: true }) || others.some((one) => takesFocus(one));
  };
}

// The controls of the groups around one, as they are in what is drawn next: first the one at its place, then the others.
function groupsAround(element, held) {
  const controls = (group) => [...group.querySelectorAll("button, input, select, textarea, summary")];
  const alike = (group) => [...element.querySelectorAll(group.tagName)].filter((one) => one.className === group.className);
  const around = [];
  for (let group = held.parentElement; group !== element; group = group.parentElement)
    around.push([group, alike(group).indexOf(group), controls(group).indexOf(held)]);
  return () =>
    [...around.map(([group, nth, at]) => [alike(group)[nth], at]), [element, 0]]
      .filter(([group]) => group)
      .flatMap(([group, at]) => [controls(group)[at], ...controls(group)]);
}

// Only the browser knows: what is disabled or folded away takes none.
function takesFocus(element, options) {
  element?.focus(options);
  return Boolean(element) && document.activeElement === element;
}

export function choice(label, options, chosen, onChoose, attributes = {}) {
  const select = h(
    "select",
    { ...attributes, onchange: (event) => onChoose(event.target.value) },
    options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)),
  );
  return h("label", { class: "choice" }, h("span", {}, label), select);
}

export function button(text, onPress, attributes = {}, key = "") {
  return h(
    "button",
    { type: "button", ...attributes, onclick: onPress },
    text,
    key && h("kbd", { "aria-hidden": "true" }, key),
  );
}

// Said aloud by a screen reader; the same words twice are said twice.
export function say(text) {
  const live = document.getElementById("live");
  if (!live) return;
  live.textContent = "";
  requestAnimationFrame(() => {
    live.textContent = text;
  });
}

export function ask(title, body, buttons) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-labelledby": "dialog-title" });
    const finish = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(null);
    });
    dialog.append(
      h(
        "form",
        {
          method: "dialog",
          onsubmit: (event) => {
            event.preventDefault();
            finish(buttons[0][1]);
          },
        },
        h("h2", { id: "dialog-title" }, title),
        body,
        h(
          "p",
          { class: "row" },
          buttons.map(([text, value], at) =>
            h(
              "button",
              {
                type: at ? "button" : "submit",
                class: at ? "" : "primary",
                onclick: at ? () => finish(value) : null,
              },
              text,
            ),
          ),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
