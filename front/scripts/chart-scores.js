// A score over time against the grade bands; scores with insufficient evidence are hollow.
import { INSUFFICIENT, categoryAxis, colour, figureOf, frame, link, rows, text, tip, valueAxis } from "./chart-kit.js";

function bandAreas(bands, named) {
  return bands.map((band, index) => [
    {
      yAxis: band.from,
      itemStyle: { color: colour(band.tone), opacity: 0.09 },
      label: { show: named, formatter: band.name, position: "right", color: "#4d5661", fontSize: 11, distance: 6 },
    },
    { yAxis: bands[index + 1]?.from ?? 100 },
  ]);
}

export function scoreOption(figure, canvas) {
  const narrow = canvas.parentElement.clientWidth < 420;
  const body = rows(figure);
  const names = body.map((row) => text(row.cells[0]));
  const bands = JSON.parse(figure.dataset.bands || "[]");
  const scores = body.map((row) => row.querySelector("td[data-score]"));
  const medians = body.map((row) => row.querySelector("td[data-median]"));
  const points = body.map((row, index) => {
    const tone = row.dataset.tone || "primary";
    const hollow = tone === INSUFFICIENT;
    return { value: figureOf(scores[index]), itemStyle: { color: hollow ? "#fff" : colour(tone), borderColor: colour(tone), borderWidth: 2 } };
  });
  const series = [
    {
      name: figure.dataset.name,
      type: "line",
      data: points,
      symbol: "circle",
      symbolSize: 10,
      cursor: scores.some(link) ? "pointer" : "default",
      lineStyle: { color: colour("primary"), width: 2 },
      markArea: { silent: true, data: bandAreas(bands, !narrow) },
      label: { show: body.length <= 12, position: "top", color: "#1b1f24", fontWeight: 600, fontSize: 12, formatter: ({ dataIndex }) => text(scores[dataIndex]) },
    },
  ];
  if (medians.some((cell) => figureOf(cell) !== null)) {
    series.push({
      name: figure.dataset.median,
      type: "line",
      data: medians.map(figureOf),
      symbol: "none",
      lineStyle: { color: "#69727d", width: 1.5, type: "dashed" },
    });
  }
  const option = frame({
    grid: { right: narrow ? 8 : 96 },
    xAxis: categoryAxis(names, { boundaryGap: true }),
    yAxis: valueAxis({ min: 0, max: 100, splitLine: { show: false } }),
    tooltip: {
      trigger: "axis",
      formatter: ([point]) => {
        const row = body[point.dataIndex];
        const heads = [...figure.querySelectorAll("table.chart-data thead th")].slice(1);
        return tip(names[point.dataIndex], heads.map((head, index) => [text(head), text(row.cells[index + 1])]));
      },
    },
    series,
  });
  return { option, links: [scores.map(link)] };
}
