import type { BoxXyxy, Size } from '../base/boxes.ts';
import { escapeXml } from '../base/escape-xml.ts';
import { type NamedPrediction, shownDetections } from './shown-detections.ts';

/** Corners of whole pixels, 1-based, both inside the box. */
interface VocBox {
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
}

/**
 * What was found above the threshold as a VOC annotation of the picture: corners 1-based and inclusive, clamped to it.
 * A box with nothing in the picture is left out.
 */
export function predictionVocXml({ name, prediction }: NamedPrediction, threshold: number): string {
  const { size } = prediction;
  const objects = shownDetections(prediction, threshold).flatMap(({ detection }) => {
    const box = vocBox(detection.boxXyxyPx, size);
    return box === null ? [] : [objectXml(detection.label, box)];
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<annotation>',
    '\t<folder>JPEGImages</folder>',
    `\t<filename>${escapeXml(name)}</filename>`,
    '\t<source>',
    '\t\t<annotation>Detrain, predicted</annotation>',
    '\t</source>',
    `\t<size>\n\t\t<width>${size.w}</width>\n\t\t<height>${size.h}</height>\n\t\t<depth>3</depth>\n\t</size>`,
    '\t<segmented>0</segmented>',
    ...objects,
    '</annotation>',
    '',
  ].join('\n');
}

function objectXml(label: string, { xmin, ymin, xmax, ymax }: VocBox): string {
  return [
    '\t<object>',
    `\t\t<name>${escapeXml(label)}</name>`,
    '\t\t<pose>Unspecified</pose>',
    '\t\t<truncated>0</truncated>',
    '\t\t<difficult>0</difficult>',
    '\t\t<bndbox>',
    `\t\t\t<xmin>${xmin}</xmin>\n\t\t\t<ymin>${ymin}</ymin>\n\t\t\t<xmax>${xmax}</xmax>\n\t\t\t<ymax>${ymax}</ymax>`,
    '\t\t</bndbox>',
    '\t</object>',
  ].join('\n');
}

/** From continuous, half-open corners; null where the box lies outside of the picture. */
function vocBox([x0, y0, x1, y1]: BoxXyxy, { h, w }: Size): VocBox | null {
  const xmin = Math.max(Math.round(x0), 0) + 1;
  const ymin = Math.max(Math.round(y0), 0) + 1;
  const xmax = Math.min(Math.round(x1), w);
  const ymax = Math.min(Math.round(y1), h);
  if (x1 <= 0 || y1 <= 0 || x0 >= w || y0 >= h) return null;
  // A box thinner than a pixel is given the pixel that it lies in.
  return {
    xmin: Math.min(xmin, w),
    ymin: Math.min(ymin, h),
    xmax: Math.max(xmax, Math.min(xmin, w)),
    ymax: Math.max(ymax, Math.min(ymin, h)),
  };
}
