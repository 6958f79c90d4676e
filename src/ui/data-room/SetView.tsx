import { Button, Tabs } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { DataSetSummary } from '../../rpc/protocol.ts';
import { weightsBeforeChange } from '../../state/last-run.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useTrainOn } from '../next-run/use-train-on.ts';
import { counted, whole } from '../numbers.ts';
import { useLibrary, useRuns } from '../studio.ts';
import { CheckTab } from './CheckTab.tsx';
import { ClassesTab } from './ClassesTab.tsx';
import { PicturesTab } from './PicturesTab.tsx';
import { ProblemList } from './ProblemList.tsx';
import { SetActions } from './SetActions.tsx';
import { StatisticsTab } from './StatisticsTab.tsx';
import { VersionsTab } from './VersionsTab.tsx';

const TABS = ['pictures', 'statistics', 'classes', 'problems', 'check', 'versions'] as const;
export type SetTab = (typeof TABS)[number];

export interface SetViewProps {
  readonly set: DataSetSummary;
  readonly tab: SetTab;
  readonly onTab: (tab: SetTab) => void;
}

/** One set: its pictures, its figures and its problems, and what can be done with it. */
export function SetView({ set, tab, onTab }: SetViewProps): ReactNode {
  const { id, name, images, problems } = set;
  const trainOn = useTrainOn();
  const runs = useRuns((state) => state.runs);
  const goOnFrom = useMemo(() => weightsBeforeChange(runs, set), [runs, set]);
  const index = useLibrary((state) => state.indexes[id]);
  const error = useLibrary((state) => state.indexErrors[id]);
  const openIndex = useLibrary((state) => state.openIndex);
  const arriving = useLibrary((state) => (state.arriving?.id === id ? state.arriving : null));
  const isArriving = arriving !== null;
  const mustBeWhole = arriving?.canBeKept === false;
  const arrivedError = useLibrary((state) => state.arrivedError);
  const keepArrived = useLibrary((state) => state.keepArrived);
  const [asked, setAsked] = useState<string | null>(null);
  const open = (sampleId: string): void => {
    setAsked(sampleId);
    onTab('pictures');
  };
  useEffect(() => {
    void openIndex(id);
  }, [openIndex, id]);

  const trainOnIt = async (): Promise<void> => {
    // While more comes, a run needs pictures that stay the same.
    const dataSetId = isArriving ? await keepArrived() : id;
    if (dataSetId !== null) trainOn(dataSetId);
  };

  return (
    <Tabs
      value={tab}
      onChange={(value) => onTab(TABS.find((other) => other === value) ?? 'pictures')}
      keepMounted={false}
      className="set-view"
    >
      <div className="set-head">
        <h2 className="only-read-aloud">{name}</h2>
        <Tabs.List>
          <Tabs.Tab value="pictures">Pictures</Tabs.Tab>
          <Tabs.Tab value="statistics">Statistics</Tabs.Tab>
          <Tabs.Tab value="classes">Classes</Tabs.Tab>
          <Tabs.Tab value="problems">
            Problems {problems > 0 && <span className="muted">{whole(problems)}</span>}
          </Tabs.Tab>
          {!isArriving && <Tabs.Tab value="check">Check</Tabs.Tab>}
          {!isArriving && <Tabs.Tab value="versions">Versions</Tabs.Tab>}
        </Tabs.List>
        <div className="set-buttons">
          {isArriving ? (
            <span className="small muted set-said" role="status">
              {mustBeWhole ? 'Train when all of it is here' : 'The rest is on its way'}
            </span>
          ) : (
            <SetActions set={set} />
          )}
          {goOnFrom !== null && !isArriving && (
            <Button variant="default" title={`Starts from ${goOnFrom.name}`} onClick={() => trainOn(id, goOnFrom)}>
              Train on what changed
            </Button>
          )}
          <Button disabled={mustBeWhole} onClick={() => void trainOnIt()}>
            {isArriving && !mustBeWhole ? `Train on these ${counted(images, 'image', 'images')}` : 'Train on this'}
          </Button>
        </div>
      </div>
      {isArriving && arrivedError !== null && (
        <div className="set-body">
          <ErrorNote title="It cannot be trained on yet" message={arrivedError.message} />
        </div>
      )}
      {error !== undefined && (
        <div className="set-body">
          <ErrorNote title={`"${name}" cannot be shown`} message={error.message}>
            <div className="note-buttons">
              <Button variant="default" size="compact-sm" onClick={() => void openIndex(id)}>
                Try again
              </Button>
            </div>
          </ErrorNote>
        </div>
      )}
      {index === undefined && error === undefined && <div className="set-body set-wait" aria-busy="true" />}
      <Tabs.Panel value="pictures">
        {index !== undefined && <PicturesTab index={index} asked={asked} onSeen={() => setAsked(null)} />}
      </Tabs.Panel>
      <Tabs.Panel value="statistics">
        {index !== undefined && <StatisticsTab index={index} onShowProblems={() => onTab('problems')} />}
      </Tabs.Panel>
      <Tabs.Panel value="classes">{index !== undefined && <ClassesTab set={set} index={index} />}</Tabs.Panel>
      <Tabs.Panel value="problems">
        {index !== undefined && <ProblemList name={name} problems={index.problems} />}
      </Tabs.Panel>
      <Tabs.Panel value="check">{index !== undefined && <CheckTab set={set} index={index} onOpen={open} />}</Tabs.Panel>
      <Tabs.Panel value="versions">
        <VersionsTab set={set} onOpen={open} />
      </Tabs.Panel>
    </Tabs>
  );
}
