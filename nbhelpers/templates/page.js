"use strict";

/* Light or dark: as the system says, until the reader chooses. */
const root = document.documentElement;
const systemDark = matchMedia("(prefers-color-scheme: dark)");
let chosen = null;
try { chosen = localStorage.getItem("nbhelpers-theme"); } catch { /* private windows keep nothing */ }

function isDark() { return chosen ? chosen === "dark" : systemDark.matches; }

function applyTheme() {
  root.style.colorScheme = chosen || "light dark";
  const media = !chosen ? "screen and (prefers-color-scheme: dark)" : isDark() ? "screen" : "not all";
  for (const source of document.querySelectorAll(".nbh-figure source")) source.media = media;
  const button = document.querySelector("button.theme");
  if (button) button.textContent = isDark() ? "Light" : "Dark";
}

function setUpTheme() {
  const button = document.querySelector("button.theme");
  button.hidden = false;
  button.addEventListener("click", () => {
    chosen = isDark() ? "light" : "dark";
    try { localStorage.setItem("nbhelpers-theme", chosen); } catch { /* then for this page only */ }
    applyTheme();
  });
  systemDark.addEventListener("change", applyTheme);
  applyTheme();
}

/* Tables of evidence: sort, filter, and a page of rows at a time. */
const ROWS_AT_FIRST = 20;
const collator = new Intl.Collator("en", { numeric: true });

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function compareCells(a, b, direction) {
  const missing = a.classList.contains("nbh-missing") - b.classList.contains("nbh-missing");
  if (missing) return missing;
  const numeric = "sort" in a.dataset && "sort" in b.dataset;
  const order = numeric ? a.dataset.sort - b.dataset.sort : collator.compare(a.textContent, b.textContent);
  return direction * order;
}

function setUpTable(box) {
  const body = box.querySelector("tbody");
  const rows = [...body.rows].filter((row) => row.cells[0].tagName === "TH");
  if (rows.length < 2) return;
  let showAll = rows.length <= ROWS_AT_FIRST;
  const plain = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();
  const contents = new Map(rows.map((row) => [row, plain([...row.cells].map((cell) => cell.textContent).join(" "))]));
  const filter = element("input", { type: "search", autocomplete: "off" });
  const count = element("span", { role: "status" });
  const more = element("button", { type: "button", textContent: `Show all ${rows.length.toLocaleString("en")} rows` });
  const label = element("label", {}, "Filter rows", filter);

  function update() {
    const wanted = plain(filter.value);
    let matching = 0, shown = 0;
    for (const row of body.rows) {
      const matches = contents.get(row).includes(wanted);
      row.hidden = !matches || (!showAll && matching >= ROWS_AT_FIRST);
      matching += matches;
      shown += !row.hidden;
    }
    const total = rows.length.toLocaleString("en");
    count.textContent = wanted
      ? `${matching.toLocaleString("en")} of ${total} rows match${shown < matching ? `, first ${shown} shown` : ""}`
      : shown < matching ? `${shown} of ${total} rows shown` : `${total} rows`;
    more.hidden = showAll;
  }

  box.querySelectorAll("thead th").forEach((head, column) => {
    const button = element("button", { type: "button", className: "nbh-sort" });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const upwards = head.getAttribute("aria-sort") === "ascending";
      box.querySelectorAll("[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", upwards ? "descending" : "ascending");
      rows.sort((a, b) => compareCells(a.cells[column], b.cells[column], upwards ? -1 : 1));
      body.append(...rows);
      update();
    });
  });
  filter.addEventListener("input", update);
  more.addEventListener("click", () => { showAll = true; update(); });
  const caption = box.querySelector("caption");
  const title = element("p", { className: "nbh-title", ariaHidden: "true" }, caption.textContent);
  caption.classList.add("nbh-unseen");
  box.prepend(title, element("div", { className: "nbh-tools" }, label, count, more));
  update();
}

/* Reader pages: show and hide what the legend names. */
function setUpLegend() {
  const boxes = [...document.querySelectorAll(".entry input")];
  const hideAll = document.querySelector("button.furniture");
  const furniture = boxes.filter((box) => "furniture" in box.dataset);

  function update() {
    for (const box of boxes) {
      for (const part of document.querySelectorAll(`.raw .${box.dataset.key}`)) part.classList.toggle("off", !box.checked);
    }
    for (const block of document.querySelectorAll(".raw .block")) {
      const segments = [...block.querySelectorAll(".segment")];
      block.classList.toggle("off", segments.every((segment) => segment.classList.contains("off")));
    }
    hideAll?.setAttribute("aria-pressed", String(furniture.every((box) => !box.checked)));
  }

  for (const box of boxes) {
    box.hidden = false;
    box.addEventListener("change", update);
  }
  if (hideAll && furniture.length) {
    hideAll.hidden = false;
    hideAll.addEventListener("click", () => {
      const hidden = hideAll.getAttribute("aria-pressed") === "true";
      for (const box of furniture) box.checked = hidden;
      update();
    });
  }
  return () => { for (const box of boxes) box.checked = true; update(); };
}

/* Reader pages: #c120-180 leads to the code points 120 to 180 of the raw text. */
function textNodes(raw) {
  const walker = document.createTreeWalker(raw, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("[data-skip]") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

function unmark(raw) {
  for (const mark of raw.querySelectorAll("mark.here")) mark.replaceWith(...mark.childNodes);
  raw.normalize();
}

/* A JavaScript string counts UTF-16 units: a character beyond them takes two. */
function unitsOf(data, points) {
  let units = 0;
  for (const point of data) {
    if (points-- <= 0) break;
    units += point.length;
  }
  return units;
}

function markPlace(raw, start, end) {
  let position = 0;
  for (const node of textNodes(raw)) {
    const length = [...node.data].length;
    const from = Math.max(start - position, 0), to = Math.min(end - position, length);
    position += length;
    if (from >= to) continue;
    const first = unitsOf(node.data, from), last = unitsOf(node.data, to);
    const middle = node.splitText(first);
    middle.splitText(last - first);
    const mark = element("mark", { className: "here" });
    middle.replaceWith(mark);
    mark.append(middle);
  }
  return raw.querySelector("mark.here");
}

function setUpPlaces(raw, showEverything) {
  const status = document.querySelector(".here[role=status]");

  function goToPlace() {
    unmark(raw);
    const place = /^#c(\d+)-(\d+)$/.exec(location.hash);
    const mark = place && markPlace(raw, Number(place[1]), Number(place[2]));
    status.hidden = !mark;
    if (!mark) return;
    if (mark.closest(".off")) showEverything();
    const clear = element("a", { href: "#main", textContent: "Clear" });
    status.replaceChildren(`Characters ${place[1]} to ${place[2]} are highlighted. `, clear);
    mark.scrollIntoView({ block: "center" });
  }

  addEventListener("hashchange", goToPlace);
  addEventListener("load", goToPlace);
}

applyTheme();
document.addEventListener("DOMContentLoaded", () => {
  setUpTheme();
  document.querySelectorAll(".nbh-evidence").forEach(setUpTable);
  const raw = document.querySelector(".raw");
  if (raw) setUpPlaces(raw, setUpLegend());
  if (matchMedia("(max-width: 63.99rem)").matches) {
    for (const folded of document.querySelectorAll(".toc details, .about details")) folded.open = false;
  }
});
