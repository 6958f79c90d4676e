/** How pictures are varied for training: not at all, mirrored half of the time, or as DETR was trained. */
export const AUGMENTS = ['none', 'flip', 'detr'] as const;
export type Augment = (typeof AUGMENTS)[number];
