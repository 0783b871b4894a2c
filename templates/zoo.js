"use strict";
// Filters and sorts the rows that the page carries. What is shown is kept in the address: #q=rule:zero-f1 -task:ner&sort=name
(() => {
  const STEP = 200;
  const byId = (id) => document.getElementById(id);
  const { fields, rows: values } = JSON.parse(byId("zoo").textContent);
  const rows = values.map((value, place) => {
    const row = Object.fromEntries(fields.map((field, i) => [field, value[i]]));
    const words = [row.name, row.about, row.claimed, row.outcome, row.findings, ...row.rules];
    return { ...row, place, words: words.join(" ").toLowerCase() };
  });
  const body = byId("rows").tBodies[0];
  const query = byId("query");
  const heads = [...document.querySelectorAll("th[data-sort]")];
  const state = { q: "", sort: "impact", shown: STEP };
  let found = rows;

  function terms(text) {
    const parts = text.toLowerCase().match(/-?(?:\w+:)?"[^"]*"?|\S+/g) ?? [];
    return parts.map((part) => {
      const not = part.startsWith("-");
      const rest = (not ? part.slice(1) : part).replaceAll('"', "");
      const [, key, value] = /^(rule|severity|task|outcome|name):(.*)$/s.exec(rest) ?? [, "", rest];
      return { not, key, value };
    }).filter((term) => term.value !== "");
  }

  function holds(row, { key, value }) {
    if (key === "rule") return row.rules.some((rule) => rule.includes(value));
    if (key === "severity") return row.severities.some((severity) => severity.startsWith(value));
    return (key ? row[key].toLowerCase() : row.words).includes(value);
  }

  const ORDERS = {
    impact: (a, b) => a.place - b.place,
    name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.place - b.place),
    outcome: (a, b) => a.rank - b.rank || a.place - b.place,
  };

  function find() {
    const wanted = terms(state.q);
    found = rows.filter((row) => wanted.every((term) => holds(row, term) !== term.not));
    if (state.sort !== "impact") found.sort(ORDERS[state.sort]);
  }

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  function line(row) {
    const name = element("bdi", "", row.name);
    const link = row.href ? element("a", "", name) : name;
    if (row.href) link.setAttribute("href", row.href);
    const head = element("th", "", link, element("bdi", "about", row.about));
    head.setAttribute("scope", "row");
    return element("tr", "",
      head,
      element("td", "claimed", row.claimed),
      element("td", "measured", row.measured),
      element("td", `outcome ${row.tone}`, row.outcome),
      element("td", "", element("span", row.gravity, row.findings), element("bdi", "about rules", row.rules.join(", "))),
      element("td", "", row.read));
  }

  function show() {
    const part = found.slice(0, state.shown);
    body.replaceChildren(...part.map(line));
    const few = part.length < found.length ? `the first ${part.length} of ` : "";
    const all = found.length.toLocaleString("en");
    const what = found.length < rows.length ? `matching cards of ${rows.length.toLocaleString("en")}` : "cards";
    byId("shown").textContent = `Showing ${few}${all} ${what}.`;
    byId("more").hidden = part.length === found.length;
    for (const head of heads) {
      if (head.dataset.sort === state.sort) head.setAttribute("aria-sort", "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  function read() {
    const parts = new URLSearchParams(location.hash.slice(1));
    if (location.hash && !parts.has("q") && !parts.has("sort")) return;
    state.q = parts.get("q") ?? "";
    state.sort = Object.hasOwn(ORDERS, parts.get("sort") ?? "") ? parts.get("sort") : "impact";
    state.shown = STEP;
    if (query.value !== state.q) query.value = state.q;
    find();
    show();
  }

  function keep() {
    const parts = new URLSearchParams();
    if (state.q) parts.set("q", state.q);
    if (state.sort !== "impact") parts.set("sort", state.sort);
    history.replaceState(null, "", parts.size ? `#${parts}` : location.pathname + location.search);
    state.shown = STEP;
    find();
    show();
  }

  for (const head of heads) {
    const button = element("button", "", head.textContent);
    button.type = "button";
    button.addEventListener("click", () => {
      state.sort = head.dataset.sort;
      keep();
    });
    head.replaceChildren(button);
  }
  query.addEventListener("input", () => {
    state.q = query.value;
    keep();
  });
  byId("more").addEventListener("click", () => {
    state.shown += STEP;
    show();
  });
  addEventListener("hashchange", () => {
    read();
    if (location.hash.includes("q=")) byId("cards").scrollIntoView();
  });
  byId("filter").hidden = false;
  find();
  show();
  read();
})();
