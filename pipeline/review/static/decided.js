// The themes as people have decided them so far: the run's own, with every decision on them played over it in order.

export class DecidedThemes {
  constructor(store) {
    this.store = store;
    this.rebuild();
  }

  rebuild() {
    const { data } = this.store;
    this.known = new Map();
    this.themes = new Map(
      data.themes.map((theme) => [
        theme.theme_id,
        { ...theme, id: theme.theme_id, description: "", fate: "", into: "", part: "", order: 0, code: "" },
      ]),
    );
    this.primary = { emergent: new Map(), codebook: new Map() };
    this.carried = new Map();
    this.perhaps = new Map();
    this.coded = new Map();
    this.moved = new Set();
    data.assignments.statement.forEach((statement, at) => {
      const id = data.assignments.theme[at];
      const theme = this.themes.get(id);
      if (!theme) return;
      const confidence = data.assignments.confidence[at];
      const kept = theme.origin === "codebook" && confidence < data.carried_from ? this.perhaps : this.carried;
      if (!kept.has(id)) kept.set(id, new Map());
      kept.get(id).set(statement, confidence);
      if (data.assignments.primary[at]) this.primary[theme.origin].set(statement, id);
    });
    const rows = [...this.store.rows.values()].filter(
      (row) => ["theme", "coding"].includes(row.kind) && this.store.live(row),
    );
    const played = rows
      .filter((row) => this.store.shared || row.by === this.store.reviewer)
      .sort((a, b) => (a.at < b.at ? -1 : 1));
    // What was said of a theme that the run has made part of another was not said of the other.
    const away = new Set(played.filter((row) => this.made(row)).map((row) => String(row.anchor)));
    played
      .filter((row) => row.kind === "coding" || row.action === "merge" || !away.has(String(row.anchor)))
      .forEach((row) => this.play(row));
  }

  // The theme that a decision is about, as it stands now; of a statement that is moved, the theme that it is in.
  pointedAt(row) {
    const { theme_code, code, origin = "emergent" } = row.value;
    const named = [row.kind === "coding" ? code : theme_code].find((id) => this.themes.has(id));
    return named || this.most(row.anchor, origin);
  }

  play(row) {
    const { value } = row;
    const origin = value.origin || "emergent";
    const theme = this.themes.get(this.pointedAt(row));
    if (row.kind === "coding") {
      this.playCoding(row, origin);
      return;
    }
    if (!theme) return;
    if (row.action === "rename") theme.name = value.name;
    if (row.action === "describe") theme.description = value.text;
    if (row.action === "reject" || row.action === "keep") theme.fate = row.action;
    if (row.action === "add_to_codebook") theme.code = value.code;
    if (row.action === "place") Object.assign(theme, { part: value.part, order: value.order });
    if (row.action === "merge")
      this.merge(theme, this.themes.get(value.into_code) || this.themes.get(this.most(row.into, origin)), value);
    if (row.action === "split") this.split(theme, row, origin);
  }

  // Whether a merge was made by the run: then both are one.
  made(row) {
    const origin = row.value.origin || "emergent";
    const merged = row.kind === "theme" && row.action === "merge" && origin === "emergent" && this.most(row.anchor, origin);
    return Boolean(merged) && merged === this.most(row.into, origin);
  }

  playCoding(row, origin) {
    for (const statement of row.anchor || []) {
      if (row.action === "confirm" || row.action === "refuse")
        this.coded.set(`${statement} ${row.value.code}`, row.action);
      if (row.action === "move") {
        const target = this.most(row.into, origin);
        if (target) this.assign(statement, target, origin);
      }
    }
  }

  merge(theme, into, value) {
    // The run was made again since: both are one, and what was merged away lends it no name.
    if (into === theme) theme.name = value.into_name || theme.name;
    if (!into || into === theme) return;
    theme.into = into.id;
    for (const [statement, id] of [...this.primary[theme.origin]])
      if (id === theme.id) this.assign(statement, into.id, theme.origin);
  }

  split(theme, row, origin) {
    const picked = row.picked || [];
    if (!picked.length) return;
    const present = this.most(picked, origin);
    // The run was made again since: what was split off is a theme of its own already.
    const made = this.themes.get(present);
    const known = this.statementsOf(present).length <= picked.length * 2;
    if (made && (made.name === row.value.name || (present !== theme.id && known))) {
      made.name = row.value.name || made.name;
      return;
    }
    const id = `split ${row.decision_id}`;
    this.themes.set(id, {
      ...theme,
      id,
      theme_id: id,
      name: row.value.name,
      description: "",
      keywords: [],
      anchor: picked.slice(0, 5),
      fate: "",
      into: "",
      part: theme.part,
      order: theme.order,
      code: "",
      stability: null,
      made: true,
    });
    picked.forEach((statement) => this.assign(statement, id, origin));
  }

