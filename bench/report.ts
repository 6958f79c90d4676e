/** One figure of a suite; null where there is nothing to compare. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number | null;
  readonly stock: number | null;
  readonly peers: Readonly<Record<string, number>>;
  readonly unit: string;
}

/** A figure of ours that has nothing beside it; null where it could not be had. */
export function ours(name: string, value: number | null, unit: string): BenchRow {
  return { name, ours: value, stock: null, peers: {}, unit };
}

/** A suite's figures as `bench --json` prints them. */
export interface BenchReport {
  readonly adapter: string;
  readonly suite: string;
  readonly rows: readonly BenchRow[];
}

/** The figures as a table for people. */
export function benchLines({ adapter, suite, rows }: BenchReport): string[] {
  const figure = (value: number | null) =>
    value === null ? '-' : value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  const width = Math.max(...rows.map(({ name }) => name.length));
  return [
    `Suite ${suite} on ${adapter}`,
    `${''.padEnd(width)} ${'ours'.padStart(12)} ${'stock'.padStart(12)} ${'stock / ours'.padStart(13)}  unit`,
    ...rows.map(({ name, ours, stock, unit }) => {
      const ratio = ours && stock ? (stock / ours).toFixed(2) : '-';
      return `${name.padEnd(width)} ${figure(ours).padStart(12)} ${figure(stock).padStart(12)} ${ratio.padStart(13)}  ${unit}`;
    }),
  ];
}
