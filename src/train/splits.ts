/** The parts of a data set that a run trains on, and is measured on. */
export const TRAIN_SPLIT = 'train';
export const EVAL_SPLIT = 'val';
