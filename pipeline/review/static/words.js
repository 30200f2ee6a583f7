// The interface's own words, in the language that the reader chose, and its dates and numbers as that language writes them.

const LOCALES = { en: "en-GB", cy: "cy" };
// Many browsers come without Welsh: its months and its plurals (CLDR 46) are therefore our own.
const MONTHS = [
  "Ionawr",
  "Chwefror",
  "Mawrth",
  "Ebrill",
  "Mai",
  "Mehefin",
  "Gorffennaf",
  "Awst",
  "Medi",
  "Hydref",
  "Tachwedd",
  "Rhagfyr",
];
const WELSH_PLURALS = new Map([
  [0, "zero"],
  [1, "one"],
  [2, "two"],
  [3, "few"],
  [6, "many"],
]);
const spoken = { language: "en", strings: {}, told: {} };

export function speak(strings, language, told) {
  spoken.strings = strings;
  spoken.told = told;
  spoken.language = strings[language] ? language : "en";
}

// What the program says in English of a candidate or a picture, and the name of a code that has a Welsh one.
export function retold(text) {
  return (spoken.language === "cy" && spoken.told[text]) || text;
}

export function language() {
  return spoken.language;
}

// t("n_quotes", {n: 3}) takes "n_quotes_other", or whichever form the language has for 3.
export function t(key, values = {}) {
  const strings = spoken.strings[spoken.language] || {};
  const fallback = spoken.strings.en || {};
  let found = strings[key] ?? fallback[key];
  if (found === undefined && "n" in values) {
    const form =
      spoken.language === "cy"
        ? WELSH_PLURALS.get(values.n) || "other"
        : new Intl.PluralRules(LOCALES.en).select(values.n);
    found =
      strings[`${key}_${form}`] ?? strings[`${key}_other`] ?? fallback[`${key}_${form}`] ?? fallback[`${key}_other`];
  }
  if (found === undefined) return key;
  return found.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return typeof value === "number" ? number(value) : (value ?? whole);
  });
}

// A way of attributing a quote, in words. English says "health", and "the voluntary sector".
export function attribution(way, sector) {
  const the = spoken.language === "en" && /^(?!the ).*\b(sector|police|NHS|civil service)$/i.test(sector);
  return t(`way_${way}`, { sector: the ? `the ${sector}` : sector });
}

export function number(value, digits = 0) {
  return new Intl.NumberFormat(LOCALES[spoken.language], {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  }).format(value);
}

// None and all are said of none and all only, as in the report.
export function percent(value) {
  return new Intl.NumberFormat(LOCALES[spoken.language], { style: "percent", maximumFractionDigits: 0 }).format(
    value > 0 && value < 1 ? Math.min(Math.max(value, 0.01), 0.99) : value,
  );
}

export function date(iso) {
  const moment = new Date(iso.length === 10 ? `${iso}T00:00:00Z` : iso);
  if (Number.isNaN(moment.getTime())) return iso;
  if (spoken.language === "cy") return welshDate(moment, iso.length === 10);
  const shown =
    iso.length === 10 ? { dateStyle: "long", timeZone: "UTC" } : { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(LOCALES[spoken.language], shown).format(moment);
}

function welshDate(moment, dayOnly) {
  if (dayOnly) return `${moment.getUTCDate()} ${MONTHS[moment.getUTCMonth()]} ${moment.getUTCFullYear()}`;
  const two = (value) => String(value).padStart(2, "0");
  return `${moment.getDate()} ${MONTHS[moment.getMonth()]} ${moment.getFullYear()}, ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

export function clock(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const whole = Math.floor(seconds);
  const two = (value) => String(value).padStart(2, "0");
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
