import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ClassMap } from '../base/class-rows.ts';
import type { RecipeName } from '../base/recipes.ts';
import type { DataSetSummary } from '../rpc/protocol.ts';
import { formOf, type SettingsForm, withRecipe } from './settings-form.ts';
import type { LinkedSettings } from './settings-link.ts';
import { BUNDLED_WEIGHTS, type NamedWeights } from './weights-choices.ts';

export interface TrainFormState {
  /** Null for the set that the Data room shows. */
  readonly dataSetId: string | null;
  readonly from: NamedWeights;
  /** From which rows of the weights classes start, where that is not the proposal; may name classes of another set. */
  readonly classMap: ClassMap;
  /** Null for the proposal. */
  readonly name: string | null;
  /** What was typed over the proposal; kept while one looks at other rooms. */
  readonly changed: Readonly<Partial<SettingsForm>>;
  readonly showsAll: boolean;
  /** What an address asked for, as long as the form stands for it. */
  readonly link: {
    readonly query: string;
    readonly asked: LinkedSettings | null;
    readonly problem: string | null;
  } | null;
  change(part: Readonly<Partial<SettingsForm>>): void;
  /** Takes over what a recipe says; what it does not speak of stays. */
  chooseRecipe(recipe: RecipeName): void;
  setName(name: string | null): void;
  showAll(shown: boolean): void;
  /** Back to what the recipe proposes. */
  reset(): void;
  /** What the next run trains on, and from which weights; what is left out stays. Rows of classes are then as proposed, or as given. */
  choose(choice: { readonly dataSetId?: string; readonly from?: NamedWeights; readonly classMap?: ClassMap }): void;
  /** The row that a class starts from; undefined for the proposal. */
  chooseRow(name: string, from: string | null | undefined): void;
  proposeRows(): void;
  /** Takes over what an address asks for; `problem` says why it cannot be read. */
  restore(query: string, asked: LinkedSettings | null, problem: string | null): void;
  dismissLink(): void;
}

const NO_ROWS: ClassMap = new Map();

/** The form of the next run, as far as it differs from the proposal. */
export function createTrainFormStore(): StoreApi<TrainFormState> {
  return createStore<TrainFormState>()((set, get) => ({
    dataSetId: null,
    from: BUNDLED_WEIGHTS,
    classMap: NO_ROWS,
    name: null,
    changed: {},
    showsAll: false,
    link: null,
    change: (part) => set({ changed: { ...get().changed, ...part } }),
    chooseRecipe: (recipe) => set({ changed: withRecipe(get().changed, recipe) }),
    setName: (name) => set({ name }),
    showAll: (showsAll) => set({ showsAll }),
    reset: () => {
      const { recipe } = get().changed;
      set({ changed: recipe === undefined || recipe === 'none' ? {} : { recipe }, name: null });
    },
    choose: ({ dataSetId, from, classMap = NO_ROWS }) =>
      set({ classMap, ...(dataSetId === undefined ? {} : { dataSetId }), ...(from === undefined ? {} : { from }) }),
    chooseRow: (name, from) => {
      const classMap = new Map(get().classMap);
      if (from === undefined) classMap.delete(name);
      else classMap.set(name, from);
      set({ classMap });
    },
    proposeRows: () => set({ classMap: NO_ROWS }),
    restore: (query, asked, problem) =>
      set({
        link: { query, asked, problem },
        ...(asked === null ? {} : { changed: formOf(asked.settings), dataSetId: asked.dataSetId, name: null }),
      }),
    dismissLink: () => {
      const { link } = get();
      if (link !== null) set({ link: { ...link, asked: null, problem: null } });
    },
  }));
}

/** The set that the form stands for: the one chosen here, else the one that the Data room shows, else the first. */
export function formSet(
  sets: readonly DataSetSummary[] | null,
  dataSetId: string | null,
  shownId: string | null,
): DataSetSummary | null {
  const byId = (id: string | null): DataSetSummary | undefined => sets?.find((set) => set.id === id);
  return byId(dataSetId) ?? byId(shownId) ?? sets?.[0] ?? null;
}
