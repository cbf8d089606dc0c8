// What every page needs: htmx, menus that close, lists one can type into, and charts loaded where there is one.
import htmx from "htmx.org/dist/htmx.esm.js";
import comboBox from "@uswds/uswds/js/usa-combo-box";

window.htmx = htmx;

const CHARTS_SOURCE = document.currentScript?.dataset.charts;
const OPEN_MENUS = "details[data-menu][open]";
const NARROW = window.matchMedia("(max-width: 52em)");

function closeMenus(except) {
  for (const menu of document.querySelectorAll(OPEN_MENUS)) {
    if (menu !== except) menu.open = false;
  }
}

function closeOnEscape(event) {
  if (event.key !== "Escape") return;
  if (event.target.matches?.(".define")) event.target.blur();
  const menu = event.target.closest?.(OPEN_MENUS);
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

// The key / leads to the search, unless somebody is typing.
function searchOnSlash(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("[data-search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

function foldUnusedFilters(root) {
  if (!NARROW.matches) return;
  for (const filters of root.querySelectorAll("details[data-filters]:not([data-active])")) filters.open = false;
}

function revealButtons(root) {
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.onclick = () => window.print();
  }
}

// <select data-submit> sends its form when another value is chosen; the button for those without script goes away.
function submitOnChange(root) {
  for (const select of root.querySelectorAll("select[data-submit]")) {
    select.onchange = () => select.form.requestSubmit();
    const button = select.form.querySelector("button[data-without-script]");
    if (button) button.hidden = true;
  }
}

function askFirst(event) {
  const question = event.target.dataset?.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
}

let charts;
function loadCharts() {
  charts ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = CHARTS_SOURCE;
    script.onload = () => resolve(window.portalCharts);
    script.onerror = reject;
    document.head.append(script);
  });
  return charts;
}

async function drawCharts(root) {
  if (!root.querySelector("[data-chart]")) return;
  // Open for those without script.
  for (const figures of root.querySelectorAll(".chart__figures[open]")) figures.open = false;
  (await loadCharts()).draw(root);
}

function prepare(root) {
  comboBox.on(root);
  foldUnusedFilters(root);
  revealButtons(root);
  submitOnChange(root);
  drawCharts(root);
}

function openForPaper() {
  for (const details of document.querySelectorAll("details.disclosure:not([open])")) {
    details.open = true;
    details.dataset.openedForPaper = "";
  }
}

function closeAfterPaper() {
  for (const details of document.querySelectorAll("details[data-opened-for-paper]")) {
    details.open = false;
    delete details.dataset.openedForPaper;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest?.("details")));
document.addEventListener("keydown", closeOnEscape);
document.addEventListener("keydown", searchOnSlash);
document.addEventListener("submit", askFirst);
window.addEventListener("beforeprint", openForPaper);
window.addEventListener("afterprint", closeAfterPaper);

document.addEventListener("DOMContentLoaded", () => {
  prepare(document.body);
  document.querySelector("[data-focus]")?.focus();
});
document.addEventListener("htmx:afterSettle", (event) => prepare(event.target));
