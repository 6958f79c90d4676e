import { StudioError } from '../base/errors.ts';
import type { DetrConfig } from '../detr/types.ts';

/** Refuses a model that cannot be trained here. Throws `bad-config` for a dilated one. */
export function refuseDilated({ dilation }: DetrConfig): void {
  if (!dilation) return;
  throw new StudioError(
    'bad-config',
    'This model is dilated (DC5), and the gradient of a dilated convolution is not there yet: it can predict and be evaluated, not trained. Start from the same model without dilation.',
  );
}