  assign(statement, id, origin) {
    this.known.clear();
    this.primary[origin].set(statement, id);
    this.moved.add(statement);
  }

  // The theme that most of these statements are in; ties by id, so that it is the same everywhere.
  most(statements, origin) {
    const votes = new Map();
    for (const statement of statements || []) {
      const id = this.primary[origin]?.get(statement);
      if (id) votes.set(id, (votes.get(id) || 0) + 1);
    }
    return [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] || "";
  }

  // The statements of a theme, those that carry it most surely first.
  statementsOf(id) {
    if (!this.known.has(id)) this.known.set(id, this.workOutStatements(id));
    return this.known.get(id);
  }

  // Statements that may carry a code though the machine doubts it, the likeliest first.
  perhapsOf(id) {
    return [...(this.perhaps.get(id) || new Map())]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .map(([statement]) => statement);
  }

  workOutStatements(id) {
    const theme = this.themes.get(id);
    if (!theme) return [];
    const found = [...this.primary[theme.origin]].filter(([, held]) => held === id).map(([statement]) => statement);
    const confidence = this.carried.get(id) || new Map();
    if (theme.origin === "codebook") {
      const held = new Set(found);
      found.push(...[...confidence.keys()].filter((statement) => !held.has(statement)));
    }
    // Whoever leads the talk is not whom the theme is about: what they say stands last.
    const led = (row) => Number(this.store.roleOf(row) !== "participant");
    return found.sort((a, b) => led(a) - led(b) || (confidence.get(b) || 0) - (confidence.get(a) || 0) || a - b);
  }

  // Whether people said that a statement carries a code, or that it doesn't.
  codedAs(statement, id) {
    return this.coded.get(`${statement} ${id}`) || "";
  }

  // The theme that a quote stands under now.
  ofItem(item) {
    if (!item.theme || !this.themes.has(item.theme)) return "";
    const origin = this.themes.get(item.theme).origin;
    const movedTo = this.most(
      this.statementsUnder(item).filter((row) => this.moved.has(row)),
      origin,
    );
    return this.final(movedTo || item.theme);
  }

  // Every theme that a quote may speak for.
  allOfItem(item) {
    return [...new Set([this.ofItem(item), ...item.themes.map((id) => this.final(id))])].filter(Boolean);
  }

  final(id) {
    let theme = this.themes.get(id);
    for (let steps = 0; theme && theme.into && steps < this.themes.size; steps += 1)
      theme = this.themes.get(theme.into);
    return theme ? theme.id : "";
  }

  statementsUnder(item) {
    if (!this.byTurn) {
      this.byTurn = new Map();
      this.store.data.statements.turn.forEach((turn, row) => {
        if (!this.byTurn.has(turn)) this.byTurn.set(turn, []);
        this.byTurn.get(turn).push(row);
      });
    }
    const { start, end } = this.store.data.statements;
    return (this.byTurn.get(item.turn) || []).filter((row) => start[row] < item.end && item.start < end[row]);
  }

  // Those that are in the report: neither merged into another nor rejected; by part and place, as the report has them,
  // then those in no part, the codebook's last, by size.
  listed({ rejected = true } = {}) {
    const shown = [...this.themes.values()].filter((theme) => !theme.into && (rejected || theme.fate !== "reject"));
    const last = (theme) => (theme.fate === "reject" ? 3 : theme.part ? 0 : theme.origin === "codebook" ? 2 : 1);
    return shown.sort(
      (a, b) => last(a) - last(b) || (last(a) ? 0 : byPart(a.part, b.part) || a.order - b.order),
    );
  }

  // What stands for a theme in a decision: its most central statements, or its code where it has none.
  // Statements that are about to leave don't stand for the theme that they leave.
  anchorOf(id, leaving = []) {
    const theme = this.themes.get(id);
    const staying = this.statementsOf(id).filter((row) => !leaving.includes(row));
    const statements = staying.length ? staying : this.statementsOf(id);
    const central = (theme.anchor || []).filter((row) => statements.includes(row));
    return [...new Set([...central, ...statements.slice(0, 5)])].slice(0, 5);
  }
}

// Parts that are numbers come first, in their order; the others by their letters, as the report sorts them.
function byPart(one, other) {
  const number = (part) => (/^[0-9]+$/.test(part) ? Number(part) : 1e6);
  return number(one) - number(other) || (one < other ? -1 : one > other ? 1 : 0);
}
