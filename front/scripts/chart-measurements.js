// Measurements on their dates against floor, target and stretch, which step where they change; excluded ones are crossed.
import { colour, figureOf, frame, rows, text, tip, valueAxis } from "./chart-kit.js";

const CROSS = "path://M2,0L10,8L18,0L20,2L12,10L20,18L18,20L10,12L2,20L0,18L8,10L0,2Z";
const LINES = [
  ["stretch", { color: "#69727d", width: 1.25, type: "dotted" }],
  ["target", { color: "#1b1f24", width: 1.5, type: "solid" }],
  ["floor", { color: "#69727d", width: 1.25, type: "dashed" }],
];

const day = (row) => row.querySelector("time")?.dateTime ?? text(row.cells[0]);

function targetSeries(figure, targets, end) {
  return LINES.map(([kind, lineStyle]) => {
    const head = figure.querySelector(`table[data-role="targets"] th[data-kind="${kind}"]`);
    const data = targets.map((row) => [day(row), figureOf(row.querySelector(`td[data-kind="${kind}"]`))]);
    if (data.length) data.push([end, data.at(-1)[1]]);
    return {
      name: text(head),
      type: "line",
      step: "end",
      symbol: "none",
      data,
      lineStyle,
      z: 1,
      endLabel: { show: data.some(([, value]) => value !== null), formatter: text(head), color: "#4d5661", fontSize: 11, offset: [4, 0] },
    };
  }).filter((series) => series.data.some(([, value]) => value !== null));
}

function changeLines(figure, targets) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: "#69727d", type: "solid", width: 1, opacity: 0.5 },
    label: { formatter: figure.dataset.change, color: "#4d5661", fontSize: 11, position: "end" },
    data: targets.slice(1).map((row) => ({ xAxis: day(row) })),
  };
}

export function measurementOption(figure) {
  const all = rows(figure, "measurements");
  const targets = rows(figure, "targets");
  const days = [...all, ...targets].map(day).sort();
  const end = [figure.dataset.end, days.at(-1)].filter(Boolean).sort().at(-1);
  const point = (row) => [day(row), figureOf(row.querySelector("td[data-value], td"))];
  const used = all.filter((row) => !row.hasAttribute("data-excluded"));
  const excluded = all.filter((row) => row.hasAttribute("data-excluded"));
  const describe = (row) => tip(text(row.cells[0]), [...row.cells].slice(1).filter((cell) => text(cell)).map((cell) => [text(figure.querySelectorAll('table[data-role="measurements"] thead th')[cell.cellIndex]), text(cell)]));
  const series = [
    {
      name: figure.dataset.name,
      type: "line",
      data: used.map(point).sort((a, b) => (a[0] < b[0] ? -1 : 1)),
      symbol: "circle",
      symbolSize: 8,
      lineStyle: { color: colour("primary"), width: 2 },
      itemStyle: { color: colour("primary"), borderColor: "#fff", borderWidth: 1 },
      markLine: changeLines(figure, targets),
      z: 3,
    },
    { name: figure.dataset.excludedName, type: "line", data: excluded.map(point), symbol: CROSS, symbolSize: 10, lineStyle: { width: 0 }, itemStyle: { color: "#69727d" }, z: 2 },
    ...targetSeries(figure, targets, end),
  ];
  const sorted = [...used].sort((a, b) => (day(a) < day(b) ? -1 : 1));
  const option = frame({
    grid: { right: 64, top: 24 },
    xAxis: { type: "time", axisLabel: { color: "#4d5661", fontSize: 12, hideOverlap: true, formatter: { year: "{yyyy}", month: "{MMM} {yyyy}", day: "{MMM} {d}" } }, axisLine: { lineStyle: { color: "#d8dce1" } }, axisTick: { show: false }, splitLine: { show: false } },
    yAxis: valueAxis({ scale: true, boundaryGap: ["6%", "6%"], axisLabel: { color: "#4d5661", formatter: (value) => `${value.toLocaleString()}${figure.dataset.unit === "%" ? "%" : ""}` } }),
    tooltip: {
      trigger: "item",
      formatter: ({ seriesIndex, dataIndex, seriesName, value }) => {
        if (seriesIndex === 0) return describe(sorted[dataIndex]);
        if (seriesIndex === 1) return describe(excluded[dataIndex]);
        return tip(seriesName, [[value[0], String(value[1])]]);
      },
    },
    series,
  });
  return { option };
}
