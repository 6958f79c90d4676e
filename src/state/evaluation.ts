import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PredictApi, WeightsSource } from '../rpc/protocol.ts';

/** What the Evaluate room is set to. */
export interface EvaluationChoice {
  readonly weights: WeightsSource;
  /** Of the weights, for people. */
  readonly name: string;
  readonly dataSetId: string;
  readonly split: string;
}

export interface EvaluationState {
  readonly choice: EvaluationChoice | null;
  choose(choice: EvaluationChoice): void;
}

/** The evaluation of one set of weights on one split, by the predict worker. */
export function createEvaluationStore(_predict: PredictApi): StoreApi<EvaluationState> {
  return createStore<EvaluationState>()((set) => ({
    choice: null,
    choose: (choice) => set({ choice }),
  }));
}
