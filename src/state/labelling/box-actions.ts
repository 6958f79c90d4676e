import type { Acting } from './acting.ts';
import { boxOf, copiesFor, flagged, relabelled, withBoxes, without } from './edits.ts';
import { boxesText, type LabelBox, labelsOf, newBox, withPlaces } from './labels.ts';
import { openProposals, type ProposedBox, proposalKey, type Verdict } from './proposals.ts';
import { type LabellingState, type LabellingStore, shownSample, tellReader } from './state.ts';

export type BoxActions = Pick<
  LabellingState,
  | 'draw'
  | 'place'
  | 'choose'
  | 'addClass'
  | 'flag'
  | 'remove'
  | 'review'
  | 'copy'
  | 'paste'
  | 'duplicate'
  | 'takeLast'
  | 'accept'
>;

export interface BoxActionPorts {
  readonly act: Acting['act'];
  /** The place of the picture that was shown before this one. */
  readonly lastPlace: () => number | undefined;
  /** Whether a picture was labelled when the set was opened. */
  readonly wasLabelled: (sampleId: string) => boolean;
}

/** What can be done to the boxes of the picture that is shown, and to what is proposed for it. */
export function boxActions(store: LabellingStore, { act, lastPlace, wasLabelled }: BoxActionPorts): BoxActions {
  const { get, set } = store;
  const say = (text: string): void => tellReader(store, text);
  let copied: readonly LabelBox[] = [];

  const openProposed = (): ProposedBox[] => openProposals(get().proposals, get().decided);
  const selectedProposals = (): ProposedBox[] =>
    openProposed().filter((box) => get().selection.includes(proposalKey(box)));
  const selectedBoxes = (): LabelBox[] => get().labels.boxes.filter(({ key }) => get().selection.includes(key));
  const withClassesOf = (boxes: readonly LabelBox[]): { readonly classes?: readonly string[] } => {
    const { classes } = get();
    const fresh = [...new Set(boxes.map(({ className }) => className))].filter((name) => !classes.includes(name));
    return fresh.length === 0 ? {} : { classes: [...classes, ...fresh] };
  };

  const addCopies = (boxes: readonly LabelBox[], what: (count: string) => string): void => {
    const sample = shownSample(get());
    if (sample === undefined) return;
    const added = copiesFor(boxes, sample.size);
    if (added.length === 0) {
      say('There are no boxes to take');
      return;
    }
    const labels = withBoxes(get().labels, added);
    act({
      what: what(boxesText(added.length)),
      labels,
      select: added.map(({ key }) => key),
      ...withClassesOf(added),
    });
  };

  /** Proposals become boxes, changed by `change` on their way. */
  const take = (
    proposed: readonly ProposedBox[],
    verdict: Verdict,
    what: string,
    change: (box: LabelBox, from: ProposedBox) => LabelBox = (box) => box,
  ): void => {
    const sample = shownSample(get());
    if (sample === undefined || proposed.length === 0) return;
    const added = proposed.flatMap((from) => {
      const box = boxOf(from, sample.size);
      return box === null ? [] : [change(box, from)];
    });
    const next = openProposed().find((box) => !proposed.includes(box));
    const isLast = verdict !== 'accepted' || next === undefined;
    act({
      what,
      labels: withBoxes(get().labels, added),
      verdicts: proposed.map((box) => ({ proposed: box, verdict })),
      // What was accepted is done with: the next proposal comes under the key.
      select: isLast ? added.map(({ key }) => key) : [proposalKey(next)],
      ...withClassesOf(added),
    });
  };

  return {
    draw(box) {
      const { chosenClass, labels, access } = get();
      if (chosenClass === null && access === 'editing') {
        set({ classless: box });
        say('Type the name of its class');
        return;
      }
      const added = newBox(chosenClass ?? '', box);
      act({ what: `Box of ${added.className} added`, labels: withBoxes(labels, [added]), select: [added.key] });
    },
    place(moved, what, series) {
      const { labels } = get();
      const proposed = openProposed().filter((box) => moved.has(proposalKey(box)));
      if (proposed.length > 0) {
        take(proposed, 'changed', `Proposal ${what}`, (box, from) => ({
          ...box,
          boxXyxyPx: moved.get(proposalKey(from)) ?? box.boxXyxyPx,
        }));
        return;
      }
      const words = moved.size === 1 ? `Box ${what}` : `${boxesText(moved.size)} ${what}`;
      act({ what: words, labels: { ...labels, boxes: withPlaces(labels.boxes, moved) }, series });
    },
    choose(className) {
      const { classless, labels, selection } = get();
      if (!get().classes.includes(className)) return;
      set({ chosenClass: className });
      if (classless !== null) {
        set({ classless: null });
        get().draw(classless);
        return;
      }
      const proposed = selectedProposals();
      if (proposed.length > 0) {
        take(proposed, 'changed', `Proposal made ${className}`, (box) => ({ ...box, className }));
        return;
      }
      const boxes = selectedBoxes();
      if (boxes.length === 0) say(`The next box is of ${className}`);
      else
        act({
          what: `${boxesText(boxes.length)} made ${className}`,
          labels: relabelled(labels, selection, className),
        });
    },
    addClass(typed) {
      const name = typed.trim().normalize('NFC');
      const { classes, classless, labels, selection, access } = get();
      if (name === '' || access !== 'editing') return;
      if (classes.includes(name)) {
        get().choose(name);
        return;
      }
      set({ chosenClass: name, classless: null });
      const proposed = selectedProposals();
      if (proposed.length > 0) {
        take(proposed, 'changed', `Proposal made ${name}`, (box) => ({ ...box, className: name }));
        return;
      }
      const added = classless === null ? [] : [newBox(name, classless)];
      act({
        what: `Class ${name} added`,
        classes: [...classes, name],
        labels: added.length > 0 ? withBoxes(labels, added) : relabelled(labels, selection, name),
        select: added.length > 0 ? added.map(({ key }) => key) : selection,
      });
    },
    flag(flag) {
      const { labels, selection } = get();
      if (selectedBoxes().length === 0) return;
      const after = flagged(labels, selection, flag);
      const isSet = after.boxes.some((box) => selection.includes(box.key) && box[flag]);
      act({ what: isSet ? `Marked as ${flag}` : `No more marked as ${flag}`, labels: after });
    },
    remove() {
      const { labels, selection } = get();
      const proposed = selectedProposals();
      const boxes = selectedBoxes();
      const id = shownSample(get())?.id ?? '';
      if (proposed.length > 0) {
        const next = openProposed().find((box) => !proposed.includes(box));
        act({
          what: proposed.length === 1 ? 'Proposal refused' : `${proposed.length} proposals refused`,
          verdicts: proposed.map((box) => ({ proposed: box, verdict: 'refused' })),
          select: next === undefined ? [] : [proposalKey(next)],
        });
        return;
      }
      if (boxes.length === 0) return;
      const what = boxes.length === 1 ? `Box of ${boxes[0]?.className} deleted` : `${boxes.length} boxes deleted`;
      act({ what, labels: without(labels, selection, wasLabelled(id)), select: [] });
    },
    review(labelled) {
      const { labels } = get();
      if (labels.boxes.length > 0) say('There are boxes on this picture: delete them first');
      else act({ what: labelled ? 'Reviewed, nothing here' : 'Not labelled yet', labels: { boxes: [], labelled } });
    },
    copy() {
      copied = selectedBoxes();
      say(copied.length === 0 ? 'Nothing is selected' : `${boxesText(copied.length)} copied`);
    },
    paste() {
      if (copied.length === 0) get().takeLast();
      else addCopies(copied, (count) => `${count} pasted`);
    },
    duplicate() {
      const sample = shownSample(get());
      if (sample === undefined) return;
      // Beside the first, where both can be seen.
      const by = (length: number, most: number): number => (most + 8 <= length ? 8 : 0);
      const doubled = selectedBoxes().map((box) => {
        const [x0, y0, x1, y1] = box.boxXyxyPx;
        const [dx, dy] = [by(sample.size.w, x1), by(sample.size.h, y1)];
        return { ...box, boxXyxyPx: [x0 + dx, y0 + dy, x1 + dx, y1 + dy] as const };
      });
      addCopies(doubled, (count) => `${count} doubled`);
    },
    takeLast() {
      const { samples, at } = get();
      const last = samples[lastPlace() ?? at - 1];
      addCopies(last === undefined ? [] : labelsOf(last).boxes, (count) => `${count} taken from ${last?.id}`);
    },
    accept(all) {
      const proposed = all ? openProposed() : selectedProposals();
      const [first, another] = proposed;
      if (first === undefined) return;
      const what =
        another === undefined ? `Proposed ${first.className} accepted` : `${proposed.length} proposals accepted`;
      take(proposed, 'accepted', what);
    },
  };
}
