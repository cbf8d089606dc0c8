// Horizontal bars with their figure in words at the end: dimensions, spend at each grade.
import { HATCH, INSUFFICIENT, categoryAxis, colour, figureOf, frame, link, rows, text, tip, valueAxis } from "./chart-kit.js";

const ROW = 34;

export function barOption(figure, canvas) {
  const body = rows(figure);
  const names = body.map((row) => text(row.cells[0]));
  const values = body.map((row) => row.querySelector("td[data-bar]"));
  const narrow = canvas.parentElement.clientWidth < 420;
  const width = narrow ? 110 : 190;
  const series = [
    {
      type: "bar",
      barWidth: 16,
      cursor: body.some((row) => link(row)) ? "pointer" : "default",
      data: values.map((cell, index) => {
        const tone = body[index].dataset.tone || "primary";
        return { value: figureOf(cell) ?? 0, itemStyle: { color: colour(tone), decal: tone === INSUFFICIENT ? HATCH : undefined, borderRadius: [0, 2, 2, 0] } };
      }),
      showBackground: Boolean(figure.dataset.max),
      backgroundStyle: { color: "#eef0f2" },
      label: { show: true, position: "right", color: "#1b1f24", fontWeight: 600, fontSize: 12, formatter: ({ dataIndex }) => text(values[dataIndex]) },
    },
  ];
  const option = frame({
    grid: { top: 4, bottom: 4, right: 76, left: 4 },
    xAxis: valueAxis({ min: 0, max: figure.dataset.max ? Number(figure.dataset.max) : undefined, axisLabel: { show: false }, splitLine: { show: false } }),
    yAxis: categoryAxis(names, { inverse: true, axisLine: { show: false }, axisLabel: { color: "#1b1f24", fontSize: 13, lineHeight: 14, width, overflow: "break", hideOverlap: false, interval: 0 } }),
    tooltip: {
      trigger: "item",
      formatter: ({ dataIndex }) => {
        const heads = [...figure.querySelectorAll("table.chart-data thead th")].slice(1);
        return tip(names[dataIndex], heads.map((head, index) => [text(head), text(body[dataIndex].cells[index + 1])]));
      },
    },
    series,
  });
  return { option, links: [body.map(link)], height: Math.max(body.length * ROW + 12, 60) };
}
