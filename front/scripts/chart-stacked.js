// Columns stacked by grade, one per period: how many stand where, and how that moved.
import { HATCH, INSUFFICIENT, categoryAxis, colour, figureOf, frame, link, rows, text, tip, valueAxis } from "./chart-kit.js";

const LABEL = { show: true, color: "#fff", fontWeight: 600, fontSize: 12 };
// A figure that does not fit into its part is left out; tooltip and table have it.
const OUT_OF_SIGHT = -100;

export function stackedOption(figure) {
  const heads = [...figure.querySelectorAll("thead th[data-tone]")];
  const body = rows(figure);
  const cells = body.map((row) => [...row.querySelectorAll("td[data-part]")]);
  const names = body.map((row) => text(row.cells[0]));
  const series = heads.map((head, part) => ({
    name: text(head),
    type: "bar",
    stack: "all",
    barMaxWidth: 64,
    barCategoryGap: "35%",
    cursor: cells.some((row) => link(row[part])) ? "pointer" : "default",
    data: cells.map((row) => figureOf(row[part]) || null),
    itemStyle: { color: colour(head.dataset.tone), borderColor: "#fff", borderWidth: 1, decal: head.dataset.tone === INSUFFICIENT ? HATCH : undefined },
    label: head.dataset.tone === INSUFFICIENT ? { ...LABEL, color: "#1b1f24", textBorderColor: "#fff", textBorderWidth: 3 } : LABEL,
    labelLayout: ({ rect, labelRect }) => ({ y: rect.height < labelRect.height ? OUT_OF_SIGHT : undefined }),
  }));
  const option = frame({
    xAxis: categoryAxis(names),
    yAxis: valueAxis({ minInterval: 1 }),
    tooltip: {
      trigger: "axis",
      axisPointer: { type: "shadow", shadowStyle: { color: "rgba(20,30,45,0.05)" } },
      formatter: (points) => tip(names[points[0].dataIndex], heads.map((head, part) => [text(head), text(cells[points[0].dataIndex][part]) || "0"]).reverse()),
    },
    series,
  });
  return { option, links: heads.map((_, part) => cells.map((row) => link(row[part]))) };
}
