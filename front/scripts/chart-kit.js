// What the chart builders share: reading tables and colours, axes and tooltips in the portal's look.

const FONT = '"Public Sans Web", system-ui, sans-serif';
const INK_SOFT = "#4d5661";
const LINE = "#d8dce1";
const LINE_SOFT = "#e8ebee";

export const INSUFFICIENT = "insufficient-evidence";
// Lines across, so that missing evidence is told apart without colour.
export const HATCH = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: "rgba(255,255,255,0.75)" };

export function colour(tone) {
  const name = ["primary", "ink", "line"].includes(tone) ? { primary: "--state-primary", ink: "--ink", line: "--line" }[tone] : `--grade-${tone}`;
  const style = getComputedStyle(document.documentElement);
  return (style.getPropertyValue(name) || style.getPropertyValue(`--${tone}`) || "#4d5661").trim();
}

export function rows(figure, role) {
  const table = figure.querySelector(role ? `table[data-role="${role}"]` : "table.chart-data");
  return table ? [...table.tBodies].flatMap((body) => [...body.rows]) : [];
}

// A cell's figure: data-value where the text is for people ("$1.2M"), else its text; none where it is empty.
export function figureOf(cell) {
  const text = cell?.dataset.value ?? cell?.textContent.trim() ?? "";
  return text === "" || Number.isNaN(Number(text)) ? null : Number(text);
}

export const text = (cell) => cell?.textContent.trim().replace(/\s+/g, " ") ?? "";
export const link = (cell) => cell?.querySelector("a")?.href ?? "";

// Built from nodes: markup with style attributes would be refused by the pages' security policy.
export function tip(title, pairs) {
  const box = document.createElement("div");
  box.className = "chart-tip";
  const head = box.appendChild(document.createElement("strong"));
  head.textContent = title;
  const list = box.appendChild(document.createElement("dl"));
  for (const [name, value] of pairs) {
    list.appendChild(document.createElement("dt")).textContent = name;
    list.appendChild(document.createElement("dd")).textContent = value;
  }
  return box;
}

export function frame(parts) {
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: INK_SOFT, fontSize: 12 },
    grid: { left: 8, right: 12, top: 12, bottom: 8, containLabel: true, ...parts.grid },
    tooltip: {
      confine: true,
      backgroundColor: "#fff",
      borderColor: LINE,
      borderWidth: 1,
      padding: [8, 10],
      textStyle: { color: "#1b1f24", fontFamily: FONT, fontSize: 13 },
      ...parts.tooltip,
    },
    xAxis: parts.xAxis,
    yAxis: parts.yAxis,
    series: parts.series,
  };
}

export const categoryAxis = (data, more = {}) => ({
  type: "category",
  data,
  axisTick: { show: false },
  axisLine: { lineStyle: { color: LINE } },
  axisLabel: { color: INK_SOFT, fontSize: 12, hideOverlap: true },
  ...more,
});

export const valueAxis = (more = {}) => ({
  type: "value",
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: { color: INK_SOFT, fontSize: 12 },
  splitLine: { lineStyle: { color: LINE_SOFT } },
  ...more,
});
