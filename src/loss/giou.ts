import { StudioError } from '../base/errors.ts';
import { type Tensor, type Tensor2D, tf } from '../tf/index.ts';

/**
 * Generalised IoU of each pair of boxes: `[N, 1]` f32, in (-1, 1]. Both `[N, 4]` f32, cxcywh; differentiable in both.
 *
 * Rezatofighi et al. 2019: IoU - (hull - union) / hull.
 */
export function pairedGiou(a: Tensor2D, b: Tensor2D): Tensor2D {
  const p = corners(a);
  const t = corners(b);
  const overlapW = tf.relu(tf.minimum(p.x1, t.x1).sub(tf.maximum(p.x0, t.x0)));
  const overlapH = tf.relu(tf.minimum(p.y1, t.y1).sub(tf.maximum(p.y0, t.y0)));
  const inter = overlapW.mul(overlapH);
  const union = p.w.mul(p.h).add(t.w.mul(t.h)).sub(inter);
  const hullW = tf.maximum(p.x1, t.x1).sub(tf.minimum(p.x0, t.x0));
  const hullH = tf.maximum(p.y1, t.y1).sub(tf.minimum(p.y0, t.y0));
  const hull = hullW.mul(hullH);
  return inter.div(union).sub(hull.sub(union).div(hull));
}

interface Corners {
  readonly x0: Tensor;
  readonly y0: Tensor;
  readonly x1: Tensor;
  readonly y1: Tensor;
  readonly w: Tensor;
  readonly h: Tensor;
}

function corners(boxes: Tensor2D): Corners {
  const [cx, cy, w, h] = tf.split(boxes, 4, 1);
  if (!cx || !cy || !w || !h) throw new StudioError('internal', 'A split into four gave fewer parts.');
  const halfW = w.mul(0.5);
  const halfH = h.mul(0.5);
  return { x0: cx.sub(halfW), y0: cy.sub(halfH), x1: cx.add(halfW), y1: cy.add(halfH), w, h };
}
