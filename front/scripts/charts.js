// Draws every <figure data-chart="…"> from the tables inside it. The table is the data; the drawing is an extra.
import { init, use } from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import { barOption } from "./chart-bars.js";
import { measurementOption } from "./chart-measurements.js";
import { movesOption } from "./chart-moves.js";
import { scoreOption } from "./chart-scores.js";
import { stackedOption } from "./chart-stacked.js";

use([BarChart, LineChart, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, LabelLayout, SVGRenderer]);

const OPTIONS = { stacked: stackedOption, scores: scoreOption, measurements: measurementOption, bars: barOption, moves: movesOption };
const PAPER_WIDTH = 660;
const drawn = new Map();

function drawFigure(figure) {
  if (drawn.has(figure)) return;
  const build = OPTIONS[figure.dataset.chart];
  const canvas = figure.querySelector(".chart__canvas");
  if (!build || !canvas) return;
  if (!figure.querySelector("tbody tr")) {
    figure.classList.add("is-without-data");
    return;
  }
  const { option, links = [], height } = build(figure, canvas);
  if (height) canvas.style.height = `${height}px`;
  figure.classList.add("is-drawn");
  const chart = init(canvas, null, { renderer: "svg" });
  chart.setOption(option);
  chart.on("click", ({ seriesIndex, dataIndex }) => {
    const href = links[seriesIndex]?.[dataIndex];
    if (href) window.location.assign(href);
  });
  new ResizeObserver(() => chart.resize()).observe(canvas);
  drawn.set(figure, chart);
}

function forgetRemoved() {
  for (const [figure, chart] of drawn) {
    if (figure.isConnected) continue;
    chart.dispose();
    drawn.delete(figure);
  }
}

window.addEventListener("beforeprint", () => {
  for (const chart of drawn.values()) chart.resize({ width: Math.min(chart.getWidth(), PAPER_WIDTH) });
});
window.addEventListener("afterprint", () => {
  for (const chart of drawn.values()) chart.resize({ width: "auto" });
});

window.portalCharts = {
  draw(root) {
    forgetRemoved();
    for (const figure of root.querySelectorAll("figure[data-chart]")) drawFigure(figure);
  },
};
