import type { ChartData, XName } from './chart-line.ts';

/** The values of a chart as CSV (RFC 4180): a row a step, a column a line, empty where there is no value. */
export function chartCsv({ lines, steps, values }: ChartData, xName: XName): string {
  const head = [xName, ...lines.map(({ label }) => quoted(label))];
  const rows = steps.map((step, index) => [step, ...values.map((line) => line[index] ?? '')]);
  return `${[head, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
