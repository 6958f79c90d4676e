import { ActionIcon, Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { download } from '../download.ts';
import { MoreIcon } from '../MoreIcon.tsx';
import { chartCsv } from './chart-csv.ts';
import { type ChartDrawing, chartSvg } from './chart-svg.ts';
import { fileStem } from './file-stem.ts';
import { colourOf } from './page-colour.ts';

export interface ChartMenuProps {
  /** Called when a file is wanted: what the chart shows then. */
  readonly drawing: () => Omit<ChartDrawing, 'colourOf'>;
  readonly title: string;
  readonly log: boolean;
  readonly onLog: (log: boolean) => void;
}

/** What can be done with a chart: another y axis, and files of it. */
export function ChartMenu({ drawing, title, log, onLog }: ChartMenuProps): ReactNode {
  const saveSvg = (): void => {
    download(`${fileStem(title)}.svg`, [chartSvg({ ...drawing(), colourOf })], 'image/svg+xml');
  };
  const saveCsv = (): void => {
    const { xName, ...data } = drawing();
    download(`${fileStem(title)}.csv`, [chartCsv(data, xName)], 'text/csv');
  };
  return (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <ActionIcon
          className="chart-menu"
          variant="subtle"
          color="gray"
          size={22}
          aria-label={`Chart of ${title}: scale and files`}
        >
          <MoreIcon widthPx={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.CheckboxItem checked={log} onChange={onLog}>
          Logarithmic scale
        </Menu.CheckboxItem>
        <Menu.Divider />
        <Menu.Item onClick={saveSvg}>Save as SVG</Menu.Item>
        <Menu.Item onClick={saveCsv}>Save as CSV</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
