// Scores before and after: one line per row, a bar from the one to the other with its tip at the later, on the grade bands.
import { categoryAxis, colour, figureOf, frame, link, rows, text, tip, valueAxis } from "./chart-kit.js";

const ROW = 30;
const NARROW_ROW = 46;
const STEP = 10;
// Where there is no room beside the bars, names stand above them.
const ABOVE = { inside: true, align: "left", verticalAlign: "bottom", margin: -32, padding: [0, 0, 11, 0] };

function bandAreas(bands, least, most) {
  return bands
    .map((band, index) => ({ ...band, until: bands[index + 1]?.from ?? 100 }))
    .filter((band) => band.until > least && band.from < most)
    .map((band) => [
      {
        xAxis: Math.max(band.from, least),
        itemStyle: { color: colour(band.tone), opacity: 0.1 },
        label: { show: Math.min(band.until, most) - Math.max(band.from, least) >= STEP, formatter: band.name, position: "top", color: "#4d5661", fontSize: 11 },
      },
      { xAxis: Math.min(band.until, most) },
    ]);
}

export function movesOption(figure, canvas) {
  const body = rows(figure);
  const names = body.map((row) => text(row.cells[0]));
  const before = body.map((row) => figureOf(row.querySelector("td[data-before]")));
  const after = body.map((row) => figureOf(row.querySelector("td[data-after]")));
  const rises = after.map((score, index) => score > before[index]);
  const way = (index) => colour(rises[index] ? "on-track" : "off-track");
  const least = Math.floor(Math.min(...before, ...after) / STEP) * STEP;
  const most = Math.min(Math.ceil((Math.max(...before, ...after) + 1) / STEP) * STEP, 100);
  const bands = JSON.parse(figure.dataset.bands || "[]");
  const narrow = canvas.parentElement.clientWidth < 420;
  const cursor = body.some((row) => link(row)) ? "pointer" : "default";
  const difference = body.map((row) => text(row.cells[3]));
  const series = [
    {
      type: "bar",
      stack: "move",
      barWidth: 6,
      silent: true,
      itemStyle: { color: "transparent" },
      data: before.map((score, index) => Math.min(score, after[index])),
      markArea: { silent: true, data: bandAreas(bands, least, most) },
    },
    {
      type: "bar",
      stack: "move",
      barWidth: 6,
      cursor,
      data: before.map((score, index) => ({ value: Math.abs(after[index] - score), itemStyle: { color: way(index) } })),
    },
    {
      type: "line",
      cursor,
      lineStyle: { width: 0 },
      symbol: "triangle",
      symbolSize: 12,
      data: after.map((score, index) => ({
        value: [score, index],
        symbolRotate: rises[index] ? -90 : 90,
        itemStyle: { color: way(index) },
        label: { show: true, position: rises[index] ? "right" : "left", color: "#1b1f24", fontWeight: 600, fontSize: 12, formatter: difference[index] },
      })),
    },
  ];
  const option = frame({
    grid: { top: narrow ? 34 : 24, bottom: 4, left: narrow ? 40 : 4, right: 48 },
    xAxis: valueAxis({ min: least, max: most, splitNumber: narrow ? 3 : 5, splitLine: { show: false } }),
    yAxis: categoryAxis(names, { inverse: true, axisLine: { show: false }, axisLabel: { color: "#1b1f24", fontSize: 13, width: narrow ? 200 : 170, overflow: "truncate", hideOverlap: false, interval: 0, ...(narrow ? ABOVE : {}) } }),
    tooltip: {
      trigger: "item",
      formatter: ({ dataIndex }) => {
        const heads = [...figure.querySelectorAll("table.chart-data thead th")].slice(1);
        return tip(names[dataIndex], heads.map((head, index) => [text(head), text(body[dataIndex].cells[index + 1])]));
      },
    },
    series,
  });
  return { option, links: series.map(() => body.map(link)), height: body.length * (narrow ? NARROW_ROW : ROW) + 60 };
}
