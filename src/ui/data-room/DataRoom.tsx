import { type ReactNode, useEffect, useState } from 'react';
import { chosenSet } from '../../state/library.ts';
import { NewPicturesDialog } from '../new-pictures/NewPicturesDialog.tsx';
import { NewPicturesNote } from '../new-pictures/NewPicturesNote.tsx';
import { useLibrary } from '../studio.ts';
import { LossNote } from './LossNote.tsx';
import { SetList } from './SetList.tsx';
import { type SetTab, SetView } from './SetView.tsx';
import './data.css';

/** Data: the sets at the left, the pictures and figures of the chosen one beside them. */
export function DataRoom(): ReactNode {
  const set = useLibrary(chosenSet);
  const refresh = useLibrary((state) => state.refresh);
  const [tab, setTab] = useState<SetTab>('pictures');
  useEffect(() => {
    // Another tab may have imported or deleted a set meanwhile.
    const look = (): void => {
      if (document.visibilityState === 'visible') void refresh();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [refresh]);
  return (
    <div className="data-room">
      <SetList onShowProblems={() => setTab('problems')} />
      <div className="data-main">
        <LossNote />
        <NewPicturesNote />
        {set !== null && <SetView key={set.id} set={set} tab={tab} onTab={setTab} />}
      </div>
      <NewPicturesDialog />
    </div>
  );
}
