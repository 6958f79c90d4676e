import type { Spread } from './spread.ts';

/** One figure of a suite; null where there is nothing to compare. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number | null;
  readonly stock: number | null;
  readonly peers: Readonly<Record<string, number>>;
  readonly unit: string;
  /** Between what the rounds lay, by contender: `ours`, `stock`, or a peer's name. */
  readonly spread?: Readonly<Record<string, readonly [low: number, high: number]>>;
}

/** A figure of ours that has nothing beside it; null where it could not be had. */
export function ours(name: string, value: number | null, unit: string): BenchRow {
  return { name, ours: value, stock: null, peers: {}, unit };
}

/** The row of figures that rounds gave. Every contender but `ours` and `stock` is a peer. */
export function spreadRow(name: string, figures: Readonly<Record<string, Spread>>, unit: string): BenchRow {
  const { ours = null, stock = null, ...peers } = figures;
  const medians = Object.entries(peers).map(([peer, { median }]) => [peer, median]);
  const spread = Object.entries(figures).map(([contender, { low, high }]) => [contender, [low, high]]);
  return {
    name,
    ours: ours?.median ?? null,
    stock: stock?.median ?? null,
    peers: Object.fromEntries(medians),
    unit,
    spread: Object.fromEntries(spread),
  };
}

/** A suite's figures as `bench --json` prints them. */
export interface BenchReport {
  readonly adapter: string;
  readonly suite: string;
  readonly rows: readonly BenchRow[];
}

/** The figures as a table for people: a column for each peer, and the spread behind its median. */
export function benchLines({ adapter, suite, rows }: BenchReport): string[] {
  const peers = [...new Set(rows.flatMap((row) => Object.keys(row.peers)))];
  const table = [
    ['', 'ours', 'stock', ...peers, 'stock / ours', 'unit'],
    ...rows.map((row) => [
      row.name,
      cell(row, 'ours', row.ours),
      cell(row, 'stock', row.stock),
      ...peers.map((peer) => cell(row, peer, row.peers[peer] ?? null)),
      row.ours && row.stock ? (row.stock / row.ours).toFixed(2) : '-',
      row.unit,
    ]),
  ];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]) =>
    cells.map((text, i) =>
      i === 0 || i === cells.length - 1 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0),
    );
  return [`Suite ${suite} on ${adapter}`, ...table.map((cells) => line(cells).join('  ').trimEnd())];
}

function cell({ spread }: BenchRow, contender: string, value: number | null): string {
  if (value === null) return '-';
  const ends = spread?.[contender];
  return ends ? `${figure(value)} (${ends.map(figure).join(' to ')})` : figure(value);
}

function figure(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 });
}
