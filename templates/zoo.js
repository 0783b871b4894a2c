"use strict";
// Filters, sorts and shows the rows that the page carries. Only those near the window are in the document: 50,000 rows open at once.
// What is shown is kept in the address: #q=rule:zero-f1 -task:ner&sort=name
(() => {
  const BEYOND = 12; // rows kept above and below the window
  const MOST = 200000; // browsers lay out no taller page
  const PRINTED = 200;
  // as in cardaudit/report/zoo/rows.py
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  // A narrow window shows a table's rows as blocks, and not every browser then still takes them for rows.
  const ROLES = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", th: "rowheader", td: "cell" };
  const byId = (id) => document.getElementById(id);
  const parts = [];
  const value = {}; // by column's name: a function of the row's number
  const { parts: files = 1, total, ...first } = JSON.parse(byId("zoo").textContent);
  let count = 0;
  take(first);
  const body = byId("rows").tBodies[0];
  const query = byId("query");
  const heads = [...document.querySelectorAll("th[data-sort]")];
  const state = { q: "", sort: "impact" };
  const haystacks = [];
  const drawn = new Map(); // place in `found` -> its tr
  const gaps = [gap(), gap()];
  const whole = byId("rows").classList.contains("wrapped"); // all rows are drawn, each as high as its rules need
  let found = everything();
  let height = 0;

  // Takes the rows of the page, or of one file beside it; only the last part is shorter than the first.
  function take(part) {
    const readers = Object.fromEntries(Object.entries(part.columns).map(([name, column]) => [name, reader(column)]));
    parts.push(readers);
    count += part.count;
    const size = first.count;
    for (const name of Object.keys(readers)) {
      value[name] = parts.length === 1 ? readers[name] : (row) => parts[Math.floor(row / size)][name](row % size);
    }
  }

  // A column's value by row; cardaudit/report/zoo/rows.py says how columns are written.
  function reader(column) {
    if (Array.isArray(column)) return (row) => column[row];
    const { words, rows } = column;
    if (Array.isArray(rows)) return (row) => words[rows[row]];
    const word = {};
    words.forEach((each, place) => { word[LETTERS.charCodeAt(place)] = each; });
    return (row) => word[rows.charCodeAt(row)];
  }

  function everything() {
    return Uint32Array.from({ length: count }, (_, row) => row);
  }

  function terms(text) {
    const parts = text.toLowerCase().match(/-?(?:\w+:)?"[^"]*"?|\S+/g) ?? [];
    return parts.map((part) => {
      const not = part.startsWith("-");
      const rest = (not ? part.slice(1) : part).replaceAll('"', "");
      const exact = part.endsWith('"');
      const [, key, word] = /^(\w+):(.*)$/s.exec(rest) ?? [, "", rest];
      return Object.hasOwn(TESTS, key) ? { not, word, exact, test: TESTS[key] } : { not, word: rest, exact, test: hasWord };
    }).filter((term) => term.word !== "");
  }

  const hasWord = (row, word) => haystack(row).includes(word);

  function haystack(row) {
    return haystacks[row] ??= [
      value.name(row), value.title(row), value.task(row), value.base(row), value.data(row), value.author(row),
      value.claimed(row), value.outcome(row), value.findings(row), value.rules(row).join("\n"),
    ].join("\n").toLowerCase();
  }

  // Made while nothing else is to do, so that the first word typed is found at once.
  function prepare(deadline, row = 0) {
    while (row < count && deadline.timeRemaining() > 1) haystack(row++);
    if (row < count) requestIdleCallback((next) => prepare(next, row));
  }

  const within = (name) => (row, word, exact) => {
    const text = value[name](row).toLowerCase();
    return exact ? text === word : text.includes(word);
  };
  const among = (name) => (row, word) => value[name](row).some((each) => each.includes(word));
  const TESTS = {
    rule: among("rules"),
    severity: (row, word) => value.severities(row).some((severity) => severity.startsWith(word)),
    change: among("changes"),
    task: within("task"),
    base: within("base"),
    data: within("data"),
    author: within("author"),
    year: within("year"),
    outcome: within("outcome"),
    name: within("name"),
    same: (row, word) => value.twins(row) === word,
  };

  const byName = (a, b) => (value.name(a) < value.name(b) ? -1 : value.name(a) > value.name(b) ? 1 : a - b);
  const ORDERS = {
    impact: (a, b) => a - b,
    name: byName,
    outcome: (a, b) => value.rank(a) - value.rank(b) || a - b,
    downloads: (a, b) => value.downloads(b) - value.downloads(a) || a - b,
  };

  function find() {
    const wanted = terms(state.q);
    found = everything();
    for (const { not, word, exact, test } of wanted) found = found.filter((row) => test(row, word, exact) !== not);
    if (state.sort !== "impact") found.sort(ORDERS[state.sort]);
  }

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (ROLES[name]) made.setAttribute("role", ROLES[name]);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  function titled(made) {
    made.title = made.textContent;
    return made;
  }

  function about(row) {
    const downloads = value.downloads(row) ? `${value.downloads(row).toLocaleString("en")} downloads` : "";
    return [...["title", "task", "base", "data", "year"].map((name) => value[name](row)), downloads].filter(Boolean).join(" · ");
  }

  function line(row, place) {
    const name = element("bdi", "", value.name(row));
    const href = value.href(row) === true ? `cards/${value.name(row)}/report.html` : value.href(row);
    const link = href ? element("a", "", name) : name;
    if (href) link.setAttribute("href", href);
    const head = element("th", "", link, titled(element("bdi", "about", about(row))));
    head.setAttribute("scope", "row");
    const made = element("tr", "",
      head,
      element("td", "claimed", value.claimed(row)),
      element("td", "measured", value.measured(row)),
      element("td", `outcome ${value.tone(row)}`, value.outcome(row)),
      element("td", "", titled(element("span", value.gravity(row), value.findings(row))),
        titled(element("bdi", "about rules", value.rules(row).join(", ")))),
      element("td", "coverage", value.read(row)));
    made.setAttribute("aria-rowindex", place + 2);
    return made;
  }

  function gap() {
    const made = element("tr", "gap", element("td", ""));
    made.setAttribute("aria-hidden", "true");
    return made;
  }

  // Draws the rows from `first` to `last` (of `found`) and lets go of all others; a row that stays keeps its focus.
  function draw(first, last) {
    for (const [place, row] of drawn) {
      if (place < first || place >= last) {
        row.remove();
        drawn.delete(place);
      }
    }
    let next = gaps[1];
    for (let place = last - 1; place >= first; place--) {
      if (!drawn.has(place)) {
        drawn.set(place, line(found[place], place));
        next.before(drawn.get(place));
      }
      next = drawn.get(place);
    }
    gaps[0].firstChild.style.height = `${first * height}px`;
    gaps[1].firstChild.style.height = `${(reachable() - last) * height}px`;
    gaps[0].hidden = first === 0;
    gaps[1].hidden = last === reachable();
  }

  const reachable = () => Math.min(found.length, MOST);

  function look() {
    if (whole) {
      draw(0, reachable());
      return;
    }
    const top = -body.getBoundingClientRect().top;
    const first = Math.min(Math.max(0, Math.floor(top / height) - BEYOND), Math.max(0, reachable() - 1));
    const last = Math.min(reachable(), Math.max(first, Math.ceil((top + innerHeight) / height)) + BEYOND);
    draw(first, last);
  }

  function measure() {
    draw(0, Math.min(1, reachable()));
    height = drawn.get(0)?.getBoundingClientRect().height || height || 60;
  }

  function show() {
    for (const row of drawn.values()) row.remove();
    drawn.clear();
    if (!height) measure();
    look();
    byId("rows").setAttribute("aria-rowcount", found.length + 1);
    const all = found.length.toLocaleString("en");
    const rest = total - count;
    byId("more").hidden = !rest;
    byId("more").textContent = rest === 1
      ? "Load the last card" : `Load the next ${Math.min(rest, first.count).toLocaleString("en")} cards (${rest.toLocaleString("en")} are not loaded)`;
    const cards = found.length === 1 ? "card" : "cards";
    const what = found.length < count ? `matching ${cards} of ${count.toLocaleString("en")}` : cards;
    const cut = reachable() < found.length ? `, the first ${MOST.toLocaleString("en")} within reach: narrow the filter for others` : "";
    byId("shown").textContent = `Showing ${all} ${what}${cut}.`;
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
    if (query.value !== state.q) query.value = state.q;
    find();
    show();
  }

  function keep() {
    const parts = new URLSearchParams();
    if (state.q) parts.set("q", state.q);
    if (state.sort !== "impact") parts.set("sort", state.sort);
    history.replaceState(null, "", parts.size ? `#${parts}` : location.pathname + location.search);
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
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && document.activeElement !== query) {
      event.preventDefault();
      query.focus();
    }
  });
  addEventListener("hashchange", () => {
    read();
    if (location.hash.includes("q=")) byId("cards").scrollIntoView();
  });
  byId("more").addEventListener("click", () => {
    const script = document.createElement("script");
    byId("more").disabled = true;
    script.src = `cards-${parts.length + 1}.js`;
    script.addEventListener("error", () => {
      byId("shown").textContent = `${script.src} could not be loaded: it belongs beside this page.`;
      byId("more").disabled = false;
    });
    document.head.append(script);
  });
  globalThis.cardauditRows = (number, part) => {
    if (number !== parts.length + 1 || number > files) return;
    take(part);
    byId("more").disabled = false;
    find();
    show();
    if ("requestIdleCallback" in globalThis) requestIdleCallback(prepare);
  };
  addEventListener("scroll", look, { passive: true });
  addEventListener("resize", () => {
    height = 0;
    show();
  });
  addEventListener("beforeprint", () => {
    draw(0, Math.min(PRINTED, reachable()));
    if (reachable() > PRINTED) byId("shown").textContent = `The first ${PRINTED} of ${found.length.toLocaleString("en")} cards.`;
  });
  addEventListener("afterprint", show);
  for (const part of [byId("rows"), body, ...document.querySelectorAll("#rows thead, #rows thead tr")]) {
    part.setAttribute("role", ROLES[part.localName]);
  }
  for (const head of document.querySelectorAll("#rows thead th")) head.setAttribute("role", "columnheader");
  byId("rows").classList.add("virtual");
  body.replaceChildren(...gaps);
  byId("filter").hidden = false;
  show();
  read();
  if ("requestIdleCallback" in globalThis) requestIdleCallback(prepare);
})();
